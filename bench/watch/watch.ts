/**
 * Watching: finds the workers, looks at them ten times a second, and shows what was seen.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../base/usage-error.js';
import { visible } from '../base/visible.js';
import { choose } from '../command-line/scenario-options.js';
import type { Policy } from '../measure/worker/policy.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import { canDrawOver, InPlace } from '../text/in-place.js';
import { print, say, writeOut } from '../text/standard-streams.js';
import { chalkForStdout } from '../text/table.js';
import { frame, line, type Picture } from './frame.js';
import { runningParents, SeenWorkers, startOf } from './seen-workers.js';
import { View } from './view.js';
import { contend, type WatchedRound } from './watched-round.js';

const TICK_MS = 100;
/** Where lines stay, ten a second are too many. */
const TICKS_A_LINE = 10;
const AS_LONG_AS_POSSIBLE_NS = 24 * 3600e9;
const MS = 1e6;

/** A contention of one's own, as it was asked for. */
export interface OwnRequest
  extends Pick<WatchedRound, 'directory' | 'identity' | 'processes' | 'readers' | 'hold' | 'think'> {
  readonly spec: StrategySpec;
  /** Null for the usual one. */
  readonly policy: Policy | null;
}

/** When to end: by a signal, or when so long is over. */
interface Ending {
  readonly signal: AbortSignal;
  /** Null: when what is watched ends. */
  readonly forNs: number | null;
}

/** What tells whether it has come to that, from now on. */
function over({ signal, forNs }: Ending): () => boolean {
  const endMs = forNs === null ? Number.POSITIVE_INFINITY : performance.now() + forNs / MS;
  return () => signal.aborted || performance.now() >= endMs;
}

const tick = (): Promise<void> => delay(TICK_MS);

/** Shows pictures: each over the last one on a terminal, elsewhere a line a second. */
class Show {
  readonly #chalk = chalkForStdout();
  readonly #place = canDrawOver(process.stdout) ? new InPlace(process.stdout, writeOut) : null;
  #tick = 0;

  show(picture: Picture | null): void {
    if (picture === null) return;
    if (this.#place !== null) {
      this.#place.draw(frame(picture, this.#place.width, this.#place.height, this.#chalk));
    } else if (this.#tick++ % TICKS_A_LINE === 0) {
      print(line(picture, this.#chalk));
    }
  }
}

/** Ten times a second, until `isOver`. `hasPauses`: whether there may be another round after this one. */
async function follow(parentPid: number, hasPauses: boolean, isOver: () => boolean): Promise<void> {
  const seen = new SeenWorkers(parentPid);
  const view = new View();
  const show = new Show();
  try {
    while (!isOver()) {
      const workers = seen.ofThisRound();
      // What was seen last stays.
      if (hasPauses || workers.length > 0) show.show(view.next(workers));
      await tick();
    }
  } finally {
    seen.close();
  }
}

/** The process whose rounds to watch; waits for one at a terminal, where another can be used to start it. */
async function found(wanted: number | null, isOver: () => boolean): Promise<number | null> {
  const isWanted = (pid: number): boolean => wanted === null || pid === wanted;
  let isFirst = true;
  while (!isOver()) {
    const pid = runningParents().find(isWanted);
    if (pid !== undefined) return pid;
    if (wanted !== null || process.stdout.isTTY !== true) {
      throw new UsageError(
        `watch: a run in progress was expected${wanted === null ? '' : ` with process id ${wanted}`}, there is none`,
        'start one in another terminal with "lockbench run", or name a strategy: lockbench watch fcntl',
      );
    }
    if (isFirst) {
      say(
        'Waiting for a run in another terminal, such as "lockbench run"; "lockbench watch fcntl" needs none.',
      );
    }
    isFirst = false;
    await tick();
  }
  return null;
}

/** Watches the rounds of a process that runs some, the latest if none is `wanted`. Throws UsageError if there is none. */
export async function watchRunning(wanted: number | null, end: Ending): Promise<void> {
  const isOver = over(end);
  const pid = await found(wanted, isOver);
  if (pid === null) return;
  const started = startOf(pid);
  const isGone = (): boolean => startOf(pid) !== started;
  await follow(pid, true, () => isOver() || isGone());
  if (isGone()) say('The run is over.');
}

async function contentionOf({ spec, policy, ...rest }: OwnRequest, { forNs }: Ending): Promise<WatchedRound> {
  const { directory, identity, readers } = rest;
  const { played, unavailable } = await choose({ specs: [spec], policy, directory, identity }, () => true);
  const [one] = played;
  if (one === undefined) {
    throw new UsageError(
      `watch: a strategy that works in ${visible(directory)} was expected, ${spec.strategy} does not: ${unavailable[0]?.reason}`,
    );
  }
  if (readers > 0 && !one.finding.members.shared) {
    throw new UsageError(
      `--readers: a strategy with a shared mode was expected, ${spec.strategy} has none`,
      'for example lockbench watch flock --readers 2',
    );
  }
  return {
    ...rest,
    strategy: one.spec.strategy,
    policy: one.spec.policy,
    lastsNs: forNs ?? AS_LONG_AS_POSSIBLE_NS,
  };
}

/** Starts a contention, and watches it until its end. Throws UsageError, and an Error that says what failed in it. */
export async function watchOwn(request: OwnRequest, end: Ending): Promise<void> {
  const { round, over } = await contend(await contentionOf(request, end));
  let isOver = false;
  const ended = over.finally(() => {
    isOver = true;
  });
  // Awaited below; until then a failure must not count as unhandled.
  ended.catch(() => {});
  try {
    await follow(process.pid, false, () => isOver || end.signal.aborted);
    if (!end.signal.aborted) await ended;
  } finally {
    await round.end();
  }
}
