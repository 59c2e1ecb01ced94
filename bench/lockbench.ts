/**
 * lockbench as a library: `import { run, prove, crash } from 'lockbench'`. Importing starts nothing and changes nothing of the
 * process; each call starts the processes that it needs, and has ended them and removed what it made when it settles. Calls
 * come one after the other: two at once would be in each other's way, and measure that.
 *
 * Strategies are named as on the command line: `fcntl`, `excl/spin`, or the path of a module that exports one.
 */
import { strategyNames } from '../strategies/index.js';
import type { Strategy } from '../strategies/strategy.js';
import { parseSeed } from './command-line/parse.js';
import { choose } from './command-line/scenario-options.js';
import { parseStrategySpecs } from './command-line/strategy-list.js';
import { gather, specsOf } from './compat/compat-locks.js';
import { playCompat } from './compat/compat-play.js';
import type { CompatPlace } from './compat/compat-schema.js';
import { playCrashes } from './crash/crash-batch.js';
import { DEFAULT_PATIENCE_NS, patienceFor } from './crash/crash-case.js';
import { type CrashEvent, EVENTS } from './crash/crash-events.js';
import type { CrashScenario } from './crash/crash-schema.js';
import { fileSystemOf } from './machine/file-system.js';
import { describeEnvironment } from './machine/host.js';
import type { Identity } from './machine/identity.js';
import { unprivilegedIdentity } from './machine/unprivileged.js';
import { endKeepers } from './measure/parent/kept-directories.js';
import { lookEverywhere } from './measure/parent/look-everywhere.js';
import { measureCells } from './measure/parent/measure-cells.js';
import { plan, testDirectoryHere, testDirectoryNotes } from './measure/parent/plan.js';
import { existingDirectory, memoryDirectory, requireUsable } from './measure/parent/preflight.js';
import { withinReach } from './measure/parent/reach.js';
import { PLAIN } from './measure/parent/request.js';
import { readResult as readAs } from './measure/result/read-result.js';
import { RESULT_OF_RUN } from './measure/result/recorded-run.js';
import type { Result } from './measure/result/result-schema.js';
import { proveLock } from './prove/prove-lock.js';
import type { Proof } from './prove/prove-schema.js';

export type * from '../strategies/strategy.js';
export { UsageError } from './base/usage-error.js';
export type { CompatPlace, CrashEvent, CrashScenario, Proof, Result };

/** The names of the catalogue, in its order. */
export const strategies: readonly string[] = strategyNames;

/** Returns the strategy as it is: TypeScript checks it by the contract, and infers nothing wider. */
export const defineStrategy = <S extends Strategy>(strategy: S): S => strategy;

/** What all calls are told. */
export interface Conditions {
  /** Where to work; the real path of an existing directory is taken. Default: /dev/shm. */
  readonly directory?: string;
  /** As root, do not drop the privileges of the processes that lock. Default: false. */
  readonly stayRoot?: boolean;
  /**
   * Nothing new begins once it is aborted; what was finished by then is returned. What is being done comes to its end first,
   * which takes as long as a round.
   */
  readonly signal?: AbortSignal;
}

export interface RunOptions extends Conditions {
  /** At least one. */
  readonly strategies: readonly string[];
  /** Numbers of contending processes. Default: 2. */
  readonly processes?: readonly number[];
  /** How often each cell is timed. Default: 6. */
  readonly rounds?: number;
  /** Numbers that each process takes in a lap. Default: 10,000. */
  readonly increments?: number;
  /** Hand-offs that prove a cell; 0 for no proof. Default: 2,000. */
  readonly handoffs?: number;
  /** A round ends after so long, ns, with fewer turns. Default: as `run` has it for as many rounds. */
  readonly budgetNs?: number;
  /** Of the order of the rounds. Default: a random one, which the result tells. */
  readonly seed?: number;
}

export interface ProveOptions extends Conditions {
  /** Hand-offs with random delays. Default: 2,000. */
  readonly handoffs?: number;
  /** So long is waited for what is claimed to happen, ns. Default: 10 s. */
  readonly patienceNs?: number;
}

export interface CrashOptions extends Conditions {
  /** Default: all of them. */
  readonly events?: readonly CrashEvent[];
  /** A lock that nobody gets within this, ns, is stuck. Default: 1 s; never less than a lock's lease. */
  readonly patienceNs?: number;
}

export interface CompatOptions extends Conditions {
  /** Hand-offs after which a round in which two contend ends; 0 for no rounds. Default: 200. */
  readonly handoffs?: number;
}

const PATIENCE_NS = 10e9;
const TIME_LIMIT_NS = 60e9;
const HANDOFFS = 2_000;
const COMPAT = { handoffs: 200, budgetNs: 10e9 } as const;
const ROUNDS = 6;

interface UsableDirectory {
  readonly directory: string;
  readonly identity: Identity | null;
  readonly signal: AbortSignal;
}

