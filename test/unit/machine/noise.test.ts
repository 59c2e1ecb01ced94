/**
 * Noise: the record, computed from invented snapshots and measurements; and for each cause its warning, and no other.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Load, ProcessorTicks } from '../../../bench/machine/machine-load.js';
import { describeNoise, type Noise } from '../../../bench/machine/noise.js';
import { disturbance, noiseVerdict, noiseWarnings } from '../../../bench/machine/noise-warnings.js';
import type { Spin } from '../../../bench/machine/spin.js';

const quietSpin: Spin = { wallNs: 7.05e6, cpuNs: 7e6, chainNs: 0.8e6, fourChainsNs: 1.4e6 };
const quietSpins = [quietSpin, quietSpin, quietSpin];
const idleMachine: ProcessorTicks = {
  ...{ user: 50, nice: 60, system: 70, idle: 80, iowait: 90, irq: 100, softirq: 110, steal: 120 },
};
const start: Load = {
  atNs: 5e9,
  processors: idleMachine,
  pressure: { cpuUs: 1000, ioUs: 2000, memoryUs: 3000 },
  ownTicks: 10,
  limit: null,
};

interface Happened {
  readonly ticks?: Partial<ProcessorTicks>;
  readonly own?: number;
  readonly pressureUs?: Partial<Load['pressure']>;
  readonly spins?: readonly Spin[];
  readonly governor?: string | null;
  readonly limit?: Load['limit'];
}

/** The record of 10 s of two processors, 2000 ticks, of which what is not named was idle. */
function after({
  ticks = {},
  own = 0,
  pressureUs = {},
  spins = quietSpins,
  governor = null,
  limit = null,
}: Happened): Noise {
  const processors = { ...idleMachine };
  for (const key of Object.keys(ticks) as (keyof ProcessorTicks)[]) {
    (processors as Record<keyof ProcessorTicks, number>)[key] += ticks[key] ?? 0;
  }
  const used = Object.values(ticks).reduce((a, b) => a + b, 0);
  const end: Load = {
    atNs: start.atNs + 10e9,
    processors: { ...processors, idle: processors.idle + 2000 - used },
    pressure: {
      cpuUs: 1000 + (pressureUs.cpuUs ?? 0),
      ioUs: 2000 + (pressureUs.ioUs ?? 0),
      memoryUs: 3000 + (pressureUs.memoryUs ?? 0),
    },
    ownTicks: 10 + own,
    limit,
  };
  const before = limit === null ? start : { ...start, limit: { ...limit, throttledNs: 0 } };
  return describeNoise(before, end, spins, { governor });
}

test('shares are of all processors’ time, and what we used is not of others', () => {
  const noise = after({
    ticks: { user: 900, nice: 40, system: 200, iowait: 30, irq: 20, softirq: 10, steal: 50 },
    own: 1000,
    pressureUs: { cpuUs: 4e6, ioUs: 0.5e6, memoryUs: 0.1e6 },
    governor: 'performance',
  });
  assert.deepEqual(noise, {
    spanNs: 10e9,
    chainNs: [0.8e6, 0.8e6, 0.8e6],
    chainSpread: 0,
    spinNs: [1.4e6, 1.4e6, 1.4e6],
    spinSpread: 0,
    elapsedNs: [1.41e6, 1.41e6, 1.41e6],
    spinWaitShare: 0.15e6 / 21.15e6,
    stealShare: 50 / 2000,
    otherLoadShare: 140 / 2000,
    cpuPressure: 0.4,
    ioPressure: 0.05,
    memoryPressure: 0.01,
    cpuLimit: null,
    throttledShare: null,
    governor: 'performance',
  });
});

test('the load of others is not below 0, though ours is counted more exactly than the sum', () => {
  assert.equal(after({ ticks: { user: 99 }, own: 104 }).otherLoadShare, 0);
});

test('a counter that went back counts as no time', () => {
  const processors = {
    ...idleMachine,
    iowait: 0,
    user: idleMachine.user + 90,
    system: idleMachine.system + 10,
  };
  const noise = describeNoise(start, { ...start, processors, ownTicks: 60 }, [], { governor: null });
  assert.equal(noise.otherLoadShare, 0.5);
});

