/**
 * Claim: a lock file costs 75 times as much as an fcntl lock, since making and removing a file goes through the file
 * system, twice for each turn. The book's file systems wrote each change of a directory to the disk before the call
 * returned; those of today keep it in memory, unless a directory's flag asks for the old way. So it is measured both
 * ways, and from what one such write takes it follows at which the ratio is 75.
 */

import { digits, duration } from '../../base/format.js';
import type { Identity } from '../../machine/identity.js';
import { NoAnswer } from '../../measure/parent/patience.js';
import type { TestDirectory } from '../../measure/parent/plan.js';
import { removeAll } from '../../measure/parent/unremoved.js';
import type { MedianEstimate } from '../../statistics/median.js';
import type { Experiment, Roles, Setting } from '../experiment/experiment.js';
import { byDirectory, measureGrid } from '../experiment/experiment-cells.js';
import type { Verdict } from '../experiment/reproduction-schema.js';
import { directoriesOf, type NamedDirectory } from './75x-directories.js';
import { type Evidence, evidenceSchema, modelled } from './75x-evidence.js';
import { BOOK, type MeasuredDirectory, type Model, modelOf, ratioOf } from './75x-model.js';
import { ratioText, TOGETHER, tablesOf } from './75x-tables.js';
import { type Anatomy, type Durability, dissect, emptyCallNs, medianOf, probeDurability } from './anatomy.js';

/** Ten processes take ten times as long to start as to be measured. */
const MOST_ROUNDS_TOGETHER = 1;
/** Two thousand turns in the most expensive directory. */
const BUDGET_NS = 300e6;
/** A machine of another decade, disk and kernel is in agreement if its ratio is not further away than by this factor. */
const NEAR = 1.5;
/** Of one write: a disk that turns 3 600 times a minute and has to move its arm, too. */
const SLOWEST_DISK_NS = 30e6;
type Part = 'record lock' | 'lock file' | 'hard link' | 'mode 0';

async function measureDirectories(
  setting: Setting,
  roles: Roles<Part>,
  named: readonly NamedDirectory[],
): Promise<Pick<Evidence, 'testDirectories' | 'missing'>> {
  const all = [roles['record lock'], roles['lock file'], roles['hard link'], roles['mode 0']];
  const two = all.slice(0, 2);
  const testDirectories = named.map(({ testDirectory }) => testDirectory);
  const sampling = { blocks: Math.min(setting.rounds, MOST_ROUNDS_TOGETHER) };
  const gridAlone = { ways: all, testDirectories, processes: [1], limits: { budgetNs: BUDGET_NS } };
  const gridTogether = { ways: two, testDirectories, processes: [TOGETHER], sampling };
  // All directories in one block: what slows the machine down for a while slows each of them.
  const alone = byDirectory(await measureGrid(setting, gridAlone), gridAlone);
  const together = byDirectory(await measureGrid(setting, gridTogether), gridTogether);
  const measured: MeasuredDirectory[] = [];
  const missing: Evidence['missing'] = [];
  for (const [i, { kind, name, testDirectory }] of named.entries()) {
    if (setting.ending.signal.aborted) break;
    setting.progress(`a turn taken apart, ${name}`, i, named.length);
    try {
      const apart = await takeApart(testDirectory, kind, two, setting.identity);
      measured.push({ kind, name, alone: alone[i] ?? [], together: together[i] ?? [], ...apart });
    } catch (error) {
      // Its process was killed by us: what was measured until then stays.
      if (setting.ending.signal.aborted) break;
      if (!(error instanceof NoAnswer)) throw error;
      missing.push({ name, reason: error.message });
    }
  }
  return { testDirectories: measured, missing };
}

/** A turn of each of these locks; between them, what writing costs there by itself. */
async function takeApart(
  testDirectory: TestDirectory,
  kind: MeasuredDirectory['kind'],
  ways: readonly string[],
  identity: Identity | null,
): Promise<Pick<MeasuredDirectory, 'anatomy' | 'durability'>> {
  const anatomy: Anatomy[] = [];
  const probes: Durability[] = [];
  const probe = async (): Promise<void> => {
    if (kind !== 'memory') probes.push(await probeDurability(testDirectory, identity));
  };
  await probe();
  for (const way of ways) {
    anatomy.push(await dissect(testDirectory, way, identity));
    await probe();
  }
  return { anatomy, durability: probes.length === 0 ? null : medianOf(probes) };
}

