/**
 * Drawings that are files: light for readers that know nothing else, dark where the screen is.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { BLANK, drawing, FRAME, Plot, RULE } from '../../../bench/text/drawing.js';

const data = ['a', 'b', 'c'].map((name, x) => ({ name, x: x + 1 }));
const text = drawing('Three <dots>', {
  marks: [
    Plot.frame({ stroke: FRAME }),
    Plot.ruleY([1], { stroke: RULE }),
    Plot.dot(data, { x: 'x', fill: 'name', stroke: BLANK }),
    Plot.text(data, { x: 'x', text: 'name', fill: 'name' }),
  ],
});
const { document } = parseHTML(`<html><body>${text}</body></html>`);

test('each colour of a drawing has another one where the screen is dark', () => {
  const style = document.querySelector('style')?.textContent ?? '';
  assert.match(style, /@media screen and \(prefers-color-scheme:dark\)/);
  const used = [...document.querySelectorAll('svg *')].flatMap((element) =>
    ['fill', 'stroke'].flatMap((name) => {
      const value = element.getAttribute(name) ?? '';
      return value.startsWith('#') ? [`[${name}="${value}"]`] : [];
    }),
  );
  assert.equal(new Set(used).size, 7, used.join());
  for (const selector of used) assert.ok(style.includes(`${selector}{`), selector);
});

test('a drawing says what it is, has paper of its own, and asks for no style from outside', () => {
  assert.equal(document.querySelector('title')?.textContent, 'Three <dots>');
  assert.equal(document.querySelector('svg > rect')?.getAttribute('width'), '100%');
  assert.equal(document.querySelectorAll('style').length, 1);
  assert.doesNotMatch(text.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(/);
});
