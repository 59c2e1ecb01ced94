/**
 * `lockbench watch`: a contention as it goes on, of a run in another terminal or of its own.
 */
import { UsageError } from '../base/usage-error.js';
import type { BareCommand, OptionsOf } from '../command-line/commander.js';
import { directoryOption, stayRootOption, strategiesOption } from '../command-line/common-options.js';
import { directoryOf } from '../command-line/directories.js';
import { interruptibly } from '../command-line/interruption.js';
import { parseAmount, parseCount, parsePause } from '../command-line/parse.js';
import { parseStrategySpecs } from '../command-line/strategy-list.js';
import { parseSubjects } from '../command-line/subjects.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { parsePolicy } from '../measure/worker/policy.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import type { OwnRequest } from './watch.js';

const EXAMPLES = `
Examples:
  lockbench watch                                the run in another terminal
  lockbench watch fcntl                          three processes take turns, slowly enough to be seen
  lockbench watch excl/spin --processes 2 --hold 0s --think 0s
  lockbench watch flock --readers 2              two readers share the lock, a writer waits for both
  lockbench watch none --for 10s                 two are inside at once

Ctrl-C ends it. Exit codes: 0 what was watched has ended; 2 bad usage; 3 it failed; 130, 143, 129 ended by a signal.`;

/** Long enough to be seen. */
const SLOWLY = 'sleep:200ms';
const MOST_PROCESSES = 64;
const LARGEST_PID = 2 ** 22;

const declare = (program: BareCommand) =>
  program
    .command('watch [words...]')
    .usage('[strategy] [directory] [options]')
    .addOption(strategiesOption('what is running already'))
    .addOption(directoryOption('/dev/shm'))
    .option('--for <duration>', 'end after this (default: when what is watched ends, or by Ctrl-C)')
    .option('--pid <pid>', 'which run to watch, if several are running (default: the latest)')
    .optionsGroup('A contention of its own:')
    .option('--processes <n>', 'contending processes (default: 3)')
    .option('--readers <n>', 'how many of them take the shared lock and only read (default: 0)')
    .option('--wait <policy>', 'how to wait (default: block, else sleep:100us)')
    .option('--hold <duration>', `time to spend while holding the lock (default: ${SLOWLY})`)
    .option('--think <duration>', `time to spend between turns (default: ${SLOWLY})`)
    .addOption(stayRootOption())
    .addHelpText('after', EXAMPLES);

type Raw = OptionsOf<typeof declare>;

/** What watches is loaded only then: help is there sooner. */
const watching = () => import('./watch.js');

export function addWatchCommand(program: BareCommand): void {
  declare(program).action((words, raw) => {
    const { named, directories } = parseSubjects('watch', words, raw, { directories: 'one' });
    const forNs = raw.for === undefined ? null : parseAmount('--for', raw.for);
    if (named === null) {
      refuseUnused(raw, directories !== null);
      const pid = raw.pid === undefined ? null : parseCount('--pid', raw.pid, 1, LARGEST_PID);
      return interruptibly(async (signal) => (await watching()).watchRunning(pid, { signal, forNs }));
    }
    const request = ownRequest(parseStrategySpecs(named), named, directories, raw);
    return interruptibly(async (signal) => (await watching()).watchOwn(request, { signal, forNs }));
  });
}

/** What says how to contend, where nothing contends. */
function refuseUnused(raw: Raw, hasDirectory: boolean): void {
  const given = (['processes', 'readers', 'wait', 'hold', 'think', 'stayRoot'] as const).find(
    (option) => raw[option] !== undefined,
  );
  if (given === undefined && !hasDirectory) return;
  const what = hasDirectory ? 'a directory' : `--${given === 'stayRoot' ? 'stay-root' : given}`;
  throw new UsageError(
    `watch: a strategy was expected beside ${what}, got none`,
    'for example lockbench watch fcntl; without one, a run in another terminal is watched',
  );
}

function ownRequest(
  [spec, ...more]: readonly StrategySpec[],
  named: readonly string[],
  directories: readonly string[] | null,
  raw: Raw,
): OwnRequest {
  if (raw.pid !== undefined)
    throw new UsageError('watch: a strategy or --pid was expected, got both', 'leave one of them out');
  if (spec === undefined || more.length > 0) {
    throw new UsageError(
      `watch: one strategy was expected, got ${named.join(' and ')}`,
      'watch each in a terminal of its own',
    );
  }
  const processes = parseCount('--processes', raw.processes ?? '3', 1, MOST_PROCESSES);
  return {
    spec,
    processes,
    directory: directories === null ? memoryDirectory() : directoryOf(directories),
    identity: workersIdentity(raw),
    readers: parseCount('--readers', raw.readers ?? '0', 0, processes),
    policy: raw.wait === undefined ? null : parsePolicy(raw.wait),
    hold: parsePause('--hold', raw.hold ?? SLOWLY),
    think: parsePause('--think', raw.think ?? SLOWLY),
  };
}
