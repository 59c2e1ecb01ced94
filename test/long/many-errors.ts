/**
 * Every error at every call of locks: `npm run test:errors -- [STRATEGY…]`. Prints what went wrong, and sums.
 */
import { loadStrategy, strategyNames } from '../../strategies/index.js';
import { Injection } from '../support/injected-errors.js';
import { ALL_ERRORS, KNOWN, makesCalls } from '../support/play-injections.js';

const named = process.argv.slice(2);
let wrong = 0;
for (const name of named.length > 0 ? named : strategyNames) {
  const strategy = await loadStrategy(name);
  if (!makesCalls(strategy)) continue;
  const cleanups: (() => unknown)[] = [];
  const owner = { after: (action: () => unknown) => void cleanups.unshift(action) };
  try {
    const { tried, missed, problems } = await new Injection(owner, strategy, KNOWN[name]).play(
      () => ALL_ERRORS,
    );
    for (const problem of problems) console.log(`${name}: ${problem}`);
    console.log(`${name}: ${tried} errors, ${missed.length} met no call, ${problems.length} wrong`);
    wrong += problems.length;
  } catch (error) {
    console.log(`${name}: not played: ${String(error)}`);
  } finally {
    for (const clean of cleanups) await clean();
  }
}
process.exitCode = wrong === 0 ? 0 : 1;