test('a spread is the longest over the shortest, and the wait is that of all measurements together', () => {
  const noise = after({
    spins: [
      { wallNs: 10e6, cpuNs: 9e6, chainNs: 1e6, fourChainsNs: 2e6 },
      { wallNs: 10e6, cpuNs: 1e6, chainNs: 1.25e6, fourChainsNs: 3e6 },
      { wallNs: 20e6, cpuNs: 20e6, chainNs: 1.2e6, fourChainsNs: 1.5e6 },
    ],
  });
  assert.deepEqual([noise.chainSpread, noise.spinSpread, noise.spinWaitShare], [0.25, 1, 0.25]);
});

test('clocks that disagree by a little are no wait below 0', () => {
  const noise = after({ spins: [{ ...quietSpin, wallNs: quietSpin.cpuNs - 100 }] });
  assert.equal(noise.spinWaitShare, 0);
});

test('what could not be found out is null, and no cause for a warning', () => {
  const hidden: Load = {
    atNs: 1e9,
    processors: null,
    pressure: { cpuUs: null, ioUs: null, memoryUs: null },
    ownTicks: null,
    limit: null,
  };
  const noise = describeNoise(hidden, { ...hidden, atNs: 2e9 }, [], { governor: null });
  assert.deepEqual(noise, {
    ...{ spanNs: 1e9, chainNs: [], chainSpread: null, spinNs: [], spinSpread: null, spinWaitShare: null },
    elapsedNs: [],
    ...{ stealShare: null, otherLoadShare: null, cpuPressure: null, ioPressure: null, memoryPressure: null },
    ...{ cpuLimit: null, throttledShare: null },
    governor: null,
  });
  assert.deepEqual(noiseWarnings(noise), []);
});

test('between two snapshots of the same moment there are no shares', () => {
  const noise = describeNoise(start, start, quietSpins, { governor: null });
  assert.deepEqual([noise.stealShare, noise.otherLoadShare, noise.memoryPressure], [null, null, null]);
});

test('a record survives JSON', () => {
  const noise = after({ ticks: { user: 5 }, governor: 'schedutil' });
  assert.deepEqual(JSON.parse(JSON.stringify(noise)), noise);
});

test('a quiet machine on which only we work gets no warning', () => {
  assert.deepEqual(noiseWarnings(after({})), []);
  const busy = { ticks: { user: 1500, system: 400, softirq: 50 }, own: 1890, governor: 'performance' };
  // Our own workers wait for each other's processors, and for the disk.
  const ourPressure = { cpuUs: 9e6, ioUs: 5e6 };
  assert.deepEqual(noiseWarnings(after({ ...busy, pressureUs: ourPressure })), []);
});

const slower = (chain: number, four: number): Spin => ({
  ...quietSpin,
  chainNs: quietSpin.chainNs * chain,
  fourChainsNs: quietSpin.fourChainsNs * four,
});
const waiting: Spin = { ...quietSpin, wallNs: 14e6 };

/** What happened, and what its only warning must say: the cause, the figure, and what helps. */
const causes: readonly { what: string; happened: Happened; says: readonly RegExp[] }[] = [
  {
    what: 'another clock frequency',
    happened: { spins: [quietSpin, slower(1.5, 1.5), quietSpin] },
    says: [/frequency changes/, /1\.40 ms to 2\.10 ms/, /50\.0% more/, /governor/, /--rounds/, /--until 5%/],
  },
  {
    what: 'a shared core',
    happened: { spins: [quietSpin, slower(1.05, 2), quietSpin] },
    says: [/other hardware thread/, /1\.40 ms to 2\.80 ms/, /100% more/, /core 5\.0% more/, /--until 5%/],
  },
  {
    what: 'steal',
    happened: { ticks: { steal: 60 } },
    says: [/hypervisor/, /3\.0%/, /dedicated/, /--until 5%/],
  },
  {
    what: 'steal that made the computation wait',
    happened: { ticks: { steal: 60 }, spins: [waiting, waiting, waiting] },
    says: [/hypervisor/],
  },
  {
    what: 'load of others',
    happened: { ticks: { user: 900, system: 240 }, own: 1000 },
    says: [/other programs/, /7\.0%/, /stop them/, /--processes/],
  },
  {
    what: 'load of others that made the computation wait',
    happened: { ticks: { user: 300 }, spins: [waiting, waiting, waiting] },
    says: [/other programs/],
  },
  {
    what: 'a limit that nobody shows',
    happened: { spins: [quietSpin, waiting, waiting] },
    says: [/40\.1%/, /CPU limit/, /--cpus/],
  },
  {
    what: 'a governor',
    happened: { governor: 'schedutil' },
    says: [/"schedutil"/, /cpupower frequency-set -g performance/],
  },
  {
    what: 'want of memory',
    happened: { pressureUs: { memoryUs: 0.2e6 } },
    says: [/memory/, /2\.0%/, /--processes/],
  },
];

