/**
 * Which runs become `last`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { recordedRun } from '../../../bench/measure/result/recorded-run.js';
import type { Result } from '../../../bench/measure/result/result-schema.js';
import { isWorthKeeping } from '../../../bench/run/measured-run.js';
import { measuredCell, proveRound, unmeasuredCell } from '../../support/made-cells.js';

const base = recordedRun('default-2-cpus', projectRoot);

test('a run that was ended before it timed anything does not take the place of an earlier one', () => {
  const kept = (cell: Result['cells'][number], interruptedBy: Result['interruptedBy']): boolean =>
    isWorthKeeping({ ...base, cells: [cell], interruptedBy });
  const proven = {
    ...unmeasuredCell('fcntl', 'timed-out'),
    rounds: [proveRound({ violations: 0, handoffs: 100, first: null })],
  };
  assert.equal(kept(measuredCell('fcntl'), 'SIGINT'), true);
  assert.equal(kept(unmeasuredCell('fcntl', 'errored'), null), true);
  assert.equal(kept(unmeasuredCell('fcntl', 'errored'), 'SIGINT'), false);
  assert.equal(kept(proven as Result['cells'][number], 'SIGINT'), false);
});
