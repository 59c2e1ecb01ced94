/**
 * The lab on this kernel: an NFS server and its clients, each a host of its own as far as the network, the mounts and
 * the names go. lab.sh brings it up and keeps it; this is what a measuring parent sees of it.
 *
 * Every export has one path for each version of NFS: on a client it is the NFS mount, everywhere else the export itself.
 * So the parent can make a directory there, and hand its path to workers that it starts on the clients.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { signalChild } from '../base/signal-child.js';
import { makeWorkDirectory } from '../machine/files/work-directory.js';
import { LabError } from './lab-error.js';
import { hasOwnMounts } from './own-mounts.js';
import { scriptPath, systemPath, toolsDirectory } from './scripts.js';

export const VERSIONS = ['v3', 'v4.2'] as const;
export const EXPORTS = ['ext4', 'tmpfs'] as const;
export type Version = (typeof VERSIONS)[number];
export type Export = (typeof EXPORTS)[number];

export interface Host {
  readonly name: string;
  /** Of its process 1, as this process sees it. */
  readonly pid: number;
  /** What a command is started by so that it runs there. The working directory becomes /: paths must be absolute. */
  readonly prefix: readonly string[];
}

export interface Lab {
  readonly server: Host;
  readonly clients: readonly Host[];
  readonly paths: Readonly<Record<Version, Readonly<Record<Export, string>>>>;
  /** For commands in the lab: `on HOST` in PATH, and where it finds the hosts. */
  readonly environment: Readonly<Record<string, string>>;
  /** The host of that name; one of HOST_NAMES. */
  host(name: string): Host;
  /** What the network adds to each request and its answer together, in ns; 0 at first. */
  setRoundTrip(ns: number): Promise<void>;
  /** Nothing comes from a host any more, nor to it, until it is healed; it does not notice. */
  cut(name: string): Promise<void>;
  heal(name: string): Promise<void>;
  /** Stops NFS on the server, which forgets all locks, as by a restart of the machine. */
  stopServer(): Promise<void>;
  /** Starts it again: it tells its clients, and waits for them to claim their locks. */
  startServer(): Promise<void>;
  /** Another machine comes up under a client's name and address, as after a loss of power; `host` gives that one. */
  reboot(name: string): Promise<void>;
  /** All is as before, whatever was done: clients that were replaced are back. */
  mend(): Promise<void>;
  /** Takes all of it down; twice is not an error. Processes on its hosts must have ended. */
  down(): Promise<void>;
}

/** How many hosts are clients. */
export const CLIENTS = 3;
const SERVER = 'server';
export const HOST_NAMES: readonly string[] = [
  SERVER,
  ...Array.from({ length: CLIENTS }, (_, i) => `client${i + 1}`),
];

export interface LabOptions {
  /** A block device with an ext4 file system, or an image of one. */
  readonly disk: string;
  readonly roundTripNs: number;
  /** Whole seconds, in ns: see lab.sh; undefined for the kernel's own. */
  readonly leaseNs?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Where the lab is mounted. The guest of the virtual machine makes /lab; on a host nothing may be hidden nor made, and
 * these are there, empty nearly always, and of use to nobody else in our own mount namespace.
 */
const CANDIDATES = ['/lab', '/srv', '/mnt', '/media'];

function isEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch {
    return false;
  }
}

function mountPoint(): { path: string; remove(): void } {
  const empty = CANDIDATES.find(isEmpty);
  if (empty !== undefined) return { path: empty, remove() {} };
  return makeWorkDirectory(tmpdir(), 'lab');
}

const hostOf = (name: string, pid: number): Host => ({
  name,
  pid,
  prefix: [
    'nsenter',
    ...['net', 'mnt', 'uts'].map((kind) => `--${kind === 'mnt' ? 'mount' : kind}=/proc/${pid}/ns/${kind}`),
    '--',
  ],
});

/** The lines that lab.sh says, one by one. */
class Keeper {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly gone: Promise<void>;
  #stderr = '';
  #failure = 'the lab did not come up';

