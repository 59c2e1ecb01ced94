/**
 * flock(1) of util-linux, as scripts use it.
 */
import { join } from 'node:path';
import type { Peer } from './peer.js';

const TIMES = 100;
const LOOP = 'i=0; while [ $i -lt "$2" ]; do flock "$1" true || exit; i=$((i+1)); done';

export const flockCommand: Peer = {
  name: 'flock FILE true',
  program: 'flock',
  debianPackage: 'util-linux',
  words: (directory) => ['sh', '-c', LOOP, 'sh', join(directory, 'locked'), String(TIMES)],
  copies: 1,
  operation:
    'two programs are started, flock and true; the first opens the file and locks it, and its end unlocks it',
  ours: { lock: { catalogue: 'flock' }, measured: 'pair', operations: 1 },
  differs: 'it starts two programs; lock and unlock alone are the part that ours has',
  costOf: ({ wallNs }) => wallNs / TIMES,
};
