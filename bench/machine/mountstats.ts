/**
 * What an NFS client has asked its servers, by mount and by operation, from /proc/PID/mountstats. The kernel counts all
 * the time and for free, so that looking before and after disturbs nothing that is measured between. Calls of version
 * 3's lock manager belong to no mount: the table does not have them. Source: mountstats(8), nfsiostat(8).
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
  /** By name: those that were called at least once. */
  readonly operations: ReadonlyMap<string, OperationCount>;
}

const DEVICE = /^device (.+) mounted on (.+) with fstype nfs4? statvers=/;
const VERSION = /^\s+opts:.*\bvers=([\d.]+)/m;
/** Operation, calls, transmissions, time-outs, bytes sent and received, times, and errors where the kernel counts them. */
const OPERATION = /^\s+(\w+): (\d+) (\d+)(?: \d+){6,}$/;
const OPERATIONS_FOLLOW = 'per-op statistics';

/** The NFS mounts of a mountstats table, in its order. Other file systems have a line there, too. */
export function parseMountstats(text: string): NfsMount[] {
  return text.split(/^(?=device )/m).flatMap((section) => {
    const [, device, mountPoint] = DEVICE.exec(section) ?? [];
    if (device === undefined || mountPoint === undefined) return [];
    const [head = '', table = ''] = section.split(OPERATIONS_FOLLOW);
    const operations = new Map<string, OperationCount>();
    for (const line of table.split('\n')) {
      const [, name, calls, transmissions] = OPERATION.exec(line) ?? [];
      if (name !== undefined && Number(calls) > 0) {
        operations.set(name, { calls: Number(calls), transmissions: Number(transmissions) });
      }
    }
    return [{ device, mountPoint, version: VERSION.exec(head)?.[1] ?? '', operations }];
  });
}

/** What was called between two looks at one mount, by name. */
export function operationsBetween(before: NfsMount, after: NfsMount): Map<string, OperationCount> {
  const none: OperationCount = { calls: 0, transmissions: 0 };
  return new Map(
    [...after.operations].flatMap(([name, now]): [string, OperationCount][] => {
      const then = before.operations.get(name) ?? none;
      const calls = now.calls - then.calls;
      return calls === 0 ? [] : [[name, { calls, transmissions: now.transmissions - then.transmissions }]];
    }),
  );
}
