/**
 * Transcripts in pages: where a command ends and its output begins, and that one that fails costs no other.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayed, transcriptsOf } from '../../../bench/dev/pages/transcripts.js';

const block = (...lines: readonly string[]): string => ['```console', ...lines, '```', ''].join('\n');

test('a command goes on after a backslash, after "> ", and until its quotes are closed', () => {
  const typed = [
    ['$ echo one \\', '    two'],
    ["$ node -e 'console.log(1);", 'console.log("it is")\''],
    ['$ cat <<E', '> three', '> E'],
    ['$ echo "not \\" yet', 'but now"'],
  ];
  const page = block(...typed.flatMap((lines, i) => [...lines, `output ${i}`]));
  assert.deepEqual(
    transcriptsOf(page).flatMap(({ commands }) => commands),
    typed.map((lines, i) => ({ typed: lines, output: [`output ${i}`] })),
  );
});

test('a transcript that does not end as it should stays as it is, is told, and costs no other', () => {
  const failing = block('$ echo before; false', 'old');
  const page = `text\n${failing}\n${block("$ echo 'a", "b'", 'old')}`;
  const { page: now, flaws } = replayed(page);
  assert.equal(now, `text\n${failing}\n${block("$ echo 'a", "b'", 'a', 'b')}`);
  assert.equal(flaws.length, 1);
  assert.match(flaws[0] ?? '', /exit code 0 was expected, got 1, of \$ echo before; false: before/);
});

test('of a page only those are played that have a text in a command', () => {
  const [one, other] = [block('$ echo one', 'old'), block('$ echo other', 'old')];
  assert.deepEqual(replayed(one + other, 'echo other'), {
    page: one + block('$ echo other', 'other'),
    flaws: [],
  });
});
