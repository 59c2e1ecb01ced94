import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageLines } from '../../../bench/measure/parent/message-lines.js';

function said(...texts: readonly string[]): { messages: unknown[]; isOver: boolean } {
  const lines = new MessageLines();
  for (const text of texts) lines.add(text);
  const messages: unknown[] = [];
  for (let message = lines.next(); message !== undefined; message = lines.next()) messages.push(message);
  return { messages, isOver: lines.isOver };
}

test('messages may come in pieces, and several at once', () => {
  const { messages, isOver } = said('{"at":"wa', 'rm","turns":1}\n{"at":"ready"}\n{"at"');
  assert.deepEqual(messages, [{ at: 'warm', turns: 1 }, { at: 'ready' }]);
  assert.equal(isOver, false);
});

for (const line of ['hello', '', '7', 'null', '{"to":"ready"}', '{"at":7}']) {
  test(`${JSON.stringify(line)} is no message, and the last that is heard`, () => {
    const { messages, isOver } = said('{"at":"ready"}\n', `${line}\n`, '{"at":"done"}\n');
    const message = `a line of JSON with a member "at" was expected, got ${JSON.stringify(line)}`;
    assert.deepEqual(messages, [{ at: 'ready' }, { at: 'error', message }]);
    assert.equal(isOver, true);
  });
}

test('nonsense is told shortened, and without control characters', () => {
  const [failure] = said(`\u001b[31m${'x'.repeat(1000)}\n`).messages;
  assert.match(JSON.stringify(failure), /got \\"\\\\u001b\[31mx{55}…\\""/);
});

test('a line without an end, and messages without end, are refused', () => {
  const piece = 'x'.repeat(100_000);
  assert.match(JSON.stringify(said(...Array.from({ length: 81 }, () => piece))), /a longer one was begun/);
  const flood = said('{"at":"ready"}\n'.repeat(10_001));
  assert.equal(flood.messages.length, 1);
  assert.match(JSON.stringify(flood), /it says too much/);
});
