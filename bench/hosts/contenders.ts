/**
 * What contends: strategies of the catalogue, and the controls. `none` is the catalogue's; `broken` is a lock file here,
 * since the catalogue's lives in the memory of one host.
 */
import { loadStrategy } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';

export const NO_LOCK = 'none';
export const BROKEN_LOCK = 'broken';

/** Loaded by this address on each host: where the program lies differs from host to host. */
const BROKEN_MODULE = new URL('broken-file.js', import.meta.url).href;

export const isBrokenControl = (name: string): boolean => name === BROKEN_LOCK;

/** Whether it is there to be caught. */
export const isEitherControl = (name: string): boolean => name === NO_LOCK || name === BROKEN_LOCK;

/** `isControl`: whether the control of this room is meant. */
export const loadContender = (name: string, isControl: boolean): Promise<Strategy> =>
  loadStrategy(isControl ? BROKEN_MODULE : name);

/** The strategies with both controls: `none` first, `broken` last, as the catalogue has them. */
export function withControls(specs: readonly StrategySpec[]): StrategySpec[] {
  const control = (strategy: string): StrategySpec =>
    specs.find((spec) => spec.strategy === strategy) ?? { strategy, policy: null, named: false };
  const others = specs.filter(({ strategy }) => strategy !== NO_LOCK && strategy !== BROKEN_LOCK);
  return [control(NO_LOCK), ...others, control(BROKEN_LOCK)];
}
