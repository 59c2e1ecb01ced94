/**
 * The calls of MPI that are used here, bound through koffi to the library of the launcher that started us.
 *
 * There is no common binary interface before MPI 5. What Open MPI calls MPI_COMM_WORLD is the address of an exported
 * object; for MPICH and its kin (Intel MPI, MVAPICH, Cray MPICH) it is a number. The layout of a status and the number
 * for "any rank" differ, too. Which family a library is of is told by what it exports, not by its name.
 * Sources: mpi.h of Open MPI 4.1 and of MPICH 4.0.
 */
import koffi from 'koffi';
import { libc } from '../../strategies/posix/libc.js';
import { UsageError } from '../base/usage-error.js';
import { endJobWithUs } from './hydra.js';
import { refusalOfPmi2 } from './slurm.js';

/** Handles travel as numbers of 64 bits: those of MPICH are of 32, of which the callee reads no more. */
type Handle = number;

interface Family {
  readonly name: 'Open MPI' | 'MPICH';
  readonly world: Handle;
  readonly byte: Handle;
  readonly anySource: number;
  readonly anyTag: number;
  /** Where the sender stands in a status, in bytes. */
  readonly sourceAt: number;
}

/** A message that has come and was not received yet. */
export interface Waiting {
  readonly from: number;
  readonly bytes: number;
}

export interface Mpi {
  readonly family: Family['name'];
  /** The file that was loaded. */
  readonly file: string;
  /** What the library says of itself, its first line. */
  readonly version: string;
  readonly rank: number;
  readonly size: number;
  /** Whether a message is there, of one rank or (null) of any; does not wait. */
  probe(from: number | null): Waiting | null;
  /** Receives what `probe` has told of. */
  receive(waiting: Waiting): Buffer;
  /** Returns when `bytes` may be used again; a long message is waited for until its receiver takes it. */
  send(to: number, bytes: Buffer): void;
  /** Returns when all ranks have called it. Keeps the processor busy. */
  barrier(): void;
  finalize(): void;
}

const STATUS_BYTES = 64;
const VERSION_BYTES = 8192;
const TAG = 7;

/** Names under which libraries are found, those of Open MPI and of MPICH. */
const OPEN_MPI = ['libmpi.so.40', 'libmpi.so.80', 'libmpi.so'];
const MPICH = ['libmpich.so.12', 'libmpi.so.12', 'libmpich.so', 'libmpi_cray.so.12', 'libmpi.so'];

/** An option of the environment that names the library's file, where it has another name or stands elsewhere. */
const LIBRARY_VARIABLE = 'LOCKBENCH_MPI';

const INSTALL =
  'install it on each host, such as Debian’s openmpi-bin, and start with: mpirun -n 3 --hostfile FILE lockbench hosts --dir DIRECTORY';

export interface Launched {
  readonly rank: number;
  readonly size: number;
  /** Of the library, in the order in which they are tried. */
  readonly names: readonly string[];
  /** Whether no rank of the job on this host has a smaller number; also where the launcher does not tell. */
  readonly isFirstOfHost: boolean;
  /** Whether the launcher ends all ranks when one has failed; srun does so with --kill-on-bad-exit alone. */
  readonly endsAll: boolean;
}

/** Who started us, as the environment tells; null: no launcher of MPI did. */
export function launchedBy(env: NodeJS.ProcessEnv): Launched | null {
  const number = (name: string): number | null => {
    const text = env[name];
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
  };
  const local = ['OMPI_COMM_WORLD_LOCAL_RANK', 'MPI_LOCALRANKID', 'SLURM_LOCALID'].map(number);
  const isFirstOfHost = (local.find((one) => one !== null) ?? 0) === 0;
  const found = (rank: string, size: string, names: string[], endsAll: boolean): Launched | null => {
    const [ofRank, ofSize] = [number(rank), number(size)];
    if (ofRank === null || ofSize === null) return null;
    return { rank: ofRank, size: ofSize, names, isFirstOfHost, endsAll };
  };
  return (
    found('OMPI_COMM_WORLD_RANK', 'OMPI_COMM_WORLD_SIZE', OPEN_MPI, true) ??
    found('PMI_RANK', 'PMI_SIZE', MPICH, env.SLURM_STEP_ID === undefined) ??
    // srun --mpi=pmix sets these two, and PMIx speaks to either family.
    (env.PMIX_RANK === undefined
      ? null
      : found('SLURM_PROCID', 'SLURM_NTASKS', [...OPEN_MPI, ...MPICH], false)) ??
    null
  );
}

