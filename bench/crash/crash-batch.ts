/**
 * Many crashes, in the time of few. Of most of them nothing is told but that nobody got in while the patience lasted; these
 * wait, and may wait side by side. Whatever has a time to tell is played alone, on a machine that does nothing else.
 */

import { messageOf } from '../base/error-message.js';
import { type CrashSpec, lockOf, playCrash } from './crash-case.js';
import type { CrashScenario } from './crash-schema.js';

/** Each has four processes or five, of which three may poll. */
const SIDE_BY_SIDE = 6;

/** One scenario, or the reason why it could not be played. */
async function tried(spec: CrashSpec): Promise<CrashScenario> {
  try {
    return await playCrash(spec);
  } catch (error) {
    return { ...lockOf(spec), event: spec.event, state: 'not-played', reason: messageOf(error) };
  }
}

/**
 * Whether it will probably wait for as long as the patience lasts; if it does not, it is played once more, alone. A lock
 * that lives in the directory falls with its names, and one that belongs to the process with any descriptor of its file.
 */
function mayWait({ event, strategy: { claims, family } }: CrashSpec): boolean {
  switch (event) {
    case 'unlink':
      return family !== 'kernel file lock' && family !== 'name in a directory';
    case 'close':
      return claims.owner !== 'process';
    case 'stop':
      return claims.leaseNs === undefined;
    default:
      return claims.holderDies === 'stuck';
  }
}

/**
 * Nobody got in, or all after the holder, and no call failed: then a busy machine can have changed nothing that is told. What
 * could not be played is told too, and not tried until it can.
 */
const tellsNoTime = (scenario: CrashScenario): boolean =>
  scenario.state === 'not-played' ||
  (scenario.heldTwiceNs === 0 &&
    scenario.errors.length === 0 &&
    (scenario.outcome === 'stuck' || scenario.outcome === 'kept'));

/** What the player tells while it plays, and asks. */
export interface Watch {
  /** `spec` begins, after `done` were over. */
  begins(spec: CrashSpec, done: number): void;
  /** From then on nothing is begun, and what is being played counts for nothing. */
  isOver(): boolean;
}

/** Plays all; returns those that were played, in the order of `specs`. */
export async function playCrashes(specs: readonly CrashSpec[], watch: Watch): Promise<CrashScenario[]> {
  const results = new Map<CrashSpec, CrashScenario>();
  const play = async (spec: CrashSpec, alone: boolean): Promise<void> => {
    if (watch.isOver()) return;
    watch.begins(spec, results.size);
    const scenario = await tried(spec);
    // Its processes may have been killed under it: then it tells nothing.
    if (watch.isOver() || !(alone || tellsNoTime(scenario))) return;
    results.set(spec, scenario.state === 'played' ? { ...scenario, alone } : scenario);
  };
  const playAlone = async (these: readonly CrashSpec[]): Promise<void> => {
    for (const spec of these) await play(spec, true);
  };

  await playAlone(specs.filter((spec) => !mayWait(spec)));
  const waiting = specs.filter(mayWait);
  const rest = waiting.values();
  const playOneByOne = async (): Promise<void> => {
    // All who take from it take from one iterator: each scenario is one's.
    for (const spec of rest) await play(spec, false);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, playOneByOne));
  await playAlone(waiting.filter((spec) => !results.has(spec)));
  return specs.flatMap((spec) => results.get(spec) ?? []);
}
