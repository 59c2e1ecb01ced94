/**
 * Options and commands that are asked for wrongly.
 */
import { test } from 'node:test';
import { assertRefused, type Refusal, sandbox, shortRun } from '../../support/refusal.js';

const aCount = (option: string, came: string): readonly [readonly string[], Refusal] => [
  [option, came],
  { expected: /a whole number from \d+ to \d+ was expected/, came: `"${came}"`, hint: /for example --/ },
];

/** What is added to a run that would be well without it. */
const badOptions: readonly (readonly [readonly string[], Refusal])[] = [
  [
    ['--strategies', 'fcntll'],
    {
      expected: /a strategy of the catalogue was expected/,
      came: '"fcntll"',
      hint: /did you mean "fcntl"\?/,
    },
  ],
  [
    ['--strategies', 'zookeeper'],
    { expected: /a strategy of the catalogue was expected/, came: '"zookeeper"', hint: /"lockbench list"/ },
  ],
  [
    ['--strategies', 'fcntl,excll/spin'],
    { expected: /a strategy of the catalogue was expected/, came: '"excll"', hint: /did you mean "excl"\?/ },
  ],
  [['--strategies', ''], { expected: /a list of names was expected/, came: '""', hint: /for example/ }],
  [
    ['--strategies', 'excl/block'],
    { expected: /its lock can only be tried/, came: 'excl cannot wait by block', hint: /excl\/spin/ },
  ],
  [
    ['--strategies', 'excl', '--wait', 'block'],
    { expected: /its lock can only be tried/, came: 'excl cannot wait by block', hint: /excl\/spin/ },
  ],
  [
    ['--wait', 'bogus'],
    { expected: /block, spin, yield, sleep.*was expected/, came: '"bogus"', hint: /for example --wait/ },
  ],
  [
    ['--wait', 'sleep:abc'],
    { expected: /a duration.*was expected/, came: 'sleep:abc', hint: /write a number and a unit/ },
  ],
  aCount('--processes', '0'),
  aCount('--processes', '1000000'),
  aCount('--processes', '1.5'),
  aCount('--processes', '-1'),
  [['--processes', ','], { expected: /a list of numbers was expected/, came: '","', hint: /for example --/ }],
  aCount('--increments', '0'),
  aCount('--increments', '-3'),
  aCount('--increments', '2.5'),
  aCount('--rounds', '0'),
  aCount('--seed', 'x'),
  aCount('--handoffs', '-1'),
  aCount('--handoffs', 'many'),
  aCount('--rogue', '-1'),
  aCount('--rogue', 'x'),
  aCount('--rogue', '2000'),
  [
    ['--rogue', '1'],
    {
      expected: /--rogue: fewer rogues than processes were expected/,
      came: 'got 1 of 1',
      hint: /for example --processes 4 --rogue 1/,
    },
  ],
  [
    ['--processes', '4,2', '--rogue', '2'],
    {
      expected: /--rogue: fewer rogues than processes were expected/,
      came: 'got 2 of 2',
      hint: /for example --processes 5 --rogue 2/,
    },
  ],
  [
    ['--readers', '1'],
    {
      expected: /readers and writers make up the processes/,
      came: '--processes',
      hint: /leave it out, or --readers and --writers/,
    },
  ],
  [
    ['--pin', 'near'],
    {
      expected: /--pin: "compact" or "spread" was expected/,
      came: '"near"',
      hint: /compact: on processors near/,
    },
  ],
  ...['5', '0%', ''].map((came): readonly [readonly string[], Refusal] => [
    ['--until', came],
    {
      expected: /--until: a percentage above 0% and up to 100% was expected/,
      came: `"${came}"`,
      hint: /write a number and a percent sign: 5%/,
    },
  ]),
  ...(
    [
      ['/no/such/dir/x.csv', 'ENOENT'],
      ['/tmp', 'EISDIR'],
      ['/etc/passwd/x.csv', 'ENOTDIR'],
      ['/dev/full', 'ENOSPC'],
      ['', 'ENOENT'],
      ['x'.repeat(300), 'ENAMETOOLONG'],
    ] as const
  ).map(([path, code]): readonly [readonly string[], Refusal] => [
    ['--trace', path],
    {
      expected: /--trace: a file that can be written was expected/,
      came: `${JSON.stringify(path)} cannot be (${code}: `,
      hint: /name another place, or make its folder first/,
    },
  ]),
  [['--trace'], { expected: /argument/, came: '--trace', hint: /--help/ }],
  // What was opened before is closed again.
  [
    ['--json', 'new.json', '--record', 'new', '--trace', '/no/such/dir/x.csv'],
    {
      expected: /--trace: a file that can be written/,
      came: '(ENOENT: no such file or directory)',
      hint: /name another place/,
    },
  ],
  [
    ['--hold', '10'],
    { expected: /--hold: a duration.*was expected/, came: '"10"', hint: /write a number and a unit/ },
  ],
  [
    ['--time-limit', '0s'],
    { expected: /--time-limit: more than 0 was expected/, came: '"0s"', hint: /for example --time-limit/ },
  ],
  [
    ['--number', 'maybe'],
    { expected: /"kept-open" or "reopened" was expected/, came: '"maybe"', hint: /the default is kept-open/ },
  ],
  [
    ['--json', '/no/such/dir/x.json'],
    {
      expected: /--json: a file that can be written was expected/,
      came: '"/no/such/dir/x.json" cannot be (ENOENT: no such file or directory)',
      hint: /make its folder first/,
    },
  ],
  [
    ['--json', '/tmp'],
    {
      expected: /--json: a file that can be written was expected/,
      came: '"/tmp" cannot be (EISDIR: illegal operation on a directory)',
      hint: /name another/,
    },
  ],
  [
    ['--json', '/etc/passwd/x.json'],
    {
      expected: /--json: a file that can be written was expected/,
      came: '"/etc/passwd/x.json" cannot be (ENOTDIR: not a directory)',
      hint: /name another/,
    },
  ],
  [
    ['--json', 'x'.repeat(300)],
    {
      expected: /--json: a file that can be written was expected/,
      came: '(ENAMETOOLONG: name too long)',
      hint: /name another/,
    },
  ],
  [['--json', ''], { expected: /--json: a file that can be written was expected/, came: '""', hint: /name/ }],
  [
    ['--record', '../x'],
    {
      expected: /--record: a name of letters, digits.* was expected/,
      came: '"../x"',
      hint: /below results\//,
    },
  ],
  [['--bogus'], { expected: /option/, came: '--bogus', hint: /--help/ }],
  [['--seed'], { expected: /argument|value/, came: '--seed', hint: /--help|for example/ }],
  [
    ['stray'],
    {
      expected: /run: a strategy of the catalogue or an existing directory was expected/,
      came: '"stray"',
      hint: /--strategies and --dir/,
    },
  ],
  [
    ['/no/such/dir'],
    { expected: /--dir: an existing directory was expected/, came: '"/no/such/dir"', hint: /name another/ },
  ],
  [['--verbose'], { expected: /option '--verbose' cannot be used with/, came: '--quiet', hint: /--help/ }],
];

