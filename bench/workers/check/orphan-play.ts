/**
 * A play of a worker whose parent is killed, which has no time to end it.
 */
import type { Members } from '../../measure/worker/policy.js';
import { heard, type Subject, specOf, Wrong, withChild, within, withRound } from './worker-bench.js';

/** What the shell is to put its own pid in the place of, so that the worker is told who its parent is. */
const PID = 987_654_321;

/** The kernel ends it with its parent. */
export async function playOrphan(subject: Subject, members: Members): Promise<null> {
  const spec = specOf(subject, members, { kind: 'timing', increments: 200 });
  const words = subject.worker.words;
  const positional = words.map((_, i) => `"$${i + 1}"`).join(' ');
  const job = words.length + 1;
  const script = `job="\${${job}%%${PID}*}$$\${${job}#*${PID}}"; ${positional} "$job" & wait`;
  await withRound(subject, spec, ({ job: told, control }) =>
    withChild(
      subject,
      { ...told, parentPid: PID },
      async (shell) => {
        await heard(subject, shell, 'warm');
        shell.kill();
        try {
          await within(subject, 'its end', shell.gone);
        } catch {
          throw new Wrong(
            `it goes on without its parent, which was killed: it is to ask for SIGKILL (PR_SET_PDEATHSIG) after it changed its user`,
          );
        } finally {
          endGroup(shell.pid);
        }
      },
      { fd: control.fd, program: ['/bin/sh', '-c', script, 'sh', ...words] },
    ),
  );
  return null;
}

/** The shell was the leader of a group in which the worker is. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
