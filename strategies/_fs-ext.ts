/**
 * The npm package fs-ext, which may be missing or not built: it is optional, since it needs a compiler.
 */
import { createRequire } from 'node:module';
import type { Availability } from './strategy.js';

/** The part of fs-ext 2.1 that works. Its fcntlSync does not: it passes a number where a struct is due. */
export interface FsExt {
  /** Callback form, on a thread of libuv's pool; whole file; `setlkw` waits there. */
  fcntl(
    fd: number,
    command: 'setlk' | 'setlkw',
    type: number,
    done: (error: NodeJS.ErrnoException | null) => void,
  ): void;
  /** Throws an error with `code`. */
  flockSync(fd: number, flags: 'ex' | 'exnb' | 'sh' | 'shnb' | 'un'): void;
  readonly constants: { readonly F_WRLCK: number; readonly F_UNLCK: number };
}

const COMPILER = 'install a compiler (apt-get install g++ make python3)';

/** The package. Throws what `require` throws. */
export function loadFsExt(): FsExt {
  return createRequire(import.meta.url)('fs-ext') as FsExt;
}

/** Looks whether the package can be loaded, and says what to do if not. */
export function probeFsExt(): Availability {
  try {
    loadFsExt();
    return { available: true };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // npm takes an optional package away again when its build fails, and then there is nothing to rebuild.
    const reason = message.includes("'fs-ext'")
      ? `fs-ext is not installed: ${COMPILER} and run "npm ci"`
      : `fs-ext is installed but not built: ${COMPILER} and run "npm rebuild fs-ext"`;
    return { available: false, reason };
  }
}
