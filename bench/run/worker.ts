/**
 * One contending process of a round. From top to bottom: import, drop privileges, tie one's life to the parent's, warm
 * up alone, rehearse with the others, sleep on the gate, take turns, report.
 */
import { readFileSync, writeSync } from 'node:fs';
import { loadStrategy } from '../../strategies/index.js';
import { now, sleep, spin, useFinestTimers } from '../../strategies/posix/clock.js';
import { dieWithParent, ownDescriptorTable } from '../../strategies/posix/process.js';
import type { Strategy } from '../../strategies/strategy.js';
import { drop } from '../environment/identity.js';
import { ControlBlock, Stage } from './control-block.js';
import type { Pause, PlaceJob, WorkerFigures, WorkerJob, WorkerMessage } from './job.js';
import { takeTurns, takeTurnsAsync } from './loop.js';
import { keptOpen, NUMBER_NAME, reopened } from './number-file.js';
import { openSite } from './place.js';
import { asyncWaiter, waiter } from './waiting.js';
import { warmUp } from './warm-up.js';

const STDOUT = 1;
const LOCKED_NAME = 'locked';

function say(message: WorkerMessage): void {
  writeSync(STDOUT, `${JSON.stringify(message)}\n`);
}

const pauser = (pause: Pause | null): (() => void) => {
  if (pause === null) return () => {};
  const { ns } = pause;
  return pause.kind === 'spin' ? () => spin(ns) : () => sleep(ns);
};

/** An open lock with all that a turn needs. `take(from, count)`: the turns done. */
interface Bench {
  take(ledger: Int32Array, from: number, count: number, stopFlag: Int32Array): number | Promise<number>;
  failedTries(): number;
  close(): void;
}

function openBench(strategy: Strategy, job: WorkerJob, place: PlaceJob): Bench {
  const site = openSite(place, job.workerIndex, job.number === 'kept-open' ? NUMBER_NAME : LOCKED_NAME);
  const path = site.path(NUMBER_NAME);
  const { take } = job.number === 'kept-open' ? keptOpen(path, site.fd) : reopened(path);
  const common = { take, hold: pauser(job.hold), think: pauser(job.think) };
  if (strategy.calls === 'synchronous') {
    const lock = strategy.open(site);
    const { acquire, failedTries } = waiter(lock, job.policy, job.workerIndex);
    const turn = { ...common, acquire, unlock: lock.unlock };
    return {
      take: (ledger, from, count, stopFlag) => takeTurns(turn, ledger, from, count, stopFlag),
      failedTries,
      close: lock.close,
    };
  }
  const lock = strategy.open(site);
  const { acquire, failedTries } = asyncWaiter(lock, job.policy, job.workerIndex);
  const turn = { ...common, acquire, unlock: lock.unlock };
  return {
    take: (ledger, from, count, stopFlag) => takeTurnsAsync(turn, ledger, from, count, stopFlag),
    failedTries,
    close: lock.close,
  };
}

function migrations(): number | null {
  try {
    const line = /nr_migrations\s*:\s*(\d+)/.exec(readFileSync('/proc/self/sched', 'latin1'));
    return line === null ? null : Number(line[1]);
  } catch {
    return null;
  }
}

/** Laps of `increments` turns, until the round has lasted long enough, the ledger is full or the parent says stop. */
async function timedTurns(bench: Bench, job: WorkerJob, control: ControlBlock): Promise<WorkerFigures> {
  const ledger = control.ledger(job.workerIndex);
  const { stopFlag } = control;
  // Touched now, so that no page is made while the clock runs.
  ledger.fill(0);
  const failedBefore = bench.failedTries();
  const migrationsBefore = migrations();
  const usageBefore = process.resourceUsage();
  say({ at: 'ready' });
  control.waitFor(Stage.timed);
  const { gateNs } = control;
  const start = now();
  let turns = 0;
  let done: number;
  do {
    const lap = bench.take(ledger, turns, job.increments, stopFlag);
    done = typeof lap === 'number' ? lap : await lap;
    turns += done;
  } while (
    done === job.increments &&
    turns + job.increments <= job.capacity &&
    Number(now() - gateNs) < job.atLeastNs
  );
  const end = now();
  const usage = process.resourceUsage();
  const migrationsAfter = migrations();
  return {
    startNs: Number(start - gateNs),
    endNs: Number(end - gateNs),
    turns,
    failedTries: bench.failedTries() - failedBefore,
    userNs: (usage.userCPUTime - usageBefore.userCPUTime) * 1000,
    systemNs: (usage.systemCPUTime - usageBefore.systemCPUTime) * 1000,
    voluntarySwitches: usage.voluntaryContextSwitches - usageBefore.voluntaryContextSwitches,
    involuntarySwitches: usage.involuntaryContextSwitches - usageBefore.involuntaryContextSwitches,
    migrations:
      migrationsBefore === null || migrationsAfter === null ? null : migrationsAfter - migrationsBefore,
  };
}

async function work(job: WorkerJob): Promise<void> {
  const strategy = await loadStrategy(job.strategy);
  const control = ControlBlock.inherited(job.timed.workers, job.capacity);
  drop(job.identity);
  dieWithParent(job.parentPid);
  useFinestTimers();
  // A library that returns promises works on other threads, with the descriptors that we open.
  if (strategy.calls === 'synchronous') ownDescriptorTable();

  const turns = await warmUp(() => openBench(strategy, job, job.warmUp), control.stopFlag);
  say({ at: 'warm', turns });
  control.waitFor(Stage.rehearsal);

  const together = openBench(strategy, job, job.rehearsal);
  await together.take(new Int32Array(job.rehearsalTurns), 0, job.rehearsalTurns, control.stopFlag);
  together.close();

  const bench = openBench(strategy, job, job.timed);
  const figures = await timedTurns(bench, job, control);
  bench.close();
  say({ at: 'done', figures });
}

try {
  await work(JSON.parse(process.argv[2] ?? '{}') as WorkerJob);
  // Pending handles of a strategy's library must not keep a finished worker alive.
  process.exit(0);
} catch (error) {
  say({ at: 'error', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
