/**
 * The pages of the site: where files stand, where links lead, and what is found dead.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deadLinks } from '../../../../bench/dev/site/check-links.js';
import { recordedMachines, withPlots } from '../../../../bench/dev/site/machines.js';
import { menuOf } from '../../../../bench/dev/site/menu.js';
import { placeOf } from '../../../../bench/dev/site/places.js';
import { sitePage } from '../../../../bench/dev/site/site-markdown.js';
import { filePage, folderPage } from '../../../../bench/dev/site/source-pages.js';
import { projectRoot } from '../../../../bench/machine/project.js';
import { temporaryDirectory } from '../../../support/support.js';

test('docs are at the root, records are machines, everything else is source', () => {
  for (const [path, place] of [
    ['README.md', 'index.md'],
    ['CONTRIBUTING.md', 'contributing.md'],
    ['docs/README.md', 'documentation.md'],
    ['docs/commands/README.md', 'commands/index.md'],
    ['docs/commands/run.md', 'commands/run.md'],
    ['results/two-cpus/README.md', 'machines/two-cpus.md'],
    ['bench/workers/PROTOCOL.md', 'source/bench/workers/PROTOCOL.md'],
    ['strategies/fcntl.ts', 'source/strategies/fcntl.ts.md'],
  ] as const)
    assert.equal(placeOf(path), place);
});

const page = (text: string): string => sitePage('docs/commands/run.md', text, projectRoot).text;

test('a link leads to where its file stands in the site', () => {
  assert.equal(page('[a](../methodology.md#cells)'), '[a](../methodology.md#cells)');
  assert.equal(page('[a](../../strategies/fcntl.ts)'), '[a](../source/strategies/fcntl.ts.md)');
  assert.equal(page('[a\nb](../lessons/README.md)'), '[a\nb](../lessons/index.md)');
  assert.equal(page('[a](../lessons)'), '[a](../lessons/index.md)');
  assert.equal(
    page('[a](../schema/result.schema.json)'),
    '[a](../files/docs/schema/result.schema.json){target=_self}',
  );
  assert.equal(page('![a](nfs-roundtrip.svg)'), '![a](/files/docs/commands/nfs-roundtrip.svg)');
  assert.equal(
    page('[a](#options) [b](https://example.org/x.md)'),
    '[a](#options) [b](https://example.org/x.md)',
  );
  assert.throws(() => page('[a](nowhere.md)'), /nowhere\.md/);
});

test('text of code is left as it is, and a sequence diagram is drawn', () => {
  const code = '```md\n[a](nowhere.md)\n```';
  assert.equal(page(code), code);
  const drawn = page('```mermaid\nsequenceDiagram\n  participant A\n  A->>A: waits\n```\nafter');
  assert.match(drawn, /^<figure v-pre class="diagram"><svg [^\n]*<\/figure>\nafter$/);
  const flow = '```mermaid\nflowchart LR\n  a --> b\n```';
  assert.equal(page(flow), flow);
});

test('a page may have a plot of a report', async () => {
  const machines = await recordedMachines(projectRoot);
  const lesson = withPlots('before\n<!-- plot whole-catalogue cpu -->\nafter', machines);
  assert.match(
    lesson,
    /^before\n<div v-pre class="report"><figure class="chart">[^\n]*<\/figure><\/div>\nafter$/,
  );
  assert.equal([...lesson.matchAll(/<figure/g)].length, 1);
  for (const line of ['<!-- plot nothing cpu -->', '<!-- plot whole-catalogue nothing -->'])
    assert.throws(() => withPlots(line, machines), /a record and a section with a plot/);
});

test('a source page has the whole file, whatever backticks are in it', () => {
  const path = 'bench/dev/site/source-pages.ts';
  const text = readFileSync(join(projectRoot, path), 'utf8').trimEnd();
  assert.ok(filePage(path, projectRoot).includes(`\n${text}\n`));
  const fence = /\n(`{3,})ts\n/.exec(filePage(path, projectRoot))?.[1] ?? '';
  assert.ok(fence !== '' && !text.includes(fence));
  const folder = folderPage(
    'docs/examples',
    projectRoot,
    new Map([['source/docs/examples/pool.cjs.md', '']]),
  );
  assert.match(folder, /- \[`pool\.cjs`\]\(\.\/examples\/pool\.cjs\.md\)/);
  assert.match(folder, /- `noise\.mjs`\n/);
});

test('the menu names each page of a folder once, by its heading', () => {
  const pages = new Map([
    ['index.md', ''],
    ['lessons/index.md', '# A course\n'],
    ['lessons/1.md', '---\na: b\n---\n# The `race`\n'],
    ['noise.md', '# Noise\n'],
  ]);
  assert.deepEqual(menuOf(pages).sidebar, [
    {
      ...{ text: 'Lessons', collapsed: false },
      items: [
        { text: 'A course', link: '/lessons/' },
        { text: 'The race', link: '/lessons/1' },
      ],
    },
    { text: 'Documentation', collapsed: true, items: [{ text: 'Noise', link: '/noise' }] },
  ]);
});

test('a dead link, a missing anchor and what would be fetched from elsewhere are told', (t) => {
  const folder = temporaryDirectory(t);
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'index.html'), '<h2 id="here">x</h2><a href="/b/a/">a</a><a href="#here">h</a>');
  writeFileSync(
    join(folder, 'a', 'index.html'),
    '<a href="../index.html#here">ok</a><a href="https://example.org">ok</a><img src="data:,">' +
      '<a href="../index.html#gone">1</a><a href="gone.html">2</a><a href="/a/">3</a><script src="//example.org/x.js"></script>',
  );
  assert.deepEqual(deadLinks(folder, '/b/').sort(), [
    'a/index.html: ../index.html#gone: no such place on that page',
    'a/index.html: //example.org/x.js would be fetched from elsewhere',
    'a/index.html: /a/ leads nowhere',
    'a/index.html: gone.html leads nowhere',
  ]);
});
