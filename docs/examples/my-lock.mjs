import { closeSync, constants, openSync, unlinkSync } from 'node:fs';

const { O_CREAT, O_EXCL, O_WRONLY } = constants;

export const strategy = {
  name: 'my-lock',
  title: 'a lock file',
  family: 'name in a directory',
  source: 'open(2)',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'stuck',
    owner: 'name',
  },
  calls: 'synchronous',
  open(site) {
    const path = site.path('my.lock');
    return {
      tryLock() {
        try {
          closeSync(openSync(path, O_CREAT | O_EXCL | O_WRONLY));
          return true;
        } catch (error) {
          if (error.code === 'EEXIST') return false;
          throw error;
        }
      },
      unlock() {
        unlinkSync(path);
      },
      close() {},
    };
  },
};
