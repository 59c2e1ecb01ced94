/**
 * What is known of the round that is watched, from one look to the next: a picture for each.
 */
import { now } from '../../strategies/posix/clock.js';
import { formatDuration } from '../base/duration.js';
import { plural } from '../base/format.js';
import { visible } from '../base/visible.js';
import { policyName } from '../measure/worker/policy.js';
import { ownerIn, type Reading, readWorker } from './block-reader.js';
import type { Column, Picture } from './frame.js';
import { type Look, lanesOf, ownerChanges } from './lanes.js';
import type { SeenJob, SeenWorker } from './seen-workers.js';

/** Rates are of the last two seconds. */
const KEPT_LOOKS = 20;
/** Columns that are kept of each lane: no terminal is wider. */
const KEPT_COLUMNS = 500;

function titleOf({ strategy, policy, conditions }: SeenJob): string {
  const { processes, directory } = conditions;
  return `${visible(strategy)}/${policyName(policy)}, ${plural(processes, 'process')} in ${visible(directory.path)}`;
}

const pauseOf = (what: string, pause: SeenJob['conditions']['hold']): string[] =>
  pause === null ? [] : [`${what} ${formatDuration(pause.ns)}`];

const contextOf = ({ kind, conditions: { hold, think } }: SeenJob): string =>
  [`${kind} round`, ...pauseOf('hold', hold), ...pauseOf('think', think)].join(', ');

const nameOf = ({ job: { role, workerIndex } }: SeenWorker): string =>
  role === 'locker' ? `process ${workerIndex + 1}` : `${role} ${workerIndex + 1}`;

export class View {
  #block = -1;
  #firstPid = -1;
  /** At the round, the latest last. */
  #looks: Look[] = [];
  #history: Column[][] = [];
  #picture: Picture | null = null;

  /** Looks at these workers, of one round; none between two rounds. Null as long as there is nothing to be seen. */
  next(workers: readonly SeenWorker[]): Picture | null {
    const [first] = workers;
    if (first === undefined) {
      this.#picture = this.#picture === null ? null : { ...this.#picture, isRunning: false };
      return this.#picture;
    }
    // Memory is used for one round after the other.
    const isSame = first.inode === this.#block && first.pid === this.#firstPid;
    const latest = this.#looks.at(-1);
    const before = isSame && latest?.readings.length === workers.length ? latest : null;
    const look = this.#lookAt(first, workers, before);
    this.#block = first.inode;
    this.#firstPid = first.pid;
    const earlier = before === null ? look : (this.#looks[0] ?? look);
    this.#looks = [...(before === null ? [] : this.#looks), look].slice(-KEPT_LOOKS);
    if (before === null) {
      this.#history = workers.map(() => []);
      // Of what happened before the first look nothing is known.
      return this.#picture;
    }
    const lanes = lanesOf(workers.map(nameOf), earlier, before, look);
    lanes.forEach(({ inside, waiting }, i) => {
      this.#history[i]?.push({ inside, waiting });
      if ((this.#history[i]?.length ?? 0) > KEPT_COLUMNS) this.#history[i]?.shift();
    });
    this.#picture = {
      title: titleOf(first.job),
      context: contextOf(first.job),
      lanes,
      history: this.#history,
      changes: ownerChanges(look.readings),
      isTimed: look.readings.every(({ stamped }) => stamped !== null),
      isRunning: true,
    };
    return this.#picture;
  }

  #lookAt({ fd, job }: SeenWorker, workers: readonly SeenWorker[], before: Look | null): Look {
    const readings = workers.map((worker, i): Reading => readWorker(worker, before?.readings[i] ?? null));
    // A timing round does not set it.
    return { atNs: Number(now()), readings, owner: job.kind === 'timing' ? 0 : ownerIn(fd) };
  }
}
