/**
 * Locks that meet, as `lockbench compat` has them, without the program around it.
 */
import { pathToFileURL } from 'node:url';
import { type CompatVerdict, verdictOf } from '../../bench/compat/compat-verdict.js';
import type { ContentionLimits } from '../../bench/compat/contend.js';
import { contend } from '../../bench/compat/contend.js';
import {
  type Candidate,
  holdAndTry,
  type Pair,
  type PairDirectory,
} from '../../bench/compat/hold-and-try.js';
import { unprivilegedIdentity } from '../../bench/machine/unprivileged.js';
import { memoryDirectory } from '../../bench/measure/parent/preflight.js';
import { scenarioPolicy } from '../../bench/scenario/participant-lock.js';
import { loadStrategy } from '../../strategies/index.js';
import { LIMIT_NS } from './limit.js';

const TRIED_ALONE = { lock: false, tryLock: true, shared: false, fifo: false };
const BLOCKS_TOO = { ...TRIED_ALONE, lock: true };

/** A strategy of the catalogue, or the one of a module whose path is given. */
export async function candidate(name: string, { blocks }: { readonly blocks: boolean }): Promise<Candidate> {
  const strategy = await loadStrategy(name.startsWith('/') ? pathToFileURL(name).href : name);
  const members = blocks ? BLOCKS_TOO : TRIED_ALONE;
  return { name: strategy.name, strategy, members, policy: scenarioPolicy(members) };
}

/** A round ends with its hand-offs, however long that takes. */
const LIMITS: ContentionLimits = {
  ...{ everyPair: false, handoffs: 150, budgetNs: LIMIT_NS / 2, timeLimitNs: 2 * LIMIT_NS },
};

export const place = (): PairDirectory => ({
  directory: memoryDirectory(),
  identity: unprivilegedIdentity(),
});

/** What becomes of a pair, one holding the other one’s way: [forth, back]. */
export async function verdictsOf(pair: Pair): Promise<[CompatVerdict, CompatVerdict]> {
  const here = place();
  const { forth, back } = await holdAndTry(pair, here);
  const isOpen = 'got' in forth && 'got' in back && !(forth.got || back.got);
  const contention = isOpen ? await contend(pair, here, LIMITS) : null;
  return [verdictOf(forth, back, contention), verdictOf(back, forth, contention)];
}
