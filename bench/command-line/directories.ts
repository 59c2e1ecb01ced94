/**
 * Which directories a command works in.
 */
import { existingDirectory, memoryDirectory, temporaryDirectory } from '../measure/parent/preflight.js';

/** Memory, where the machine has some as a file system, and the disk behind the temporary directory. */
function defaultDirectories(): string[] {
  return [...new Set([memoryDirectory(), temporaryDirectory()])];
}

/** The directories that were named, or those that are measured by default. Throws UsageError. */
export function directoriesOf(named: readonly string[] | null): string[] {
  return named === null ? defaultDirectories() : [...new Set(named.map((path) => existingDirectory(path)))];
}

/** For commander: an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** The one directory that was named, or the temporary directory. Throws UsageError. */
export const directoryOf = (named: readonly string[] | null | undefined): string =>
  named?.[0] === undefined ? temporaryDirectory() : existingDirectory(named[0]);
