/**
 * `lockbench check-worker`: plays the worker protocol against a program, and says what it got wrong.
 */

import { messageOf } from '../base/error-message.js';
import { BROKEN } from '../base/exit-codes.js';
import type { BareCommand } from '../command-line/commander.js';
import { stayRootOption } from '../command-line/common-options.js';
import { directoriesOf } from '../command-line/directories.js';
import { interruptibly } from '../command-line/interruption.js';
import { parseAmount } from '../command-line/parse.js';
import { ownLockOf } from '../command-line/runtimes.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { memoryDirectory, requireUsable } from '../measure/parent/preflight.js';
import { loadContender, workerOf } from '../measure/parent/worker-of.js';
import { PROTOCOL } from '../measure/worker/job.js';
import { type Members, offers } from '../measure/worker/policy.js';
import { print } from '../text/standard-streams.js';
import { playLook, playOrphan, playProve, playStop, playTiming, playTrace, playVersion } from './plays.js';
import type { Subject } from './worker-bench.js';

const EXAMPLES = `
Examples:
  lockbench check-worker 'python3 my_worker.py'
  lockbench check-worker './my-worker --fast' --patience 2min

Exit codes: 0 it speaks the protocol; 1 it does not; 2 bad usage; 130, 143, 129 ended by a signal.`;

/** In the order in which they are played: what is asked of a worker first is what the others need. */
const PLAYS: readonly { readonly shows: string; play(subject: Subject, members: Members): Promise<void> }[] =
  [
    { shows: 'refuses a job of another version', play: playVersion },
    { shows: 'waits for the gate, takes turns, and ends when it is to stop', play: playStop },
    { shows: 'two of it lose no number in a timing round', play: playTiming },
    { shows: 'stamps each turn of a trace round', play: playTrace },
    { shows: 'tells in a prove round who was inside', play: playProve },
    { shows: 'dies with its parent', play: playOrphan },
  ];

/** Plays all that a worker must know, as far as it keeps to it. Returns what it got wrong, or null. */
async function check(subject: Subject, tell: (line: string) => void): Promise<string | null> {
  try {
    const members = await playLook(subject);
    tell(`ok     tries its lock out: ${offers(members)}`);
    for (const { shows, play } of PLAYS) {
      await play(subject, members);
      tell(`ok     ${shows}`);
    }
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

export function addCheckWorkerCommand(program: BareCommand): void {
  program
    .command('check-worker <command>')
    .usage("'COMMAND' [options]")
    .description('play the worker protocol against a program, and say what it gets wrong')
    .option('--name <name>', 'the lock that it is asked for (default: own)')
    .option('--dir <directory>', 'directory to work in (default: /dev/shm)')
    .option('--patience <duration>', 'how long the worker may take for each thing that it does', '30s')
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES)
    .action((command, raw) =>
      interruptibly(async (signal) => {
        const spec = ownLockOf(command, raw.name);
        const [directory = memoryDirectory()] = raw.dir === undefined ? [] : directoriesOf([raw.dir]);
        const patienceNs = parseAmount('--patience', raw.patience);
        const identity = workersIdentity(raw);
        await requireUsable([directory], identity);
        const worker = workerOf(spec.strategy, spec.runtime);
        if (worker === null || 'reason' in worker) throw new Error(`no worker: ${worker?.reason}`);
        const strategy = await loadContender(spec);
        const wrong = await check({ worker, strategy, directory, identity, patienceNs }, print);
        if (signal.aborted) return;
        if (wrong === null) {
          print(`It speaks version ${PROTOCOL} of the worker protocol.`);
          return;
        }
        print(`wrong  ${wrong}`);
        print('It does not speak the protocol: see bench/workers/PROTOCOL.md.');
        process.exitCode = BROKEN;
      }),
    );
}
