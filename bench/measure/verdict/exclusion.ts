/**
 * Were two inside at once? The verdict on exclusion, from what each worker found in the owner word. That none were is
 * worth as much as the lock was handed over: one process that has the lock for itself meets nobody.
 */
import type { Exclusion } from '../worker/owner-word.js';

/** The first case: `worker` came in at `atNs` after the gate, in its turn `turn`, and found `beside` there (null: a reader). */
export interface FirstViolation {
  readonly worker: number;
  readonly beside: number | null;
  readonly atNs: number;
  readonly turn: number;
}

export interface ExclusionFinding {
  readonly violations: number;
  readonly handoffs: number;
  readonly first: FirstViolation | null;
}

/** With fewer hand-offs a lock is not said to have held: what fails once in 100 would mostly pass. */
export const LEAST_HANDOFFS = 100;

/** Joins what the workers found; a worker that did not look found nothing. */
export function gatherExclusion(found: readonly (Exclusion | null)[], handoffs: number): ExclusionFinding {
  let first: FirstViolation | null = null;
  for (const [worker, exclusion] of found.entries()) {
    const candidate = exclusion?.first;
    if (candidate != null && (first === null || candidate.atNs < first.atNs)) {
      first = { worker, ...candidate };
    }
  }
  return { violations: found.reduce((sum, one) => sum + (one?.violations ?? 0), 0), handoffs, first };
}

export function judgeExclusion(findings: readonly ExclusionFinding[]): 'held' | 'violated' | 'unchecked' {
  if (findings.some(({ violations }) => violations > 0)) return 'violated';
  const handoffs = findings.reduce((sum, finding) => sum + finding.handoffs, 0);
  return handoffs >= LEAST_HANDOFFS ? 'held' : 'unchecked';
}
