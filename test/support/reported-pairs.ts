/**
 * Results of `compat` and of `pairs`, made by hand.
 */
import type { CompatCell, CompatPlace, CompatResult } from '../../bench/compat/compat-schema.js';
import type { CompatVerdict } from '../../bench/compat/compat-verdict.js';
import { COMPAT_SCHEMA_VERSION } from '../../bench/compat/compat-version.js';
import { projectRoot } from '../../bench/machine/project.js';
import { recordedRun } from '../../bench/measure/result/recorded-run.js';
import type { PairsResult } from '../../bench/pairs/pairs-schema.js';
import { PAIRS_SCHEMA_VERSION } from '../../bench/pairs/pairs-version.js';

const { environment, startedAt } = recordedRun('default-2-cpus', projectRoot);
const head = { startedAt, finishedAt: startedAt, interruptedBy: null, environment };

export const compatCell = (
  holder: string,
  other: string,
  verdict: CompatVerdict,
  more: Partial<CompatCell> = {},
): CompatCell => ({
  ...{ holder, other, verdict, gotIn: verdict === 'does-not-see-it', reason: 'record locks conflict' },
  contention: null,
  ...more,
});

/** Of fcntl and ofd, which exclude each other, and of excl, which sees neither. */
export const COMPAT_CELLS: readonly CompatCell[] = [
  ...['fcntl', 'ofd', 'excl'].map((name) =>
    compatCell(name, name, 'excludes', {
      contention: { handoffs: 200, violations: 0, turns: 210, lost: 0 },
    }),
  ),
  compatCell('fcntl', 'ofd', 'excludes'),
  compatCell('ofd', 'fcntl', 'excludes'),
  ...['fcntl', 'ofd'].flatMap((name) => [
    compatCell(name, 'excl', 'does-not-see-it', { reason: 'one is a kernel lock, "the other" a name' }),
    compatCell('excl', name, 'does-not-see-it', { reason: 'one is a kernel lock, "the other" a name' }),
  ]),
];

export function compatResult(more: Partial<CompatPlace> = {}): CompatResult {
  const cells = more.cells ?? [...COMPAT_CELLS];
  const names = [...new Set(cells.map(({ holder }) => holder))];
  const place: CompatPlace = {
    ...{ where: '/dev/shm (tmpfs)', directory: '/dev/shm', filesystem: 'tmpfs', nfs: null },
    locks: names.map((name) => ({
      ...{ name, strategy: name, runtime: 'node', wait: 'block' },
      seen: { names: ['lock'], kernel: [{ type: 'POSIX', file: 'locked' }], lslocks: null },
    })),
    ...{ unavailable: [{ name: 'flock(1)', reason: 'it is not installed' }], controlCaught: true },
    cells,
    ...more,
  };
  const command = 'lockbench compat fcntl ofd excl';
  return { schemaVersion: COMPAT_SCHEMA_VERSION, command, ...head, handoffs: 200, places: [place] };
}

const figures = (medianNs: number) => ({
  ...{ samples: 200, medianNs, meanNs: medianNs * 1.1, marginNs: medianNs / 100, p99Ns: medianNs * 2 },
});

/** Of three locks in memory, one of them in C, too, and of one on a disk. */
export function pairsResult(more: Partial<PairsResult> = {}): PairsResult {
  const estimate = { low: 1.1, high: 1.3, coverage: 0.97, kind: 'interval' } as const;
  const shm = { wait: 'block', directory: '/dev/shm' };
  return {
    ...{ schemaVersion: PAIRS_SCHEMA_VERSION, command: 'lockbench pairs fcntl flock excl', ...head },
    directories: [
      { path: '/dev/shm', filesystem: 'tmpfs' },
      { path: '/tmp', filesystem: 'ext4' },
    ],
    pairs: [
      { strategy: 'excl', ...shm, wait: 'spin', figures: figures(9_000) },
      { strategy: 'fcntl', ...shm, figures: figures(1_200), overC: { median: 1.2, ...estimate } },
      { strategy: 'fcntl', runtime: 'c', ...shm, figures: figures(1_000) },
      { strategy: 'flock', ...shm, figures: figures(900) },
      { strategy: 'flock', wait: 'block', directory: '/tmp', figures: figures(800) },
    ],
    unavailable: [{ strategy: 'lockfile', directory: '/tmp', reason: 'it is not installed' }],
    ...more,
  };
}
