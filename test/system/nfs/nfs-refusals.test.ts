/**
 * What the experiments of `lockbench nfs` refuse, before a machine is booted.
 */
import { describe, test } from 'node:test';
import { ownLock, writeModule } from '../../support/own-locks.js';
import { assertRefused, type Refusal, sandbox } from '../../support/refusal.js';

describe('lockbench nfs refuses', () => {
  for (const [title, args, refusal] of [
    [
      'a strategy that lives in the memory of one host',
      ['--strategies', 'shm-flag'],
      { expected: /locks that live in files were expected/, came: 'shm-flag', hint: /leave it out/ },
    ],
    [
      'an unknown command, naming its own ones',
      ['bogus'],
      {
        expected: /a command \(compare, .*shell.*\) or a strategy of the catalogue was expected/,
        came: '"bogus"',
        hint: /nfs --help/,
      },
    ],
    [
      'an unknown version',
      ['--versions', 'v5'],
      { expected: /v3 or v4\.2 was expected/, came: '"v5"', hint: /"v3"\?/ },
    ],
    [
      'more clients than there are',
      ['--clients', '4'],
      { expected: /from 1 to 3/, came: '"4"', hint: /--clients/ },
    ],
    [
      'fewer processes than clients',
      ['--clients', '3', '--processes', '2'],
      { expected: /at least as many as clients/, came: '2 for 3', hint: /--processes 3/ },
    ],
    [
      'an unknown way of opening the number',
      ['--number', 'closed'],
      { expected: /kept-open or reopened was expected/, came: '"closed"', hint: /--number kept-open/ },
    ],
  ] as const) {
    test(title, (t) => assertRefused(sandbox(t), ['nfs', ...args], refusal));
  }
});

describe('a module that does not fit the contract is refused before a machine is booted', () => {
  for (const command of ['compare', 'compat', 'roundtrip', 'options', 'faults']) {
    test(`nfs ${command}`, async (t) => {
      const box = sandbox(t);
      writeModule(box.cwd, 'mine.mjs', ownLock([`owner: 'name'`, `owner: 'me'`]));
      await assertRefused(box, ['nfs', command, './mine.mjs'], {
        expected: /"\.\/mine\.mjs" does not fit the contract: claims\.owner: one of [^\n]* was expected/,
        came: 'got "me"',
        hint: /mend it, or leave it out/,
      });
    });
  }
});

describe('lockbench nfs roundtrip refuses', () => {
  for (const [title, args, refusal] of [
    [
      'a single round trip',
      ['--rtt', '1ms'],
      { expected: /at least two round trips were expected/, came: '"1ms"', hint: /--rtt 0us,1ms/ },
    ],
    [
      'a round trip without a unit',
      ['--rtt', '0us,5'],
      { expected: /a duration .* was expected/, came: '"5"', hint: /unit/ },
    ],
    [
      'an unknown version',
      ['--versions', 'v2'],
      { expected: /v3 or v4\.2 was expected/, came: '"v2"', hint: /"v3"/ },
    ],
    [
      'an unknown export',
      ['--exports', 'xfs'],
      { expected: /ext4 or tmpfs was expected/, came: '"xfs"', hint: /--exports ext4/ },
    ],
    [
      'an unknown strategy',
      ['--strategies', 'fnctl'],
      { expected: /a strategy of the catalogue was expected/, came: '"fnctl"', hint: /fcntl/ },
    ],
    [
      'a drawing that cannot be written',
      ['--svg', '/no/such/place.svg'],
      { expected: /a file that can be written was expected/, came: '/no/such/place.svg', hint: /folder/ },
    ],
  ] as const) {
    test(title, (t) => assertRefused(sandbox(t), ['nfs', 'roundtrip', ...args], refusal));
  }
});

test('lockbench nfs options refuses bad options before a machine is booted', async (t) => {
  const box = sandbox(t);
  const refusals: readonly [readonly string[], Refusal][] = [
    [
      ['--options', 'nolock,rm -rf'],
      { expected: /names of mount options/, came: '"rm -rf"', hint: /--options default,nolock/ },
    ],
    [['--options', ','], { expected: /at least one/, came: '","', hint: /--options default,nolock/ }],
    [
      ['--strategies', 'shm-flag'],
      { expected: /locks that live in files/, came: 'shm-flag', hint: /leave it out/ },
    ],
    [['--versions', 'v5'], { expected: /v3 or v4\.2/, came: '"v5"', hint: /"v3"\?/ }],
    [['--handoffs', '0'], { expected: /a whole number/, came: '"0"', hint: /--handoffs/ }],
  ];
  for (const [words, refusal] of refusals) await assertRefused(box, ['nfs', 'options', ...words], refusal);
});

describe('lockbench nfs faults refuses', () => {
  for (const [title, args, refusal] of [
    [
      'an unknown fault',
      ['--faults', 'cut-lang'],
      { expected: /cut-short.* was expected/, came: '"cut-lang"', hint: /"cut-long"\?/ },
    ],
    [
      'an unknown version',
      ['--versions', 'v5'],
      { expected: /v3 or v4\.2 was expected/, came: '"v5"', hint: /for example|did you mean/ },
    ],
    [
      'a lease that Linux does not allow',
      ['--lease', '5s'],
      { expected: /from 10s to 3600s/, came: '"5s"', hint: /--lease 10s/ },
    ],
    [
      'a lock of one host',
      ['shm-flag'],
      { expected: /locks by files was expected/, came: '"shm-flag"', hint: /for example fcntl/ },
    ],
    [
      'no patience',
      ['--patience', '0s'],
      { expected: /more than 0 was expected/, came: '"0s"', hint: /--patience 45s/ },
    ],
  ] as const) {
    test(title, (t) => assertRefused(sandbox(t), ['nfs', 'faults', ...args], refusal));
  }
});
