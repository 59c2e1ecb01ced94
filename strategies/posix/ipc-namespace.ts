/**
 * IPC namespaces, in which System V objects live. Processes of several may share a /dev/shm, and see each other's files
 * there, but not each other's semaphores. Source: ipc_namespaces(7), proc_pid_ns(5).
 */
import { readdirSync, readlinkSync } from 'node:fs';

const numberAt = (link: string): string => /\d+/.exec(readlinkSync(link))?.[0] ?? '';

/** The number of the one that this process is in; empty without /proc. */
export function ownIpcNamespace(): string {
  try {
    return numberAt('/proc/self/ns/ipc');
  } catch {
    return '';
  }
}

/** Whether a process is in it, or may be: one that may not be looked at. */
function mayBeIn(namespace: string, pid: string): boolean {
  try {
    return numberAt(`/proc/${pid}/ns/ipc`) === namespace;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

/**
 * Whether a namespace, and with it all that lived in it, has surely ended: no process is in it. Where process 1 is not listed,
 * others may not be either (hidepid, see proc(5), or an empty /proc): then nothing is sure.
 */
export function hasIpcNamespaceEnded(namespace: string): boolean {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.includes('1') && pids.every((pid) => !mayBeIn(namespace, pid));
}
