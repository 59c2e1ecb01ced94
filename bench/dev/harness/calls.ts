/**
 * Calls of C's functions by themselves, one that enters no kernel and one that does: through koffi, and through Node's own
 * node:ffi where this Node has it. Both in turns, so that their ratio is of one machine.
 */
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';
import * as libc from '../../../strategies/posix/libc.js';
import { bounds, duration } from '../../base/format.js';
import { estimateMedian } from '../../statistics/median.js';
import { plainTable } from '../../text/table.js';
import type { Context, Section } from './section.js';

const ROUNDS = 9;
const CALLS = 200_000;
const ROOM = 24;

/** What is used of node:ffi, of which this project's types know nothing yet. */
interface Library {
  getFunction(
    name: string,
    signature: { arguments: readonly string[]; return: string },
  ): (...args: readonly (number | bigint)[]) => number | bigint;
}
interface Ffi {
  readonly DynamicLibrary: new (path: string | null) => Library;
}

/** Null where this Node has none. The name is a variable, or the compiler would look for the module. */
async function nodeFfi(): Promise<Ffi | null> {
  const name: string = 'node:ffi';
  try {
    return (await import(name)) as Ffi;
  } catch {
    return null;
  }
}

interface Call {
  readonly name: string;
  readonly through: string;
  readonly run: () => unknown;
}

const timed = ({ run }: Call): number => {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < CALLS; i++) run();
  return Number(process.hrtime.bigint() - begin) / CALLS;
};

function callsOf(fd: number, ffi: Ffi | null): Call[] {
  const { address, bytes } = libc.allocate(ROOM);
  const abs = libc.libc.func('int abs(int number)');
  const calls: Call[] = [
    { name: 'abs', through: 'koffi', run: () => abs(-1) },
    { name: 'errno', through: 'koffi', run: () => koffi.errno() },
    { name: 'pread', through: 'koffi', run: () => libc.pread(fd, address, bytes.length, 0) },
  ];
  if (ffi === null) return calls;
  const library = new ffi.DynamicLibrary(null);
  // An address is a bigint to it, and a number of 64 bits goes by a slower way than one of 32.
  const pointer = BigInt(address);
  const nodeAbs = library.getFunction('abs', { arguments: ['int32'], return: 'int32' });
  const place = library.getFunction('__errno_location', { arguments: [], return: 'pointer' });
  const nodePread = library.getFunction('pread', {
    arguments: ['int32', 'pointer', 'int32', 'int32'],
    return: 'int32',
  });
  return [
    ...calls,
    { name: 'abs', through: 'node:ffi', run: () => nodeAbs(-1) },
    { name: 'errno', through: 'node:ffi', run: () => place() },
    { name: 'pread', through: 'node:ffi', run: () => nodePread(fd, pointer, bytes.length, 0) },
  ];
}

export const calls: Section = {
  name: 'calls',
  title: 'A call by itself',
  async measure({ memory }: Context) {
    const path = join(memory, `.lockbench-call-${process.pid}`);
    const fd = openSync(path, 'wx+');
    unlinkSync(path);
    writeSync(fd, '1\n');
    try {
      const ffi = await nodeFfi();
      const found = callsOf(fd, ffi);
      const costs = new Map(found.map((call): [Call, number[]] => [call, []]));
      for (const call of found) timed(call);
      for (let i = 0; i < ROUNDS; i++) for (const [call, ns] of costs) ns.push(timed(call));
      const rows = [...costs]
        .sort(([one], [two]) => one.name.localeCompare(two.name))
        .map(([{ name, through }, ns]) => {
          const { median, low, high } = estimateMedian(ns);
          return [name, through, duration(median), bounds(low, high, median)];
        });
      const note = ffi === null ? `${process.version} has no node:ffi.\n` : '';
      return `${plainTable(['call', 'through', 'median', 'low–high'], rows)}\n${note}`;
    } finally {
      closeSync(fd);
    }
  },
};