/** Loads the first of these that there is. Throws UsageError. */
function load(names: readonly string[]): { library: ReturnType<typeof koffi.load>; file: string } {
  const wanted = process.env[LIBRARY_VARIABLE];
  const tried = wanted === undefined || wanted === '' ? names : [wanted];
  for (const file of tried) {
    try {
      // Global, since its plugins look its symbols up in the whole process.
      return { library: koffi.load(file, { global: true, lazy: true }), file };
    } catch {
      // Another name, perhaps.
    }
  }
  const refusal = refusalOfPmi2(process.env, null);
  if (refusal !== null) throw refusal;
  endJobWithUs(process.env);
  throw new UsageError(
    `hosts: a library of MPI was expected, none of ${tried.join(', ')} can be loaded`,
    `${INSTALL}; ${LIBRARY_VARIABLE} names a file elsewhere`,
  );
}

const dlsym: (handle: number, name: string) => number = libc.func(
  'int64_t dlsym(int64_t handle, const char *name)',
);

function familyOf(): Family {
  const world = dlsym(0, 'ompi_mpi_comm_world');
  const byte = dlsym(0, 'ompi_mpi_byte');
  return world !== 0 && byte !== 0
    ? { name: 'Open MPI', world, byte, anySource: -1, anyTag: -1, sourceAt: 0 }
    : { name: 'MPICH', world: 0x44000000, byte: 0x4c00010d, anySource: -2, anyTag: -1, sourceAt: 8 };
}

/** Loads the library and joins the other ranks. `names`: see `launchedBy`. Throws UsageError, once `MPI_Init` is not reached. */
export function joinMpi(names: readonly string[]): Mpi {
  // UCX, on which MPICH may be built, moves the end of the heap up and back to try out its hooks. What another thread of Node was
  // given there meanwhile would be gone then. Without this, a start ended by a segmentation fault now and then; that this is the
  // cause is inferred.
  process.env.UCX_MEM_EVENTS ??= 'n';
  const { library, file } = load(names);
  const family = familyOf();
  const refusal = refusalOfPmi2(process.env, family.name);
  if (refusal !== null) throw refusal;
  const { world, byte, anySource, anyTag, sourceAt } = family;
  const init: (argc: number, argv: number) => number = library.func(
    'int MPI_Init(int64_t argc, int64_t argv)',
  );
  const one = (name: string): ((comm: Handle, out: Int32Array) => number) =>
    library.func(`int ${name}(int64_t comm, _Out_ int *out)`);
  const versionOf: (text: Buffer, length: Int32Array) => number = library.func(
    'int MPI_Get_library_version(_Out_ void *text, _Out_ int *length)',
  );
  const iprobe: (source: number, tag: number, comm: Handle, flag: Int32Array, status: Buffer) => number =
    library.func('int MPI_Iprobe(int source, int tag, int64_t comm, _Out_ int *flag, _Out_ void *status)');
  const getCount: (status: Buffer, type: Handle, count: Int32Array) => number = library.func(
    'int MPI_Get_count(void *status, int64_t type, _Out_ int *count)',
  );
  const receive: (
    into: Buffer,
    count: number,
    type: Handle,
    source: number,
    tag: number,
    comm: Handle,
    status: Buffer,
  ) => number = library.func(
    'int MPI_Recv(_Out_ void *into, int count, int64_t type, int source, int tag, int64_t comm, _Out_ void *status)',
  );
  const send: (from: Buffer, count: number, type: Handle, to: number, tag: number, comm: Handle) => number =
    library.func('int MPI_Send(void *from, int count, int64_t type, int to, int tag, int64_t comm)');
  const barrier: (comm: Handle) => number = library.func('int MPI_Barrier(int64_t comm)');
  const finalize: () => number = library.func('int MPI_Finalize()');

  init(0, 0);
  const word = new Int32Array(1);
  const asked = (name: string): number => {
    one(name)(world, word);
    return word[0] ?? -1;
  };
  const text = Buffer.alloc(VERSION_BYTES);
  versionOf(text, word);
  const version =
    text
      .toString('latin1', 0, word[0] ?? 0)
      .split(/[\n,\0]/)[0]
      ?.replace(/\s+/g, ' ')
      .trim() ?? '';
  const status = Buffer.alloc(STATUS_BYTES);
  return {
    family: family.name,
    file,
    version,
    rank: asked('MPI_Comm_rank'),
    size: asked('MPI_Comm_size'),
    probe(from) {
      iprobe(from ?? anySource, anyTag, world, word, status);
      if (word[0] === 0) return null;
      const source = status.readInt32LE(sourceAt);
      getCount(status, byte, word);
      return { from: source, bytes: word[0] ?? 0 };
    },
    receive({ from, bytes }) {
      const into = Buffer.alloc(bytes);
      receive(into, bytes, byte, from, anyTag, world, status);
      return into;
    },
    send(to, bytes) {
      send(bytes, bytes.length, byte, to, TAG, world);
    },
    barrier() {
      barrier(world);
    },
    finalize() {
      finalize();
    },
  };
}
