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
import { offers } from '../measure/worker/policy.js';
import { print } from '../text/standard-streams.js';
import { playLook, playPairs, playRefusals } from './check/alone-plays.js';
import { playOrders } from './check/order-plays.js';
import { playOrphan } from './check/orphan-play.js';
import { playRogue } from './check/rogue-play.js';
import { playProve, playReaders, playTiming, playTrace, playWaiting } from './check/round-plays.js';
import { playNumber, playProcessor, playRehearsal, playStop } from './check/stage-plays.js';
import { playHandoffs, playViolations } from './check/watch-plays.js';
import type { Play, Subject } from './check/worker-bench.js';

const EXAMPLES = `
Examples:
  lockbench check-worker 'python3 my_worker.py'
  lockbench check-worker './my-worker --fast' --patience 2min

Exit codes: 0 it speaks the protocol; 1 it does not; 2 bad usage; 130, 143, 129 ended by a signal.`;

/** In the order in which they are played: what is asked of a worker first is what the others need. */
const PLAYS: readonly Play[] = [
  { shows: 'refuses another version, directory and parent', play: playRefusals },
  { shows: 'waits for the gate, takes turns, and ends at the stop flag', play: playStop },
  { shows: 'rehearses as long as it should', play: playRehearsal },
  { shows: 'stays on its processor', play: playProcessor },
  { shows: 'keeps the number open, or opens it in each turn', play: playNumber },
  { shows: 'two of them lose no number in a timing round', play: playTiming },
  { shows: 'follows each waiting policy, and holds and thinks as told', play: playWaiting },
  { shows: 'stamps each turn of a trace round', play: playTrace },
  { shows: 'reports in a prove round who was inside', play: playProve },
  { shows: 'notices another process inside', play: playViolations },
  { shows: 'counts hand-offs, and ends after enough of them', play: playHandoffs },
  { shows: 'admits readers together, but not beside a locker', play: playReaders },
  { shows: 'takes numbers without the lock as a rogue', play: playRogue },
  { shows: 'times pairs', play: playPairs },
  { shows: 'takes orders', play: playOrders },
  { shows: 'dies with its parent', play: playOrphan },
];

/** Plays all that a worker must know, as far as it keeps to it. Returns what it got wrong, or null. */
async function check(
  subject: Subject,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<string | null> {
  try {
    const members = await playLook(subject);
    tell(`ok     tries its lock out: ${offers(members)}`);
    for (const { shows, play } of PLAYS) {
      if (signal.aborted) return null;
      const without = await play(subject, members);
      tell(without === null ? `ok     ${shows}` : `-      ${without}`);
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
    .option('--name <name>', 'which lock to ask for (default: own)')
    .option('--dir <directory>', 'directory to work in (default: /dev/shm)')
    .option('--patience <duration>', 'how long each step may take', '30s')
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
        const wrong = await check({ worker, strategy, directory, identity, patienceNs }, signal, print);
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
