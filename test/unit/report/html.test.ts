/**
 * What stands in a page is text, whatever it says.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { visible } from '../../../bench/base/visible.js';
import { escaped, Html, html, jsonInScript } from '../../../bench/report/html.js';
import { fc } from '../../support/properties.js';

const anyText = fc.string({ unit: 'binary' });

test('strings in a template are escaped, and what a template made is not escaped again', () => {
  assert.equal(html`<p title="${'"'}">${'<b>'}</p>`.text, '<p title="&quot;">&lt;b&gt;</p>');
  assert.equal(html`<p>${html`<b>${'&'}</b>`}</p>`.text, '<p><b>&amp;</b></p>');
  assert.equal(html`${['<', html`<br>`, 1, null]}`.text, '&lt;<br>1');
});

test('any text, escaped, has nothing that begins or ends markup', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.doesNotMatch(escaped(text), /[<>"']|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('a reader of HTML gets back the text, with what would not be seen shown escaped', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'/=;#ax \u202e\u0007') }), (text) => {
      const { document } = parseHTML(`<!doctype html><html><body>${html`<p>${text}</p>`.text}</body></html>`);
      assert.equal(document.querySelectorAll('body *').length, 1);
      assert.equal(document.querySelector('p')?.textContent, visible(text));
    }),
  );
});

test('JSON in a script element is the same value, and cannot end the element', () => {
  fc.assert(
    fc.property(fc.jsonValue(), anyText, (value, text) => {
      const made = jsonInScript({ value, text: `${text}</script><!--` });
      assert.doesNotMatch(made.text, /[<>&]/);
      assert.deepEqual(
        JSON.parse(made.text),
        JSON.parse(JSON.stringify({ value, text: `${text}</script><!--` })),
      );
    }),
  );
});

test('markup of our own is a type of its own: a text that looks like it is none', () => {
  const { text } = html`${'<b>'}${new Html('<b>')}`;
  assert.equal(text, '&lt;b&gt;<b>');
});
