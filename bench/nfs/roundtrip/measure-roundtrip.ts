/**
 * The sweep of `lockbench nfs roundtrip` as a function: what a program calls that wants its figures, and prints nothing.
 */

import { type LabPlace, runExperiment, USUAL_PLACE } from '../../lab/in-lab.js';
import { VERSIONS } from '../../lab/lab.js';
import { requireLab } from '../../lab/session.js';
import { measureOutside } from './outside.js';
import { figuresOf } from './roundtrip-figures.js';
import type { Figures, Findings, Outside } from './roundtrip-schema.js';
import { roundTripExperiment, type Sweep } from './sweep.js';

/** What is swept if nothing else is said: the textbook's lock, at round trips of a machine and of a building. */
export const USUAL_SWEEP: Omit<Sweep, 'seed'> = {
  strategies: ['fcntl'],
  versions: VERSIONS,
  // Each change on ext4 waits for a disk, for milliseconds that have nothing to do with the network.
  exports: ['tmpfs'],
  roundTripsNs: [0, 100e3, 200e3, 500e3, 1e6],
  blocks: 3,
  increments: 100,
};

/** The command of lockbench that makes this sweep, for the program in the virtual machine. */
export const sweepWords = (sweep: Sweep): string[] => [
  ...['nfs', 'roundtrip', '--lines', '--seed', String(sweep.seed)],
  ...['--strategies', sweep.strategies.join(), '--versions', sweep.versions.join()],
  ...['--exports', sweep.exports.join(), '--round-trips', sweep.roundTripsNs.map((ns) => `${ns}ns`).join()],
  ...['--blocks', String(sweep.blocks), '--increments', String(sweep.increments)],
];

/** `figures` are worked out from the other two. */
export interface RoundTripMeasurement {
  /** Local increments on this machine, outside of the lab. */
  readonly outside: Outside[];
  readonly findings: Findings;
  readonly figures: Figures;
}

export const measurementOf = (findings: Findings, outside: Outside[]): RoundTripMeasurement => ({
  outside,
  findings,
  figures: figuresOf(findings, outside),
});

export interface RoundTripRequest {
  readonly sweep: Sweep;
  /** The virtual machine; this kernel would ask for a program that is started again in mounts of its own. */
  readonly machine?: Omit<LabPlace, 'on' | 'roundTripNs' | 'disk'>;
  /** `what` begins, after `done` of `total` are over. */
  readonly progress: (what: string, done: number, total: number) => void;
  /** What goes on besides, for people. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Measures in a virtual machine that is there for this alone. Aborted, it ends in order and returns what is known by
 * then, or null. Throws LabError when the lab does not come up or its program fails, and UsageError for a named kernel
 * that will not do.
 */
export async function measureRoundTrip(request: RoundTripRequest): Promise<RoundTripMeasurement | null> {
  const { sweep, progress, say, signal } = request;
  const roundDirectory = { ...USUAL_PLACE, ...request.machine };
  requireLab(roundDirectory);
  progress('local increments, outside of the lab', 0, 1);
  const outside = await measureOutside(sweep.strategies, signal);
  let findings: Findings | null = null;
  try {
    await runExperiment<Findings>({
      roundDirectory,
      words: sweepWords(sweep),
      experiment: roundTripExperiment(sweep),
      listener: {
        progress,
        result(told) {
          findings = told;
        },
      },
      signal,
      say,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return findings === null ? null : measurementOf(findings, outside);
}