  constructor(directory: string, disk: string, leaseNs: number) {
    this.#child = spawn(
      'unshare',
      [
        ...['--net', '--', '/bin/bash', scriptPath('lab.sh')],
        ...[directory, disk, String(CLIENTS), String(Math.round(leaseNs / 1e9))],
      ],
      // A process group of its own: Ctrl-C is for its parent, which lets it take the lab down in order.
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
        cwd: '/',
        env: { ...process.env, PATH: systemPath() },
      },
    );
    const { stdin, stdout, stderr } = this.#child;
    if (stdin === null || stdout === null || stderr === null) throw new Error('lab.sh: no pipes');
    stdin.on('error', () => {});
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    this.gone = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#stderr += error.message;
        resolve();
      });
      // Not 'close': a daemon might hold the pipes.
      this.#child.on('exit', () => resolve());
    });
  }

  /** The next line's words. Throws when the keeper has failed. */
  async next(): Promise<string[]> {
    const { done, value } = await this.#lines.next();
    if (done !== true && !value.startsWith('failed')) return value.split(' ');
    await this.gone;
    throw new LabError(`${this.#failure}: ${[value ?? '', this.#stderr.trim()].join(' ').trim()}`);
  }

  /** Gives an order and waits for the answer, word by word. Throws when the keeper has failed. */
  order(line: string): Promise<string[]> {
    this.#failure = `the lab failed at "${line}"`;
    this.#child.stdin?.write(`${line}\n`);
    return this.next();
  }

  /** Ends it in order. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    await this.gone;
  }

  /** Ends it in order even while it brings the lab up. */
  interrupt(): void {
    signalChild(this.#child, 'SIGTERM');
  }
}

async function bringUp({ disk, roundTripNs, leaseNs = 0, signal }: LabOptions): Promise<Lab> {
  if (!hasOwnMounts()) throw new Error('a lab needs a mount namespace of its own');
  const mounted = mountPoint();
  const keeper = new Keeper(mounted.path, disk, leaseNs);
  const interrupt = (): void => keeper.interrupt();
  signal.addEventListener('abort', interrupt);
  let ended: Promise<void> | undefined;
  const down = (): Promise<void> => {
    ended ??= keeper.end().then(() => {
      signal.removeEventListener('abort', interrupt);
      mounted.remove();
    });
    return ended;
  };
  try {
    if (signal.aborted) keeper.interrupt();
    const hosts = new Map<string, Host>();
    const note = (name: string, pid: string): void => {
      hosts.set(name, hostOf(name, Number(pid)));
    };
    for (;;) {
      const [word = '', name = '', pid = ''] = await keeper.next();
      if (word === 'up') break;
      note(name, pid);
    }
    const host = (name: string): Host => {
      const found = hosts.get(name);
      if (found === undefined) throw new Error(`a host of the lab was expected, got "${name}"`);
      return found;
    };
    const order = async (line: string): Promise<void> => {
      let answer = await keeper.order(line);
      for (; answer[0] === 'host'; answer = await keeper.next()) note(answer[1] ?? '', answer[2] ?? '');
    };
    const setRoundTrip = (ns: number): Promise<void> => order(`rtt ${ns}`);
    if (roundTripNs > 0) await setRoundTrip(roundTripNs);
    const at = (version: Version) => ({
      ext4: join(mounted.path, version, 'ext4'),
      tmpfs: join(mounted.path, version, 'tmpfs'),
    });
    return {
      server: host(SERVER),
      get clients() {
        return [...hosts.values()].filter(({ name }) => name !== SERVER);
      },
      host,
      paths: { v3: at('v3'), 'v4.2': at('v4.2') },
      environment: {
        LOCKBENCH_LAB: mounted.path,
        PATH: `${toolsDirectory}:${systemPath()}`,
      },
      setRoundTrip,
      cut: (name) => order(`cut ${name}`),
      heal: (name) => order(`heal ${name}`),
      stopServer: () => order('stop-server'),
      startServer: () => order('start-server'),
      reboot: (name) => order(`reboot ${name}`),
      mend: () => order('mend'),
      down,
    };
  } catch (error) {
    await down();
    throw error;
  }
}

/**
 * Brings a lab up, does something in it, and takes it down however that ends. Needs root, and a mount namespace of its
 * own (see own-mounts.ts). Throws what `action` throws, or an Error that says why the lab did not come up.
 */
export async function withLab<T>(options: LabOptions, action: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await bringUp(options);
  try {
    return await action(lab);
  } finally {
    await lab.down();
  }
}