for (const { what, happened, says } of causes) {
  test(`${what} is warned of, and of nothing else, in one sentence without its period`, () => {
    const [warning = '', ...others] = noiseWarnings(after(happened));
    assert.deepEqual(others, []);
    for (const words of says) assert.match(warning, words);
    assert.doesNotMatch(warning, /\.$|\. [A-Z]|NaN|undefined|null/);
  });
}

test('all at once are all warned of', () => {
  const warnings = noiseWarnings(
    after({
      ticks: { steal: 60, user: 300 },
      spins: [quietSpin, slower(1, 2)],
      governor: 'powersave',
      pressureUs: { memoryUs: 9e6 },
    }),
  );
  assert.equal(warnings.length, 5);
});

test('just below its threshold nothing is warned of', () => {
  const almost: Happened = {
    ticks: { steal: 20, user: 100 },
    spins: [quietSpin, slower(1.09, 1.09), { ...quietSpin, wallNs: 13e6 }],
    pressureUs: { memoryUs: 0.1e6 },
  };
  assert.deepEqual(noiseWarnings(after(almost)), []);
});

test('a control group that stops the run is told as a limit, and not as a program’s load', () => {
  const waiting = { ...quietSpin, wallNs: 14e6 };
  const limited = after({ limit: { cpus: 0.5, throttledNs: 4e9 }, spins: [waiting, waiting] });
  assert.equal(limited.cpuLimit, 0.5);
  assert.equal(limited.throttledShare, 0.4);
  const [warning = '', ...others] = noiseWarnings(limited);
  assert.match(warning, /limits this run to 0\.50 processors.*stopped it for 40\.0%/);
  assert.deepEqual(others, []);
  assert.deepEqual(
    noiseWarnings(after({ limit: { cpus: 2, throttledNs: 0 } })),
    [],
    'a limit that is not reached',
  );
});

test('the verdict is one line: quiet, the only cause and what helps, or the causes, as many as a line holds', () => {
  assert.equal(noiseVerdict(after({})), 'quiet');
  assert.equal(
    noiseVerdict(after({ ticks: { user: 900 }, own: 0 })),
    'Noisy: other programs used 45.0% of the processors; stop them',
  );
  assert.equal(
    noiseVerdict(after({ ticks: { user: 900, steal: 60 }, own: 0, governor: 'powersave' })),
    'Noisy: other programs used 45.0% of the processors, and more; --verbose explains',
  );
  const many = after({
    ticks: { steal: 60, user: 300 },
    spins: [quietSpin, slower(1, 2)],
    governor: 'powersave',
    pressureUs: { memoryUs: 9e6 },
    limit: { cpus: 0.5, throttledNs: 4e9 },
  });
  const line = noiseVerdict(many) ?? '';
  assert.ok(line.length <= 80, line);
  assert.match(line, /^Noisy: other programs used 15\.0% .*--verbose explains$/);
});

test('of a machine about which nothing is told there is no verdict', () => {
  assert.equal(noiseVerdict(describeNoise(start, start, [], { governor: null })), null);
});

test('a quiet machine disturbs nothing; a noisy one by what a fixed computation took, its waiting included', () => {
  assert.equal(disturbance(after({ spins: [quietSpin, slower(1, 1.05)] })), 1);
  assert.equal(disturbance(after({ spins: [quietSpin, slower(1, 2)] })), 2);
  const waited = after({ ticks: { user: 900 }, own: 0, spins: [quietSpin, { ...quietSpin, wallNs: 21e6 }] });
  assert.equal(Number(disturbance(waited).toFixed(3)), Number((21 / 7.05).toFixed(3)));
  // An earlier version's record knows nothing of the waiting.
  assert.equal(disturbance({ ...after({ spins: [quietSpin, slower(1, 2)] }), elapsedNs: [] }), 2);
});
