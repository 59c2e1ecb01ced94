/**
 * One contending process of a round. From top to bottom: import, drop privileges, tie one's life to the parent's, warm
 * up alone, rehearse with the others, sleep on the gate, take turns, report.
 */
import { readFileSync } from 'node:fs';
import { loadStrategy } from '../../../strategies/index.js';
import { runOn } from '../../../strategies/posix/affinity.js';
import { now, useFinestTimers } from '../../../strategies/posix/clock.js';
import { dieWithParent, ownDescriptorTable } from '../../../strategies/posix/own-process.js';
import { runProgram, sayJson } from '../../base/program.js';
import type { Counters, Counts } from '../../machine/counters.js';
import { drop } from '../../machine/identity.js';
import { ControlBlock, Stage } from './control-block.js';
import { type LookJob, PROTOCOL, type WorkerFigures, type WorkerJob, type WorkerMessage } from './job.js';
import { openLockSite } from './lock-site.js';
import { NUMBER_NAME } from './number-file.js';
import { TALLIES } from './tallies.js';
import { collectGarbage, warmUp, withShortPauses } from './warm-up.js';
import { alone, openWorkbench, type Workbench } from './workbench.js';

const say: (message: WorkerMessage) => void = sayJson;

function migrations(): number | null {
  try {
    const line = /nr_migrations\s*:\s*(\d+)/.exec(readFileSync('/proc/self/sched', 'latin1'));
    return line === null ? null : Number(line[1]);
  } catch {
    return null;
  }
}

/** Laps, until the round has lasted long enough, the ledger is full or the parent says stop. */
async function timedTurns(
  bench: Workbench,
  job: WorkerJob,
  control: ControlBlock,
  counters: Counters | null,
): Promise<WorkerFigures> {
  const ledger = control.ledger(job.workerIndex);
  const { stopFlag } = control;
  // Touched now, so that no page is made while the clock runs. A prove round is not timed, and has room for far more turns than it
  // takes: touched, that of a long budget would be memory that nobody needs.
  if (job.kind !== 'prove') ledger.fill(0);
  if (job.kind === 'trace') control.stamps(job.workerIndex).fill(0n);
  const failedBefore = bench.failedTries();
  const tornBefore = bench.changedReads();
  const migrationsBefore = migrations();
  const usageBefore = process.resourceUsage();
  const countsBefore = counters?.read() ?? null;
  say({ at: 'ready' });
  control.waitFor(Stage.timed);
  const { gateNs } = control;
  const start = now();
  bench.begin();
  let turns = 0;
  let done: number;
  do {
    const taken = bench.take(ledger, job.endless ? 0 : turns, job.lap, stopFlag);
    done = typeof taken === 'number' ? taken : await taken;
    turns += done;
  } while (
    done === job.lap &&
    (job.endless || (turns + job.lap <= job.capacity && Number(now() - gateNs) < job.atLeastNs))
  );
  const end = now();
  const countsAfter = counters?.read() ?? null;
  const usage = process.resourceUsage();
  const migrationsAfter = migrations();
  return {
    startNs: Number(start - gateNs),
    endNs: Number(end - gateNs),
    turns,
    changedReads: bench.changedReads() - tornBefore,
    exclusion: bench.exclusion(gateNs),
    failedTries: bench.failedTries() - failedBefore,
    userNs: (usage.userCPUTime - usageBefore.userCPUTime) * 1000,
    systemNs: (usage.systemCPUTime - usageBefore.systemCPUTime) * 1000,
    voluntarySwitches: usage.voluntaryContextSwitches - usageBefore.voluntaryContextSwitches,
    involuntarySwitches: usage.involuntaryContextSwitches - usageBefore.involuntaryContextSwitches,
    migrations:
      migrationsBefore === null || migrationsAfter === null ? null : migrationsAfter - migrationsBefore,
    ...countedBetween(countsBefore, countsAfter),
  };
}

/** What of the processor was counted; nothing where nothing was. */
const countedBetween = (before: Counts | null, after: Counts | null): Pick<WorkerFigures, 'counts'> =>
  before === null || after === null
    ? {}
    : {
        counts: {
          instructions: after.instructions - before.instructions,
          cycles: after.cycles - before.cycles,
          cacheMisses: after.cacheMisses - before.cacheMisses,
        },
      };

/** Loaded where the parent found that there are any: most machines have none, and each start would wait for it. */
async function countersOf({ isCounted }: WorkerJob): Promise<Counters | null> {
  if (isCounted !== true) return null;
  const { openCounters } = await import('../../machine/counters.js');
  const counters = openCounters();
  return 'reason' in counters ? null : counters;
}

async function work(job: WorkerJob): Promise<void> {
  const strategy = await loadStrategy(job.strategy);
  const { capacity, warmUp: alonePlace } = job;
  const traced = job.control.stampCount > 0;
  const control = ControlBlock.inherited({ workers: job.timed.workers, capacity, traced });
  // Before it is dropped who may count what the kernel does.
  const counters = await countersOf(job);
  drop(job.identity);
  dieWithParent(job.parentPid);
  useFinestTimers();
  // A library that returns promises works on other threads, with the descriptors that we open.
  if (strategy.calls === 'synchronous') ownDescriptorTable();
  if (job.processor !== null) runOn([job.processor]);

  const turns =
    alonePlace === null
      ? 0
      : await warmUp(
          () => openWorkbench(strategy, withShortPauses(job), alonePlace, alone()),
          control.stopFlag,
        );
  say({ at: 'warm', turns });
  control.waitFor(Stage.rehearsal);

  const together = openWorkbench(strategy, job, job.rehearsal, alone());
  await together.take(new Int32Array(job.rehearsalTurns), 0, job.rehearsalTurns, control.stopFlag);
  together.close();

  const { ownerWords: words, stopFlag } = control;
  const stamps = control.stamps(job.workerIndex);
  const question = job.refereed ? { question: control.question } : {};
  const tallies = control.tallies(job.workerIndex);
  tallies[TALLIES.counts] = 1;
  const bench = openWorkbench(strategy, job, job.timed, { words, stamps, stopFlag, tallies, ...question });
  collectGarbage();
  const figures = await timedTurns(bench, job, control, counters);
  bench.close();
  say({ at: 'done', figures });
  // Pending handles of a strategy's library must not keep a finished worker alive.
  process.exit(0);
}

/** Tries the lock out, as the prober does for strategies of ours: this worker speaks all of the protocol but `pairs`. */
async function lookAtLock(job: LookJob): Promise<void> {
  const strategy = await loadStrategy(job.strategy);
  drop(job.identity);
  dieWithParent(job.parentPid);
  const site = openLockSite(job.timed, 0, NUMBER_NAME);
  const probed = strategy.probe?.(site) ?? { available: true };
  // Loaded here, since a worker that takes part in a round has no time for it.
  const { tryOut } = await import('./try-out.js');
  say(
    probed.available
      ? { at: 'found', members: await tryOut(strategy, site) }
      : { at: 'unavailable', reason: probed.reason },
  );
  process.exit(0);
}

await runProgram<WorkerJob | LookJob>((job) => {
  if (job.protocol !== PROTOCOL)
    throw new Error(`a job of protocol ${PROTOCOL} was expected, got one of ${job.protocol}`);
  return job.task === 'look' ? lookAtLock(job) : work(job);
});
