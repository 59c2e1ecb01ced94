/**
 * Results of kinds of which none is recorded, for pages to be made of.
 */
import { compareRuns } from '../../bench/compare/compare-runs.js';
import type { Comparisons } from '../../bench/compare/compare-schema.js';
import { COMPARE_VERSION } from '../../bench/compare/compare-version.js';
import { projectRoot } from '../../bench/machine/project.js';
import { recordedRun } from '../../bench/measure/result/recorded-run.js';
import { isMeasured } from '../../bench/measure/result/result.js';
import type { Result } from '../../bench/measure/result/result-schema.js';
import type { Tenures } from '../../bench/measure/result/rounds-schema.js';
import type { MountOptionsResult, OptionCell } from '../../bench/nfs/options/mount-options-schema.js';
import { MOUNT_OPTIONS_SCHEMA_VERSION } from '../../bench/nfs/options/mount-options-version.js';
import type { RoundTripResult } from '../../bench/nfs/roundtrip/roundtrip-schema.js';
import { ROUND_TRIP_SCHEMA_VERSION } from '../../bench/nfs/roundtrip/sweep-ways.js';
import { nfsEvidence } from '../../bench/reproduce/80x/80x-evidence.js';
import { recordedReproduction } from '../../bench/reproduce/recorded-reproduction.js';

const RECORD = 'two-cpus-reproduced';

/** What the experiment 80x recorded is what `nfs roundtrip` measures. */
export function roundTripResult(): RoundTripResult {
  const { startedAt, environment, seed, outcomes } = recordedReproduction(RECORD, projectRoot);
  const outcome = outcomes.find(({ name }) => name === '80x');
  const evidence = nfsEvidence.parse(outcome?.state === 'measured' ? outcome.evidence : null);
  if (evidence.testDirectory !== 'lab') throw new Error(`${RECORD}: evidence of the lab was expected`);
  const { outside, findings, figures } = evidence;
  return {
    schemaVersion: ROUND_TRIP_SCHEMA_VERSION,
    ...{ command: 'lockbench nfs roundtrip', startedAt, finishedAt: startedAt, interruptedBy: null, seed },
    ...{ environment, outside, findings, figures },
  };
}

const SAFE = {
  exclusion: 'held',
  violations: 0,
  handoffs: 120,
  sequence: 'intact',
  lost: 0,
  changedReads: 0,
} as const;
const LOSES = { ...SAFE, sequence: 'lost-updates', lost: 50 } as const;
const BROKEN = { ...LOSES, exclusion: 'violated', violations: 9 } as const;

const proven = (
  strategy: string,
  clients: number,
  verdict: typeof SAFE | typeof LOSES | typeof BROKEN,
): OptionCell => ({
  ...{ strategy, wait: 'block', clients, processes: 3, number: 'kept-open', state: 'proven' },
  ...{ turns: 200, wallNs: 1e9, verdict },
});

/** A lock that excludes, one that loses updates, and one that lets two in under an option; a mount that is refused. */
export function mountOptionsResult(): MountOptionsResult {
  const { startedAt, environment } = recordedRun('default-2-cpus', projectRoot);
  const mounted = { state: 'mounted', version: 'v3', filesystem: 'nfs' } as const;
  return {
    schemaVersion: MOUNT_OPTIONS_SCHEMA_VERSION,
    ...{
      command: 'lockbench nfs options',
      startedAt,
      finishedAt: startedAt,
      interruptedBy: null,
      environment,
    },
    ...{ machine: 'tcg', roundTripNs: 0, export: 'ext4', handoffs: 100 },
    mounts: [
      {
        ...{ ...mounted, option: 'default', inForce: ['vers=3', 'hard'] },
        cells: [
          proven('fcntl', 1, SAFE),
          proven('fcntl', 3, SAFE),
          proven('excl', 1, SAFE),
          proven('excl', 3, LOSES),
        ],
      },
      {
        ...{ ...mounted, option: 'nolock', inForce: ['vers=3', 'nolock'] },
        cells: [
          ...[proven('fcntl', 1, SAFE), proven('fcntl', 3, BROKEN), proven('none', 3, BROKEN)],
          {
            ...{ strategy: 'excl', wait: 'block', clients: 3, processes: 3, number: 'kept-open' },
            ...{ state: 'errored', reason: 'it was not mounted' },
          },
        ],
      },
      { version: 'v4.2', option: 'nolock', state: 'same', as: 'default' },
      { version: 'v4.2', option: 'soft', state: 'refused', reason: 'an unknown option' },
    ],
  };
}

const THREE: Tenures = {
  worker: [0, 1, 0],
  turns: [1, 20, 3],
  askedNs: [0, 50, 900],
  fromNs: [100, 200, 950],
  toNs: [200, 940, 990],
};

/** The run, with these tenures of each lock that two processes contended for, and no others; null: with none. */
export const withTenures = (run: Result, kept: Tenures | null = THREE): Result => ({
  ...run,
  cells: run.cells.map((cell) => {
    if (!isMeasured(cell)) return cell;
    const isContended = cell.conditions.processes === 2;
    return {
      ...cell,
      rounds: cell.rounds.map((round) => {
        if (round.kind !== 'trace') return round;
        const { tenures: _, ...rest } = round;
        return isContended && kept !== null ? { ...rest, tenures: kept } : rest;
      }),
    };
  }),
});

/** Of a run with itself, one lock being three times as slow in the later one, and one failing there. */
export function comparisons(): Comparisons {
  const earlier = recordedRun('whole-catalogue', projectRoot);
  const cells = earlier.cells.map((cell) => {
    if (!isMeasured(cell)) return cell;
    if (cell.strategy === 'flock')
      return {
        ...cell,
        rounds: cell.rounds.map((round) =>
          round.kind === 'timing' ? { ...round, wallNs: 3 * round.wallNs } : round,
        ),
      };
    if (cell.strategy === 'fcntl' && cell.conditions.processes > 1)
      return { ...cell, verdict: { ...cell.verdict, exclusion: 'violated' as const } };
    return cell;
  });
  const later = { ...earlier, cells };
  return {
    schemaVersion: COMPARE_VERSION,
    comparisons: [
      compareRuns([{ name: 'before', result: earlier }], [{ name: 'after', result: later }], null),
    ],
  };
}
