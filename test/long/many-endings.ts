/**
 * Plays many random endings: `npm run test:endings -- [COUNT] [SEED]`. Prints each that went wrong, and a sum by command and
 * ending.
 */
import { playEndings } from '../support/endings.js';

const [count = 500, seed = 1, sideBySide = 4] = process.argv.slice(2).map(Number);
const sums = new Map<string, { played: number; bad: number }>();
let bad = 0;
await playEndings(
  seed,
  count,
  (ended, which) => {
    for (const key of [ended.command, ended.ending]) {
      const sum = sums.get(key) ?? { played: 0, bad: 0 };
      sums.set(key, { played: sum.played + 1, bad: sum.bad + (ended.problems.length > 0 ? 1 : 0) });
    }
    if (ended.problems.length === 0) return;
    bad++;
    console.log(`seed ${which}: ${JSON.stringify(ended)}`);
  },
  sideBySide,
);
for (const [key, { played, bad }] of [...sums].sort())
  console.log(`${key}: ${played} played, ${bad} went wrong`);
console.log(`${count} endings from seed ${seed} on: ${bad} went wrong`);
process.exitCode = bad === 0 ? 0 : 1;
