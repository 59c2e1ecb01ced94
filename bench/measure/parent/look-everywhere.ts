/**
 * What works where, in all runtimes: Node's strategies are asked by one prober, each lock of another runtime by the worker
 * that will contend for it.
 */
import type { Strategy } from '../../../strategies/strategy.js';
import { messageOf } from '../../base/error-message.js';
import type { Identity } from '../../machine/identity.js';
import { type LookJob, PROTOCOL, type WorkerMessage } from '../worker/job.js';
import type { Finding } from '../worker/prober.js';
import { contenderName, type StrategySpec } from '../worker/strategy-spec.js';
import { Child } from './child.js';
import { requireMembers } from './foreign-messages.js';
import type { ForeignWorker } from './foreign-worker.js';
import { keepDirectory, USUAL_PATIENCE_NS } from './kept-directories.js';
import { endedOrAbandoned, MEANS_OF_OUTSIDE_LOCK, NoAnswer, OutOfMeans, withinMeans } from './patience.js';
import { type Look, look } from './preflight.js';
import { removeAll } from './unremoved.js';
import { loadContender, workerOf } from './worker-of.js';

/** Has a worker try its lock out once, in a fresh directory below `directory`. */
async function tryOut(
  worker: ForeignWorker,
  strategy: Strategy,
  directory: string,
  identity: Identity | null,
  prefix: readonly string[],
): Promise<Finding> {
  const kept = await keepDirectory(directory, 1, strategy, identity, USUAL_PATIENCE_NS);
  let child: Child<WorkerMessage> | null = null;
  try {
    const job: LookJob = {
      ...{ protocol: PROTOCOL, task: 'look', parentPid: process.pid, identity },
      ...{ strategy: strategy.name, timed: kept.job },
    };
    child = new Child<WorkerMessage>(worker.words, job, { cwd: worker.cwd, prefix });
    const message = await withinMeans(child.next(), child.pid, () => MEANS_OF_OUTSIDE_LOCK);
    if (message.at === 'found') return { available: true, members: requireMembers(message.members) };
    if (message.at === 'unavailable') return { available: false, reason: messageOf(message.reason) };
    throw new Error(`the worker said "${message.at}" where "found" or "unavailable" was expected`);
  } catch (error) {
    if (error instanceof OutOfMeans) return { available: false, reason: `the worker gave ${error.message}` };
    throw error;
  } finally {
    child?.kill();
    if (child !== null) await endedOrAbandoned(child);
    await removeAll([() => kept.destroy()]);
  }
}

/**
 * Looks at all of these in each directory, under the workers' identity, on the host that `prefix` runs a command on. Throws if a strategy cannot be loaded.
 */
export async function lookEverywhere(
  specs: readonly StrategySpec[],
  directories: readonly string[],
  identity: Identity | null,
  prefix: readonly string[] = [],
): Promise<Look> {
  const isOurs = ({ runtime = 'node' }: StrategySpec): boolean => runtime === 'node';
  const names = [...new Set(specs.filter(isOurs).map(({ strategy }) => strategy))];
  const here = await look(names, directories, identity, prefix);
  const strategies = { ...here.strategies };
  const findings = { ...here.findings };
  const foreign: Record<string, ForeignWorker> = {};
  const others = new Map(
    specs.filter((spec) => !isOurs(spec)).map((spec) => [contenderName(spec), spec] as const),
  );
  for (const [name, spec] of others) {
    const strategy = await loadContender(spec);
    strategies[name] = strategy;
    const worker = workerOf(spec.strategy, spec.runtime ?? 'node');
    const found: Record<string, Finding> = {};
    for (const directory of directories) {
      if (worker === null || 'reason' in worker) {
        found[directory] = { available: false, reason: worker?.reason ?? 'it was not tried' };
        continue;
      }
      try {
        found[directory] = await tryOut(worker, strategy, directory, identity, prefix);
      } catch (error) {
        found[directory] = {
          available: false,
          reason: messageOf(error),
          ...(error instanceof NoAnswer && { hangs: true }),
        };
      }
    }
    findings[name] = found;
    if (worker !== null && !('reason' in worker)) foreign[name] = worker;
  }
  return { ...here, strategies, findings, foreign };
}
