/**
 * Which differences between locks a noisy machine may have made by itself.
 */
import { tellsBounds } from '../../base/format.js';
import type { Noise } from '../../machine/noise.js';
import { disturbance } from '../../machine/noise-warnings.js';
import type { MedianEstimate } from '../../statistics/median.js';
import type { Result } from '../result/result-schema.js';

/** A record of noise as this version has it: earlier ones lacked some of its members. */
export const noiseOf = ({ noise }: Pick<Result, 'noise'>): Noise => ({
  ...noise,
  cpuLimit: noise.cpuLimit ?? null,
  throttledShare: noise.throttledShare ?? null,
  elapsedNs: noise.elapsedNs ?? [],
});

/** How large a ratio must be on this machine, or how small, to be the locks' own: 1 on a quiet machine. */
export const leastFactor = (result: Pick<Result, 'noise'>): number => disturbance(noiseOf(result));

type Bounds = Pick<MedianEstimate, 'median' | 'low' | 'high' | 'coverage'>;

/** Whether a ratio says that two locks differ, while the machine by itself differed as much. */
export function isDoubtful({ median, low, high, coverage }: Bounds, factor: number): boolean {
  const differs = tellsBounds({ coverage }) && (low > 1 || high < 1);
  return differs && Math.max(median, 1 / median) <= factor;
}
