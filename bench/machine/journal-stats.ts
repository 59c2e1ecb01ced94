/**
 * What a journal of the kernel's jbd2, that of ext4, tells of its commits. Source: fs/jbd2/journal.c of the kernel, which
 * prints it to /proc/fs/jbd2/DEVICE-INODE/info; readable by root.
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Mount } from './mount.js';

export interface JournalStats {
  /** Transactions that were written since the file system was mounted. */
  readonly commits: number;
  /** What one takes, its writes and flushes included, ns: the kernel's moving average, in which each new one counts a quarter. */
  readonly commitNs: number;
}

const JOURNALS = '/proc/fs/jbd2';
const NS_PER_US = 1e3;

/** Null if the text tells something else. Before the first commit there is no average yet: 0. */
export function parseJournalStats(text: string): JournalStats | null {
  const commits = /^(\d+) transactions? /.exec(text)?.[1];
  const us = /^\s*(\d+)us average transaction commit time$/m.exec(text)?.[1];
  return commits === undefined ? null : { commits: Number(commits), commitNs: Number(us ?? 0) * NS_PER_US };
}

/** Of the file system that is mounted from that device; null where it has no journal of its own there, or we may not read. */
export function journalStatsOf({ device }: Pick<Mount, 'device'>): JournalStats | null {
  try {
    const name = basename(readlinkSync(`/sys/dev/block/${device}`));
    const journal = readdirSync(JOURNALS).find((entry) => entry.startsWith(`${name}-`));
    return journal === undefined
      ? null
      : parseJournalStats(readFileSync(join(JOURNALS, journal, 'info'), 'utf8'));
  } catch {
    return null;
  }
}
