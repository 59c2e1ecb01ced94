/**
 * Runs the tests: every *.test.ts of the suites named, compiled. The files are named one by one, since Node 20's runner,
 * given a folder, may find nothing and call that a success.
 *
 *   node dist/test/run.js [SUITE…] [PART…]
 *
 * SUITE is a folder of test/: unit, system, lab, docs; unit and system if none is named. PART narrows the choice to files
 * whose path contains it: `npm test -- contract`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Unit tests run side by side; those that count processes or time out must not starve each other on two processors. */
const CONCURRENCY = { unit: availableParallelism(), system: 1, lab: 1, docs: 1 } as const;
type Suite = keyof typeof CONCURRENCY;
const isSuite = (word: string): word is Suite => word in CONCURRENCY;

const compiled = dirname(fileURLToPath(import.meta.url));
const sources = join(compiled, '..', '..', 'test');
const words = process.argv.slice(2);
const named = words.filter(isSuite);
const parts = words.filter((word) => !isSuite(word));
const suites: readonly Suite[] = named.length > 0 ? named : ['unit', 'system'];

/** From the sources: the compiled tree may still hold tests that were removed. */
const filesOf = (suite: Suite): string[] =>
  readdirSync(join(sources, suite), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(suite, name.replace(/\.ts$/, '.js')))
    .filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)))
    .sort();

const chosen = suites
  .map((suite) => ({ suite, files: filesOf(suite) }))
  .filter(({ files }) => files.length > 0);
if (chosen.length === 0) {
  console.error(`test files were expected, none of ${suites.join(', ')} matches ${JSON.stringify(parts)}`);
  process.exit(1);
}
let failed = false;
for (const { suite, files } of chosen) {
  const runner = [
    '--test',
    `--test-concurrency=${CONCURRENCY[suite]}`,
    '--test-reporter=spec',
    ...files.map((name) => join(compiled, name)),
  ];
  if (spawnSync(process.execPath, runner, { stdio: 'inherit' }).status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
