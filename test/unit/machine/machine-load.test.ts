/**
 * The kernel's counters: read from texts, from a directory that lacks most of them, and from the machine.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  parseOwnTicks,
  parsePressure,
  parseProcessorTicks,
  readLoad,
} from '../../../bench/machine/machine-load.js';
import { temporaryDirectory } from '../../support/support.js';

const STAT = `cpu  277210 3 232937 1849647 2057 5 644 1239 7 9
cpu0 138605 0 116468 924823 1028 0 322 619 0 0
intr 9 8 7
ctxt 1
`;

test('the line of all processors is read, with its columns in their order', () => {
  assert.deepEqual(parseProcessorTicks(STAT), {
    user: 277_210,
    nice: 3,
    system: 232_937,
    idle: 1_849_647,
    iowait: 2057,
    irq: 5,
    softirq: 644,
    steal: 1239,
  });
});

test('columns that an old kernel lacks count as 0; a file that is something else as nothing', () => {
  assert.deepEqual(parseProcessorTicks('cpu  1 2 3 4\n'), {
    ...{ user: 1, nice: 2, system: 3, idle: 4 },
    ...{ iowait: 0, irq: 0, softirq: 0, steal: 0 },
  });
  for (const text of ['', 'cpu0 1 2 3 4\n', 'cpu  1 2\n', 'cpu  a b c d\n']) {
    assert.equal(parseProcessorTicks(text), null, text);
  }
});

test('of pressure the total of "some" is read', () => {
  const full = 'full avg10=0.00 avg60=0.00 avg300=0.00 total=77\n';
  assert.equal(
    parsePressure(`some avg10=0.18 avg60=0.05 avg300=0.33 total=1081629680\n${full}`),
    1_081_629_680,
  );
  assert.equal(parsePressure(full), null);
  assert.equal(parsePressure(''), null);
});

test('own ticks are found behind a name that looks like the fields after it', () => {
  const times = '100 20 3 4000';
  for (const name of ['node', 'a b', 'x) R 1 2 3 4', '(((']) {
    const text = `4242 (${name}) S 1 4242 1 0 -1 4194304 11 12 13 14 ${times} 20 0 7 0 999 555\n`;
    assert.equal(parseOwnTicks(text), 4123, name);
  }
  for (const text of ['', '1 (node) S 1 2', 'nonsense']) assert.equal(parseOwnTicks(text), null, text);
});

test('what is not there is null, and nothing is thrown', (t) => {
  const proc = temporaryDirectory(t);
  const { atNs, ...hidden } = readLoad(proc);
  const pressure = { cpuUs: null, ioUs: null, memoryUs: null };
  assert.deepEqual(hidden, { processors: null, pressure, ownTicks: null, limit: null });
  assert.ok(atNs > 0);
  mkdirSync(join(proc, 'pressure'));
  writeFileSync(join(proc, 'stat'), STAT);
  writeFileSync(join(proc, 'pressure', 'io'), 'some avg10=0.00 avg60=0.00 avg300=0.00 total=5\n');
  // There, but not a file that can be read.
  mkdirSync(join(proc, 'pressure', 'cpu'));
  const partly = readLoad(proc);
  assert.equal(partly.processors?.steal, 1239);
  assert.deepEqual(partly.pressure, { ...pressure, ioUs: 5 });
});

test('work of this process and of a child that was waited for counts as ours', () => {
  const before = readLoad();
  assert.ok(before.processors !== null && before.ownTicks !== null, 'this machine has a /proc');
  // Each of the four counters loses a part of a tick.
  const least = 15 - 4;
  const burn = (): void => {
    const start = process.cpuUsage();
    for (;;) {
      const { user, system } = process.cpuUsage(start);
      if (user + system >= 150e3) return;
    }
  };
  spawnSync(process.execPath, ['-e', `(${burn})()`]);
  const between = readLoad();
  assert.ok((between.ownTicks ?? 0) - before.ownTicks >= least, 'the child used 150 ms');
  burn();
  assert.ok((readLoad().ownTicks ?? 0) - (between.ownTicks ?? 0) >= least, 'we used 150 ms');
});
