/**
 * What an NFS client has asked its servers, by mount and by operation, from /proc/self/mountstats. The kernel counts all
 * the time and for free, so that looking before and after disturbs nothing that is measured between. Calls of the lock
 * manager (NLM, version 3) are none of a mount's: the table does not have them. Source: mountstats(8), nfsiostat(8).
 */

/** How often an operation was called since the mount was made, and how many messages were sent for it. */
export interface OperationCount {
  readonly calls: number;
  /** More than `calls`: some were sent again. */
  readonly transmissions: number;
}

export interface NfsMount {
  /** `192.0.2.1:/export` */
  readonly device: string;
  readonly mountPoint: string;
  /** As the mount's options tell it: "3", "4.2". */
  readonly version: string;
  /** By name, those that were called at least once. */
  readonly operations: ReadonlyMap<string, OperationCount>;
}

const DEVICE = /^device (.+) mounted on (.+) with fstype nfs4? statvers=/;
const VERSION = /^\s+opts:.*\bvers=([\d.]+)/;
/** Operation, calls, transmissions, time-outs, bytes sent and received, times. */
const OPERATION = /^\s+(\w+): (\d+) (\d+) \d+ \d+ \d+ \d+ \d+ \d+/;

/** The NFS mounts of a mountstats table, in its order. */
export function parseMountstats(text: string): NfsMount[] {
  const mounts: (Omit<NfsMount, 'operations' | 'version'> & {
    version: string;
    operations: Map<string, OperationCount>;
  })[] = [];
  let inOperations = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('device ')) {
      inOperations = false;
      const [, device, mountPoint] = DEVICE.exec(line) ?? [];
      // Another file system's line ends the mount before it all the same.
      if (device === undefined || mountPoint === undefined)
        mounts.push({ device: '', mountPoint: '', version: '', operations: new Map() });
      else mounts.push({ device, mountPoint, version: '', operations: new Map() });
      continue;
    }
    const mount = mounts.at(-1);
    if (mount === undefined) continue;
    mount.version = VERSION.exec(line)?.[1] ?? mount.version;
    if (line.trim() === 'per-op statistics') inOperations = true;
    const [, name, calls, transmissions] = (inOperations ? OPERATION.exec(line) : null) ?? [];
    if (name !== undefined && Number(calls) > 0) {
      mount.operations.set(name, { calls: Number(calls), transmissions: Number(transmissions) });
    }
  }
  return mounts.filter(({ device }) => device !== '');
}
