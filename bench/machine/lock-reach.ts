/**
 * Between whom locks on a mount exclude, because of which option or file system, from the mount table alone.
 */
import { optionOf } from './lock-warnings.js';
import type { Mount } from './mount.js';
import { areKeptLocal, asksLockd, fileSystemName, isCifs, isNfs } from './mount-description.js';
import { isKnownLocal, reachOf } from './shared-file-systems.js';

type Described = Pick<Mount, 'filesystem' | 'options'>;

/** `none other`: no other host shares it, so that there is nobody else to be excluded. */
export type Reach = 'this host' | 'all hosts' | 'none other' | 'unknown';

export interface LockReach {
  readonly reach: Reach;
  /** A sentence without its full stop. */
  readonly sentence: string;
}

const ON_THIS_HOST = 'fcntl and flock each exclude between processes of this host';

function ofNfs(mount: Described): LockReach {
  const [posix, flock] = [areKeptLocal('posix', mount), areKeptLocal('flock', mount)];
  const option = mount.options.includes('nolock')
    ? 'nolock'
    : `local_lock=${optionOf(mount, 'local_lock') ?? 'none'}`;
  const name = fileSystemName(mount);
  if (posix && flock) {
    return {
      reach: 'this host',
      sentence: `locks on this mount stay on this client (${option}): other clients are not excluded`,
    };
  }
  if (posix || flock) {
    const [stays, goes] = posix ? ['fcntl', 'flock'] : ['flock', 'fcntl'];
    return {
      reach: 'this host',
      sentence: `${stays} locks stay on this client (${option}); use ${goes} to exclude other clients`,
    };
  }
  const by = asksLockd(mount) ? ', as long as its lockd answers' : '';
  return {
    reach: 'all hosts',
    sentence: `fcntl and flock are asked of the server (${name}) and exclude between all its clients${by}`,
  };
}

function ofCifs(mount: Described): LockReach {
  return mount.options.includes('nobrl')
    ? { reach: 'this host', sentence: 'locks stay on this client (nobrl): other clients are not excluded' }
    : {
        reach: 'all hosts',
        sentence: `locks are asked of the server (${fileSystemName(mount)}), for all its clients`,
      };
}

const BY_REACH = {
  'this host': 'locks stay on this host: other hosts are not excluded',
  'all hosts': 'fcntl and flock are asked of its servers and exclude between all hosts that mount it',
  unknown: 'whether locks reach the others that share it is not known: test from both sides',
} as const;

/** What a mount's locks are good for. */
export function lockReach(mount: Described): LockReach {
  const { filesystem, options } = mount;
  if (isNfs(mount)) return ofNfs(mount);
  if (isCifs(mount)) return ofCifs(mount);
  const reach = reachOf(filesystem, options);
  if (reach !== null) return { reach, sentence: `${ON_THIS_HOST}; ${filesystem}: ${BY_REACH[reach]}` };
  if (isKnownLocal(filesystem)) {
    return { reach: 'none other', sentence: `${ON_THIS_HOST}; no other host shares ${filesystem}` };
  }
  if (filesystem === 'overlay') {
    return { reach: 'none other', sentence: `${ON_THIS_HOST} and container; overlay is a container's own` };
  }
  return {
    reach: 'unknown',
    sentence: `${ON_THIS_HOST}; whether ${filesystem} is shared, and its locks reach others, is not known`,
  };
}
