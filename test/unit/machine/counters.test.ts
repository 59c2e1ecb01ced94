/**
 * Counters: those that the kernel keeps by itself count what this process does; and what cannot be counted says why.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCounters, whyNoCounters } from '../../../bench/machine/counters.js';
import { sleep } from '../../../strategies/posix/clock.js';
import { CONTEXT_SWITCHES } from '../../../strategies/posix/perf-event.js';
import { footprintOf } from '../../support/footprint.js';

const software = { instructions: CONTEXT_SWITCHES, cycles: CONTEXT_SWITCHES, cacheMisses: CONTEXT_SWITCHES };

const REASONS = /machine shows none|kernel refuses|no such call|perf_event_open/;

test('what is counted grows by what happens, and nothing stays open', () => {
  const before = footprintOf().descriptors;
  const counters = openCounters(software);
  if ('reason' in counters) {
    // As in most containers: then that is what has to be said.
    assert.match(counters.reason, REASONS);
    return;
  }
  const first = counters.read() ?? assert.fail('a software event has a counter of its own');
  const read = () => counters.read() ?? assert.fail('a software event has a counter of its own');
  // Who sleeps gives the processor away; this ends as soon as each has counted that five times.
  const each = ['instructions', 'cycles', 'cacheMisses'] as const;
  for (let now = first; each.some((name) => now[name] < first[name] + 5); now = read()) sleep(1e6);
  counters.close();
  assert.equal(footprintOf().descriptors, before);
});

test('an event that does not exist is refused with a reason, and nothing stays open', () => {
  const before = footprintOf().descriptors;
  const refused = openCounters({ ...software, cycles: { type: 0x7fffffff, config: 0 } });
  assert.ok('reason' in refused && refused.reason !== '');
  assert.equal(footprintOf().descriptors, before);
});

test('the processor has counters, or it is said why not', () => {
  const why = whyNoCounters();
  assert.ok(why === null || REASONS.test(why), `${why}`);
});
