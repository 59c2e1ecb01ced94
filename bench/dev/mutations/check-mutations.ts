/**
 * `npm run mutations`: makes each mutation in a copy of the project and runs the tests that should see it. Prints a line
 * each, and how many were seen; exits with 1 if one was not, or cannot be made any more. Takes several minutes, and is run
 * by hand. Arguments narrow the choice to files whose path contains one of them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../machine/project.js';
import { print } from '../../text/standard-streams.js';
import { MENDS } from './mends.js';
import type { Mutation } from './mutation.js';
import { MUTATIONS } from './mutations.js';
import { ROOMS } from './rooms.js';

type Outcome = 'seen' | 'NOT SEEN' | 'NOT COMPILED' | 'NOT THERE';

/** What git knows of the project, and the packages. */
function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'lockbench-mutations-'));
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: projectRoot, encoding: 'utf8' });
  for (const file of files.split('\0').filter((name) => name !== ''))
    cpSync(join(projectRoot, file), join(copy, file));
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
  // Some tests are another user.
  chmodSync(copy, 0o755);
  return copy;
}

/** A test that hangs is red; its processes are timeout's group. */
const PATIENCE_S = 600;

const npm = (copy: string, ...words: string[]): boolean =>
  spawnSync('timeout', ['--signal=KILL', String(PATIENCE_S), 'npm', 'run', '--silent', ...words], {
    cwd: copy,
    stdio: 'ignore',
  }).status === 0;

function tryOut(copy: string, { file, original, mutated, tests }: Mutation): Outcome {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(original).length !== 2) return 'NOT THERE';
  writeFileSync(
    path,
    source.replace(original, () => mutated),
  );
  try {
    // What does not compile is seen by nobody's test: the mutation must be mended.
    if (!npm(copy, 'build')) return 'NOT COMPILED';
    return npm(copy, 'test', '--', ...tests) ? 'NOT SEEN' : 'seen';
  } finally {
    writeFileSync(path, source);
  }
}

const wanted = process.argv.slice(2);
const chosen = [...MUTATIONS, ...ROOMS, ...MENDS].filter(
  ({ file }) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
const copy = copyProject();
let missed = 0;
try {
  for (const suites of new Set(chosen.map(({ tests }) => tests.join(' ')))) {
    if (npm(copy, 'test', '--', ...suites.split(' '))) continue;
    throw new Error(`without any mutation "npm test -- ${suites}" was expected to pass`);
  }
  for (const mutation of chosen) {
    const outcome = tryOut(copy, mutation);
    if (outcome !== 'seen') missed++;
    const [original, mutated] = [mutation.original, mutation.mutated].map((text) => JSON.stringify(text));
    print(`${outcome.padEnd(12)} ${mutation.file}: ${original} -> ${mutated}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
print(`${chosen.length} mutations, ${chosen.length - missed} seen by a test`);
process.exitCode = missed === 0 ? 0 : 1;
