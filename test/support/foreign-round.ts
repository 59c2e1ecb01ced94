/**
 * One round of a strategy in another language.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { ForeignWorker } from '../../bench/measure/parent/foreign-worker.js';
import { workerOf } from '../../bench/measure/parent/worker-of.js';
import type { Runtime } from '../../bench/measure/worker/strategy-spec.js';
import { hasCommand, needs } from './support.js';

/** The program, which must be there. */
export function foreignWorker(strategy: string, runtime: Runtime): ForeignWorker {
  const worker = workerOf(strategy, runtime);
  assert.ok(worker !== null && !('reason' in worker), JSON.stringify(worker));
  return worker;
}

/** Whether to go on; skips the test where there is none. */
export const needsPython = (t: TestContext): boolean =>
  needs(t, hasCommand('python3'), 'there is no Python 3 (apt-get install python3)');
