/**
 * What is drawn over again: lines replace lines, and nothing is changed that would have to be put back.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canDrawOver, InPlace } from '../../../bench/text/in-place.js';
import { ESCAPE } from '../../support/printed.js';

/** A terminal of one page: what stands on it, and all that was written to it. */
function terminal(columns: number, rows: number) {
  const screen = { columns, rows };
  let written = '';
  const lines: string[] = [''];
  let at = 0;
  const write = (text: string): void => {
    written += text;
    for (const [part] of text.matchAll(new RegExp(`${ESCAPE}\\[\\d*[A-Z]|[^${ESCAPE}\r\n]+|[\r\n]`, 'g'))) {
      const [, count = '', what] = new RegExp(`${ESCAPE}\\[(\\d*)([A-Z])`).exec(part) ?? [];
      if (part === '\n') at++;
      else if (what === 'A') at -= Number(count);
      else if (what === 'J') lines.length = at;
      else if (what === undefined && part !== '\r') lines[at] = part;
      lines[at] ??= '';
    }
  };
  return { screen, write, lines, written: () => written };
}

test('lines are drawn over the last ones, however many those were', () => {
  const { screen, write, lines } = terminal(20, 10);
  const place = new InPlace(screen, write);
  place.draw(['one', 'two', 'three']);
  assert.deepEqual(lines, ['one', 'two', 'three', '']);
  place.draw(['only']);
  assert.deepEqual(lines, ['only', '']);
  place.draw(['a', 'b']);
  assert.deepEqual(lines, ['a', 'b', '']);
  place.clear();
  assert.deepEqual(lines, ['']);
});

test('what does not fit is cut: a line that the terminal breaks would count as two', () => {
  const { screen, write, lines } = terminal(5, 3);
  new InPlace(screen, write).draw(['123456', '2', '3']);
  assert.deepEqual(lines, ['1234', '2', '']);
});

test('a terminal that was made wider keeps what stood there, and nothing is drawn over it', () => {
  const { screen, write, lines } = terminal(20, 10);
  const place = new InPlace(screen, write);
  place.draw(['old']);
  screen.columns = 30;
  place.draw(['new']);
  assert.deepEqual(lines, ['old', 'new', '']);
});

test('no mode of the terminal is changed', () => {
  const { screen, write, written } = terminal(20, 10);
  const place = new InPlace(screen, write);
  place.draw(['one', 'two']);
  place.draw(['one']);
  place.clear();
  assert.equal(written().replaceAll(new RegExp(`${ESCAPE}\\[(\\d*A|J|K)|[\\n\\ra-z]`, 'g'), ''), '');
});

test('only a terminal that obeys is drawn over', (t) => {
  const { CI, TERM } = process.env;
  t.after(() => {
    for (const [name, value] of Object.entries({ CI, TERM })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const can = (isTTY: boolean, env: Readonly<Record<string, string>>): boolean => {
    Object.assign(process.env, { CI: '', TERM: 'xterm', ...env });
    return canDrawOver({ isTTY });
  };
  assert.ok(can(true, {}));
  assert.ok(!can(false, {}));
  assert.ok(!can(true, { TERM: 'dumb' }));
  assert.ok(!can(true, { CI: 'true' }));
});

test('a terminal that does not know its size has the room of a usual one', () => {
  const { screen, write } = terminal(0, 0);
  const place = new InPlace(screen, write);
  assert.deepEqual([place.width, place.height], [79, 23]);
});
