/**
 * Which directories a command works in.
 */
import { resolve } from 'node:path';
import { quoted } from '../base/visible.js';
import { declareSilent, isSilent } from '../machine/answering.js';
import type { Identity } from '../machine/identity.js';
import { giveUp } from '../measure/parent/kept-directories.js';
import {
  existingDirectory,
  memoryDirectory,
  requireSomeUsable,
  temporaryDirectory,
} from '../measure/parent/preflight.js';
import { say } from '../text/standard-streams.js';

/** Memory, where the machine has some as a file system, and the disk behind the temporary directory. */
function defaultDirectories(): string[] {
  return [...new Set([memoryDirectory(), temporaryDirectory()])];
}

/**
 * The directories that were named, or those that are measured by default. One that does not answer stays, by the path that
 * was written, if there is another one. Throws UsageError.
 */
export function directoriesOf(named: readonly string[] | null): string[] {
  if (named === null) return defaultDirectories();
  const isAlone = named.every(isSilent);
  return [
    ...new Set(named.map((path) => (isAlone || !isSilent(path) ? existingDirectory(path) : silent(path)))),
  ];
}

/** Its file system is not asked for the real path. */
function silent(path: string): string {
  const absolute = resolve(path);
  declareSilent(absolute);
  giveUp(absolute);
  return absolute;
}

/** As `requireSomeUsable`; says which are left out. */
export async function checkDirectories(
  directories: readonly string[],
  identity: Identity | null,
): Promise<void> {
  for (const path of await requireSomeUsable(directories, identity))
    say(`${quoted(path)} is not measured: its file system does not answer`);
}

/** For commander: an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** The one directory that was named, or the temporary directory. Throws UsageError. */
export const directoryOf = (named: readonly string[] | null | undefined): string =>
  named?.[0] === undefined ? temporaryDirectory() : existingDirectory(named[0]);
