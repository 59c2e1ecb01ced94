/**
 * Where a symbolic link leads, asked of the link itself and not of its name. Source: readlinkat(2).
 */
import { asName, type Name } from './at.js';
import { fail } from './errno.js';
import { libc } from './libc.js';

const readlinkat: (dirfd: number, name: Name, into: Buffer, size: number) => number = libc.func(
  'intptr_t readlinkat(int dirfd, const uint8_t *name, uint8_t *into, size_t size)',
);

const noName = asName('');
const target = Buffer.alloc(4096);

/** `fd`: open on the link (O_PATH | O_NOFOLLOW). Throws SystemError. */
export function linkTarget(fd: number): string {
  const length = readlinkat(fd, noName, target, target.length);
  if (length === -1) fail('readlinkat', `descriptor ${fd}`);
  return target.toString('utf8', 0, length);
}
