/**
 * Descriptors without a name, given to child processes by inheritance: one without O_CLOEXEC is open in every child that
 * is started from then on, under its own number, and the environment tells the number. The job server of GNU make and
 * the socket activation of systemd hand descriptors on in this way.
 *
 * The other ways were looked at: /proc/PID/fd cannot open anew what has no inode of its own (ENXIO), pidfd_getfd(2) needs
 * the right to trace the parent, which a worker that has dropped its privileges has not, and SCM_RIGHTS needs a parent
 * that answers, and a socket that the lock is not about.
 */
import { readFileSync } from 'node:fs';
import { close } from './libc.js';

const variableOf = (name: string): string => `LOCKBENCH_FD_${name}`;

/** What tells one descriptor from another that has come to bear its number. Source: proc_pid_fdinfo(5). */
const eventfdId = (fd: string): string | undefined =>
  /^eventfd-id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];

/** Tells children of an eventfd, which must have been made without EFD_CLOEXEC. */
export function exportFd(name: string, fd: number): void {
  process.env[variableOf(name)] = `${fd} ${eventfdId(String(fd)) ?? ''}`;
}

/** The descriptor that a parent told of. Throws an Error if there is none. */
export function inherit(name: string): number {
  const [fd = '', id] = (process.env[variableOf(name)] ?? '').split(' ');
  if (fd === '')
    throw new Error('an inherited descriptor was expected; was this process started by the maker?');
  if (eventfdId(fd) !== id)
    throw new Error(`descriptor ${fd} was expected to be the inherited one, it is another`);
  return Number(fd);
}

/** Takes it back: closes it here, and tells later children nothing. Twice is no error. */
export function revokeFd(name: string): void {
  const [fd = ''] = (process.env[variableOf(name)] ?? '').split(' ');
  if (fd === '') return;
  delete process.env[variableOf(name)];
  close(Number(fd));
}
