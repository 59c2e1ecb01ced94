/**
 * The npm package fs-ext, which may be missing or not built.
 */
import { optionalPackage } from './optional-package.js';

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

export const { load: loadFsExt, probe: probeFsExt } = optionalPackage<FsExt>('fs-ext', { compiled: true });
