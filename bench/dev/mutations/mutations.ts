/**
 * Mutations: places where one changed sign, number or errno makes a verdict, a figure or a lock wrong. Each must turn a
 * test red; one that does not names a claim that nothing guards.
 */

import { inFile, type Mutation } from './mutation.js';

const VERDICT = 'bench/measure/verdict';
const STATISTICS = 'bench/statistics';
const ERRNO = ['system', 'errno'];
/** Each call fails by itself: where a second one fails, too, it hides that the first one's error was passed over. */
const EACH_CALL = ['long', 'injected-errors'];
const CONTRACT = ['system', 'contract'];

export const MUTATIONS: readonly Mutation[] = [
  ...inFile(
    `${VERDICT}/sequence.ts`,
    ['unit', 'measure/verdict'],
    [
      ['number <= FIRST_NUMBER || number > expected', 'number < FIRST_NUMBER || number > expected'],
      ['number > expected) strange', 'number > expected + 1) strange'],
      ['turns - distinct - strange.size', 'turns - distinct'],
      [' && final === expected', ''],
      ['strange.size === 0 && ', ''],
    ],
  ),
  ...inFile(
    `${VERDICT}/exclusion.ts`,
    ['unit', 'measure/exclusion', 'measure/judgement'],
    [
      ['violations > 0)) return', 'violations > 1)) return'],
      ['handoffs >= LEAST_HANDOFFS', 'handoffs > LEAST_HANDOFFS'],
      ['candidate.atNs < first.atNs', 'candidate.atNs > first.atNs'],
      ['LEAST_HANDOFFS = 100', 'LEAST_HANDOFFS = 10'],
    ],
  ),
  ...inFile(
    `${VERDICT}/contention.ts`,
    ['unit', 'measure/verdict'],
    [
      ['owners[number - FIRST_NUMBER - 1]', 'owners[number - FIRST_NUMBER]'],
      ['run > longestRun', 'run >= longestRun + 2'],
      ['Math.min(...endNs)', 'Math.max(...endNs)'],
    ],
  ),
  ...inFile(
    `${VERDICT}/judgement.ts`,
    ['unit', 'measure/judgement', 'nfs-verdict'],
    [
      ["verdict.exclusion === 'violated' ||\n", ''],
      ['verdict.changedReads > 0', 'verdict.changedReads > 1'],
      [
        'asRoot ? claims.excludesAsRoot : claims.excludes;',
        'asRoot ? claims.excludes : claims.excludesAsRoot;',
      ],
      [
        'claims.excludesAcrossNfs.v3 : claims.excludesAcrossNfs.v4',
        'claims.excludesAcrossNfs.v4 : claims.excludesAcrossNfs.v3',
      ],
      [' && conditions.rogues === 0', ''],
      ['conditions.processes - conditions.readers < 2', 'conditions.processes < 2'],
      ['isProven && !violating', '!isProven && !violating'],
      ['uncaughtControls.length > 0 || incomplete', 'uncaughtControls.length < 0 || incomplete'],
    ],
  ),
  ...inFile(
    `${VERDICT}/owner-log.ts`,
    ['unit', 'owner-log'],
    [
      ['at + 1])', 'at + 2])'],
      ['after.worker !== before.worker && waited', 'waited'],
      ['after.askedNs < before.releasedNs && ', ''],
    ],
  ),
  ...inFile(
    `${VERDICT}/nfs-verdict.ts`,
    ['unit', 'nfs-verdict'],
    [
      ["if (verdict.sequence === 'lost-updates') return 'stale';", ''],
      ["verdict.exclusion === 'held' ? 'safe' : 'unchecked'", "'safe'"],
    ],
  ),
  ...inFile(
    `${VERDICT}/ranking.ts`,
    ['unit', 'measure/ranking'],
    [
      ['areTold(first, i) || ', '!areTold(first, i) || '],
      ['      first = i;\n', ''],
    ],
  ),
  ...inFile(
    `${STATISTICS}/until-narrow.ts`,
    ['unit', 'statistics/until-narrow'],
    [['if (since < LEAST_ROUNDS) return false;', 'if (since < LEAST_ROUNDS / 2) return false;']],
  ),
  ...inFile(
    `${STATISTICS}/told-apart.ts`,
    ['unit', 'statistics/told-apart'],
    [['LEAST_BLOCKS_TO_EXCHANGE = 6', 'LEAST_BLOCKS_TO_EXCHANGE = 3']],
  ),
  ...inFile(
    `${STATISTICS}/median.ts`,
    ['unit', 'statistics/statistics'],
    [
      ['WANTED_COVERAGE = 0.95', 'WANTED_COVERAGE = 0.9'],
      ['(2 * tail)', 'tail'],
      ['sorted[n - k] as number', 'sorted[n - k - 1] as number'],
    ],
  ),
  ...inFile(
    `${STATISTICS}/paired-ratio.ts`,
    ['unit', 'paired-ratio'],
    [
      ['ns / other', 'other / ns'],
      ["kind === 'interval' && (", "kind !== 'interval' || ("],
      ['(low > 1 || high < 1)', '(low >= 1 || high <= 1)'],
      ['Math.max(high - median, median - low)', 'Math.min(high - median, median - low)'],
    ],
  ),
  ...inFile(
    `${STATISTICS}/percentiles.ts`,
    ['unit', 'owner-log'],
    [['Math.ceil(share * sorted.length) - 1', 'Math.floor(share * sorted.length) - 1']],
  ),
  ...inFile(
    `${STATISTICS}/outliers.ts`,
    ['unit', 'statistics/statistics'],
    [
      ['1.5 * (q3 - q1)', '3 * (q3 - q1)'],
      ['low + (high - low) * (at - Math.floor(at))', 'low + high * (at - Math.floor(at))'],
    ],
  ),
  ...inFile(
    `${STATISTICS}/jain.ts`,
    ['unit', 'statistics/statistics'],
    [['shares.length * squares', 'squares']],
  ),
  ...inFile(
    'bench/scenario/intervals.ts',
    ['unit', 'scenario-verdict'],
    [
      ['inside.length > 1 && ', ''],
      ['.some(({ shared }) => !shared)', '.every(({ shared }) => !shared)'],
    ],
  ),
  ...inFile(
    'bench/scenario/overtaking.ts',
    ['unit', 'scenario-verdict'],
    [
      ['lost === 0 && final', 'final'],
      ['atNs >= sinceNs &&', 'atNs >= 0 * sinceNs &&'],
    ],
  ),
  ...inFile(
    'bench/crash/crash-verdict.ts',
    ['unit', 'scenario-verdict'],
    [
      ["first.recovery ?? 'released'", "'released'"],
      [
        "(({ atNs }) => atNs < eventNs)) return 'not-excluded'",
        "(({ atNs }) => atNs < 0)) return 'not-excluded'",
      ],
    ],
  ),
  ...inFile('strategies/excl.ts', ERRNO, [['if (errno() !== EEXIST) fail', 'if (errno() === -EEXIST) fail']]),
  ...inFile('strategies/trunc.ts', ERRNO, [
    ['if (errno() !== EACCES) fail', 'if (errno() === -EACCES) fail'],
  ]),
  ...inFile('strategies/link.ts', ERRNO, [['if (errno() !== EEXIST) fail', 'if (errno() === -EEXIST) fail']]),
  ...inFile('strategies/mkdir.ts', ERRNO, [
    ['if (errno() !== EEXIST) fail', 'if (errno() === -EEXIST) fail'],
  ]),
  ...inFile('strategies/symlink.ts', EACH_CALL, [
    ['if (errno() !== EEXIST) fail', 'if (errno() === -EEXIST) fail'],
  ]),
  ...inFile('strategies/rename.ts', ERRNO, [
    ['if (errno() !== ENOENT) fail', 'if (errno() === -ENOENT) fail'],
  ]),
  ...inFile('strategies/flock.ts', ERRNO, [
    ['if (why === EAGAIN) return false;', 'if (why === EAGAIN || why !== EINTR) return false;'],
    ["if (errno() !== EINTR) fail('flock');", "fail('flock');"],
  ]),
  ...inFile('strategies/shared/record-lock.ts', ERRNO, [
    [
      'if (why === EAGAIN || why === EACCES) return false;',
      'if (why !== EINTR || why === EACCES + EAGAIN) return false;',
    ],
    ['take) === -1) if (errno() !== EINTR) fail', 'take) === -1) fail'],
  ]),
  ...inFile('strategies/shared/bound-socket.ts', ERRNO, [
    ["if (errno() !== EADDRINUSE) fail('bind', text);", "if (errno() === -EADDRINUSE) fail('bind', text);"],
  ]),
  ...inFile('strategies/shm-flag.ts', CONTRACT, [
    ['compareExchange(flag, 0, 0, 1) === 0', 'exchange(flag, 0, 1) >= 0'],
  ]),
  ...inFile('strategies/ticket.ts', CONTRACT, [['!== ticket) return false', '> ticket) return false']]),
];
