/**
 * `compare` as a command: which results make a side, and what it refuses to judge by too few of them.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { NamedRun } from '../../../bench/compare/compare-runs.js';
import { at, fcntl, IN_TURN, lock, type Place, side } from '../../support/made-runs.js';
import { carriedOut } from '../../support/many-commands.js';
import { assertRefused, sandbox } from '../../support/refusal.js';
import { temporaryDirectory } from '../../support/support.js';

const runs = (name: string, excl: number, place: Place): NamedRun[] =>
  side(name, (factor) => [fcntl(at(1000 * factor)), lock('excl', at(excl * factor))], place);

/** Eight files, one for each run, those of the later version twice as slow under excl; their names. */
function written(t: TestContext, places: Readonly<Record<'old' | 'new', Place>>) {
  const cwd = temporaryDirectory(t);
  const write = (all: readonly NamedRun[]): string[] =>
    all.map(({ name, result }) => {
      const path = join(cwd, `${name}.json`);
      writeFileSync(path, JSON.stringify(result));
      return path;
    });
  return { old: write(runs('old', 5000, places.old)), new: write(runs('new', 10_000, places.new)) };
}

const FAIL_IF = ['--fail-if', 'slower:10%'];

test('four runs before --to and four behind it are compared as two sides', async (t) => {
  const files = written(t, IN_TURN);
  const args = ['compare', ...files.old, ...FAIL_IF, '--to', ...files.new];
  const { code, stdout, stderr } = await carriedOut(args);
  assert.equal(code, 1, stderr);
  assert.match(stdout, /excl\/spin .* became slower: /);
  assert.match(stderr, /--fail-if: excl\/spin in \/tmp: \d+\.?\d*% slower/);
  const json = await carriedOut([...args, '--json']);
  const { comparisons } = JSON.parse(json.stdout) as {
    comparisons: { earlier: unknown[]; later: unknown[]; sample: string; inTurn: boolean }[];
  };
  assert.deepEqual(
    comparisons.map(({ earlier, later, sample, inTurn }) => [earlier.length, later.length, sample, inTurn]),
    [[4, 4, 'run', true]],
  );
});

test('without --to each result is compared with the first one, and --baseline names another', async (t) => {
  const [a = '', b = '', c = ''] = written(t, IN_TURN).old;
  const names = async (args: readonly string[]) => {
    const { code, stdout, stderr } = await carriedOut(['compare', ...args, '--export-csv', '-']);
    assert.equal(code, 0, stderr);
    const rows = stdout.trimEnd().split('\r\n').slice(1);
    return [...new Set(rows.map((row) => row.split(',').slice(0, 2).join(' ').replaceAll('"', '')))];
  };
  assert.deepEqual(await names([a, b, c]), [`${a} ${b}`, `${a} ${c}`]);
  assert.deepEqual(await names([a, b, '--baseline', c]), [`${c} ${a}`, `${c} ${b}`]);
});

const EXPECTED = /--fail-if slower: four runs of each version or more, made in turn, were expected/;
const HINT = /old\*\.json --to new\*\.json/;

test('--fail-if slower refuses runs by which it could never fail', async (t) => {
  const box = sandbox(t);
  const { old, new: later } = written(t, IN_TURN);
  const [one = '', other = ''] = [old[0], later[0]];
  const refused = (args: readonly string[], came: string) =>
    assertRefused(box, ['compare', ...args, ...FAIL_IF], { expected: EXPECTED, came, hint: HINT });
  await refused([one, other], 'got 1 and 1');
  await refused([...old.slice(1), '--to', ...later.slice(1)], 'got 3 and 3');
  const apart = written(t, { old: { from: 0, step: 1 }, new: { from: 4, step: 1 } });
  await refused(
    [...apart.old, '--to', ...apart.new],
    'got 4 and 4, but more than two of one version in a row',
  );
  // What two runs can tell is asked all the same.
  const { code } = await carriedOut(['compare', one, other, '--fail-if', 'verdict']);
  assert.equal(code, 0);
});

test('a run that is named twice on a side is refused', async (t) => {
  const { old, new: later } = written(t, IN_TURN);
  const [one = ''] = later;
  await assertRefused(sandbox(t), ['compare', ...old, '--to', ...later, one], {
    expected: /compare: each run once was expected/,
    came: `${JSON.stringify(one)} twice`,
    hint: /looks like two runs that agree/,
  });
});
