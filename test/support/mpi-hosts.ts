/**
 * Hosts without machines, for MPI: network namespaces joined by a veth pair, each with a host name of its own. Open MPI
 * starts its daemon on another host by an agent, which here is a script around `ip netns exec`. All of them see the same
 * local file system, as hosts see a mount that they share.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Ended } from './support.js';
import { endOf, hasCommand, isRoot, needs, program, temporaryDirectory } from './support.js';

/** Where both families are installed, plain `mpirun` may be the other one. */
export const OPEN_MPI: readonly string[] = hasCommand('mpirun.openmpi') ? ['mpirun.openmpi'] : ['mpirun'];
export const MPICH: readonly string[] = ['mpirun.mpich'];

/** Root must say so, and a machine with few processors must allow for more ranks than that. */
const ALLOW = ['--allow-run-as-root', '--oversubscribe'];

const isOpenMpi = (): boolean =>
  spawnSync(OPEN_MPI[0] ?? '', ['--version'], { encoding: 'utf8' }).stdout?.match(/Open ?(MPI|RTE)/) != null;

/** Whether a test that needs Open MPI may go on. */
export const needsOpenMpi = (t: TestContext): boolean =>
  needs(t, isOpenMpi(), 'Open MPI is not installed (openmpi-bin)');

/** What a test does not want to depend on: variables of a launcher that started it, a terminal's width. */
function environment(): NodeJS.ProcessEnv {
  const { COLUMNS: _columns, ...env } = process.env;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(OMPI|PMI|PMIX|SLURM)_/.test(name)));
}

export interface StartedJob {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts these words; they are ended after the test. */
export function startWords(
  t: TestContext,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): StartedJob {
  const [command = '', ...args] = words;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), COLUMNS: '160', ...env },
  });
  t.after(() => child.kill('SIGTERM'));
  return { pid: child.pid ?? 0, ended: endOf(child), kill: (signal) => child.kill(signal) };
}

/** The words that start `lockbench hosts` on this many ranks of this host. */
export const onThisHost = (ranks: number, ...args: string[]): string[] => [
  ...OPEN_MPI,
  ...ALLOW,
  ...['-n', String(ranks), process.execPath, program, 'hosts', ...args],
];

/** Two hosts; `words` starts `lockbench hosts` on this many ranks of each. */
export interface TwoHosts {
  readonly names: readonly [string, string];
  /** Ends all that runs on either, by force. */
  powerOff(): void;
  /** A program for --cut-holder, which takes the second host off the network; it `heals` it or fails to. */
  cutter(heals: boolean): string;
  words(ranks: readonly [number, number], ...args: string[]): string[];
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** For `twoHosts`: the second host has this directory for itself, empty. */
export const ownDirectory = (path: string): string => `mount -t tmpfs -o mode=1777 lockbench '${path}'`;

/**
 * `onSecond`: what the second host does first, a line for a shell, in a mount namespace of its own. null, and the test
 * skipped, where namespaces cannot be made.
 */
export function twoHosts(t: TestContext, onSecond = ':'): TwoHosts | null {
  if (!needsOpenMpi(t) || !needs(t, isRoot, 'network namespaces need root')) return null;
  const has = hasCommand('ip', '-V') && hasCommand('unshare', '--net', '--uts', '--mount', 'true');
  if (!needs(t, has, 'network namespaces are not to be had here')) return null;
  const [a, b] = [`lockbench-${process.pid}-a`, `lockbench-${process.pid}-b`];
  const ip = (...words: string[]): void => {
    const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
  };
  // A host that is cut off hears of no end.
  const powerOff = (): void => {
    for (const name of [a, b]) {
      const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
      for (const pid of (stdout ?? '').split('\n').filter((line) => line !== '')) killed(Number(pid));
    }
  };
  t.after(() => {
    powerOff();
    for (const name of [a, b]) spawnSync('ip', ['netns', 'del', name]);
  });
  const made = [a, b].every((name) => spawnSync('ip', ['netns', 'add', name]).status === 0);
  if (!needs(t, made, 'ip netns add is refused here')) return null;
  // The interfaces have the same names on both hosts, which are each other's only neighbours.
  ip('-n', a, 'link', 'add', 'lb0', 'type', 'veth', 'peer', 'name', 'lb0', 'netns', b);
  const addresses = ['10.91.7.1', '10.91.7.2'] as const;
  [a, b].forEach((name, i) => {
    ip('-n', name, 'addr', 'add', `${addresses[i]}/24`, 'dev', 'lb0');
    ip('-n', name, 'link', 'set', 'lb0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  });
  const folder = temporaryDirectory(t);
  const agent = join(folder, 'agent');
  // It is called as rsh is: a host, then a command for a shell.
  writeFileSync(
    agent,
    `#!/bin/sh
shift
exec ip netns exec ${b} unshare --uts --mount sh -c 'hostname host-b; ${onSecond}; exec sh -c "$*"' sh "$*"
`,
  );
  chmodSync(agent, 0o755);
  return {
    names: ['host-a', 'host-b'],
    powerOff,
    cutter: (heals) => {
      const path = join(folder, `cutter-${heals}`);
      const state = `ip -n ${a} link set lb0`;
      writeFileSync(
        path,
        `#!/bin/sh
[ "$2" = host-b ] || exit 9
case $1 in cut) ${state} down ;; heal) ${heals ? `${state} up` : 'echo the cable is gone >&2; exit 7'} ;; esac
`,
      );
      chmodSync(path, 0o755);
      return path;
    },
    words: ([ofA, ofB], ...args) => {
      const hosts = join(folder, `hosts-${ofA}-${ofB}`);
      writeFileSync(hosts, `${addresses[0]} slots=${ofA}\n${addresses[1]} slots=${ofB}\n`);
      const mca = ([name, value]: readonly [string, string]): string[] => ['--mca', name, value];
      return [
        ...['ip', 'netns', 'exec', a, 'unshare', '--uts', 'sh', '-c', 'hostname host-a; exec "$@"', 'sh'],
        ...OPEN_MPI,
        ...ALLOW,
        ...(
          [
            ['plm_rsh_agent', agent],
            ['btl', 'tcp,self'],
            ['btl_tcp_if_include', '10.91.7.0/24'],
            ['oob_tcp_if_include', '10.91.7.0/24'],
          ] as const
        ).flatMap(mca),
        ...['--hostfile', hosts, '-n', String(ofA + ofB), process.execPath, program, 'hosts', ...args],
      ];
    },
  };
}
