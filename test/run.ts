/**
 * Runs the tests: every *.test.ts of this folder, compiled. The files are named one by one, since Node 20's runner, given
 * a folder, may find nothing and call that a success. Arguments narrow the choice: `npm test -- contract`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiled = dirname(fileURLToPath(import.meta.url));
const sources = join(compiled, '..', '..', 'test');
const wanted = process.argv.slice(2);

// From the sources: the compiled tree may still hold tests that were removed.
const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => name.replace(/\.ts$/, '.js'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`test files were expected, none matches ${JSON.stringify(wanted)}`);
  process.exit(1);
}
// One file after another: tests that time out or count processes must not starve each other on two processors.
const runner = [
  '--test',
  '--test-concurrency=1',
  '--test-reporter=spec',
  ...files.map((name) => join(compiled, name)),
];
process.exit(spawnSync(process.execPath, runner, { stdio: 'inherit' }).status ?? 1);
