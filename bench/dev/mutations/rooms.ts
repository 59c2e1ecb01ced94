/**
 * Mutations of what judges two locks, two runs, and locks between hosts: verdicts, and the statistics on which they rest.
 */
import { inFile, type Mutation } from './mutation.js';

const STATISTICS = 'bench/statistics';
const COMPARED = ['unit', 'compare/compare-runs'];
const SEVERAL = ['unit', 'compare/several-runs'];

export const ROOMS: readonly Mutation[] = [
  ...inFile(
    'bench/compat/compat-verdict.ts',
    ['unit', 'compat/compat-verdict'],
    [
      ["return tried.got ? 'does-not-see-it' : 'not-proven'", "return 'not-proven'"],
      ["  if (tried.got !== reverse.got) return 'one-way';\n", ''],
      ["  if (tried.got) return 'does-not-see-it';\n", ''],
      ['contention.violations > 0', 'contention.violations > 1'],
      ['contention.handoffs < LEAST_HANDOFFS', 'contention.handoffs <= LEAST_HANDOFFS'],
    ],
  ),
  ...inFile(
    'bench/compat/compat-reason.ts',
    ['unit', 'compat/compat-verdict'],
    [
      ['types[0].some(isRecordLock) === types[1]', 'types[0].some(isRecordLock) !== types[1]'],
      ['other.file === lock.file', 'other.file >= lock.file'],
    ],
  ),
  ...inFile(
    'bench/compat/hold-and-try.ts',
    ['system', 'compat/hold-and-try'],
    [
      ['if (answer === true) return { got: true', 'if (answer !== true) return { got: true'],
      ['await tried : await attempt(other, two))', 'await tried : (await attempt(other, two)) || true)'],
    ],
  ),
  ...inFile('bench/compare/can-tell.ts', SEVERAL, [
    ['LEVEL = 0.05', 'LEVEL = 0.5'],
    ['MOST_IN_A_ROW = 2', 'MOST_IN_A_ROW = 3'],
  ]),
  ...inFile('bench/compare/compare-runs.ts', COMPARED, [
    ["  if (how.sample === 'round') return 'too-few-runs';\n", ''],
    ["how.sample === 'run' ? 'too-few-runs' : 'too-few-rounds'", "'too-few-runs'"],
    ["verdicts.earlier === 'held' && FAILED", 'FAILED'],
    ["Finding[] = ['violated', 'lost-updates']", "Finding[] = ['violated']"],
    ["cell.verdict.sequence === 'lost-updates' ? 'lost-updates' : ", ''],
  ]),
  ...inFile('bench/compare/compare-runs.ts', SEVERAL, [
    ["  if (!how.inTurn) return 'doubtful';\n", ''],
    ["&& later.length === 1 ? 'round' : 'run'", "&& later.length === 1 ? 'round' : 'round'"],
    ["factor > 1 ? 'slower' : 'faster'", "factor > 1 ? 'faster' : 'slower'"],
    ["[...FAILED, 'held', 'unchecked']", "['held', ...FAILED, 'unchecked']"],
  ]),
  ...inFile('bench/compare/log-figures.ts', SEVERAL, [
    ['figures.length === 0 ? null : median(figures)', 'figures.length === 0 ? 0 : median(figures)'],
  ]),
  ...inFile(
    'bench/compare/compare-command.ts',
    ['system', 'compare/compare-command'],
    [
      ["sample === 'run' && areEnough(earlier.length, later.length)", "sample === 'run' && areEnough(9, 9)"],
      ['if (isEnough && inTurn) return;', 'if (isEnough && inTurn !== null) return;'],
      ['side.indexOf(name) !== i', 'side.indexOf(name) > i'],
    ],
  ),
  ...inFile('bench/compare/match-cells.ts', COMPARED, [
    ['found.length === 1 ?', 'found.length >= 1 ?'],
    ['paths.get(path) ?? `', '(paths.get(path) && path) ?? `'],
  ]),
  ...inFile('bench/compare/fail-if.ts', SEVERAL, [
    ['change.factor >= 1 + condition.share', 'change.factor >= 0 * condition.share'],
  ]),
  ...inFile('bench/compare/fail-if.ts', COMPARED, [['cell.worse ? `', '!cell.worse ? `']]),
  ...inFile('bench/compare/environment-differences.ts', COMPARED, [
    ['later.map(machineOf), true)', 'later.map(machineOf), false)'],
    ['later.map(programOf), false)', 'later.map(programOf), true)'],
  ]),
  ...inFile('bench/compare/environment-differences.ts', SEVERAL, [['after.length === 0 || ', '']]),
  ...inFile(
    `${STATISTICS}/max-permutation.ts`,
    ['unit', 'statistics/max-permutation'],
    [
      ['largest >= one * (1 - 1e-9)', 'largest > one * (1 + 1e-9)'],
      ['earlier === later ? 2 : 1', 'earlier === later ? 1 : 1'],
      ['  if (Math.min(earlier, later) < LEAST_SAMPLES) return 1;\n', ''],
    ],
  ),
  ...inFile(
    `${STATISTICS}/rank-sum.ts`,
    ['unit', 'statistics/rank-sum'],
    [
      ['b === a ? 0.5 : 0', 'b === a ? 1 : 0'],
      ['differences[k - 1] as number', 'differences[k] as number'],
      ['first[u - j]', 'first[u - i]'],
    ],
  ),
  ...inFile(
    `${STATISTICS}/drift.ts`,
    ['unit', 'statistics/drift'],
    [
      ['/ ORDERS <= LEVEL', '/ ORDERS <= 1 + LEVEL'],
      ['median(inOrder.slice(-third)) / median(', 'median(inOrder.slice(0, third)) / median('],
    ],
  ),
  ...inFile(
    'bench/measure/verdict/trust.ts',
    ['unit', 'measure/trust'],
    [
      ['(low > 1 || high < 1)', '(low > 0 || high < 1)'],
      ['Math.max(median, 1 / median) <= factor', 'median <= factor'],
    ],
  ),
  ...inFile(
    'bench/hosts/hosts-verdict.ts',
    ['unit', 'hosts/hosts-verdict'],
    [
      ['hosts === 1 || !isNfs(mount)', 'hosts === -1 || !isNfs(mount)'],
      ["version.startsWith('4')", "version.startsWith('3')"],
      [
        "(!isNfs(mount) && cell.sequence === 'lost-updates')",
        "(isNfs(mount) && cell.sequence === 'lost-updates')",
      ],
      ['holderDied?.next === null', 'holderDied?.next !== null'],
      ['({ ranks }) => ranks.length > 1', '({ ranks }) => ranks.length > 0'],
      [' || unknown !== null', ' || (unknown !== null && cells.length < 0)'],
    ],
  ),
  ...inFile(
    'bench/hosts/referee.ts',
    ['unit', 'hosts/referee'],
    [
      ['this.#last !== null && this.#last !== rank', 'this.#last !== null'],
      ['this.#first ??=', 'this.#first ='],
      ['>= this.enough', '> this.enough'],
      ['this.hostOf(this.#last) !== this.hostOf(rank)', 'this.hostOf(this.#last) === this.hostOf(rank)'],
    ],
  ),
  ...inFile(
    'bench/hosts/host-records.ts',
    ['unit', 'hosts/clocks'],
    [
      ['after.askedNs >= before.releasedNs', 'after.askedNs < 0'],
      ['(a, b) => a.number - b.number', '(a, b) => a.acquiredNs - b.acquiredNs'],
    ],
  ),
  ...inFile(
    'bench/hosts/clocks.ts',
    ['unit', 'hosts/clocks'],
    [
      ['errorNs < best.errorNs) best = { offsetNs: there', 'errorNs > 0) best = { offsetNs: there'],
      ['(asked + back) / 2n', 'asked'],
    ],
  ),
  ...inFile(
    'bench/hosts/pair/pair-verdict.ts',
    ['unit', 'hosts/pair-verdict'],
    [
      [' || anyInside(lock)', ' && anyInside(lock)'],
      ['some(({ freed }) => !freed)', 'every(({ freed }) => !freed)'],
      ['got && caught', 'got || caught'],
      [' && lock.claim', ''],
    ],
  ),
  ...inFile(
    'bench/hosts/model/scale.ts',
    ['unit', 'hosts/scale'],
    [
      ['own + 2 * waiters', 'own + waiters'],
      ['period / (waiters + 1)', 'period / waiters'],
      ['const heldNs = (callsInRow - 1) * t', 'const heldNs = callsInRow * t'],
    ],
  ),
];
