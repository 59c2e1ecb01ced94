/**
 * The three calls that a build needs and Node does not have; undefined where the library for them is not installed. Then
 * builds are made all the same: starts at once do not wait for one another, and old builds stay.
 */
import { createRequire } from 'node:module';

function load() {
  try {
    const koffi = createRequire(import.meta.url)('koffi');
    const library = koffi.load(null);
    return {
      errno: () => koffi.errno(),
      EINTR: koffi.os.errno.EINTR,
      flock: library.func('int flock(int fd, int operation)'),
      mkfifo: library.func('int mkfifo(const char *path, unsigned int mode)'),
      syncfs: library.func('int syncfs(int fd)'),
    };
  } catch {
    return undefined;
  }
}

export const libc = load();
