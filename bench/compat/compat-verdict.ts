/**
 * What becomes of two locks on one file: from what one did while the other was held, in both directions, and from what came of
 * it when both contended.
 */
import { LEAST_HANDOFFS } from '../measure/verdict/exclusion.js';
import type { Contention } from './contend.js';
import type { Tried } from './hold-and-try.js';

export const VERDICTS = [
  'excludes',
  'does-not-see-it',
  'one-way',
  'lets-two-in',
  'not-proven',
  'failed',
] as const;
export type CompatVerdict = (typeof VERDICTS)[number];

/** What was seen of a pair. `forth`: the first holds, the second tries; `back`: the other way round. */
export interface PairSeen {
  readonly forth: Tried;
  readonly back: Tried;
  readonly contention: Contention | { readonly failure: string } | null;
}

/** The same for both directions but where only one of them could be tried. */
export function verdictOf(tried: Tried, reverse: Tried, contention: PairSeen['contention']): CompatVerdict {
  if ('failure' in tried) return 'failed';
  if ('failure' in reverse) return tried.got ? 'does-not-see-it' : 'not-proven';
  if (tried.got !== reverse.got) return 'one-way';
  // Two held it at once: no round has to show it again.
  if (tried.got) return 'does-not-see-it';
  if (contention === null || 'failure' in contention) return 'not-proven';
  if (contention.violations > 0) return 'lets-two-in';
  return contention.handoffs < LEAST_HANDOFFS ? 'not-proven' : 'excludes';
}
