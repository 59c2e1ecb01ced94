/**
 * Which directories a command works in.
 */
import { tmpdir } from 'node:os';
import { existingDirectory, memoryDirectory } from '../measure/parent/preflight.js';

/** Memory, where the machine has some as a file system, and the disk behind the temporary directory. */
function defaultDirectories(): string[] {
  return [...new Set([memoryDirectory(), existingDirectory(tmpdir())])];
}

/** The directories that were named, or those that are measured by default. Throws UsageError. */
export function directoriesOf(named: readonly string[] | null): string[] {
  return named === null ? defaultDirectories() : [...new Set(named.map(existingDirectory))];
}

/** For commander: an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
