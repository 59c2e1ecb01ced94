/**
 * Sequence diagrams: what of Mermaid's language the pages use, read and drawn.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { drawSequence } from '../../../../bench/dev/site/sequence-diagram.js';
import { parseSequence } from '../../../../bench/dev/site/sequence-text.js';

const TEXT = `sequenceDiagram
    participant A as process A
    participant F as file
    Note over A,F: 41, <b>
    A->>F: read
    F-->>A: 41
    rect rgb(1, 2, 3)
    A->>A: adds one to it
    A--xF: an answer that is lost
    end`;

test('participants, messages, answers, what is lost, notes and blocks are read', () => {
  const { participants, parts } = parseSequence(TEXT);
  assert.deepEqual(participants, ['process A', 'file']);
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ['note', 'message', 'message', 'block', 'message', 'message', 'end'],
  );
  assert.deepEqual(parts[1], { kind: 'message', from: 0, to: 1, text: 'read', dashed: false, lost: false });
  assert.deepEqual(parts[5], {
    ...{ kind: 'message', from: 0, to: 1, text: 'an answer that is lost', dashed: true, lost: true },
  });
});

test('a line of another kind is quoted, and so is a participant that was not named', () => {
  assert.throws(() => parseSequence('sequenceDiagram\nloop for ever'), /"loop for ever"/);
  assert.throws(() => parseSequence('participant A\nA->>B: hello'), /"B"/);
});

test('a drawing has all texts, as texts, and says them to those who do not see it', () => {
  const { document } = parseHTML(`<html><body>${drawSequence(TEXT).text}</body></html>`);
  const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
  for (const text of ['process A', 'file', 'read', '41', 'an answer that is lost', '41, <b>'])
    assert.ok(texts.includes(text), text);
  assert.ok(document.querySelector('b') === null);
  assert.match(document.querySelector('svg')?.getAttribute('aria-label') ?? '', /file to process A: 41/);
});

test('lanes are so far apart that a text between two of them has room', () => {
  const long = 'a message that is a good deal longer than the names';
  const { document } = parseHTML(
    `<html><body>${drawSequence(`participant A\nparticipant B\nA->>B: ${long}`).text}</body></html>`,
  );
  const [a, b] = [...document.querySelectorAll('.lane')].map((lane) =>
    Number(/^M([\d.]+)/.exec(lane.getAttribute('d') ?? '')?.[1]),
  );
  // A character of 13 pixels' height is at least 5 wide; a text may be in several lines.
  const lines = [...document.querySelectorAll('tspan')].map(({ textContent }) => textContent ?? '');
  const longest = Math.max(...lines.map(({ length }) => length));
  assert.ok((b ?? 0) - (a ?? 0) > 5 * longest, `${a} to ${b}`);
});
