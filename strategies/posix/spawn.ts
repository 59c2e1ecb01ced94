/**
 * Child processes without Node's help, which loses what a caller may need: that a real-time signal ended the child (Node
 * says "exit code 0"), and the children of others that process 1 has to reap. Source: posix_spawn(3), waitpid(2),
 * socketpair(2).
 */

import { check, ECHILD, fail, SystemError } from './errno.js';
import { type Address, allocate, close, errno, fcntl, libc } from './libc.js';

/** posix_spawn(3): 0, or the error number itself. The lists end with null. */
const posixSpawn: (
  pid: Address,
  path: string,
  actions: Address,
  attributes: Address,
  words: readonly (string | null)[],
  environment: readonly (string | null)[],
) => number = libc.func(
  'int posix_spawn(int64_t pid, const char *path, int64_t actions, int64_t attributes, const char **words, const char **environment)',
);
const initActions: (actions: Address) => number = libc.func(
  'int posix_spawn_file_actions_init(int64_t actions)',
);
const addDup2: (actions: Address, from: number, to: number) => number = libc.func(
  'int posix_spawn_file_actions_adddup2(int64_t actions, int from, int to)',
);
const destroyActions: (actions: Address) => number = libc.func(
  'int posix_spawn_file_actions_destroy(int64_t actions)',
);
const initAttributes: (attributes: Address) => number = libc.func(
  'int posix_spawnattr_init(int64_t attributes)',
);
const setFlags: (attributes: Address, flags: number) => number = libc.func(
  'int posix_spawnattr_setflags(int64_t attributes, short flags)',
);
const setDefaultSignals: (attributes: Address, signals: Address) => number = libc.func(
  'int posix_spawnattr_setsigdefault(int64_t attributes, int64_t signals)',
);
const waitpid: (pid: number, status: Address, options: number) => number = libc.func(
  'int waitpid(int pid, int64_t status, int options)',
);
const socketpair: (domain: number, type: number, protocol: number, pair: Address) => number = libc.func(
  'int socketpair(int domain, int type, int protocol, int64_t pair)',
);
/** dup2(2): the new descriptor, without FD_CLOEXEC, or -1. */
export const dup2: (from: number, to: number) => number = libc.func('int dup2(int from, int to)');

const F_DUPFD_CLOEXEC = 1030;
/** Above every number that a child finds something at. */
const ASIDE = 10;
/** More than any C library's posix_spawn_file_actions_t or posix_spawnattr_t has. */
const ROOM = 512;

const POSIX_SPAWN_SETSIGDEF = 4;
const SIGSET_BYTES = 128;
let attributes: Address | undefined;

/** No signal is ignored in the child: left to itself, the C library has one of its own ignored there. */
function allSignalsDefault(): Address {
  if (attributes !== undefined) return attributes;
  attributes = allocate(ROOM).address;
  const signals = allocate(SIGSET_BYTES);
  signals.bytes.fill(0xff);
  initAttributes(attributes);
  setDefaultSignals(attributes, signals.address);
  setFlags(attributes, POSIX_SPAWN_SETSIGDEF);
  return attributes;
}

const word = allocate(2 * Int32Array.BYTES_PER_ELEMENT);
const words = new DataView(word.bytes.buffer, word.bytes.byteOffset);

export interface Spawn {
  /** The executable's path: it is not looked for. */
  readonly path: string;
  /** Its own name first. */
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** What it finds at which descriptor: [ours, its]. Its standard streams, too: Node has marked ours. */
  readonly descriptors: readonly (readonly [ours: number, its: number])[];
}

/**
 * Starts a process. It gets no other descriptor of ours than those named, as long as ours have FD_CLOEXEC (see
 * `closeOnExec`). Returns its pid. Throws SystemError, for example EAGAIN when no more processes are allowed.
 */
export function spawnProcess({ path, words: argv, environment, descriptors }: Spawn): number {
  const actions = allocate(ROOM).address;
  const aside: number[] = [];
  initActions(actions);
  try {
    for (const [ours, its] of descriptors) {
      // One that had the number of another would be gone when its turn comes.
      const copy = check(
        fcntl(ours, F_DUPFD_CLOEXEC, ASIDE as Address),
        'fcntl(F_DUPFD)',
        `descriptor ${ours}`,
      );
      aside.push(copy);
      addDup2(actions, copy, its);
    }
    const strings = Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`],
    );
    const why = posixSpawn(
      word.address,
      path,
      actions,
      allSignalsDefault(),
      [...argv, null],
      [...strings, null],
    );
    if (why !== 0) throw new SystemError('posix_spawn', why, path);
    return words.getInt32(0, true);
  } finally {
    destroyActions(actions);
    for (const fd of aside) close(fd);
  }
}

const AF_UNIX = 1;
const STREAM_CLOEXEC = 0o2000001;

/** Two connected sockets, which no child inherits. Throws SystemError. */
export function socketPair(): [number, number] {
  check(socketpair(AF_UNIX, STREAM_CLOEXEC, 0, word.address), 'socketpair');
  return [words.getInt32(0, true), words.getInt32(Int32Array.BYTES_PER_ELEMENT, true)];
}

/** How a process ended: by itself, with an exit code, or by a signal's number. */
export type End = { readonly code: number } | { readonly signal: number };

const ANY_CHILD = -1;
const WNOHANG = 1;
const SIGNAL_BITS = 0x7f;

/**
 * The next child that has ended, which is reaped by this; null if none has. Only where Node itself has started no process:
 * it would wait for that one for ever. Throws SystemError.
 */
export function reapChild(): { readonly pid: number; readonly end: End } | null {
  const pid = waitpid(ANY_CHILD, word.address, WNOHANG);
  if (pid === -1 && errno() !== ECHILD) fail('waitpid');
  if (pid <= 0) return null;
  const status = words.getInt32(0, true);
  const signal = status & SIGNAL_BITS;
  return { pid, end: signal === 0 ? { code: (status >> 8) & 0xff } : { signal } };
}
