/**
 * Starting: how long it takes until the processes of a round are warm and asleep, and what they take of memory then.
 */
import { existsSync, readdirSync } from 'node:fs';
import { now } from '../../../strategies/posix/clock.js';
import { duration, plural } from '../../base/format.js';
import { ownPrefix } from '../../machine/owner-name.js';
import type { ForeignWorker } from '../../measure/parent/foreign-worker.js';
import { Round } from '../../measure/parent/round.js';
import { workerOf } from '../../measure/parent/worker-of.js';
import { plainTable } from '../../text/table.js';
import { baseline, wellRun } from './harness-rounds.js';
import { availableMemory, bytes, type MemoryUse, memoryOf } from './memory.js';
import { atMost, type Context, type Section } from './section.js';

/** By what they are written in. */
const PROCESSES: Readonly<Record<RuntimeName, readonly number[]>> = {
  node: [2, 8, 64, 256],
  c: [256, 1024],
};
const INCREMENTS = 100;
/** So much must be free before it is tried: a machine that swaps measures its disk. */
const NEEDED_BYTES: Readonly<Record<RuntimeName, Readonly<Record<number, number>>>> = {
  node: { 256: 14e9 },
  c: { 1024: 4e9 },
};
const GOALS: Readonly<
  Record<RuntimeName, Readonly<Record<number, { readonly ns: number; readonly bytes?: number }>>>
> = {
  node: { 64: { ns: 4e9 }, 256: { ns: 16e9, bytes: 12e9 } },
  c: { 256: { ns: 2e9 }, 1024: { ns: 10e9 } },
};

type RuntimeName = 'node' | 'c';

interface Start {
  readonly runtime: RuntimeName;
  readonly processes: number;
  /** From the start until all are warm and asleep. */
  readonly asleepNs: number;
  /** From the start until the gate opens, the reading of memory taken off. */
  readonly gateNs: number;
  readonly memory: MemoryUse;
  /** How much less memory is available than before. */
  readonly dropBytes: number;
  /** Processes and directories of the round that are still there after its end. */
  readonly left: number;
}

/** What the processes of a round take. If one of them has failed, the round knows better than /proc why. */
async function memoryOfAll(round: Round): Promise<MemoryUse> {
  try {
    return memoryOf(round.pids);
  } catch (error) {
    await wellRun(round);
    throw error;
  }
}

async function start(
  runtime: RuntimeName,
  processes: number,
  context: Context,
  foreign: ForeignWorker | null,
): Promise<Start> {
  const availableBefore = availableMemory();
  const launched = now();
  const round = await Round.launch({
    ...baseline(context, { conditions: { processes, increments: INCREMENTS } }),
    ...(foreign && { foreign }),
  });
  try {
    await round.settled();
    const asleep = now();
    const { pids } = round;
    const memory = await memoryOfAll(round);
    const dropBytes = availableBefore - availableMemory();
    const goesOn = now();
    const { gateNs } = await wellRun(round);
    const names = readdirSync(context.memory).filter((name) => name.startsWith(ownPrefix()));
    return {
      ...{ runtime, processes },
      asleepNs: Number(asleep - launched),
      gateNs: Number(asleep - launched + (gateNs - goesOn)),
      memory,
      dropBytes,
      left: names.length + pids.filter((pid) => existsSync(`/proc/${pid}`)).length,
    };
  } finally {
    await round.end();
  }
}

/** Why this many processes are not tried on this machine, or null. */
function reasonToSkip(runtime: RuntimeName, processes: number): string | null {
  const needed = NEEDED_BYTES[runtime][processes] ?? 0;
  const available = availableMemory();
  return available > needed
    ? null
    : `${plural(processes, 'process')} (${runtime}): skipped, since ${bytes(available)} of memory are available and more than ${bytes(needed)} are asked for`;
}

const row = ({ runtime, processes, asleepNs, gateNs, memory, dropBytes, left }: Start): string[] => [
  runtime,
  String(processes),
  duration(asleepNs),
  duration(gateNs),
  bytes(memory.bytes),
  bytes(memory.bytes / processes),
  bytes(dropBytes),
  left === 0 ? 'nothing' : String(left),
];

function goalsFor({ runtime, processes, gateNs, memory }: Start): string[] {
  const goal = GOALS[runtime][processes];
  if (goal === undefined) return [];
  const time = `to the gate in ${atMost(goal.ns, gateNs, duration(goal.ns))}`;
  const room =
    goal.bytes === undefined ? '' : `; memory ${atMost(goal.bytes, memory.bytes, bytes(goal.bytes))}`;
  return [`Goal for ${plural(processes, 'process')} (${runtime}): ${time}${room}.`];
}

export const starting: Section = {
  name: 'start',
  title: 'Starting',
  async measure(context) {
    const starts: Start[] = [];
    const skipped: string[] = [];
    for (const runtime of ['node', 'c'] as const) {
      const worker = workerOf('fcntl', runtime);
      if (worker !== null && 'reason' in worker) {
        skipped.push(`${runtime}: skipped: ${worker.reason}`);
        continue;
      }
      for (const processes of PROCESSES[runtime]) {
        const reason = reasonToSkip(runtime, processes);
        if (reason === null) starts.push(await start(runtime, processes, context, worker));
        else skipped.push(reason);
      }
    }
    const kind = starts[0]?.memory.kind;
    const how = kind === 'Pss' ? 'shared pages counted once (Pss)' : 'shared pages counted each time (Rss)';
    const head = [
      'runtime',
      'processes',
      'asleep',
      'gate',
      'memory',
      'each',
      'less available',
      'left behind',
    ];
    const sentences = [
      ...skipped,
      ...starts.flatMap(goalsFor),
      `From the start of a round until all its processes are warm and asleep, and until the gate opens; one round each.`,
      `Memory of all processes when they are asleep: ${how}, and how much less memory the kernel then calls available.`,
    ];
    return `${plainTable(head, starts.map(row))}\n${sentences.join('\n')}\n`;
  },
};
