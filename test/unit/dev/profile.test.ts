/**
 * What perf says of a worker, by whose code it is.
 */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { type Owner, sharesOf } from '../../../bench/dev/harness/profile.js';

const sharesIn = (report: string, program: string | null): Partial<Record<Owner, number>> =>
  Object.fromEntries([...sharesOf(report, program)].filter(([, share]) => share > 0));

test('samples of a worker in TypeScript go to the kernel, the library, koffi, Node and its compiled code', () => {
  const report = `
            50  [kernel.kallsyms]
            20  ${basename(process.execPath)}
            10  libc.so.6
             8  [JIT] tid 29134
             2  perf-29134.map
             5  koffi.node
             4  libstdc++.so.6.0.30
             1  [vdso]
`;
  assert.deepEqual(sharesIn(report, null), {
    ...{ kernel: 0.5, 'C library': 0.1, 'own code': 0.1, Node: 0.2, koffi: 0.05, others: 0.05 },
  });
});

test('the own code of a worker in C is its program', () => {
  const report =
    '  75  [kernel.kallsyms]  \n  15  libc-2.31.so\n  8  flock-4ba7b310\n  2  ld-linux-x86-64.so.2\n';
  assert.deepEqual(sharesIn(report, 'flock-4ba7b310'), {
    ...{ kernel: 0.75, 'C library': 0.15, 'own code': 0.08, others: 0.02 },
  });
});

test('of no sample there are no shares', () => {
  assert.throws(() => sharesOf('\n', null), /perf took no sample/);
});