const find = (
  { testDirectories }: Evidence,
  kind: MeasuredDirectory['kind'],
): MeasuredDirectory | undefined => testDirectories.find((one) => one.kind === kind);

function modelSentence(model: Model | null, callNs: number): string {
  if (model === null) return '';
  const { waits, forWhat, eachNs, wantedNs, ratio } = model;
  return (
    ` Each turn waits for ${digits(waits)} disk ${forWhat === 'flush' ? 'flushes' : 'writes'}; one took ` +
    `${duration(eachNs)} by itself. This predicts a ratio of ${digits(ratio)}, or of 75 if one takes ` +
    `${duration(wantedNs)}. An empty system call takes ${duration(callNs)} here, and a record lock makes two calls.`
  );
}

/** Whether the model says what was measured, and 75 falls where a disk may be. */
const explains = ({ ratio, wantedNs }: Model, measured: MedianEstimate | null): boolean =>
  measured !== null &&
  Math.max(ratio / measured.median, measured.median / ratio) <= NEAR &&
  wantedNs <= SLOWEST_DISK_NS;

function judge(found: Evidence): Verdict {
  const here = found.testDirectories
    .map(({ name, alone }) => `${name}: ${ratioText(ratioOf(alone, 1))}`)
    .join('; ');
  const reaches = (testDirectory: MeasuredDirectory | undefined): boolean =>
    testDirectory !== undefined && (ratioOf(testDirectory.alone, 1)?.median ?? 0) >= BOOK / NEAR;
  const [memory, disk, synchronous] = [
    find(found, 'memory'),
    find(found, 'disk'),
    find(found, 'synchronous'),
  ];
  const plain = disk ?? memory;
  if (reaches(plain)) {
    return {
      answer: 'holds',
      here,
      why: 'On this file system, a turn of the lock file waits for the disk even without synchronous updates.',
    };
  }
  if (synchronous === undefined || plain === undefined) {
    const reasons = found.missing.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    return { answer: 'undecided', here, why: `The condition of 1998 could not be created here: ${reasons}.` };
  }
  const model = modelOf(synchronous, plain);
  const sentence = modelSentence(model, found.emptyCallNs);
  const then =
    'The book’s file systems wrote each change of a directory to the disk before the call returned. Today the change ' +
    'stays in memory, and costs only the calls.';
  if (reaches(synchronous)) {
    return { answer: 'holds under', under: 'synchronous directory updates', here, why: `${then}${sentence}` };
  }
  if (model !== null && explains(model, ratioOf(synchronous.alone, 1))) {
    return {
      answer: 'holds under',
      under:
        `synchronous directory updates, and a disk that takes ${duration(model.wantedNs)} for one ${model.forWhat} ` +
        `(this one: ${duration(model.eachNs)})`,
      predicted: true,
      here,
      why: `${then}${sentence}`,
    };
  }
  if ((ratioOf(synchronous.alone, 1)?.high ?? 0) >= BOOK) {
    const why = `The rounds scatter so much that the bounds include the book’s figure. Repeat it on a quieter machine, or with more --rounds.${sentence}`;
    return { answer: 'undecided', here, why };
  }
  const why = `Even with synchronous directory updates, a lock file is not that expensive here.${sentence}`;
  return { answer: 'does not hold', here, why };
}

export const experiment: Experiment<Part, Evidence> = {
  name: '75x',
  title: 'a lock file against a record lock',
  claim: '10,000 increments take 75 times as long with a lock file as with an fcntl record lock.',
  source: 'textbook, 9.8',
  book: '75x',
  method:
    'One process, then ten, take 10,000 numbers each (fewer if time runs out): in memory, on the disk’s file system, and in ' +
    'a directory there with synchronous updates, as in 1998 (FS_DIRSYNC_FL).',
  roles: { 'record lock': 'fcntl', 'lock file': 'excl', 'hard link': 'link', 'mode 0': 'trunc' },
  evidence: evidenceSchema,

  async measure(setting, roles) {
    const { testDirectories, missing, temporary } = await directoriesOf(setting);
    try {
      const callNs = emptyCallNs();
      const measured = await measureDirectories(setting, roles, testDirectories);
      return {
        testDirectories: measured.testDirectories,
        missing: [...missing, ...measured.missing],
        emptyCallNs: callNs,
      };
    } finally {
      await removeAll(temporary.map(({ remove }) => remove));
    }
  },

  judge,
  tables: tablesOf,
  drawing: async (found) => (await import('./75x-drawing.js')).draw75x(modelled(found)),
};
