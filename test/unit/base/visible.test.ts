/**
 * Names that are not ours do nothing to a terminal, to Markdown or to JSON.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { named } from '../../../bench/base/errno-names.js';
import { messageOf } from '../../../bench/base/error-message.js';
import { inMarkdown, quoted, visible, visibleLines } from '../../../bench/base/visible.js';
import { markdownTable } from '../../../bench/text/markdown.js';
import { fc } from '../../support/properties.js';

/** What a terminal might obey, hide or turn around. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const anyName = fc.string({ unit: 'binary' });

test('what a terminal obeys, hides or turns around is shown escaped', () => {
  for (const [name, shown] of [
    ['\x1b[31mX', '\\u001b[31mX'],
    ['a\u009b31mX', 'a\\u009b31mX'],
    ['a\x7fb', 'a\\u007fb'],
    ['txt.\u202egpj', 'txt.\\u202egpj'],
    ['two\nlines', 'two\\u000alines'],
    ['a\ufff9b', 'a\\ufff9b'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['Müller’s 文件 🙂', 'Müller’s 文件 🙂'],
  ] as const) {
    assert.equal(visible(name), shown);
  }
});

test('whatever a name is, nothing of it is harmful, and showing it twice changes nothing', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      for (const shown of [visible(name), quoted(name), inMarkdown(name), messageOf(new Error(name))]) {
        assert.doesNotMatch(shown, HARMFUL);
      }
      assert.doesNotMatch(visibleLines(name).replaceAll('\n', ''), HARMFUL);
      assert.equal(visible(visible(name)), visible(name));
    }),
  );
});

test('a quoted name, and JSON made visible, are read back as they were', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      assert.equal(JSON.parse(quoted(name)), name);
      assert.deepEqual(JSON.parse(visibleLines(JSON.stringify({ name }, null, 1))), { name });
    }),
  );
});

test('in Markdown a name makes no tag, no link, no emphasis and no cell', () => {
  assert.equal(inMarkdown('<img src=x>'), '&lt;img src=x>');
  assert.equal(inMarkdown('[a](http://b)'), '\\[a\\](http://b)');
  assert.equal(inMarkdown('*a* `b` _c_ d_e'), '\\*a\\* \\`b\\` \\_c\\_ d_e');
  fc.assert(
    fc.property(anyName, (name) => {
      const [, , row = ''] = markdownTable(['name', 'figure'], [[name, '1']]);
      assert.equal(row.split(/(?<!\\)\|/).length, 4, row);
      assert.doesNotMatch(row, /</);
    }),
  );
});

test('an error that Node has no name for is named, and says what it means', () => {
  const stale = "Unknown system error -116: Unknown system error -116, open '/mnt/x'";
  assert.equal(messageOf(new Error(stale)), "ESTALE: stale file handle, open '/mnt/x'");
  assert.equal(named('(Unknown system error -122)'), '(EDQUOT: disk quota exceeded)');
  assert.equal(named('Unknown system error -999'), 'error 999 of errno(3)');
});
