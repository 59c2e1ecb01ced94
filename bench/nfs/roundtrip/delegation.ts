/**
 * Delegations: a version 4 server that sees nobody else write to a file may tell its only client so. That client then
 * trusts its cache, and spares the calls that would ask whether the file has changed. A file that is also open for
 * writing on the server is never delegated, as one that two hosts work on is not. Source: RFC 8881, chapter 10.
 */
import { closeSync, constants, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MARK_NAME } from '../../machine/owner-name.js';
import { NUMBER_NAME } from '../../measure/worker/number-file.js';

/** Keeps the numbers of these places open for writing, here on the server. Returns what ends that. */
export function keepOpen(roundDirectories: readonly string[]): () => void {
  const descriptors = roundDirectories.map((roundDirectory) =>
    openSync(join(roundDirectory, NUMBER_NAME), constants.O_RDWR),
  );
  return () => {
    for (const fd of descriptors) closeSync(fd);
  };
}

/** As `keepOpen`, for all places in a directory of ours. */
export const keepAllOpen = (directory: string): (() => void) =>
  keepOpen(readdirSync(directory).flatMap((name) => (name === MARK_NAME ? [] : [join(directory, name)])));
