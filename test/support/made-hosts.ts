/**
 * A result of `lockbench hosts` that nobody measured, for tests of what is made of one.
 */
import type {
  HostProveRound,
  HostsCell,
  HostsResult,
  MeasuredHostsCell,
} from '../../bench/hosts/hosts-schema.js';
import { HOSTS_SCHEMA_VERSION } from '../../bench/hosts/hosts-version.js';
import { describeEnvironment } from '../../bench/machine/host.js';

/** With two ranks, which it excluded. */
export const measuredHostsCell = (
  strategy: string,
  differences: Partial<MeasuredHostsCell>,
): MeasuredHostsCell => ({
  ...{ strategy, wait: 'block', ranks: [1, 2], state: 'measured' },
  nsPerIncrement: { median: 5000, low: 4000, high: 6000, coverage: 0.75, kind: 'range' },
  spreadShare: 0.001,
  ...{ exclusion: 'held', violations: 0, handoffs: 200, betweenHosts: 200, first: null },
  ...{
    sequence: 'intact',
    lost: 0,
    holderDied: null,
    holderCutOff: null,
    betweenHostsNs: null,
    withinHostNs: null,
  },
  ...{ turnsByHost: [], rpcsPerIncrement: [], rounds: [] },
  ...differences,
});

/** In which nothing happened. */
export const proveRound = (): HostProveRound => ({
  ...{ kind: 'prove', block: 0, order: 0, wallNs: 1, turns: 0, final: 1, expected: 1, lost: 0 },
  ...{ sequence: 'intact', workers: [], violations: 0, handoffs: 0, betweenHosts: 0, first: null },
});

/** Rank 0 and 1 on a, rank 2 on b. */
export function madeHostsResult(cells: readonly HostsCell[]): HostsResult {
  const { workers, packages, ...environment } = describeEnvironment(null);
  return {
    schemaVersion: HOSTS_SCHEMA_VERSION,
    ...{ command: 'lockbench hosts', startedAt: '2026-01-01T00:00:00.000Z', finishedAt: null },
    ...{ interruptedBy: null, unknown: null, seed: 1, blocks: 1, atLeastNs: 1, budgetNs: 1 },
    conditions: { number: 'kept-open', hold: null, think: null },
    environment: { ...environment, workers, packages: { ...packages } },
    mpi: { family: 'Open MPI', file: 'libmpi.so.40', version: 'Open MPI v0' },
    directory: { path: '/mnt', filesystem: 'ext4', options: [] },
    ranks: ['a', 'a', 'b'].map((host, rank) => ({
      ...{ rank, host, machine: 0, kernel: 'Linux', cpus: 2, mount: null },
    })),
    ...{ brokenClaims: [], uncaughtControls: [] },
    cells: [...cells],
  };
}
