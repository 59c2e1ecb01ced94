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

/** What stands in a directory, a file with several names under each of them; what is gone when it is looked at is passed by. */
function filesOf(directory: string): { readonly name: string; readonly inode: string }[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      try {
        return [{ name, inode: String(lstatSync(join(directory, name), { bigint: true }).ino) }];
      } catch {
        // Locks come and go.
        return [];
      }
    });
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
  const files = filesOf(directory);
  const inodes = new Map(files.map(({ name, inode }) => [inode, name]));
  const listed = lslocks();
  return {
    names: files.map(({ name }) => name),
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
