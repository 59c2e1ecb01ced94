/**
 * Runs the tests: every *.test.ts of the suites named, compiled. The files are named one by one, since Node 20's runner,
 * given a folder, may find nothing and call that a success.
 *
 *   node dist/test/run.js [SUITE…] [PART…]
 *
 * SUITE is a folder of test/. PART narrows the choice to files whose path contains it: `npm test -- contract`. If no suite is
 * named, unit, system and alone are run, and of the long ones what a PART names. They run one after another, and what
 * node:test says at the end counts all.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { endWithUs } from './support/end-with-us.js';
import { keepToOurselves } from './support/private-namespaces.js';
import { reachable } from './support/reachable.js';

/** Tests of processes wait more than they compute: one file more than there are processors keeps these busy. */
const SIDE_BY_SIDE = availableParallelism() + 1;
/** Besides, one or the other of the long ones waits for minutes, for what does not answer. */
const LONG_SIDE_BY_SIDE = SIDE_BY_SIDE + 1;

/** Whether a file may keep shared memory and semaphores for itself, as support/own-memory.ts does. */
const mayKeepApart = keepToOurselves();

/**
 * How many files of a suite run at once. One by one: in `alone`, what kills a run and looks for its traces, which another
 * start would remove, and what compares times; in `docs`, what prints figures that people read. Each file of `long-alone`
 * keeps its traces for itself where it may. A virtual machine of the lab keeps one processor busy when it is emulated.
 */
const CONCURRENCY = {
  unit: availableParallelism(),
  system: SIDE_BY_SIDE,
  alone: 1,
  long: LONG_SIDE_BY_SIDE,
  'long-alone': mayKeepApart ? availableParallelism() : 1,
  lab: availableParallelism(),
  'lab-hosts': 1,
  docs: 1,
  attack: 1,
} as const;
type Suite = keyof typeof CONCURRENCY;
const isSuite = (word: string): word is Suite => word in CONCURRENCY;

/** What takes longest, by its name in its suite. Begun last, it would keep one processor busy alone at the end. */
const LONGEST: Partial<Record<Suite, readonly string[]>> = {
  lab: ['one-boot', 'nfs/compare-clients'],
  long: ['hosts/hosts-faults', 'run/hung-file-system', 'outside/bad-locks', 'site/site'],
};

/** No file takes as long, on whatever machine: one that does hangs, and shall not keep the others from being told. */
const HANGS_MS = {
  unit: 10 * 60_000,
  system: 30 * 60_000,
  alone: 30 * 60_000,
  long: 30 * 60_000,
  'long-alone': 30 * 60_000,
  lab: 120 * 60_000,
  'lab-hosts': 120 * 60_000,
  docs: 60 * 60_000,
  attack: 180 * 60_000,
};

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, '..', '..');
const reached = reachable(project);
const compiled = join(reached, relative(project, here));
const sources = join(reached, 'test');
if (reached !== project) process.chdir(reached);
const words = process.argv.slice(2);
const named = words.filter(isSuite);
const parts = words.filter((word) => !isSuite(word));
const usual: readonly Suite[] = ['unit', 'system', 'alone'];
const suites: readonly Suite[] =
  named.length > 0 ? named : parts.length > 0 ? [...usual, 'long', 'long-alone'] : usual;

/** When a file of a suite begins: the longest in their order, then the others. */
function turnOf(suite: Suite, name: string): number {
  const longest = LONGEST[suite] ?? [];
  const turn = longest.indexOf(name.replace(/\.test\.ts$/, ''));
  return turn === -1 ? longest.length : turn;
}

/** From the sources: the compiled tree may still hold tests that were removed. */
const filesOf = (suite: Suite): string[] =>
  readdirSync(join(sources, suite), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort((a, b) => turnOf(suite, a) - turnOf(suite, b) || (a < b ? -1 : 1))
    .map((name) => join(suite, name.replace(/\.ts$/, '.js')))
    .filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)));

const chosen = suites
  .map((suite) => ({ suite, files: filesOf(suite).map((name) => join(compiled, name)) }))
  .filter(({ files }) => files.length > 0);
if (chosen.length === 0) {
  console.error(`test files were expected, none of ${suites.join(', ')} matches ${JSON.stringify(parts)}`);
  process.exit(1);
}

/** What the runs of tests leave for later commands is not the user's: it ends with the tests. */
const state = mkdtempSync(join(tmpdir(), 'lockbench-test-state-'));
// Some tests are another user.
chmodSync(state, 0o777);
process.env.XDG_STATE_HOME = state;
process.on('exit', () => rmSync(state, { recursive: true, force: true }));

interface Event {
  readonly type: string;
  readonly data: { readonly nesting?: number; readonly message?: string };
}

/** What a suite ends with, "pass 12": one of these lines of all suites is told once, as a sum. */
const SUM = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/;

endWithUs();

const note = (message: string): Event => ({ type: 'test:diagnostic', data: { nesting: 0, message } });

/** All that the suites tell, one after another, as if they were one. */
async function* events(): AsyncGenerator<Event> {
  const sums = new Map<string, number>();
  for (const { suite, files } of chosen) {
    const told = run({ files, concurrency: CONCURRENCY[suite], timeout: HANGS_MS[suite] });
    for await (const event of told as AsyncIterable<Event>) {
      const { type, data } = event;
      const [, what, figure] =
        (type === 'test:diagnostic' && data.nesting === 0 && SUM.exec(data.message ?? '')) || [];
      if (what !== undefined) sums.set(what, (sums.get(what) ?? 0) + Number(figure));
      else yield event;
      if (what === 'duration_ms') yield note(`${suite}: ${Math.round(Number(figure) / 1000)} s`);
      if (type === 'test:fail') process.exitCode = 1;
    }
  }
  for (const [what, sum] of sums) yield note(`${what} ${sum}`);
}

Readable.from(events()).compose(new spec()).pipe(process.stdout);
