/**
 * A process that says what is seen of a lock from outside while it is held: names in its directory, and the kernel's locks of
 * the files there. It is asked line by line, each a path of a directory. Nothing of the parent may look at a file system
 * that may not answer.
 */
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dieWithParent } from '../../strategies/posix/own-process.js';
import { runProgram, sayJson } from '../base/program.js';
import { drop, type Identity } from '../machine/identity.js';
import type { KernelLock } from './compat-schema.js';
import { kernelLocks, lslocksTypes } from './kernel-locks.js';

export interface ObserverJob {
  readonly parentPid: number;
  readonly identity: Identity | null;
}

/** `lslocks`: types that the command names for those files; null where there is no such command. */
export interface Glance {
  readonly names: readonly string[];
  readonly kernel: readonly KernelLock[];
  readonly lslocks: readonly string[] | null;
}

export type ObserverMessage =
  | ({ readonly at: 'seen' } & Glance)
  | { readonly at: 'error'; readonly message: string };

/** Names by their inodes; what is gone when it is looked at is passed by. */
function inodesOf(directory: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(directory)) {
    try {
      found.set(String(lstatSync(join(directory, name), { bigint: true }).ino), name);
    } catch {
      // Locks come and go.
    }
  }
  return found;
}

function procLocks(): string {
  try {
    return readFileSync('/proc/locks', 'latin1');
  } catch {
    return '';
  }
}

function lslocks(): string | null {
  const { error, status, stdout } = spawnSync(
    'lslocks',
    ['--raw', '--noheadings', '--output', 'TYPE,INODE'],
    {
      encoding: 'utf8',
    },
  );
  return error === undefined && status === 0 ? stdout : null;
}

function glance(directory: string): Glance {
  const inodes = inodesOf(directory);
  const listed = lslocks();
  return {
    names: [...inodes.values()].sort(),
    kernel: kernelLocks(procLocks(), inodes),
    lslocks: listed === null ? null : lslocksTypes(listed, inodes),
  };
}

await runProgram<ObserverJob>(async ({ parentPid, identity }) => {
  drop(identity);
  dieWithParent(parentPid);
  for await (const directory of createInterface({ input: process.stdin }))
    sayJson({ at: 'seen', ...glance(directory) });
  process.exit(0);
});
