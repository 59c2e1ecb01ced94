/**
 * The contract: what a way of locking tells about itself and what it can do. The first file to read.
 *
 * A strategy locks; it does not time, count, sleep or retry. How to wait for a held lock is another axis, joined
 * by the runner: `excl/spin` is `excl` tried again at once, `fcntl/block` is `fcntl` put to sleep by the kernel.
 */

/** What it is. `source`: a manual page, or the section of the textbook that shows it. */
export interface Facts {
  readonly name: string;
  readonly title: string;
  readonly family:
    | 'control'
    | 'kernel file lock'
    | 'name in a directory'
    | 'shared memory'
    | 'semaphore'
    | 'socket'
    | 'database';
  readonly source: string;
  /** Only where programs in other languages cannot take the lock by calls of their own: why not, after a colon. */
  readonly closedToOthers?: string;
  /** Only where the lock is written in another language alone: which runtime has it. */
  readonly onlyIn?: 'c' | 'python';
  /** The strategy whose lock it is, taken by other calls: who has the one keeps out who asks for the other. */
  readonly sameLockAs?: string;
}

/** What it promises. A claim is not documentation: the contract test proves each on the machine it runs on. */
export interface Claims {
  /** At most one holder at a time, on one host, for an unprivileged user. */
  readonly excludes: boolean;
  /** The same, when the processes run as root. */
  readonly excludesAsRoot: boolean;
  /** The same, between hosts that mount one NFS export; shared memory of one host has no such question. */
  readonly excludesAcrossNfs: { readonly v3: boolean; readonly v4: boolean } | 'not applicable';
  /** The holder is killed: the next one gets the lock, gets it with a warning, never, or by recovery. */
  readonly holderDies: 'released' | 'stuck' | Recovery;
  /**
   * Only for a lock with a lease: how long its holder has it, unless it renews it. A holder that is stopped for longer, and
   * goes on, was overtaken; so `excludes` is promised to those alone who are quicker.
   */
  readonly leaseNs?: number;
  /**
   * To whom a held lock belongs. A stranger's unlock undoes the lock of a `name` and of `nobody`; a `holder` alone knows
   * which name is its own, though a stranger with `mv` or `rm` can find it, too.
   */
  readonly owner:
    | 'process'
    | 'thread'
    | 'open-file-description'
    | 'name'
    | 'connection'
    | 'holder'
    | 'nobody';
}

/** Where processes meet: a private directory, and a token that names what does not live in a directory. */
export interface RoundDirectory {
  readonly dir: string;
  readonly token: string;
  readonly workers: number;
  path(name: string): string;
}

/** A round's directory as one worker sees it. `fd`: the descriptor that kernel file locks apply to, open for writing. */
export interface LockSite extends RoundDirectory {
  readonly fd: number;
  readonly workerIndex: number;
}

export type Availability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string };

/**
 * How a lock came from a holder that died: `owner-died`, it was given with a warning that what it guards may be half
 * done; `taken-over`, the newcomer judged that the holder was gone, and took it.
 */
export type Recovery = 'owner-died' | 'taken-over';

/** The members that every lock has, `Done` being `void`, or a promise of it. */
interface Held<Done> {
  /** Once per acquisition, before the first try. */
  beginAcquire?(): Done;
  unlock(): Done;
  /**
   * What the last successful acquisition found out about its predecessor; null if it unlocked in order, or if there was
   * none. Only for a lock that can tell: without it the death of a holder is `released` or `stuck`.
   */
  recovery?(): Recovery | null;
  /**
   * Only for a lock whose holder must renew its lease, and only while it is held: begins the lease anew. Throws Error if
   * another has taken the lock over already.
   */
  renew?(): Done;
  /**
   * Only where the first to ask is served first, even if it is not running just then, and no other may go in its place:
   * waiters must then yield their processor.
   */
  readonly fifo?: true;
  /** Gives back what `open` took; the lock is not held then. */
  close(): void;
}
/** The kernel makes the caller wait. Retries EINTR; throws SystemError for everything else. */
interface Blocking<Done> {
  lock(): Done;
}
/** One try. Only the expected errno means "held", which is false; throws SystemError for everything else. */
interface Trying<Answer> {
  tryLock(): Answer;
}

/** The shared mode, where there is one: many readers, no writer beside them. `unlock` ends both modes. */
interface Shared<Done, Answer> {
  lockShared(): Done;
  tryLockShared(): Answer;
}

/** `lock` where the kernel can make the caller wait, `tryLock` where it can be tried: one of them, or both. */
export type Lock = Held<void> &
  Partial<Shared<void, boolean>> &
  ((Blocking<void> & Partial<Trying<boolean>>) | (Trying<boolean> & Partial<Blocking<void>>));

/** The same for libraries that return promises, apart from it: no await may touch a synchronous loop. */
export type AsyncLock = Held<Promise<void>> &
  Partial<Shared<Promise<void>, Promise<boolean>>> &
  (
    | (Blocking<Promise<void>> & Partial<Trying<Promise<boolean>>>)
    | (Trying<Promise<boolean>> & Partial<Blocking<Promise<void>>>)
  );

interface Common extends Facts {
  readonly claims: Claims;
  /** The `file:` URL of the module that it was loaded from, where that is not the catalogue's: set by the loader, never by it. */
  readonly module?: string;
  /**
   * What trying it out would not tell, such as a library that is not built; asked under the workers' identity.
   * It looks; it never guesses from a platform's name. A SystemError at the first acquisition needs no probe:
   * the runner tries each strategy once on a private site, and reports that error as the reason.
   */
  probe?(site: LockSite): Availability;
  /**
   * Set where `prepare` makes a descriptor that workers inherit: it is called in the process that starts them then, and may
   * not touch the directory. Otherwise a process apart prepares, which may have to wait for a file system.
   */
  readonly inherited?: true;
  /** Once, before any worker: semaphores, keys, shared memory are made here. */
  prepare?(roundDirectory: RoundDirectory): void;
  /** Once, where it was prepared, after kills too; undoing twice is not an error. The directory itself is not its business. */
  destroy?(roundDirectory: RoundDirectory): void;
}
export interface SyncStrategy extends Common {
  readonly calls: 'synchronous';
  open(site: LockSite): Lock;
}
export interface AsyncStrategy extends Common {
  readonly calls: 'asynchronous';
  open(site: LockSite): AsyncLock;
}
export type Strategy = SyncStrategy | AsyncStrategy;
