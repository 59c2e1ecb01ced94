/**
 * Requests to an NFS server, by operation: read from a table of mount statistics, subtracted, added up. The lock requests
 * of NFSv3 are not among them, since they are another program's (NLM).
 */
import { unescapeOctal } from './file-system.js';
import { parseMountstats } from './mountstats.js';

/** By the name of the operation, such as GETATTR; those that were not requested are left out. */
export type RpcCounts = Readonly<Record<string, number>>;

/**
 * What the mount at `mountPoint` has requested since its file system was mounted, by whatever program. Where mounts cover
 * each other it is the last one's. Empty if there is none.
 */
export function requestsOf(mountPoint: string, mountstats: string): RpcCounts {
  const mount = parseMountstats(mountstats).findLast((one) => unescapeOctal(one.mountPoint) === mountPoint);
  return Object.fromEntries([...(mount?.operations ?? [])].map(([name, { calls }]) => [name, calls]));
}

/** What was requested between two readings of one mount. */
export function requestsSince(before: RpcCounts, after: RpcCounts): RpcCounts {
  const differences = Object.entries(after).map(
    ([name, count]) => [name, count - (before[name] ?? 0)] as const,
  );
  return Object.fromEntries(differences.filter(([, count]) => count !== 0));
}

/** The requests of several mounts, or of several spans, together. */
export function sumOfRequests(all: readonly RpcCounts[]): RpcCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
