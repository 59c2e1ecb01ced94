/**
 * Which results a page can be made of, and what is said of other files.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { UsageError } from '../../../bench/base/usage-error.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { recordPath } from '../../../bench/measure/result/recorded-run.js';
import { reported } from '../../../bench/report/read-report.js';

const recorded = (name: string): string => readFileSync(recordPath(name, projectRoot), 'utf8');

test('a recorded run and a recorded reproduction are told apart', () => {
  assert.equal(reported(recorded('default-2-cpus'), 'a').kind, 'run');
  assert.equal(reported(recorded('two-cpus-reproduced'), 'a').kind, 'reproduction');
});

for (const [text, came] of [
  ['', /result of run, nfs, crash, .* was expected, got an empty file/],
  ['{"cells": [', /JSON that is cut off or broken/],
  ['hello', /something that is not JSON/],
  ['[]', /got a list/],
  ['{"name": "x"}', /got an object of another kind/],
  ['{"schemaVersion": 1, "cells": []}', /a result of run, version \d, was expected, got version 1/],
  ['{"schemaVersion": 2, "scenarios": [], "patienceNs": 1}', /a result of crash, .* wrong at/],
  ['{"cases": 1}', /a result of order, /],
  ['{"mpi": 1, "cells": []}', /a result of hosts, /],
  ['{"scenarios": 1}', /a result of nfs faults, /],
  ['{"figures": 1}', /a result of nfs roundtrip, /],
  ['{"mounts": 1}', /a result of nfs options, /],
  ['{"places": 1}', /a result of compat, /],
  ['{"pairs": 1}', /a result of pairs, /],
  ['{"comparisons": 1}', /a result of compare, /],
  ['{"outcomes": 1}', /a result of reproduce, /],
] as const) {
  test(`${JSON.stringify(text)} is refused in a line that names the file`, () => {
    assert.throws(
      () => reported(text, 'some file'),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, came);
        assert.match(error.message, /^"some file": /);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}
