/**
 * What the kernel tells of locks, and what lslocks of util-linux makes of it.
 */
import type { KernelLock } from './compat-schema.js';

/** "1: POSIX  ADVISORY  WRITE 4242 00:1b:77 0 EOF"; one that waits has "->" before its type. Source: proc_locks(5). */
const LINE = /^\d+: (?<type>[A-Z]+)\s+\S+\s+\S+\s+-?\d+\s+[\da-f]+:[\da-f]+:(?<inode>\d+)\s/;

/** Locks that are held, on files of these inodes; `inodes`: names by them. */
export function kernelLocks(text: string, inodes: ReadonlyMap<string, string>): KernelLock[] {
  const found = new Map<string, KernelLock>();
  for (const line of text.split('\n')) {
    const { type = '', inode = '' } = LINE.exec(line)?.groups ?? {};
    const file = inodes.get(inode);
    if (file !== undefined) found.set(`${type} ${file}`, { type, file });
  }
  return [...found.values()];
}

/** Types that lslocks names for files of these inodes: a line each, "POSIX 77". */
export function lslocksTypes(text: string, inodes: ReadonlyMap<string, string>): string[] {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  return [...new Set(lines.flatMap(([type = '', inode = '']) => (inodes.has(inode) ? [type] : [])))].sort();
}
