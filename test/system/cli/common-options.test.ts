/**
 * What several commands have is said the same way by each: its name, its value, what it means. And strategies are named by
 * `--strategies` or as bare words, whatever the command.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { carriedOut } from '../../support/many-commands.js';

interface Shown {
  readonly usage: string;
  /** By flags: "--dir <directory>". */
  readonly options: ReadonlyMap<string, string>;
}

/** By name, such as "nfs compare", as the manual page has them, which is made from the commands themselves. */
let commands: ReadonlyMap<string, Shown> = new Map();

function readPage(page: string): Map<string, Shown> {
  const plain = page.replace(/\\(?:&|f[BR])/g, '').replaceAll('\\-', '-');
  const [, ...sections] = plain.split(/^\.SH /m).flatMap((part) => part.split(/^\.SS /m));
  const found = new Map<string, Shown>();
  for (const section of sections) {
    const [head = '', ...parts] = section.split(/^\.TP\n/m);
    const [title = ''] = head.split('\n');
    const [, name, usage = ''] = /^([a-z][a-z -]*?) ([[<'-].*)$/.exec(title) ?? [];
    if (name === undefined) continue;
    const options = parts.map((part) => part.trim().split('\n') as [string, string?]);
    found.set(name, { usage, options: new Map(options.map(([flags, means = '']) => [flags, means])) });
  }
  return found;
}

before(async () => {
  const { code, stdout } = await carriedOut(['man']);
  assert.equal(code, 0);
  commands = readPage(stdout);
  for (const name of ['run', 'nfs compare', 'check-worker', 'report'])
    assert.ok(commands.has(name), `the page was not understood: ${name}`);
});

/** The flags, what each command says of them, and those that have a reason to say something else. */
const COMMON: readonly (readonly [flags: string, means: RegExp, but: readonly string[]])[] = [
  ['--strategies <list>', /^strategies, or strategy\/policy; "all" for every one; .* \(default: .+\)$/, []],
  ['--dir <directory>', /^directory to work in(; repeatable)? \(default: .+\)$/, []],
  ['--processes <list>', /^number of contending processes \(default: .+\)$/, ['watch']],
  ['--json [file]', /^write the result as JSON; "-" or no name is standard output$/, []],
  ['--seed <n>', /^repeat the order of an earlier run \(default: random, kept in the result\)$/, []],
  ['--record <name>', /^keep the result, with a README, in results\/<name>$/, []],
  ['--quiet', /^suppress progress and messages$/, []],
  // These two report no steps.
  ['--verbose', /^report each step on a line of its own$/, ['doctor', 'show']],
  ['--stay-root', /^do not drop privileges when run as root$/, []],
];

for (const [flags, means, but] of COMMON) {
  test(`${flags} is declared and explained alike`, () => {
    const [long = ''] = flags.split(' ');
    let declared = 0;
    for (const [name, { options }] of commands) {
      const own = [...options].find(([other]) => other.split(' ')[0] === long);
      if (own === undefined || but.includes(name)) continue;
      declared++;
      assert.equal(own[0], flags, name);
      assert.match(own[1], means, name);
    }
    assert.ok(declared > 1, `${flags} of ${declared} commands`);
  });
}

describe('strategies', () => {
  /** Without a launcher it refuses whatever comes. */
  const LAUNCHED = 'hosts';
  const MISSPELT = 'fcntll';

  test('are named by an option or as words', async () => {
    let asked = 0;
    for (const [name, { usage, options }] of commands) {
      if (!options.has('--strategies <list>')) continue;
      assert.match(usage, /\bstrateg(y|ies)\b/, name);
      if (name === LAUNCHED) continue;
      asked++;
      for (const words of [[MISSPELT], ['--strategies', MISSPELT]]) {
        const { code, stderr } = await carriedOut([...name.split(' '), ...words]);
        assert.equal(code, 2, `${name} ${words.join(' ')}`);
        assert.match(
          stderr,
          /a strategy of the catalogue .*was expected, got "fcntll"; did you mean "fcntl"\?/,
        );
      }
    }
    assert.ok(asked > 10, `${asked} commands`);
  });
});
