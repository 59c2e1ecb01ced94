/**
 * What of a mount defeats, weakens or slows locks, from its options, in plain words that say what to do. Sources: nfs(5),
 * mount.cifs(8), fuse(4), the kernel's documentation of 9p and overlayfs.
 */

import type { Mount } from './mount.js';
import { isKnownLocal, sharedNote } from './shared-file-systems.js';

type Options = Pick<Mount, 'options'>;

const has = ({ options }: Options, option: string): boolean => options.includes(option);

/** The value of an option that has one: "flock" of local_lock=flock. */
export const optionOf = ({ options }: Options, name: string): string | undefined =>
  options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);

/** In the order of `known`. */
const namedWarnings = (mount: Options, known: Readonly<Record<string, string>>): string[] =>
  Object.entries(known).flatMap(([option, warning]) => (has(mount, option) ? [`${option}: ${warning}`] : []));

/** By option, as it stands in the mount table; what defeats a lock comes first. */
const NFS_WARNINGS: Readonly<Record<string, string>> = {
  nolock:
    'the server never hears of fcntl and flock locks; two clients can both hold one; mount without it, and with a ' +
    'server whose lockd answers',
  soft: 'a slow server makes a lock or a write fail with EIO in the middle of the work; mount hard wherever programs lock',
  softerr:
    'a slow server makes a lock or a write fail with ETIMEDOUT in the middle of the work; mount hard wherever programs lock',
  nocto:
    'who opens a file may read what was in it before another client closed it: lock files exclude, but do not make what ' +
    'they guard visible; mount with cto, or use fcntl or flock, which ask the server again',
  noac:
    'attributes are never cached and each write waits for the server: locks are as good as without, every turn is ' +
    'slower; what others write into a file that is open for writing here is not seen by that: use fcntl or flock',
  sync: 'each write waits for the server: locks are as good as without, every write is slower; fcntl and flock need it not',
  nosharecache:
    'another mount of the same export on this host has a cache of its own: on one host too, only what was locked or ' +
    'opened anew is seen; use one mount point',
  'lookupcache=none':
    'each look at a name asks the server: locks are as good as without, lock files are slower; needed only by ' +
    'programs that look for a lock file without creating it',
  'lookupcache=pos':
    'a name that was missing is asked for each time: who looks for a lock file sees it at once; creating one with ' +
    'O_EXCL needs it not',
  'vers=2': 'NFSv2 cannot create a name exclusively: lock files do not exclude; mount with vers=3 or later',
};

function localLock(mount: Options): string[] {
  const local = optionOf(mount, 'local_lock');
  const kinds = { all: ['fcntl', 'flock'], posix: ['fcntl'], flock: ['flock'] }[local ?? ''] ?? [];
  // nolock says the same, and the kernel adds local_lock=all to it.
  if (has(mount, 'nolock')) return [];
  return kinds.map(
    (kind) =>
      `local_lock=${local}: ${kind} locks hold within this client only; other clients are not excluded; mount with ` +
      'local_lock=none',
  );
}

/** actimeo=0, which the table has as four options; noac says it by itself. */
function noAttributeCache(mount: Options): string[] {
  const times = ['acregmin', 'acregmax'].map((name) => optionOf(mount, name));
  if (has(mount, 'noac') || times.some((time) => time !== '0')) return [];
  return [
    'actimeo=0: attributes are never cached, but what was written is: a number is seen by others once it was unlocked ' +
      'or closed, as without; every look at a file is slower',
  ];
}

const ONE_CLIENT =
  'a verdict from one client holds within this client only: test from two clients before relying on it';

function nfsWarnings(mount: Options): string[] {
  // noac brings sync along.
  const own = mount.options.filter((option) => option !== 'sync' || !has(mount, 'noac'));
  const named = namedWarnings({ options: own }, NFS_WARNINGS);
  return [...localLock(mount), ...named, ...noAttributeCache(mount), ONE_CLIENT];
}

const CIFS_WARNINGS: Readonly<Record<string, string>> = {
  nobrl: 'byte-range locks are not sent to the server; clients do not exclude each other; mount without it',
  forcemandatorylock: 'a lock also stops reads and writes of others',
  'cache=loose':
    'reads may come from the cache though another client has written; a lock does not help; mount with cache=strict',
};

/** WSL 2 mounts drives of Windows by 9p. */
const isDriveOfWindows = (mount: Options): boolean =>
  mount.options.some((option) => option.startsWith('aname=drvfs'));

function nineWarnings(mount: Options): string[] {
  const cache = optionOf(mount, 'cache');
  return [
    ...(isDriveOfWindows(mount) ? [sharedNote('drvfs', mount.options) ?? ''] : []),
    '9p: locks reach the host only if the server supports them; other guests, and the host itself, may not be excluded',
    ...(cache === 'loose' || cache === 'fscache'
      ? [
          `cache=${cache}: reads may come from the cache though the host has written; mount with cache=none to share`,
        ]
      : []),
  ];
}

const OVERLAY_WARNINGS: readonly string[] = [
  'overlay: a file that is opened for reading before its first write is another file than after it; open files that ' +
    'are locked for writing from the start',
  'overlay: in a container it is a layer of the container’s own: locks in it exclude nobody outside; to share files ' +
    'between containers, use a volume',
];

const unknown = (filesystem: string): string =>
  `${filesystem}: not a file system that lockbench knows: whether other hosts share it, and whether its locks reach them, ` +
  'is unknown; test from two hosts if they do';

/** What of a mount defeats, weakens or slows locks; empty when nothing is known to. Sentences without their full stop. */
export function lockWarnings(mount: Pick<Mount, 'filesystem' | 'options'>): string[] {
  const { filesystem } = mount;
  if (filesystem === 'nfs' || filesystem === 'nfs4') return nfsWarnings(mount);
  if (filesystem === 'cifs' || filesystem === 'smb3')
    return [...namedWarnings(mount, CIFS_WARNINGS), ONE_CLIENT];
  if (filesystem === '9p') return nineWarnings(mount);
  if (filesystem === 'overlay') return [...OVERLAY_WARNINGS];
  const shared = sharedNote(filesystem, mount.options);
  if (shared !== null) return [shared];
  if (filesystem === 'fuse' || filesystem.startsWith('fuse.')) {
    const daemon = filesystem.startsWith('fuse.') ? ` (${filesystem.slice('fuse.'.length)})` : '';
    return [
      `FUSE${daemon}: unless its daemon handles locks, they hold on this host only, and the daemon never hears of them`,
    ];
  }
  return isKnownLocal(filesystem) ? [] : [unknown(filesystem)];
}
