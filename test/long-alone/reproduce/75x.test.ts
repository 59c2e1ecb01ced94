/**
 * 75x: the verdict follows from the ratios, wherever they come from; a turn in a synchronous directory waits for the disk.
 * How much a lock file costs depends on the disk and is no matter for a test; that one is not, where it is none, is.
 */
import '../../support/own-memory.js';
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import type { z } from 'zod';
import { isTmpfs } from '../../../bench/machine/file-system.js';
import { experiment } from '../../../bench/reproduce/75x/75x.js';
import { dissect } from '../../../bench/reproduce/75x/anatomy.js';
import { makeSynchronousDirectory } from '../../../bench/reproduce/75x/synchronous.js';
import { conclusive } from '../../support/limit.js';
import { smallSetting } from '../../support/setting.js';
import { needs } from '../../support/support.js';

type Evidence = z.infer<typeof experiment.evidence>;

const onDisk = (t: TestContext): boolean =>
  needs(t, !isTmpfs(tmpdir()), 'the temporary directory lies in memory; set TMPDIR to a directory on ext4');

const nsPerTurn = ({ wallNs, turns }: { wallNs: number; turns: number }): number => wallNs / turns;

type MeasuredCell = Evidence['testDirectories'][number]['alone'][number];

/** A cell of these rounds: what it says of a turn is theirs, too. */
const ofRounds = (cell: MeasuredCell, rounds: MeasuredCell['rounds']): MeasuredCell => {
  const [round] = rounds;
  const median = round === undefined ? cell.nsPerIncrement.median : nsPerTurn(round);
  return { ...cell, rounds, nsPerIncrement: { ...cell.nsPerIncrement, median } };
};

/**
 * The evidence, with a lock file that costs this many times what the record lock does in places of this kind: exactly, since
 * what the two of them cost in one round each is as far apart as other programs make it.
 */
const costing = (evidence: Evidence, kind: 'disk' | 'synchronous', factor: number): Evidence => ({
  ...evidence,
  testDirectories: evidence.testDirectories.map((testDirectory) => {
    const [record, file, ...others] = testDirectory.alone;
    if (testDirectory.kind !== kind || record === undefined || file === undefined) return testDirectory;
    const rounds = file.rounds.map((round, r) => {
      const beside = record.rounds[r] ?? assert.fail('a round of the record lock was expected for each');
      return { ...round, wallNs: nsPerTurn(beside) * round.turns * factor };
    });
    return { ...testDirectory, alone: [record, ofRounds(file, rounds), ...others] };
  }),
});

/** The evidence, with a record lock that costs the same everywhere: one round each differs by what other programs do. */
const even = (evidence: Evidence): Evidence => {
  const [first] = evidence.testDirectories;
  return {
    ...evidence,
    testDirectories: evidence.testDirectories.map((testDirectory) => {
      const [record, ...others] = testDirectory.alone;
      const rounds = first?.alone[0]?.rounds ?? [];
      return record === undefined
        ? testDirectory
        : { ...testDirectory, alone: [ofRounds(record, rounds), ...others] };
    }),
  };
};

/** One round of everything, once for all tests; the lock file costs what the record lock does, being none. */
let measured: Promise<Evidence> | null = null;
const measure = (): Promise<Evidence> => {
  const roles = { ...experiment.roles, 'lock file': 'flock' };
  measured ??= experiment
    .measure(smallSetting({ disk: tmpdir() }), roles)
    .then((evidence) => costing(costing(even(evidence), 'synchronous', 1), 'disk', 1));
  return measured;
};

test('the claim falls if the lock file is not a lock file', async (t) => {
  if (!onDisk(t)) return;
  const evidence = await measure();
  assert.deepEqual(
    evidence.testDirectories.map(({ kind }) => kind),
    ['memory', 'disk', 'synchronous'],
  );
  assert.equal(experiment.judge(evidence).answer, 'does not hold');
});

test('expensive where changes are written at once: the claim holds under that condition', async (t) => {
  if (!onDisk(t)) return;
  const verdict = experiment.judge(costing(await measure(), 'synchronous', 1000));
  assert.equal(verdict.answer, 'holds under');
});

/** The evidence of a disk whose writes the lock file waits for twice a turn, each so long. */
const explained = (evidence: Evidence, waitNs: number): Evidence => ({
  ...evidence,
  testDirectories: evidence.testDirectories.map((testDirectory) => ({
    ...testDirectory,
    anatomy: testDirectory.anatomy.map((one) => ({
      ...one,
      disk: { writes: 2, writeNs: 2 * waitNs, flushes: 0, flushNs: 0 },
    })),
    durability: { writeNs: waitNs, flushNs: 10 * waitNs },
  })),
});

test('less expensive where changes are written at once: the claim holds on a slower disk, if the waits explain what is measured', async (t) => {
  if (!onDisk(t)) return;
  const evidence = costing(await measure(), 'synchronous', 20);
  const [record, file] = evidence.testDirectories.at(-1)?.alone.map(({ rounds }) => rounds[0]) ?? [];
  assert.ok(record !== undefined && file !== undefined);
  const waitNs = (nsPerTurn(file) - nsPerTurn(record)) / 2;
  const verdict = experiment.judge(explained(evidence, waitNs));
  assert.ok(verdict.answer === 'holds under');
  assert.match(verdict.under, /a disk that takes .* for one write/);
  // Waits of another length do not explain it.
  assert.equal(experiment.judge(explained(evidence, 10 * waitNs)).answer, 'does not hold');
});

test('expensive everywhere: the claim holds', async (t) => {
  if (!onDisk(t)) return;
  assert.equal(experiment.judge(costing(await measure(), 'disk', 1000)).answer, 'holds');
});

test('without a synchronous directory nothing is decided, and the reason is told', async () => {
  const evidence = await measure();
  const testDirectories = evidence.testDirectories.filter(({ kind }) => kind !== 'synchronous');
  const verdict = experiment.judge({
    ...evidence,
    testDirectories,
    missing: [{ name: 'tmpfs, dirsync', reason: 'EOPNOTSUPP' }],
  });
  assert.equal(verdict.answer, 'undecided');
  assert.match(verdict.why, /EOPNOTSUPP/);
});

test('memory refuses a synchronous directory', () => {
  const { memory, identity } = smallSetting();
  assert.throws(() => makeSynchronousDirectory(memory, identity), /FS_IOC_(GET|SET)FLAGS/);
});

test('in a synchronous directory each turn of a lock file waits for the disk, and none of a record lock', async (t) => {
  if (!onDisk(t)) return;
  const { value, remove } = makeSynchronousDirectory(tmpdir(), null);
  try {
    const requests = async (way: string): Promise<number> => {
      const { disk } = await dissect(value.testDirectory, way, null);
      assert.ok(disk !== null, 'the kernel counts nothing of this disk');
      return disk.writes + disk.flushes;
    };
    assert.ok((await requests('excl')) >= 2);
    // The kernel counts for a disk whichever process uses it: others leave it alone for so short a time sooner or later.
    await conclusive(async () => ((await requests('fcntl')) < 1 ? 'none' : 'inconclusive'));
  } finally {
    remove();
  }
});
