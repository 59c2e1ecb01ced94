/**
 * What a parent tells a worker, as JSON in the worker's last argument, and what the worker says to its parent, a line of
 * JSON each on a descriptor of its own. bench/workers/PROTOCOL.md says the same to those who write a worker in another
 * language; a change that such a worker would notice makes a new version.
 */
import type { Counts } from '../../machine/counters.js';
import type { Identity } from '../../machine/identity.js';
import type { Conditions } from '../result/result-schema.js';
import type { Exclusion } from './owner-word.js';
import type { Members, Policy } from './policy.js';

/** The protocol's version, which each job names. */
export const PROTOCOL = 1;

/** A place as it travels: see `RoundDirectory` of the contract. */
export interface RoundDirectoryJob {
  readonly dir: string;
  readonly token: string;
  readonly workers: number;
  /** Of the directory: by its path, somebody else's may be found. */
  readonly inode: string;
  /** 32 bits made of the token, never 0, for locks whose names are numbers: a System V semaphore has it as its key. */
  readonly key: number;
}

/** Where in the control block a worker's parts lie, in bytes from its beginning. */
export interface ControlPlace {
  /** Of the whole block. */
  readonly bytes: number;
  readonly ledger: number;
  readonly stamps: number;
  /** For how many there is room; 0 where none are wanted. */
  readonly stampCount: number;
  /** See tallies.ts. A worker may leave them alone. */
  readonly tallies: number;
}

/** What every worker is told, whatever it is to do. */
interface CommonJob {
  readonly protocol: typeof PROTOCOL;
  readonly parentPid: number;
  /** To whom to drop, or null to stay who we are. */
  readonly identity: Identity | null;
  readonly strategy: string;
}

/** To try the lock out once, alone, and say what it offers. */
export interface LookJob extends CommonJob {
  readonly task: 'look';
  readonly timed: RoundDirectoryJob;
}

/** To time lock and unlock, alone, in samples that are each the mean of this many pairs. */
export interface PairsJob extends CommonJob {
  readonly task: 'pairs';
  readonly policy: Policy;
  readonly samples: number;
  readonly pairsPerSample: number;
  readonly timed: RoundDirectoryJob;
}

/**
 * The conditions of a cell as far as they are a round's. Where its file system comes from, and on which processors its
 * workers stay, has been settled before.
 */
export type RoundConditions = Omit<Conditions, 'directory' | 'pin' | 'nfs'> & {
  readonly directory: Pick<Conditions['directory'], 'path'>;
};

/**
 * What a round is for. What observes does not time: `timing` does nothing but take numbers; `trace` stamps each
 * acquisition; `prove` provokes a lock, and looks whether two are inside at once.
 */
export type RoundKind = 'timing' | 'trace' | 'prove';

/** What a worker does inside: takes numbers, only reads them under the shared mode, or takes them without any lock. */
export type Role = 'locker' | 'reader' | 'rogue';

export interface WorkerJob extends CommonJob {
  readonly task: 'round';
  readonly control: ControlPlace;
  readonly kind: RoundKind;
  readonly role: Role;
  readonly conditions: RoundConditions;
  /** Hand-offs after which a prove round ends. */
  readonly enoughHandoffs: number;
  /** The processor to stay on, or null. */
  readonly processor: number | null;
  readonly policy: Policy;
  readonly workerIndex: number;
  /** In a prove round between hosts, which share no memory: a referee is asked, instead of the owner word. */
  readonly refereed?: true;
  /** A private place of this worker alone, in memory; null where there is nothing to be compiled before the clock runs. */
  readonly warmUp: RoundDirectoryJob | null;
  /** Turns of the rehearsal with the others; 0 when there are none. */
  readonly rehearsalTurns: number;
  readonly rehearsal: RoundDirectoryJob;
  readonly timed: RoundDirectoryJob;
  /** Turns of a lap. */
  readonly lap: number;
  /** Laps are repeated until so much time has passed since the gate. */
  readonly atLeastNs: number;
  /** Numbers for which a ledger has room. */
  readonly capacity: number;
  /** Whether to count instructions, cycles and cache misses, if the worker can. */
  readonly isCounted?: boolean;
  /** Of a trace round that is only watched: laps are repeated until the stop flag is set, each from the ledger's beginning on. */
  readonly endless?: boolean;
}

/** What a worker measured. Times are ns since the gate opened; processor times are of the timed loop alone. */
export interface WorkerFigures {
  readonly startNs: number;
  readonly endNs: number;
  readonly turns: number;
  /** Of a reader: turns in which the number changed while it was inside, or was no number. */
  readonly changedReads: number;
  /**
   * What the owner word told; null in timing rounds, which do not look. "intervals": the worker has no instructions for such
   * a word, and stamped when it was inside instead.
   */
  readonly exclusion: Exclusion | 'intervals' | null;
  readonly failedTries: number;
  readonly userNs: number;
  readonly systemNs: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  /** How often the kernel moved it to another processor; null where the kernel does not tell. */
  readonly migrations: number | null;
  /** Of the processor; left out where the job did not ask for it, or there were too few counters. */
  readonly counts?: Counts;
}

export type WorkerMessage =
  | { readonly at: 'warm'; readonly turns: number }
  | { readonly at: 'ready' }
  | { readonly at: 'done'; readonly figures: WorkerFigures }
  | { readonly at: 'found'; readonly members: Members }
  | { readonly at: 'unavailable'; readonly reason: string }
  | { readonly at: 'pairs'; readonly ns: readonly number[] }
  | { readonly at: 'error'; readonly message: string };
