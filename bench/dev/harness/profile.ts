/**
 * Whose the time of a turn is: perf(1) looks on while a worker takes its timed turns, in TypeScript and in C, and says in
 * whose code the processor was.
 */
import { spawn, spawnSync } from 'node:child_process';
import { Socket } from 'node:net';
import { basename, join } from 'node:path';
import { plural } from '../../base/format.js';
import { makeWorkDirectory } from '../../machine/files/work-directory.js';
import { plainTable } from '../../text/table.js';
import { type Contender, contenders, costOf, launch } from './against-c.js';
import { CannotMeasure, type Context, type Section } from './section.js';

/** One of each kind: two calls for the lock, a name, and memory. */
const LOCKS = ['fcntl', 'flock', 'excl', 'shm-flag'];
/** Of processor time, since a virtual machine has no counter that could trigger. */
const EVENT = 'cpu-clock';
const SAMPLES_PER_SECOND = '4000';
const ROUND_NS = 2e9;

const OWNERS = ['kernel', 'C library', 'own code', 'Node', 'koffi', 'others'] as const;
export type Owner = (typeof OWNERS)[number];

/** `program`: the name of the worker's own, where it is none of Node's. */
function ownerOf(object: string, program: string | null): Owner {
  if (object.startsWith('[kernel') || object.startsWith('[guest.kernel')) return 'kernel';
  if (/^libc[.-]/.test(object)) return 'C library';
  if (object === 'koffi.node') return 'koffi';
  // What V8 has compiled lies in no file.
  if (program === null ? object.startsWith('[JIT]') || /^perf-\d+\.map$/.test(object) : object === program)
    return 'own code';
  return object === basename(process.execPath) ? 'Node' : 'others';
}

/** Reads "SAMPLES OBJECT" lines of perf report: the share of each owner. Throws CannotMeasure if there are none. */
export function sharesOf(report: string, program: string | null): ReadonlyMap<Owner, number> {
  const samples = new Map<Owner, number>(OWNERS.map((owner) => [owner, 0]));
  for (const [, count = '', object = ''] of report.matchAll(/^\s*(\d+)\s+(\S.*?)\s*$/gm)) {
    const owner = ownerOf(object, program);
    samples.set(owner, (samples.get(owner) ?? 0) + Number(count));
  }
  const all = [...samples.values()].reduce((a, b) => a + b, 0);
  if (all === 0) throw new CannotMeasure('perf took no sample');
  return new Map([...samples].map(([owner, count]) => [owner, count / all]));
}

/** A recording that has begun. */
interface Recording {
  /** Once all that it records have ended. */
  readonly ended: Promise<void>;
}

/** Starts perf on these processes, which it records until they end. Throws CannotMeasure if it cannot. */
async function record(pids: readonly number[], file: string, signal: AbortSignal): Promise<Recording> {
  // Told when to begin by one descriptor, it says on the other that it has: until then it reads what is mapped where.
  const words = ['record', '-q', '-e', EVENT, '-F', SAMPLES_PER_SECOND, '-o', file, '-p', pids.join()];
  const child = spawn('perf', [...words, '--delay=-1', '--control=fd:3,4'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    signal,
  });
  const [, , said, orders, answers] = child.stdio;
  if (!(orders instanceof Socket && answers instanceof Socket)) throw new Error('pipes were expected');
  let why = '';
  said?.on('data', (more: Buffer) => {
    why += more.toString();
  });
  // By what code it ends tells nothing: it is 255 where those that it looked at were killed.
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject).on('close', () => resolve());
  });
  // The caller awaits it later; until then a failure must not count as unhandled.
  ended.catch(() => {});
  // What became of them is said by the end of the process.
  orders.on('error', () => {}).write('enable\n');
  const began = new Promise<true>((resolve) => answers.once('data', () => resolve(true)));
  if ((await Promise.race([began, ended])) !== true)
    throw new CannotMeasure(`perf record: ${why.trim().split('\n')[0]}`);
  return { ended };
}

/** ns of a turn by whose they are, and their sum. */
interface Profile {
  readonly all: number;
  readonly by: ReadonlyMap<Owner, number>;
}

async function profile(contender: Contender, runtime: 'node' | 'c', context: Context): Promise<Profile> {
  const { signal, temporary } = context;
  const foreign = runtime === 'c' ? contender.inC : undefined;
  const work = makeWorkDirectory(temporary, 'profile');
  try {
    const round = await launch(contender, context, foreign, ROUND_NS);
    try {
      const file = join(work.path, 'perf.data');
      const { ended } = await record(round.pids, file, signal);
      const { cpuNs } = await costOf(round);
      await ended;
      const words = ['report', '-q', '--stdio', '-i', file, '-F', 'sample,dso'];
      const { stdout, stderr, status } = spawnSync('perf', words, { encoding: 'utf8' });
      if (status !== 0) throw new CannotMeasure(`perf report: ${stderr.trim().split('\n')[0]}`);
      const program = foreign === undefined ? null : basename(foreign.words[0] ?? '');
      const shares = sharesOf(stdout, program);
      return { all: cpuNs, by: new Map([...shares].map(([owner, share]) => [owner, share * cpuNs])) };
    } finally {
      await round.end();
    }
  } finally {
    work.remove();
  }
}

const whole = (ns: number): string => ns.toFixed(0);
const signed = (ns: number): string => (Math.round(ns) > 0 ? `+${whole(ns)}` : whole(ns));

function rowsOf(name: string, typescript: Profile, c: Profile): string[][] {
  const row = (first: string, what: string, figure: (of: (one: Profile) => number) => string): string[] => [
    ...[first, what, figure(({ all }) => all)],
    ...OWNERS.map((owner) => figure(({ by }) => by.get(owner) ?? 0)),
  ];
  return [
    row(name, 'TypeScript', (of) => whole(of(typescript))),
    row('', 'C', (of) => whole(of(c))),
    row('', 'more', (of) => signed(of(typescript) - of(c))),
  ];
}

export const profiles: Section = {
  name: 'profile',
  title: 'Whose the time of a turn is',
  async measure(context) {
    if (spawnSync('perf', ['--version'], { stdio: 'ignore' }).status !== 0)
      throw new CannotMeasure('profile: perf was expected, it is not there; apt-get install linux-perf');
    const rows: string[][] = [];
    for (const contender of await contenders(context, LOCKS)) {
      const typescript = await profile(contender, 'node', context);
      rows.push(...rowsOf(contender.strategy.name, typescript, await profile(contender, 'c', context)));
    }
    return (
      `${plainTable(['lock', 'in', 'ns a turn', ...OWNERS], rows)}\n` +
      `Processor time of a turn, by where perf found the processor (${EVENT}, ${SAMPLES_PER_SECOND} times a second) in ` +
      `${plural(1, 'round')} of each.\n` +
      'Own code: what V8 compiled of ours, and in C the worker. Node: V8 and the interface by which functions are called.\n'
    );
  },
};
