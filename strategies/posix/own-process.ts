/**
 * What a process asks of the kernel about itself. Source: prctl(2), unshare(2), execve(2).
 */
import { constants as fileFlags, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { takeCoverage } from 'node:v8';
import { check, fail } from './errno.js';
import { type Address, allocate, execvp, fcntl, libc, prctl, signal, unshare } from './libc.js';

const PR_SET_PDEATHSIG = 1;
const PR_GET_PDEATHSIG = 2;
const SIGKILL = 9;

/**
 * Has the kernel kill this process when its parent dies. Changing one's uid clears this setting, so it comes after.
 * A parent that died before the call goes unnoticed; hence the second look.
 *
 * Throws when the parent is not `parentPid` any more.
 */
export function dieWithParent(parentPid: number): void {
  check(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), 'prctl', 'PR_SET_PDEATHSIG');
  if (process.ppid !== parentPid) {
    throw new Error(`the parent was expected to be process ${parentPid}, but it has ended`);
  }
}

const answer = allocate(Int32Array.BYTES_PER_ELEMENT);
const word = new DataView(answer.bytes.buffer, answer.bytes.byteOffset);

/** The signal by which the kernel ends this process when its parent dies; 0 for none. */
export function parentDeathSignal(): number {
  check(prctl(PR_GET_PDEATHSIG, answer.address, 0, 0, 0), 'prctl', 'PR_GET_PDEATHSIG');
  return word.getInt32(0, true);
}

/**
 * Does something that changes our uid and changes it back. The kernel has forgotten by then that we were to die with our
 * parent, and is told again; a parent that died meanwhile takes us along.
 */
export function keepingDeathSignal<T>(action: () => T): T {
  const signal = parentDeathSignal();
  const parent = process.ppid;
  try {
    return action();
  } finally {
    if (signal !== 0) {
      check(prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0), 'prctl', 'PR_SET_PDEATHSIG');
      if (process.ppid !== parent) process.kill(process.pid, signal);
    }
  }
}

const CLONE_FILES = 0x400;

/**
 * Gives the calling thread a table of descriptors of its own. Node always has several threads, and while they share one
 * table the kernel counts references to a file in each call: 45 ns that a program with one thread does not pay, and that
 * are no lock's price. Only for a thread that does all its calls itself: what it opens from now on, the other threads of
 * the process do not see. Containers may forbid the call; then it costs those 45 ns, and returns false.
 */
export function ownDescriptorTable(): boolean {
  return unshare(CLONE_FILES) === 0;
}

// By number: the C library has close_range from version 2.34 on. The number is the same on all machines.
const SYS_CLOSE_RANGE = 436;
const CLOSE_RANGE_CLOEXEC = 4;
const LAST = 0xffff_ffff;
const closeRange: (number: number, first: number, last: number, flags: number) => number = libc.func(
  'long syscall(long number, unsigned int first, unsigned int last, unsigned int flags)',
);

const F_SETFD = 2;
const NO_FLAGS = 0 as Address;
const FD_CLOEXEC = 1 as Address;

/**
 * Keeps all descriptors from `first` on from every program that this process starts or becomes. Node does so at its start
 * for those up to the first gap above 15, so that a lock on descriptor 200 of a shell script stays held as long as a
 * daemon's children live. Source: close_range(2); before Linux 5.11 one by one, from /proc. Throws what /proc throws.
 */
export function closeOnExec(first: number): void {
  if (closeRange(SYS_CLOSE_RANGE, first, LAST, CLOSE_RANGE_CLOEXEC) === 0) return;
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    // The one that the list was read by is closed by now, which is no error.
    if (fd >= first) fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
}

const F_GETFL = 3;
const F_SETFL = 4;
const { O_NONBLOCK } = fileFlags;

/**
 * Calls on this descriptor wait from now on, also for the other processes that have it. Node sets pipes and sockets that are its
 * standard streams not to wait, and few programs expect that of theirs.
 */
export function makeBlocking(fd: number): void {
  const flags = check(fcntl(fd, F_GETFL, NO_FLAGS), 'fcntl(F_GETFL)', `descriptor ${fd}`);
  if ((flags & O_NONBLOCK) === 0) return;
  check(fcntl(fd, F_SETFL, (flags & ~O_NONBLOCK) as Address), 'fcntl(F_SETFL)', `descriptor ${fd}`);
}

const exitAtOnce: (code: number) => void = libc.func('void _exit(int code)');

/**
 * Has this process end as soon as it is over, without what libraries want to do then: the one that makes our system calls
 * (koffi) asks the disk to confirm standard output and standard error. On a file system that does not answer it waits for
 * ever, and where both are refused it waits for itself. Listeners of `exit` that are added later are not called. To be
 * called by a program that holds no lock of a library which lets go of it at the end.
 */
export function endWithoutSyncing(): void {
  process.on('exit', (code) => {
    // What NODE_V8_COVERAGE asks for is written at the end, too; without it, this does nothing.
    takeCoverage();
    exitAtOnce(Number(process.exitCode ?? code));
  });
}

const DEFAULT_ACTION = 0;
const FIRST_AFTER_STANDARD = 3;
const { SIGPIPE, SIGXFSZ } = constants.signals;

/**
 * Has the kernel end this process by these signals, whatever it is doing. A handler of Node's waits until the call is over that the
 * process is in, which over NFS may be never; and by SIGUSR1 it opens a debugger's port.
 */
export function leaveToTheKernel(signals: readonly NodeJS.Signals[]): void {
  for (const name of signals) signal(constants.signals[name], DEFAULT_ACTION);
}

/**
 * Becomes another program, found as a shell finds it; pid, parent and the parent-death signal stay. It gets the descriptors
 * `kept` and no other above 2; of the first three, too, Node has marked those that it found. Node ignores two signals, and what is ignored stays so in the new program: a writer
 * to a closed pipe would go on writing.
 *
 * Throws SystemError if there is no such program, or if it cannot be executed; then the process goes on.
 */
export function becomeProgram(words: readonly string[], kept: readonly number[]): never {
  const [program = ''] = words;
  closeOnExec(FIRST_AFTER_STANDARD);
  for (const fd of kept) check(fcntl(fd, F_SETFD, NO_FLAGS), 'fcntl(F_SETFD)', `descriptor ${fd}`);
  for (const ignored of [SIGPIPE, SIGXFSZ]) signal(ignored, DEFAULT_ACTION);
  execvp(program, [...words, null]);
  fail('execvp', program);
}