/** Does something at the place that is meant, and ends what was kept for it. */
async function at<T>(
  { directory, stayRoot = false, signal }: Conditions,
  action: (place: UsableDirectory) => Promise<T>,
): Promise<T> {
  try {
    return await action({
      directory: directory === undefined ? memoryDirectory() : existingDirectory(directory, 'directory'),
      identity: stayRoot ? null : unprivilegedIdentity(),
      signal: signal ?? new AbortController().signal,
    });
  } finally {
    await endKeepers();
  }
}

/**
 * Measures as `lockbench run` does: cost per increment in ns, ratios to fcntl where that is among them, and both verdicts.
 * Throws UsageError for a strategy or a directory that does not exist. A strategy that does not work here, or fails, has a
 * cell that says why.
 */
export const run = (options: RunOptions): Promise<Result> =>
  at(options, async ({ directory, identity, signal }) => {
    const { rounds = ROUNDS, handoffs = HANDOFFS, processes = [2], seed } = options;
    const { increments = PLAIN.increments, budgetNs = null } = options;
    const startedAt = new Date();
    const specs = parseStrategySpecs(options.strategies, 'strategies');
    await requireUsable([directory], identity);
    const testDirectories = [testDirectoryHere(directory)];
    const found = withinReach(await lookEverywhere(specs, [directory], identity), testDirectories);
    const conditions = { ...PLAIN, increments };
    return measureCells(
      {
        cells: plan({ specs, policies: [], testDirectories, processes, conditions }, found),
        loop: found.loop,
        command: `run(${JSON.stringify(options.strategies)})`,
        startedAt,
        environment: describeEnvironment(identity),
        identity,
        warnings: testDirectories.flatMap(testDirectoryNotes),
      },
      {
        limits: { atLeastNs: null, budgetNs, timeLimitNs: TIME_LIMIT_NS, maxTimeNs: null },
        sampling: {
          ...{ blocks: rounds, seed: seed ?? parseSeed(undefined), handoffs, proofs: handoffs > 0 ? 1 : 0 },
          ...{ trace: false, untilShare: null },
        },
      },
      { onRound() {}, onFigures() {}, onBlock() {} },
      { signal, by: () => (signal.aborted ? 'AbortSignal' : null) },
    );
  });

/** The strategy of this name, ready to be played. Throws UsageError, and an Error that says why it does not work here. */
async function playable(strategy: string, { directory, identity }: UsableDirectory) {
  const { played, unavailable } = await choose(
    { specs: parseStrategySpecs([strategy], 'strategy'), policy: null, directory, identity },
    () => true,
  );
  const [first] = played;
  if (first === undefined) throw new Error(`${strategy} is unavailable: ${unavailable[0]?.reason}`);
  return first;
}

/**
 * Asks one lock what it claims, as `lockbench prove` does. Throws UsageError if there is no such strategy or directory, and an
 * Error if it does not work here; a claim that is broken is no error, but has the verdict "broken".
 */
export const prove = (strategy: string, options: ProveOptions = {}): Promise<Proof> =>
  at(options, async (place) => {
    const { spec, finding } = await playable(strategy, place);
    const { handoffs = HANDOFFS, patienceNs: limitNs = PATIENCE_NS } = options;
    return proveLock(
      { ...spec, members: finding.members, memory: memoryDirectory(), handoffs, limitNs },
      { begins() {}, isOver: () => place.signal.aborted },
    );
  });

/**
 * Kills, stops and undermines the holder of one lock, as `lockbench crash` does. Times are ns since the first step. Throws
 * as `prove` does; a scenario that could not be played says why.
 */
export const crash = (strategy: string, options: CrashOptions = {}): Promise<CrashScenario[]> =>
  at(options, async (place) => {
    const { spec } = await playable(strategy, place);
    const { events = EVENTS, patienceNs = DEFAULT_PATIENCE_NS } = options;
    const waited = patienceFor(spec.strategy.claims, patienceNs);
    return playCrashes(
      events.map((event) => ({ ...spec, event, patienceNs: waited })),
      { begins() {}, isOver: () => place.signal.aborted },
    );
  });

/**
 * Says which of these locks see each other, as `lockbench compat` does: a cell for each ordered pair. Throws UsageError for a
 * strategy or a directory that does not exist; one that does not work here is among the `unavailable`.
 */
export const compat = (strategies: readonly string[], options: CompatOptions = {}): Promise<CompatPlace> =>
  at(options, async ({ directory, identity, signal }) => {
    const { handoffs = COMPAT.handoffs } = options;
    await requireUsable([directory], identity);
    const { participants, unavailable } = await gather(specsOf(strategies, {}), directory, identity);
    const filesystem = fileSystemOf(directory)?.filesystem ?? 'unknown';
    const limits = { everyPair: false, handoffs, budgetNs: COMPAT.budgetNs, timeLimitNs: TIME_LIMIT_NS };
    const played = await playCompat(
      { participants, directory, identity, filesystem, limits },
      { begins() {}, isOver: () => signal.aborted },
    );
    const where = `${directory} (${filesystem})`;
    return { where, directory, filesystem, nfs: null, unavailable: [...unavailable], ...played };
  });

/** Reads a result that `run` made, from a file of JSON. Throws UsageError, which says what was found instead. */
export const readResult = (path: string): Result => readAs(path, RESULT_OF_RUN);
