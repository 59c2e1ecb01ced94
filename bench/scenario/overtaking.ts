/**
 * What the steps of any scenario say in which one process is the holder: who got in beside it, and whether the number
 * counts all writes.
 */

import { FIRST_NUMBER } from '../measure/worker/number-file.js';
import type { Step } from './steps-schema.js';

export const HOLDER = 'holder';

/** What became of the number; `lost`: writes whose number another process wrote, too. */
export interface NumberVerdict {
  readonly sequence: 'intact' | 'lost-updates';
  readonly final: number;
  readonly writes: number;
  readonly lost: number;
}

/** Whether somebody got in although the holder was inside; only after `sinceNs`. */
export const overtakers = (steps: readonly Step[], sinceNs: number): Step[] => {
  const leftNs = steps.find(({ participant, what }) => participant === HOLDER && what === 'leaves')?.atNs;
  return steps.filter(
    ({ participant, what, atNs }) =>
      participant !== HOLDER &&
      what === 'got-in' &&
      atNs >= sinceNs &&
      atNs < (leftNs ?? Number.POSITIVE_INFINITY),
  );
};

/** Whether the number counts the writes that these steps tell of; `final` stands in the file at the end. */
export function judgeNumber(steps: readonly Step[], final: number): NumberVerdict {
  const written = steps.flatMap(({ what, number }) =>
    what === 'wrote' && number !== undefined ? [number] : [],
  );
  const lost = written.length - new Set(written).size;
  const intact = lost === 0 && final === FIRST_NUMBER + written.length;
  return { sequence: intact ? 'intact' : 'lost-updates', final, writes: written.length, lost };
}
