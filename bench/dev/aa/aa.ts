/**
 * `npm run bench:aa`: the same locks are measured twice, many times over, by real processes on this machine, and whatever is
 * found to differ is wrong. In each run each lock stands twice, so that "too close to call" has to hold within it; of eight runs in
 * a row every other one is given to `compare` as the earlier version and the rest as the later one, and it has to see no difference
 * between them. Where a compiler is there the locks are those in C, whose processes start faster.
 */
import { BROKEN } from '../../base/exit-codes.js';
import { percent } from '../../base/format.js';
import { interruptibly } from '../../command-line/interruption.js';
import { parseCount } from '../../command-line/parse.js';
import { compareRuns } from '../../compare/compare-runs.js';
import type { Change } from '../../compare/compare-schema.js';
import { describeEnvironment } from '../../machine/host.js';
import { noiseVerdict } from '../../machine/noise-warnings.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { endKeepers } from '../../measure/parent/kept-directories.js';
import { lookEverywhere } from '../../measure/parent/look-everywhere.js';
import { measureCells } from '../../measure/parent/measure-cells.js';
import { type PlannedCell, plan, testDirectoryHere } from '../../measure/parent/plan.js';
import { memoryDirectory, temporaryDirectory } from '../../measure/parent/preflight.js';
import { PLAIN } from '../../measure/parent/request.js';
import { isMeasured } from '../../measure/result/result.js';
import type { MeasuredCell, Result } from '../../measure/result/result-schema.js';
import { ties } from '../../measure/verdict/ranking.js';
import { isDoubtful, leastFactor, noiseOf } from '../../measure/verdict/trust.js';
import { wilson } from '../../statistics/wilson.js';
import { print, say } from '../../text/standard-streams.js';
import { plainTable } from '../../text/table.js';
import { sayingUsage } from '../usage-errors.js';
import { SCATTER_HEAD, scatterRows } from './run-scatter.js';

const DEFAULT_PAIRS = 50;
/** Pairs of runs that make a comparison: four runs on each side. */
const PAIRS_COMPARED = 4;
const MOST_PAIRS = 10_000;
const LOCKS = ['fcntl', 'excl'];
const BLOCKS = 6;
/** Of a lap, which is done whole: with the textbook's 10,000 a round of the slower lock would last up to a second. */
const INCREMENTS = 500;
const ROUND_NS = 20e6;
const PROMISED = 0.05;
const TIME_LIMIT_NS = 120e9;

/** Each cell twice, under the same name. */
async function cellsIn(directories: readonly string[]): Promise<PlannedCell[]> {
  const identity = unprivilegedIdentity();
  const testDirectories = directories.map(testDirectoryHere);
  const planned = async (runtime: 'c' | 'node'): Promise<PlannedCell[]> => {
    const specs = LOCKS.map((strategy) => ({
      ...{ strategy, policy: null, named: true },
      ...(runtime === 'c' ? { runtime } : {}),
    }));
    const found = await lookEverywhere(specs, directories, identity);
    return plan(
      {
        specs,
        policies: [],
        testDirectories,
        processes: [2],
        conditions: { ...PLAIN, increments: INCREMENTS },
      },
      found,
    );
  };
  const inC = await planned('c');
  const cells = inC.every(({ unavailable }) => unavailable === null) ? inC : await planned('node');
  return cells.flatMap((cell) => [cell, cell]);
}

function measure(cells: readonly PlannedCell[], seed: number, signal: AbortSignal): Promise<Result> {
  const identity = unprivilegedIdentity();
  return measureCells(
    {
      ...{ cells, loop: null, command: 'bench:aa', startedAt: new Date(), identity, warnings: [] },
      environment: describeEnvironment(identity),
    },
    {
      limits: { atLeastNs: ROUND_NS, budgetNs: 1e9, timeLimitNs: TIME_LIMIT_NS, maxTimeNs: null },
      sampling: { blocks: BLOCKS, seed, handoffs: 0, proofs: 0, trace: false, untilShare: null },
    },
    { onRound() {}, onFigures() {}, onBlock() {} },
    { signal, by: () => (signal.aborted ? 'AbortSignal' : null) },
  );
}

interface Finding {
  /** Of two cells of the same lock in a run. */
  readonly pairs: number;
  readonly toldApart: number;
  /** Told apart, but marked as doubtful on this machine. */
  readonly doubtful: number;
}

