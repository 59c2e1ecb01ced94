/**
 * What the tests of whole runs share: options that make a run short, and the cells of its result.
 */

import assert from 'node:assert/strict';
import { isMeasured } from '../../bench/measure/result/result.js';
import { type MeasuredCell, resultSchema } from '../../bench/measure/result/result-schema.js';
import { LEAST_HANDOFFS } from '../../bench/measure/verdict/exclusion.js';

export const tiny = ['run', '--increments', '300', '--rounds', '1', '--min-round', '1ms', '--quiet'];

/** The measured cells of a result file's text, in its order. */
export const measured = (json: string): MeasuredCell[] =>
  resultSchema.parse(JSON.parse(json)).cells.filter(isMeasured);

/** Much less than what a prove round may last: the clock of the parent, which ends it, lags behind on a busy machine. */
const LEAST_PROOF_NS = 1e9;

/**
 * Asserts that a cell held in as many hand-offs as were `asked` for; on a machine that had no time for that many, that its
 * proof went on to the end of its time. Returns whether it held.
 */
export function assertHeld({ strategy, verdict, rounds }: MeasuredCell, asked: number): boolean {
  assert.equal(verdict.violations, 0, strategy);
  const [proof] = rounds.filter(({ kind }) => kind === 'prove');
  if (verdict.handoffs < asked) {
    const ended = `${strategy} ended with ${verdict.handoffs} hand-offs before its time was over`;
    assert.ok((proof?.wallNs ?? 0) >= LEAST_PROOF_NS, ended);
  }
  const held = verdict.handoffs >= LEAST_HANDOFFS;
  assert.equal(verdict.exclusion, held ? 'held' : 'unchecked', strategy);
  return held;
}

export const kindsOf = (cell: MeasuredCell | undefined): string[] =>
  (cell?.rounds ?? []).map(({ kind }) => kind);
