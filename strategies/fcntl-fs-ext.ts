/**
 * fcntl through the npm package fs-ext: its callback form, as a promise. The synchronous form cannot lock.
 *
 * On lock: fcntl(fd, 'setlkw', F_WRLCK) on a thread of libuv's pool, whole file.
 * On unlock: fcntl(fd, 'setlk', F_UNLCK).
 * If the holder dies: the kernel releases the lock.
 * Where it breaks: as fcntl; besides, each call wakes a thread and the event loop, which costs some tens of times as
 * much as the lock, and more waiters in one process than the pool has threads (four) stall all its file operations.
 * Source: fcntl_locking(2); the package's README.
 */
import { loadFsExt, probeFsExt } from './shared/fs-ext.js';
import type { AsyncStrategy } from './strategy.js';

export const strategy: AsyncStrategy = {
  name: 'fcntl-fs-ext',
  title: 'fcntl of the package fs-ext',
  family: 'kernel file lock',
  source: 'fcntl_locking(2); npm package fs-ext',
  sameLockAs: 'fcntl',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'process',
  },
  calls: 'asynchronous',
  probe: probeFsExt,
  open({ fd }) {
    const fsExt = loadFsExt();
    const { F_WRLCK, F_UNLCK } = fsExt.constants;
    /** Resolves to the code of an error that `expected` names, or to null; rejects with any other. */
    const call = async (
      command: 'setlk' | 'setlkw',
      type: number,
      expected: readonly string[],
    ): Promise<string | null> => {
      for (;;) {
        const code = await new Promise<string | null>((resolve, reject) => {
          fsExt.fcntl(fd, command, type, (error) => {
            if (error === null || error === undefined) resolve(null);
            else if (error.code === 'EINTR' || expected.includes(error.code ?? '')) resolve(error.code ?? '');
            else reject(error);
          });
        });
        if (code !== 'EINTR') return code;
      }
    };
    return {
      async lock() {
        await call('setlkw', F_WRLCK, []);
      },
      tryLock: async () => (await call('setlk', F_WRLCK, ['EAGAIN', 'EACCES'])) === null,
      async unlock() {
        await call('setlk', F_UNLCK, []);
      },
      close() {},
    };
  },
};
