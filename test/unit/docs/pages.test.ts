/**
 * Pages: each strategy has one, figures of recorded runs are current, and links lead somewhere.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pages, spliced } from '../../../bench/dev/pages/splice.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { QUOTED_RUN } from '../../../bench/measure/result/recorded-run.js';
import { allNames, loadStrategy, namesOnlyIn, strategyNames } from '../../../strategies/index.js';

test('each strategy of the catalogue has its file, and its page with its measured row', () => {
  for (const name of strategyNames) {
    for (const path of [`strategies/${name}.ts`, `docs/strategies/${name}.md`]) {
      assert.ok(existsSync(join(projectRoot, path)), path);
    }
    const page = readFileSync(join(projectRoot, `docs/strategies/${name}.md`), 'utf8');
    assert.ok(page.includes(`\n<!-- run ${QUOTED_RUN} ${name} -->\n`), `${name}: its row of ${QUOTED_RUN}`);
  }
});

test('each strategy that another language alone has says so, and has its file and its page', async () => {
  const foreign = allNames.filter((name) => !strategyNames.includes(name));
  assert.deepEqual([...namesOnlyIn('c'), ...namesOnlyIn('python')].sort(), [...foreign].sort());
  for (const name of foreign) {
    const { onlyIn = 'none', ...strategy } = await loadStrategy(name);
    assert.ok(namesOnlyIn(onlyIn).includes(name), `${name}: ${onlyIn}`);
    assert.equal(strategy.name, name);
    const page = readFileSync(join(projectRoot, `docs/strategies/${name}.md`), 'utf8');
    assert.ok(page.includes(`--runtime ${onlyIn}`), name);
  }
});

test('the figures in the pages are those of the recorded runs', () => {
  for (const path of pages(projectRoot)) {
    const page = readFileSync(path, 'utf8');
    assert.equal(page, spliced(page, projectRoot), `${path}: run "npm run splice"`);
  }
});

test('relative links of the pages lead to files', () => {
  for (const path of pages(projectRoot)) {
    for (const [, link = ''] of readFileSync(path, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link) || link.startsWith('#')) continue;
      const target = join(dirname(path), link.replace(/#.*$/, ''));
      assert.ok(existsSync(target), `${path}: ${link}`);
    }
  }
});

/** What `npm test` runs where a part of a file's name is given, and what the others run. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  test: ['unit', 'system', 'alone', 'long', 'long-alone'],
  'run test:long': ['long', 'long-alone'],
  'run test:lab': ['lab'],
  'run test:docs': ['docs'],
  'run test:attack': ['attack'],
};

test('a test that a page tells to run is there', () => {
  const root = join(projectRoot, 'test');
  const filesOf = (suite: string): string[] =>
    readdirSync(join(root, suite), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(suite, name));
  let told = 0;
  for (const path of pages(projectRoot)) {
    const page = readFileSync(path, 'utf8').replaceAll('\n', ' ');
    for (const [command, script = '', words = ''] of page.matchAll(
      /npm (test|run test:\w+) -- ([a-z0-9/. -]+)/g,
    )) {
      const usual = SUITES[script];
      if (usual === undefined) continue;
      const all = words
        .trim()
        .split(/ +/)
        .filter((word) => !/^\d$/.test(word));
      const named = all.filter((word) => existsSync(join(root, word)));
      const files = (named.length > 0 ? named : usual).flatMap(filesOf);
      for (const part of all.filter((word) => !named.includes(word))) {
        assert.ok(
          files.some((name) => name.includes(part)),
          `${path}: "${command.trim()}", ${part}`,
        );
        told++;
      }
    }
  }
  assert.ok(told > 10, `${told} were found`);
});
