/**
 * The sequence-number file as a text that is made, set back and read whole, by those who take no numbers from it.
 */
import { closeSync, ftruncateSync, writeFileSync } from 'node:fs';
import { AT_FDCWD, asName } from '../../../strategies/posix/at.js';
import { openRegular, readAll, writeAll } from '../../machine/files/open-file.js';
import { FIRST_NUMBER, notANumber, ROOM } from '../worker/number-file.js';

/** Makes the file, with the first number in it. */
export function createNumberFile(path: string): void {
  writeFileSync(path, `${FIRST_NUMBER}\n`, { flag: 'wx', mode: 0o600 });
}

/** The first number stands in it again; the file stays the same. */
export function resetNumberFile(path: string): void {
  atNumber(path, 'writing', (fd) => {
    ftruncateSync(fd, 0);
    writeAll(fd, `${FIRST_NUMBER}\n`);
  });
}

/** Opens it as what somebody may have exchanged: a named pipe there would keep the parent waiting for ever. */
function atNumber<T>(path: string, access: 'reading' | 'writing', action: (fd: number) => T): T {
  const fd = openRegular(AT_FDCWD, asName(path), { access });
  try {
    return action(fd);
  } finally {
    closeSync(fd);
  }
}

/** The number that stands in the file. Throws an Error if there is none. */
export function readNumber(path: string): number {
  const text = atNumber(path, 'reading', (fd) => readAll(fd, ROOM).toString('latin1'));
  const digits = /^\d+/.exec(text);
  if (digits === null) throw notANumber(path, text);
  return Number(digits[0]);
}
