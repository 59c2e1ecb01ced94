/**
 * What a peer is: a program of others that takes locks and says how many it took.
 */

/** What one run of it gave: what each copy printed, and how long it took by our clock, ns. */
export interface PeerRun {
  readonly printed: readonly string[];
  readonly wallNs: number;
}

/** A lock of ours that stands beside the peer's. */
export interface Ours {
  /** A strategy of the catalogue, or a file of locks/ without its ending. */
  readonly lock: { readonly catalogue: string } | { readonly file: string; readonly variant?: string };
  /** Lock and unlock alone, or the worker's whole turn, which reads the number and writes it, too. */
  readonly measured: 'pair' | 'turn';
  /** How many of the peer's operations a pair or a turn is. */
  readonly operations: number;
}

export interface Peer {
  readonly name: string;
  /** What is looked for in PATH, and the Debian package that has it. */
  readonly program: string;
  readonly debianPackage: string;
  /** The command, its program first. `directory` is private and in memory. */
  words(directory: string): readonly string[];
  /** How many run at once; one stays on one processor, as do ours. */
  readonly copies: 1 | 2;
  /** For one that never ends: each copy is ended once it has said this. Others end by themselves. */
  readonly enough?: (printed: string) => boolean;
  /** What it counts as one operation, as a sentence without its first words. */
  readonly operation: string;
  readonly ours: Ours;
  /** Why the figures cannot be the same; null if ours makes the same calls, and the goal applies. */
  readonly differs: string | null;
  /** ns per operation. Throws an Error that says what was expected. */
  costOf(run: PeerRun): number;
}

/** What `pattern` finds, as a number above zero. Throws an Error that shows what was printed instead. */
export function figure(printed: string, pattern: RegExp, what: string): number {
  const found = Number(pattern.exec(printed)?.[1]);
  if (Number.isFinite(found) && found > 0) return found;
  throw new Error(`${what} was expected, got ${JSON.stringify(printed.slice(-200))}`);
}
