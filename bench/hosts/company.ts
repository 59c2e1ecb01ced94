/**
 * Who has come: the ranks, their hosts, and whether they can work together.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { availableParallelism, hostname, release } from 'node:os';
import { UsageError } from '../base/usage-error.js';
import { visible } from '../base/visible.js';
import { ownVersion } from '../machine/project.js';
import type { Hello, Reply } from './messages.js';
import type { Wire } from './wire.js';

export interface Company {
  readonly wire: Wire;
  /** By rank, rank 0 among them. */
  readonly hellos: ReadonlyMap<number, Hello>;
  /** Those that contend: each host's first one comes before any host's second one. */
  readonly others: readonly number[];
  hostOf(rank: number): string;
  /** "rank 3 on b". */
  nameOf(rank: number): string;
}

/** To reach MPI_Init all must have started; what comes after takes no time. */
const HELLO_NS = 120e9;

const LEAST_RANKS = 2;
const START = 'start it with: mpirun -n 3 --hostfile FILE lockbench hosts --dir DIRECTORY';

/** A time namespace has a clock of its own; a kernel without such has one clock. */
function timeNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return '';
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();

export const introduceMyself = (): Hello => ({
  at: 'hello',
  host: hostname(),
  bootId: bootId(),
  clock: `${bootId()} ${timeNamespace()}`,
  lockbench: ownVersion(),
  node: process.version,
  kernel: `Linux ${release()}`,
  cpus: availableParallelism(),
  uid: process.getuid?.() ?? -1,
  pid: process.pid,
});

/** The ranks in turn from each host, so that few of them are on as many hosts as possible. */
export function inTurn(ranks: readonly number[], hostOf: (rank: number) => string): number[] {
  const byHost = new Map<string, number[]>();
  for (const rank of ranks) byHost.set(hostOf(rank), [...(byHost.get(hostOf(rank)) ?? []), rank]);
  const most = Math.max(0, ...[...byHost.values()].map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) =>
    [...byHost.values()].flatMap((of) => of[turn] ?? []),
  ).flat();
}

/** Throws UsageError for ranks that differ in what must be the same. */
export function requireAlike(hellos: ReadonlyMap<number, Hello>, nameOf: (rank: number) => string): void {
  const mine = hellos.get(0);
  const KINDS = { lockbench: 'lockbench', node: 'Node', uid: 'user id' } as const;
  for (const [rank, hello] of hellos) {
    for (const key of ['lockbench', 'node', 'uid'] as const) {
      if (mine === undefined || hello[key] === mine[key]) continue;
      throw new UsageError(
        `hosts: the same ${KINDS[key]} on all ranks was expected, ${nameOf(0)} has ${visible(String(mine[key]))}, ${nameOf(rank)} has ${visible(String(hello[key]))}`,
        key === 'uid' ? 'start all ranks as one user' : 'install the same version on all hosts',
      );
    }
  }
}

/** Rank 0 meets the others. Throws UsageError. */
export async function meet(wire: Wire): Promise<Company> {
  const { size } = wire.mpi;
  if (size < LEAST_RANKS) {
    throw new UsageError(
      `hosts: at least ${LEAST_RANKS} ranks were expected, got ${size}: rank 0 is the referee and does not contend`,
      START,
    );
  }
  const hellos = new Map<number, Hello>([[0, introduceMyself()]]);
  while (hellos.size < size) {
    const { from, message } = await wire.receive<Reply>(null, 'patient', HELLO_NS);
    if (message.at !== 'hello') throw new Error(`rank ${from} said "${message.at}" before "hello"`);
    hellos.set(from, message);
  }
  const hostOf = (rank: number): string => hellos.get(rank)?.host ?? '?';
  const nameOf = (rank: number): string => `rank ${rank} on ${visible(hostOf(rank))}`;
  requireAlike(new Map([...hellos].sort(([a], [b]) => a - b)), nameOf);
  const ranks = Array.from({ length: size - 1 }, (_, i) => i + 1);
  return { wire, hellos, others: inTurn(ranks, hostOf), hostOf, nameOf };
}