for (const [bad, refusal] of badOptions) {
  const shown = bad
    .map((word) => (word.length > 40 ? `${word.slice(0, 10)}…` : JSON.stringify(word)))
    .join(' ');
  test(`run ${shown} is refused`, async (t) => {
    const box = sandbox(t);
    await assertRefused(box, [...shortRun, '--dir', box.measured, ...bad], refusal);
  });
}

const badCommands: readonly (readonly [readonly string[], Refusal])[] = [
  [['bogus'], { expected: /command/, came: 'bogus', hint: /--help/ }],
  [['lst'], { expected: /command/, came: '"lst"', hint: /did you mean "list"\?/ }],
  // The first word that is not known is to blame, not the last one.
  [
    ['crsh', 'fcntl'],
    {
      expected: /a command \(run, .*\), a strategy of the catalogue or an existing directory was expected/,
      came: '"crsh"',
      hint: /did you mean "crash"\?/,
    },
  ],
  [
    ['zookeeper', 'bash'],
    { expected: /a command \(run, /, came: '"zookeeper"', hint: /--strategies.*--dir/ },
  ],
  [
    ['nfs', 'docter', 'x'],
    { expected: /nfs: a command \(compare, /, came: '"docter"', hint: /did you mean "doctor"\?/ },
  ],
  [
    ['nfs', 'shell', 'x', 'y'],
    { expected: /nfs shell: options alone were expected/, came: '"x"', hint: /"lockbench nfs shell --help"/ },
  ],
  [
    ['check-worker', 'true', '/tmp'],
    {
      expected: /check-worker: options alone were expected/,
      came: '"/tmp"',
      hint: /"lockbench check-worker --help"/,
    },
  ],
  [
    ['nfs', 'faults', '/tmp'],
    {
      expected: /nfs faults: a strategy of the catalogue was expected/,
      came: '"/tmp"',
      hint: /"lockbench list"/,
    },
  ],
  [
    ['crash', '/tmp', '/dev/shm'],
    { expected: /crash: one directory was expected/, came: '"/tmp" and "/dev/shm"', hint: /leave out/ },
  ],
  [['explain'], { expected: /explain: a strategy was expected/, came: 'none', hint: /for example/ }],
  [
    ['list', 'excl/spin'],
    { expected: /list: a strategy without a policy was expected/, came: '"excl"', hint: /name excl alone/ },
  ],
  [
    ['reproduce', 'rac'],
    { expected: /an experiment or an existing directory/, came: '"rac"', hint: /did you mean "race"\?/ },
  ],
  [
    ['pairs', 'fcntll'],
    {
      expected: /pairs: a strategy of the catalogue or an existing directory was expected/,
      came: '"fcntll"',
      hint: /did you mean "fcntl"\?/,
    },
  ],
  [
    ['pairs', '--samples', '1'],
    { expected: /a whole number from 10 to/, came: '"1"', hint: /for example --samples/ },
  ],
  [
    ['doctor', '--dir', '/no/such/dir'],
    {
      expected: /an existing directory was expected/,
      came: '"/no/such/dir" does not exist',
      hint: /name another/,
    },
  ],
];

for (const [args, refusal] of badCommands) {
  test(`${args.join(' ')} is refused`, async (t) => {
    await assertRefused(sandbox(t), args, refusal);
  });
}

/** What our own parsing refuses, what the library of the command line does, and what a command does that has begun. */
const fromOutside: readonly (readonly [readonly string[], Refusal])[] = [
  ...badCommands.slice(0, 1),
  ...badOptions
    .filter(([[option]], i) => i === 0 || option === '--bogus' || option === '--record')
    .map(([bad, refusal]) => [[...shortRun, ...bad], refusal] as const),
];

for (const [args, refusal] of fromOutside) {
  test(`a process of its own refuses ${args.join(' ')}`, (t) => assertRefused(sandbox(t), args, refusal, {}));
}
