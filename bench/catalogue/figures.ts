/**
 * Whose figures a choice is made by: those of this machine's last run, if it tells anything, else recorded ones.
 */
import { messageOf } from '../base/error-message.js';
import { tellsBounds } from '../base/format.js';
import { visible } from '../base/visible.js';
import { describeEnvironment } from '../machine/host.js';
import { projectRoot } from '../machine/project.js';
import { keptFile, LAST } from '../measure/result/last-run.js';
import { namedRun } from '../measure/result/named-run.js';
import { QUOTED_RUN, recordedRun } from '../measure/result/recorded-run.js';
import { needsProof } from '../measure/result/result.js';
import type { Result } from '../measure/result/result-schema.js';
import type { Choice } from './choice.js';

export interface Figures {
  readonly run: Result;
  /** "your last run, of 2026-11-28": what sentences call it. */
  readonly source: string;
  /** Whether they are of this machine. */
  readonly isOwn: boolean;
  /** Why the last run is not used, and what to do; null if it is. */
  readonly whyNotOwn: string | null;
}

const dateOf = ({ startedAt }: Result): string => startedAt.slice(0, 'YYYY-MM-DD'.length);

/** The kept run, or why there is none that counts. */
function ownRun(): Result | string {
  if (keptFile(LAST) === null) return 'no run of yours is kept';
  let run: Result;
  try {
    run = namedRun(LAST);
  } catch (error) {
    return messageOf(error);
  }
  const { cpuModel, cpus } = describeEnvironment(null);
  // A home directory may be shared between machines.
  if (run.environment.cpuModel !== cpuModel || run.environment.cpus !== cpus)
    return 'your last run was made on another machine';
  return run;
}

/** Fewer locks make no choice. */
const LEAST_LOCKS = 2;

/** Whether a run is enough to choose by: several locks that fit, contended, in rounds enough for an interval. */
const tells = ({ conditions, fits }: Choice): boolean =>
  conditions !== null &&
  needsProof(conditions) &&
  fits.length >= LEAST_LOCKS &&
  fits.every(({ cell }) => tellsBounds(cell.nsPerIncrement));

/** `choose`: what would be chosen by the figures of a run. */
export function figuresFor(choose: (run: Result) => Choice): Figures {
  const own = ownRun();
  if (typeof own !== 'string' && tells(choose(own)))
    return { run: own, source: `your last run, of ${dateOf(own)}`, isOwn: true, whyNotOwn: null };
  const run = recordedRun(QUOTED_RUN, projectRoot);
  const { cpuModel } = run.environment;
  return {
    run,
    source: `results/${QUOTED_RUN}, of ${dateOf(run)} on another machine (${visible(cpuModel)})`,
    isOwn: false,
    whyNotOwn:
      typeof own === 'string'
        ? own
        : 'your last run is not enough to choose by: that takes two such locks, two processes and three rounds',
  };
}
