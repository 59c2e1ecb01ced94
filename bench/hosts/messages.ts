/**
 * What ranks say to each other. Rank 0 gives orders, the others answer each of them once; `in` and `out`, which a worker
 * asks by its rank, come in between and are answered with `noted`.
 */
import type { Identity } from '../machine/identity.js';
import type { RpcCounts } from '../machine/rpc-counts.js';
import type { RoundLimits } from '../measure/parent/request.js';
import type { RoundConditions, RoundDirectoryJob, RoundKind, WorkerFigures } from '../measure/worker/job.js';
import type { Policy } from '../measure/worker/policy.js';

/** Who a rank is; each says so first. */
export interface Hello {
  readonly at: 'hello';
  readonly host: string;
  /** Of the kernel: hosts that have the same one are one machine. */
  readonly bootId: string;
  /** Of its CLOCK_MONOTONIC: ranks with the same one read the same clock. */
  readonly clock: string;
  readonly lockbench: string;
  readonly node: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly uid: number;
  readonly pid: number;
}

/** What is the same for all workers of a round. */
export interface RoundTerms {
  readonly kind: RoundKind;
  readonly isControl: boolean;
  readonly policy: Policy;
  readonly conditions: RoundConditions;
  readonly enoughHandoffs: number;
  readonly limits: RoundLimits;
  readonly identity: Identity | null;
}

/** To run one worker. */
export interface RoundOrder extends RoundTerms {
  readonly at: 'round';
  /** A name of the catalogue, or the control of this room. */
  readonly strategy: string;
  readonly workerIndex: number;
  readonly rehearsal: RoundDirectoryJob;
  readonly timed: RoundDirectoryJob;
  /** Whether it counts what its host asks of an NFS server: one rank of each host does. */
  readonly countsRpcs: boolean;
}

export type Order =
  | {
      readonly at: 'look';
      readonly directory: string;
      readonly job: RoundDirectoryJob;
      readonly identity: Identity | null;
      readonly token: string;
    }
  | { readonly at: 'clock'; readonly pings: number }
  | { readonly at: 'ping' }
  | RoundOrder
  | { readonly at: 'proceed' }
  | { readonly at: 'cancel' }
  | { readonly at: 'barrier' }
  /** `die`: the worker, which is inside, is to be killed. */
  | { readonly at: 'noted'; readonly stop: boolean; readonly die?: true }
  | { readonly at: 'end' };

/** The mount that a rank sees the directory by. */
export interface SeenMount {
  readonly filesystem: string;
  readonly options: readonly string[];
  readonly source: string;
}

export type Reply =
  | Hello
  | { readonly at: 'looked'; readonly problem: string | null; readonly mount: SeenMount | null }
  | { readonly at: 'ticking' }
  | { readonly at: 'pong'; readonly ns: string }
  | { readonly at: 'warm' }
  | { readonly at: 'ready' }
  | { readonly at: 'in' }
  | { readonly at: 'out' }
  /** The payload holds the ledger, and of a trace round the stamps. `gateNs`: CLOCK_MONOTONIC of its host. */
  | { readonly at: 'done'; readonly gateNs: string; readonly figures: WorkerFigures }
  /** The worker was killed, as was ordered; or ended, since the round was cancelled. */
  | { readonly at: 'killed' }
  | { readonly at: 'cancelled' }
  | { readonly at: 'over'; readonly rpcs: RpcCounts | null }
  /** `holding`: whether its worker was inside when it failed, as far as is known. */
  | { readonly at: 'failed'; readonly late: boolean; readonly reason: string; readonly holding: boolean };
