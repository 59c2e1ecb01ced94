/**
 * Whether the running kernel has what the lab needs of it, as the kernel itself tells: what is built in has no file below
 * /lib/modules, and of many parts no directory in /sys/module either. What only trying tells is tried in a network
 * namespace that ends with the try. Source: proc_filesystems(5), proc_config.gz(5), unshare(1).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { labModules } from './modules.js';

export type Answer = 'there' | 'missing' | 'unknown';

/** What it takes to have one, in a network namespace of its own. */
const TRIES: Readonly<Record<string, readonly string[]>> = {
  veth: ['ip', 'link', 'add', 'lb0', 'type', 'veth', 'peer', 'name', 'lb1'],
  bridge: ['ip', 'link', 'add', 'lb0', 'type', 'bridge'],
  sch_netem: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'],
};

/** By what name the kernel's own configuration knows them. */
const CONFIGURED: Readonly<Record<string, string>> = {
  ext4: 'EXT4_FS',
  loop: 'BLK_DEV_LOOP',
  veth: 'VETH',
  bridge: 'BRIDGE',
  sch_netem: 'NET_SCH_NETEM',
  nfsd: 'NFSD',
  nfsv3: 'NFS_V3',
  nfsv4: 'NFS_V4',
};

/** What tells of the running kernel; each may have nothing to say. */
export interface Evidence {
  /** Of /proc/filesystems. */
  readonly fileSystems: readonly string[];
  isLoaded(name: string): boolean;
  /** Names that the kernel's modules lack, of those asked for; null where there are no modules to look at. */
  notInModules(names: readonly string[]): readonly string[] | null;
  /** Text of its configuration; null where it keeps none. */
  readonly config: string | null;
  /** Whether a command succeeds in a network namespace of its own; null where it cannot be tried. */
  tried(command: readonly string[]): boolean | null;
}

export function answerFor(name: string, evidence: Evidence): Answer {
  const { fileSystems, config } = evidence;
  if (evidence.isLoaded(name) || fileSystems.includes(name)) return 'there';
  if (evidence.notInModules([name])?.length === 0) return 'there';
  const option = CONFIGURED[name];
  const set =
    config === null || option === undefined ? null : new RegExp(`^CONFIG_${option}=y$`, 'm').test(config);
  if (set === true) return 'there';
  const command = TRIES[name];
  const works = command === undefined ? null : evidence.tried(command);
  if (works !== null) return works ? 'there' : 'missing';
  return set === false || evidence.notInModules([name]) !== null ? 'missing' : 'unknown';
}

function read<T>(of: () => T): T | null {
  try {
    return of();
  } catch {
    return null;
  }
}

function runsInNamespace(command: readonly string[]): boolean | null {
  const unshare = (...words: readonly string[]): boolean =>
    spawnSync('unshare', ['--net', ...words], { stdio: 'ignore' }).status === 0;
  return unshare('true') && spawnSync(command[0] ?? '', ['-V'], { stdio: 'ignore' }).status === 0
    ? unshare(...command)
    : null;
}

/** The kernel that runs. */
export const runningKernel = (): Evidence => ({
  fileSystems: read(() => readFileSync('/proc/filesystems', 'utf8').split(/\s+/)) ?? [],
  isLoaded: (name) => existsSync(join('/sys/module', name)),
  notInModules: (names) => read(() => labModules(join('/lib/modules', release()), names).missing),
  config:
    read(() => gunzipSync(readFileSync('/proc/config.gz')).toString('utf8')) ??
    read(() => readFileSync(`/boot/config-${release()}`, 'utf8')),
  tried: runsInNamespace,
});
