/**
 * fast-check with a seed that stays the same from run to run, so that a suite that was green is green again on the same code. Other
 * cases are tried by `LOCKBENCH_PROPERTY_SEED=NUMBER npm test -- NAME`; fast-check prints the seed of a case that failed.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.LOCKBENCH_PROPERTY_SEED ?? 1) });

export { fc };
