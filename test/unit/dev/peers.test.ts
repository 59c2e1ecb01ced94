/**
 * What other programs print is read as what they mean, and what they did not say is not made up.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judged, peersText } from '../../../bench/dev/peers/peers-table.js';
import { countCost } from '../../../bench/dev/peers/ping-pong.js';
import { isInstalled } from '../../../bench/dev/peers/run-peer.js';
import { bogoCost, stressors } from '../../../bench/dev/peers/stress-ng.js';
import { eventCost } from '../../../bench/dev/peers/sysbench.js';

const ran = (...printed: string[]) => ({ printed, wallNs: 1e9 });

test('ping_pong: the second rate counts, of all processes together, and zeros are none', () => {
  assert.equal(countCost(ran('  696248 locks/sec\r  500000 locks/sec\r  747286 locks/sec\r')), 2000);
  assert.equal(
    countCost(
      ran('       0 locks/sec\r  9 locks/sec\r  250000 locks/sec\r', '1 locks/sec\r 250000 locks/sec\r'),
    ),
    2000,
  );
  assert.equal(
    countCost(ran('data increment = 1\n   10 locks/sec\rdata increment = 2\n  1000 locks/sec\r')),
    1e6,
  );
});

test('ping_pong: one rate, or none of one process, is not enough', () => {
  assert.throws(() => countCost(ran('   10 locks/sec\r')), /two lines "N locks\/sec" were expected/);
  assert.throws(() => countCost(ran('1 locks/sec\r 2 locks/sec\r', '')), /two lines/);
});

const METRICS = `stress-ng: info:  [9789] dispatching hogs: 1 sem-sysv
stress-ng: metrc: [9789] stressor       bogo ops real time  usr time  sys time   bogo ops/s     bogo ops/s
stress-ng: metrc: [9789]                           (secs)    (secs)    (secs)   (real time) (usr+sys time)
stress-ng: metrc: [9789] sem-sysv         202590      1.00      0.02      0.20    200000.00      928494.17
stress-ng: metrc: [9789] flock            300000      1.94      0.07      0.24    154319.55      984067.94
stress-ng: metrc: [9789] flock               6015.30 nanosecs per flock unlock call (geometic mean of 1 instances)
`;

test('stress-ng: the rate by real time of the stressor that was asked for', () => {
  assert.equal(bogoCost('sem-sysv', ran(METRICS)), 5000);
  assert.equal(Math.round(bogoCost('flock', ran(METRICS))), 6480);
  assert.throws(() => bogoCost('sem', ran(METRICS)), /the line of sem in stress-ng’s metrics was expected/);
  assert.throws(() => bogoCost('flock', ran(METRICS.replace('154319.55', '0.00'))), /was expected/);
});

test('sysbench: the sum of the latencies over events and what each has', () => {
  const printed = `    total time:                          0.0625s
    total number of events:              2

         avg:                                   62.46
         sum:                                   50.00
`;
  assert.equal(eventCost(ran(printed), 1000), 25_000);
  assert.throws(() => eventCost(ran('FATAL: no such test'), 1), /a line "sum: …" of sysbench was expected/);
});

test('a goal is for the same calls alone', () => {
  assert.equal(judged({ differs: null }, 1.05), 'met');
  assert.equal(judged({ differs: null }, 1.06), 'not met');
  assert.equal(judged({ differs: 'it sleeps' }, 0.5), '-');
});

test('the table says what each counts, and why some cannot be compared', () => {
  const [same, other] = [stressors[0], stressors[2]];
  assert.ok(same !== undefined && other !== undefined);
  const blocks = [{ theirs: 1000, c: 1100, typescript: 1300 }];
  const text = peersText([
    { peer: same, blocks },
    { peer: other, blocks },
  ]);
  assert.match(text, /stress-ng --flock +│ +1\.00 µs │ +1\.10 µs │ +1\.10 │.*│ +1\.30 µs │ +not met │/);
  assert.match(text, /stress-ng --lockf +│.*│ +- │/);
  assert.match(text, /stress-ng --lockf: [^.]*\.\s+Not\s+comparable: /);
  assert.equal(peersText([]), 'Nothing was measured.\n');
});

test('a program is installed if PATH has it and it may be run', () => {
  assert.equal(isInstalled('sh', '/nowhere:/bin'), true);
  assert.equal(isInstalled('sh', '/nowhere'), false);
  assert.equal(isInstalled('no-such-program', '/bin'), false);
});
