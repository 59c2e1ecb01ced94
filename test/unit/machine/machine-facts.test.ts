/**
 * What a machine is: from invented files of the kernel, and in words.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parseMhz } from '../../../bench/machine/calibration.js';
import { readMachineFacts, tellingParameters } from '../../../bench/machine/machine-facts.js';
import { calibrationWords, machineWords } from '../../../bench/machine/machine-words.js';
import { temporaryDirectory } from '../../support/support.js';

test('of the kernel’s command line only what changes timing is kept, in either spelling', () => {
  assert.deepEqual(
    tellingParameters(
      'root=UUID=1-2 quiet mitigations=off isolcpus=2,3 processor.max_cstate=1 transparent-hugepage=never ' +
        'password=x idle -- --mitigations=auto idle=poll\n',
    ),
    ['mitigations=off', 'isolcpus=2,3', 'processor.max_cstate=1', 'transparent-hugepage=never', 'idle'],
  );
  assert.deepEqual(tellingParameters(''), []);
  assert.deepEqual(tellingParameters('mitigations=off --'), ['mitigations=off']);
});

test('what the kernel hides is null, and makes no words that claim anything', (t) => {
  const { noCounters, memoryLimitBytes, ...hidden } = readMachineFacts(temporaryDirectory(t));
  assert.deepEqual(hidden, {
    ...{
      virtualMachine: null,
      hardwareThreads: null,
      mitigations: {},
      kernelParameters: [],
      clockSource: null,
    },
  });
  const words = machineWords({ ...hidden, noCounters: null, memoryLimitBytes: null });
  assert.deepEqual(words, ['no hypervisor seen; no mitigation of a fault of the processor']);
  // They depend on where the test runs; of what kind they are does not.
  assert.ok(noCounters === null || noCounters.length > 0);
  assert.ok(memoryLimitBytes === null || memoryLimitBytes > 0);
});

test('a guest is known by its processor’s flags, and named by its maker', (t) => {
  const root = temporaryDirectory(t);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const cpu = 'sys/devices/system/cpu';
  write('proc/cpuinfo', 'flags\t\t: fpu vme hypervisor lahf_lm\n');
  write(`${cpu}/smt/active`, '1\n');
  write(`${cpu}/vulnerabilities/l1tf`, 'Not affected\n');
  write(`${cpu}/vulnerabilities/mds`, 'Vulnerable: no microcode\n');
  write(`${cpu}/vulnerabilities/spectre_v2`, 'Mitigation: Retpolines\n');
  write('sys/devices/system/clocksource/clocksource0/current_clocksource', 'hpet\n');
  const facts = readMachineFacts(root);
  assert.equal(facts.virtualMachine, 'unnamed hypervisor');
  write('sys/class/dmi/id/sys_vendor', 'QEMU\n');
  assert.equal(readMachineFacts(root).virtualMachine, 'QEMU');
  assert.deepEqual(machineWords({ ...facts, memoryLimitBytes: 2 ** 30, noCounters: 'the kernel refuses' }), [
    'virtual machine (unnamed hypervisor); two hardware threads or more a core; clock hpet; ' +
      'mitigations: spectre_v2; vulnerable: mds; memory limited to 1024 MiB',
    'instructions, cycles and cache misses are not counted: the kernel refuses',
  ]);
});

test('a calibration says what was measured before and after, and what could not be', () => {
  const before = {
    ...{ chainNs: 8e5, fourChainsNs: 1.4e6, emptyCallNs: 250, mhz: null },
    flushes: [
      { directory: '/a', ns: 1.5e6 },
      { directory: '/b', ns: null },
    ],
  };
  assert.equal(
    calibrationWords(before, null),
    'Before the run: one chain of steps 800 µs; four side by side 1.40 ms; an empty system call 250 ns; ' +
      'a flush in /a 1.50 ms; no flush in /b',
  );
  assert.match(
    calibrationWords(before, { ...before, emptyCallNs: 500, mhz: 3000 }),
    /^Before and after the run: .*an empty system call 250 ns and 500 ns; .*\/a 1\.50 ms and 1\.50 ms/,
  );
});

test('the clock is the fastest processor’s', () => {
  assert.equal(parseMhz('cpu MHz\t\t: 800.000\nflags : x\ncpu MHz\t\t: 3400.5\n'), 3400.5);
  assert.equal(parseMhz('BogoMIPS : 50.00\n'), null);
});
