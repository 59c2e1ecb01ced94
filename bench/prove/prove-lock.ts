/**
 * The contract test over one lock: all checks, one after the other, and what came of each.
 */
import { messageOf } from '../base/error-message.js';
import { lockOf } from '../crash/crash-case.js';
import type { Check, ProofSpec } from './check.js';
import { Checks } from './checks.js';
import type { CheckResult, Proof } from './prove-schema.js';

export interface ProofEvents {
  /** A check begins, after `done` of `total`. */
  begins(promise: string, done: number, total: number): void;
  /** Whether no other shall begin. */
  isOver(): boolean;
}

async function resultOf({ claim, promise, observe }: Check): Promise<CheckResult> {
  try {
    const { isSo, observed } = await observe();
    const verdict = isSo === null ? 'not-proven' : isSo ? 'holds' : 'broken';
    return { claim, promise, observed, verdict };
  } catch (error) {
    return { claim, promise, observed: messageOf(error), verdict: 'failed' };
  }
}

/** Throws an Error if its processes cannot be started. */
export async function proveLock(spec: ProofSpec, events: ProofEvents): Promise<Proof> {
  const contract = new Checks(spec);
  const checks: CheckResult[] = [];
  try {
    await contract.begin();
    const all = [...contract.first, ...contract.further];
    for (const [done, check] of all.entries()) {
      if (events.isOver()) break;
      events.begins(check.promise, done, all.length);
      const result = await resultOf(check);
      // Its processes were killed under it: it tells nothing.
      if (!events.isOver()) checks.push(result);
    }
  } finally {
    await contract.end();
  }
  return { ...lockOf(spec), checks };
}
