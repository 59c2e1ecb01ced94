/**
 * The number file: counting in digits, in both modes.
 */
import assert from 'node:assert/strict';
import { closeSync, constants, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createNumberFile, readNumber } from '../../../bench/measure/parent/number-text.js';
import { keptOpen, type NumberFile, reopened } from '../../../bench/measure/worker/number-file.js';
import { temporaryDirectory } from '../../support/support.js';

/** Both ways of taking numbers, each from a file of its own that holds `text`. */
function withBoth(
  t: TestContext,
  text: string,
  use: (file: NumberFile, path: string, mode: string) => void,
): void {
  const directory = temporaryDirectory(t);
  const kept = join(directory, 'kept');
  const other = join(directory, 'other');
  for (const path of [kept, other]) writeFileSync(path, text);
  const fd = openSync(kept, 'r+');
  try {
    use(keptOpen(kept, fd), kept, 'kept open');
  } finally {
    closeSync(fd);
  }
  use(reopened(other), other, 'reopened');
}

test('a new file holds 1, and an existing one is not overwritten', (t) => {
  const path = join(temporaryDirectory(t), 'number');
  createNumberFile(path);
  assert.equal(readFileSync(path, 'latin1'), '1\n');
  writeFileSync(path, '7\n');
  assert.throws(() => createNumberFile(path), { code: 'EEXIST' });
  assert.equal(readNumber(path), 7);
});

const steps: readonly (readonly [string, number])[] = [
  ['1\n', 2],
  ['9\n', 10],
  ['19\n', 20],
  ['99\n', 100],
  ['1099\n', 1100],
  ['999999\n', 1_000_000],
  ['2147483646\n', 2_147_483_647],
  ['41', 42],
];

for (const [before, taken] of steps) {
  test(`after ${JSON.stringify(before)} comes ${taken}, in the file too`, (t) => {
    withBoth(t, before, (file, path, mode) => {
      assert.equal(file.take(), taken, mode);
      assert.equal(readFileSync(path, 'latin1'), `${taken}\n`, mode);
      assert.equal(readNumber(path), taken, mode);
    });
  });
}

for (const text of ['2147483647\n', '2147483648\n', '9007199254740993\n', '99999999999999999999999\n']) {
  test(`after ${JSON.stringify(text)} comes nothing: a ledger could not hold it`, (t) => {
    withBoth(t, text, (file, path, mode) => {
      assert.throws(
        () => file.take(),
        /a number below 2147483647 was expected, which a ledger can hold/,
        mode,
      );
      assert.equal(readFileSync(path, 'latin1'), text, mode);
    });
  });
}

test('a thousand numbers follow each other without a gap', (t) => {
  withBoth(t, '1\n', (file, path, mode) => {
    for (let expected = 2; expected <= 1001; expected++) assert.equal(file.take(), expected, mode);
    assert.equal(readFileSync(path, 'latin1'), '1001\n', mode);
  });
});

test('what stands behind the newline does not count', (t) => {
  withBoth(t, '8\n77 old garbage\n', (file, path, mode) => {
    assert.deepEqual([file.take(), file.take(), file.take()], [9, 10, 11], mode);
    assert.match(readFileSync(path, 'latin1'), /^11\n/, mode);
    assert.equal(readNumber(path), 11, mode);
  });
});

test('kept open and reopened take turns on one file without missing one', (t) => {
  const path = join(temporaryDirectory(t), 'number');
  createNumberFile(path);
  const fd = openSync(path, 'r+');
  const files = [keptOpen(path, fd), reopened(path)];
  const taken = Array.from({ length: 200 }, (_, i) => files[i % 2]?.take());
  closeSync(fd);
  assert.deepEqual(
    taken,
    Array.from({ length: 200 }, (_, i) => i + 2),
  );
});

test('reopening leaves no descriptor open', (t) => {
  const path = join(temporaryDirectory(t), 'number');
  createNumberFile(path);
  const { take, look } = reopened(path);
  take();
  const before = readdirSync('/proc/self/fd').length;
  for (let i = 0; i < 50; i++) {
    take();
    look();
  }
  assert.equal(readdirSync('/proc/self/fd').length, before);
});

for (const text of ['', '\n', 'abc\n', '-5\n', ' 5\n', '\0\0\0']) {
  test(`a file that holds ${JSON.stringify(text)} is refused, with its path and what was found`, (t) => {
    const tellsAll = (path: string) => (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.ok(error.message.includes(path), error.message);
      assert.ok(error.message.includes(`expected, got ${JSON.stringify(text)}`), error.message);
      return true;
    };
    withBoth(t, text, (file, path) => {
      assert.throws(() => file.take(), tellsAll(path));
      assert.equal(readFileSync(path, 'latin1'), text);
      assert.throws(() => readNumber(path), tellsAll(path));
    });
  });
}

const looks: readonly (readonly [string, number])[] = [
  ['1\n', 1],
  ['10\n', 10],
  ['999999\n', 999_999],
  ['8\n77 old garbage\n', 8],
  ['8\nx', 8],
  // Lines without an end, or that are no number: what a reader beside a writer may see.
  ['', -1],
  ['41', -1],
  ['\n', -1],
  ['\n5\n', -1],
  ['abc\n', -1],
  ['4x\n', -1],
  ['-5\n', -1],
  [' 5\n', -1],
  ['\0\0\n', -1],
  ['1\0\n', -1],
];

for (const [text, seen] of looks) {
  test(`who looks at ${JSON.stringify(text)} sees ${seen}, and changes nothing`, (t) => {
    withBoth(t, text, (file, path, mode) => {
      assert.deepEqual([file.look(), file.look()], [seen, seen], mode);
      assert.equal(readFileSync(path, 'latin1'), text, mode);
    });
  });
}

test('who looks sees what was taken last, and looking disturbs no taking', (t) => {
  withBoth(t, '98\n', (file, _path, mode) => {
    const seen = [file.take(), file.look(), file.take(), file.look(), file.look(), file.take(), file.look()];
    assert.deepEqual(seen, [99, 99, 100, 100, 100, 101, 101], mode);
  });
});

test('looking at a file that is gone, or by a descriptor that cannot be read, is an error with its path', (t) => {
  const path = join(temporaryDirectory(t), 'number');
  createNumberFile(path);
  const fd = openSync(path, constants.O_WRONLY);
  t.after(() => closeSync(fd));
  assert.throws(() => keptOpen(path, fd).look(), { code: 'EBADF' });
  assert.throws(() => reopened(`${path}.gone`).look(), { code: 'ENOENT' });
});

test('a descriptor that cannot be read or written, and a file that is gone, are errors with their path', (t) => {
  const path = join(temporaryDirectory(t), 'number');
  createNumberFile(path);
  const tells = (errno: string, where: string) => (error: unknown) =>
    error instanceof Error && error.message.includes(errno) && error.message.includes(where);
  for (const flags of [constants.O_RDONLY, constants.O_WRONLY]) {
    const fd = openSync(path, flags);
    assert.throws(() => keptOpen(path, fd).take(), tells('EBADF', path));
    closeSync(fd);
  }
  assert.throws(() => reopened(`${path}.gone`).take(), tells('ENOENT', `${path}.gone`));
});