/** Each lock of a run beside itself: cells stand twice, one behind the other. */
function withinRun(result: Result): Finding {
  const twins = result.cells.flatMap((cell, i, all) => {
    const twin = all[i + 1];
    return i % 2 === 0 && isMeasured(cell) && twin !== undefined && isMeasured(twin) ? [[cell, twin]] : [];
  });
  const apart = twins.filter((pair) => ties(pair).length > 1);
  const ratio = ([a, b]: MeasuredCell[]) =>
    a?.nsPerIncrement && b?.nsPerIncrement ? a.nsPerIncrement.median / b.nsPerIncrement.median : 1;
  const doubtful = apart.filter((pair) => {
    const median = ratio(pair);
    return isDoubtful({ median, low: median, high: median, coverage: 1 }, leastFactor(result));
  });
  return { pairs: twins.length, toldApart: apart.length, doubtful: doubtful.length };
}

/** One of each two: what stands in both runs once. */
const halfOf = (result: Result): Result => ({
  ...result,
  cells: result.cells.filter((_, i) => i % 2 === 0),
});

/** How often, of how many. */
interface Share {
  readonly wrong: number;
  readonly of: number;
}

function row(what: string, { wrong, of }: Share, isPromised = true): string[] {
  if (of === 0) return [what, '0 of 0', '-', '-', '-'];
  const [low, high] = wilson(wrong, of);
  const verdict = low > PROMISED ? 'MISSED' : high <= PROMISED ? 'kept' : 'not refuted';
  const bounds = `${percent(low)} to ${percent(high)}`;
  return [what, `${wrong} of ${of}`, percent(wrong / of), bounds, isPromised ? verdict : '-'];
}

/** Runs in a row, every other one on the same side; how many of these comparisons have a cell of one of the verdicts. */
function comparedBy(runs: readonly Result[], pairs: number, verdicts: readonly Change['verdict'][]): Share {
  const named = runs.map((result, i) => ({ name: String(i), result: halfOf(result) }));
  const of = Math.floor(named.length / (2 * pairs));
  const wrong = Array.from({ length: of }, (_, i) => {
    const own = named.slice(2 * pairs * i, 2 * pairs * (i + 1));
    const side = (parity: number): typeof own => own.filter((_, at) => at % 2 === parity);
    const { cells } = compareRuns(side(0), side(1), 'cost');
    return cells.some(({ change }) => change !== null && verdicts.includes(change.verdict));
  });
  return { wrong: wrong.filter(Boolean).length, of };
}

async function main(signal: AbortSignal): Promise<void> {
  const pairs = parseCount('pairs', process.argv[2] ?? String(DEFAULT_PAIRS), 1, MOST_PAIRS);
  const cells = await cellsIn([...new Set([memoryDirectory(), temporaryDirectory()])]);
  const runs: Result[] = [];
  try {
    for (let pair = 0; pair < pairs; pair++) {
      const two = [await measure(cells, 2 * pair, signal), await measure(cells, 2 * pair + 1, signal)];
      // What a signal cut short says nothing.
      if (signal.aborted) break;
      runs.push(...two);
      say(`${pair + 1} of ${pairs} pairs of runs`);
    }
  } finally {
    await endKeepers();
  }
  if (runs.length === 0) return;
  const found = runs.map(withinRun);
  const sum = (of: keyof Finding): number => found.reduce((total, one) => total + one[of], 0);
  const noisy = runs.filter((run) => noiseVerdict(noiseOf(run)) !== 'quiet').length;
  const rows = [
    row('the same lock told from itself, in one run', { wrong: sum('toldApart'), of: sum('pairs') }),
    row('the same, and not marked as doubtful', {
      wrong: sum('toldApart') - sum('doubtful'),
      of: sum('pairs'),
    }),
    row(
      `compare: one lock or more slower or faster, ${PAIRS_COMPARED} and ${PAIRS_COMPARED} runs in turn`,
      comparedBy(runs, PAIRS_COMPARED, ['slower', 'faster']),
    ),
    row('rounds of two runs in a row differ: too few runs', comparedBy(runs, 1, ['too-few-runs']), false),
  ];
  print(plainTable(['wrong', 'of', 'share', '95% interval', `promised: ${percent(PROMISED)} at most`], rows));
  print(`${noisy} of ${runs.length} runs were on a noisy machine.`);
  print(plainTable(SCATTER_HEAD, scatterRows(runs.map(halfOf))));
  if (rows.some((one) => one.at(-1) === 'MISSED')) process.exitCode = BROKEN;
}

await sayingUsage(() => interruptibly(main));
