/**
 * Which remote procedure calls this kernel's NFS clients make, call by call, from the kernel's own trace points
 * `sunrpc:rpc_request` (a call begins) and `sunrpc:rpc_stats_latency` (its answer is here). They see what mountstats
 * does not: the lock manager's calls (program lockd) and those of statd and rpcbind. Tracing costs time, so that what is
 * counted is never timed. Source: Documentation/trace/events.rst and include/trace/events/sunrpc.h of the kernel.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../base/error-message.js';
import { hasEnded, ownerOf, ownPrefix } from '../machine/owner-name.js';
import { LabError } from './lab-error.js';
import { systemPath } from './scripts.js';

/** A procedure as the kernel names it: `nfsv3 GETATTR`, `lockdv4 LOCK`. */
export interface Procedure {
  /** nfs, lockd, statd, rpcbind, nfsacl … */
  readonly program: string;
  readonly version: number;
  readonly name: string;
}

export interface RpcTrace {
  readonly requests: readonly Procedure[];
  /** When each answer was waited for, from the sending of the call; µs of one clock. */
  readonly waits: readonly { readonly fromUs: number; readonly toUs: number }[];
  /** Events that the buffer had no room for; above 0, nothing was counted exactly. */
  readonly lost: number;
}

/** `  kworker/u4:2-30  [000] .....  30.631350: rpc_request: task:0000003f@00000021 nfsv3 READ (async)` */
const EVENT =
  /\s(\d+)\.(\d{6}): (rpc_request|rpc_stats_latency): task:\S+ (?:xid=\S+ )?(\S+)v(\d+) (\S+)(.*)$/;
const ROUND_TRIP = /\brtt=(\d+)/;
const WRITTEN = /entries-in-buffer\/entries-written: (\d+)\/(\d+)/;

/** Reads the text of a trace. */
export function parseRpcTrace(text: string): RpcTrace {
  const requests: Procedure[] = [];
  const waits: { fromUs: number; toUs: number }[] = [];
  for (const line of text.split('\n')) {
    const [, seconds, micros, event, program = '', version, name = '', rest = ''] = EVENT.exec(line) ?? [];
    if (event === 'rpc_request') requests.push({ program, version: Number(version), name });
    if (event === 'rpc_stats_latency') {
      const toUs = Number(seconds) * 1e6 + Number(micros);
      waits.push({ fromUs: toUs - Number(ROUND_TRIP.exec(rest)?.[1] ?? 0), toUs });
    }
  }
  const [, kept, written] = WRITTEN.exec(text) ?? [];
  return { requests, waits, lost: Number(written ?? 0) - Number(kept ?? 0) };
}

/**
 * How many of these waits came one after another: as many as can be chosen without two of them overlapping. A call that
 * its caller does not wait for overlaps the next one, and adds nothing to the time that all of them take.
 */
export function inSequence(waits: RpcTrace['waits']): number {
  let count = 0;
  let lastUs = Number.NEGATIVE_INFINITY;
  // The one that ends first leaves most room for the others.
  for (const { fromUs, toUs } of [...waits].sort((a, b) => a.toUs - b.toUs)) {
    if (fromUs < lastUs) continue;
    count++;
    lastUs = toUs;
  }
  return count;
}

const TRACING = '/sys/kernel/tracing';
const EVENTS = ['rpc_request', 'rpc_stats_latency'] as const;
/** For each processor; an event takes some 100 bytes. */
const BUFFER_KIB = 4096;

/** Makes tracefs visible; in a mount namespace of our own nobody else sees it. Throws LabError. */
function instancesDirectory(): string {
  const instances = join(TRACING, 'instances');
  if (existsSync(instances)) return instances;
  try {
    execFileSync('mount', ['-t', 'tracefs', 'tracefs', TRACING], {
      stdio: 'pipe',
      env: { ...process.env, PATH: systemPath() },
    });
  } catch (error) {
    const why = messageOf(error);
    throw new LabError(`counting calls needs a kernel with tracefs: ${why}`);
  }
  return instances;
}

/** Traces of those that were killed: the kernel would write to them for ever. */
function removeLeftInstances(instances: string): void {
  for (const name of readdirSync(instances)) {
    const owner = ownerOf(name);
    if (owner !== null && hasEnded(owner)) rmdirSync(join(instances, name));
  }
}

/** A trace of our own, beside those that others may have on. Needs root, and a mount namespace of its own. */
export class RpcTracer {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Throws LabError if the kernel has no such trace points. */
  static open(): RpcTracer {
    const instances = instancesDirectory();
    removeLeftInstances(instances);
    const tracer = new RpcTracer(join(instances, `${ownPrefix()}0`));
    mkdirSync(tracer.#directory);
    try {
      tracer.#write('tracing_on', '0');
      tracer.#write('buffer_size_kb', String(BUFFER_KIB));
      // One clock for all processors: the calls of one turn come from several.
      tracer.#write('trace_clock', 'mono');
      for (const event of EVENTS) {
        const path = join('events', 'sunrpc', event, 'enable');
        if (!existsSync(join(tracer.#directory, path))) {
          throw new LabError(`counting calls needs the trace point sunrpc:${event}, which this kernel lacks`);
        }
        tracer.#write(path, '1');
      }
      return tracer;
    } catch (error) {
      tracer.close();
      throw error;
    }
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.#directory, name), text);
  }

  /** Forgets what was traced, and traces from now on. */
  start(): void {
    this.#write('trace', '\n');
    this.#write('tracing_on', '1');
  }

  /** Traces no more; returns what was traced. */
  stop(): RpcTrace {
    this.#write('tracing_on', '0');
    return parseRpcTrace(readFileSync(join(this.#directory, 'trace'), 'utf8'));
  }

  close(): void {
    rmdirSync(this.#directory);
  }
}
