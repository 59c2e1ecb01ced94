/**
 * Counts what a round asks of an NFS server, on each host that its workers run on. It reads before the gate opens and
 * after the last worker is gone: in between it does nothing, so a round may be timed beside it.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { mountOf, parseMountinfo } from '../../machine/file-system.js';
import { type RpcCounts, requestsOf, requestsSince, sumOfRequests } from '../../machine/rpc-counts.js';

const CHUNK = 65_536;

/** A file of /proc, from its beginning: the kernel makes it anew, a part at each call. */
function readFromStart(fd: number): string {
  const chunk = Buffer.alloc(CHUNK);
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const length = readSync(fd, chunk, 0, CHUNK, at);
    if (length === 0) return Buffer.concat(parts).toString();
    parts.push(Buffer.from(chunk.subarray(0, length)));
    at += length;
  }
}

/** One process's view of the mount. The file outlives the process, whose end comes before the second reading. */
class View {
  readonly #fd: number;
  readonly #before: RpcCounts;

  private constructor(
    pid: number,
    private readonly mountPoint: string,
  ) {
    this.#fd = openSync(`/proc/${pid}/mountstats`, 'r');
    this.#before = this.#read();
  }

  /** null where the directory is on no NFS mount. */
  static of(pid: number, directory: string): View | null {
    const mount = mountOf(directory, parseMountinfo(readFileSync(`/proc/${pid}/mountinfo`, 'utf8')));
    return mount?.filesystem === 'nfs' || mount?.filesystem === 'nfs4'
      ? new View(pid, mount.mountPoint)
      : null;
  }

  #read(): RpcCounts {
    return requestsOf(this.mountPoint, readFromStart(this.#fd));
  }

  since(): RpcCounts {
    return requestsSince(this.#before, this.#read());
  }

  close(): void {
    closeSync(this.#fd);
  }
}

export class RpcMeter {
  private constructor(private readonly views: readonly View[]) {}

  /**
   * Begins to count. `pids`: a process of each host, each of which sees `directory` by a mount of its own. Where that is
   * no NFS, or where the processes cannot be looked at, nothing is counted.
   */
  static start(pids: readonly number[], directory: string): RpcMeter {
    const views: View[] = [];
    try {
      for (const pid of pids) {
        const view = View.of(pid, directory);
        if (view !== null) views.push(view);
      }
    } catch {
      for (const view of views.splice(0)) view.close();
    }
    return new RpcMeter(views);
  }

  /** Requests since the start, of all hosts together; null if nothing was counted. */
  stop(): RpcCounts | null {
    return this.views.length === 0 ? null : sumOfRequests(this.views.map((view) => view.since()));
  }

  close(): void {
    for (const view of this.views) view.close();
  }
}
