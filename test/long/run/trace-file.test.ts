/**
 * Real runs that are traced: the owner log as a file, and the latencies that a result tells of it.
 */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MeasuredCell } from '../../../bench/measure/result/result-schema.js';
import type { RoundRecord } from '../../../bench/measure/result/rounds-schema.js';
import { kindsOf, measured, tiny } from '../../support/short-runs.js';
import { lockbench, temporaryDirectory } from '../../support/support.js';

const HEADER = 'strategy,wait,directory,processes,worker,role,number,asked_ns,acquired_ns,released_ns';

interface Line {
  readonly strategy: string;
  readonly wait: string;
  readonly directory: string;
  readonly processes: number;
  readonly worker: number;
  readonly role: string;
  readonly number: number;
  readonly asked: number;
  readonly acquired: number;
  readonly released: number;
}

/** The lines behind the header of a file whose directory needs no quotes. */
function linesOf(text: string): Line[] {
  const [header, ...rows] = text.split('\r\n');
  assert.equal(header, HEADER);
  assert.equal(rows.pop(), '', 'the last line is ended');
  return rows.map((row) => {
    const fields = row.split(',');
    assert.equal(fields.length, 10, row);
    const [strategy = '', wait = '', directory = '', , , role = ''] = fields;
    const figure = (at: number): number => {
      assert.match(fields[at] ?? '', /^\d+$/, row);
      return Number(fields[at]);
    };
    return {
      ...{ strategy, wait, directory, role, processes: figure(3), worker: figure(4), number: figure(6) },
      ...{ asked: figure(7), acquired: figure(8), released: figure(9) },
    };
  });
}

type TraceRound = Extract<RoundRecord, { kind: 'trace' }>;

const traceOf = ({ rounds, strategy }: MeasuredCell): TraceRound =>
  rounds.find((round) => round.kind === 'trace') ?? assert.fail(`${strategy} was not traced`);

const nearestRank = (values: readonly number[], share: number): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1];

test('--trace keeps a line for each acquisition, from which the result’s latencies can be computed', async (t) => {
  const directory = temporaryDirectory(t);
  const [json, csv] = [join(directory, 'result.json'), join(directory, 'trace.csv')];
  const { code, stderr } = await lockbench([
    ...[...tiny, '--strategies', 'fcntl,excl', '--processes', '1,2', '--dir', directory, '--handoffs', '0'],
    ...['--trace', csv, '--json', json],
  ]);
  assert.equal(code, 0, stderr);
  const lines = linesOf(readFileSync(csv, 'utf8'));
  const cells = measured(readFileSync(json, 'utf8'));
  assert.equal(cells.length, 4);
  assert.equal(
    lines.length,
    cells.reduce((sum, cell) => sum + traceOf(cell).turns, 0),
  );
  for (const cell of cells) {
    const { strategy, wait, conditions, acquireNs } = cell;
    const { turns, workers, wallNs } = traceOf(cell);
    const own = lines.filter((line) => line.strategy === strategy && line.processes === conditions.processes);
    const name = `${strategy} with ${conditions.processes}`;
    assert.equal(own.length, turns, name);
    assert.equal(lines.indexOf(own[0] as Line) + turns - 1, lines.lastIndexOf(own.at(-1) as Line), name);
    for (const [i, line] of own.entries()) {
      assert.deepEqual([line.wait, line.directory, line.role], [wait, conditions.directory.path, 'locker']);
      assert.ok(line.asked <= line.acquired && line.acquired <= line.released, JSON.stringify(line));
      assert.ok(line.released <= wallNs, JSON.stringify(line));
      const before = own[i - 1];
      assert.ok(before === undefined || before.acquired <= line.acquired, `${name}, line ${i}`);
      // These locks exclude: nobody has it before it was given back, and the numbers follow each other.
      assert.ok(before === undefined || before.released <= line.acquired, `${name}, line ${i}`);
      assert.equal(line.number, 2 + i, `${name}, line ${i}`);
    }
    for (const [worker, { turns }] of workers.entries()) {
      assert.equal(own.filter((line) => line.worker === worker).length, turns, name);
    }
    const waits = own.map(({ asked, acquired }) => acquired - asked);
    assert.deepEqual(acquireNs, {
      samples: turns,
      p50: nearestRank(waits, 0.5),
      p90: nearestRank(waits, 0.9),
      p99: nearestRank(waits, 0.99),
      p999: nearestRank(waits, 0.999),
      max: Math.max(...waits),
    });
    if (conditions.processes === 1) assert.equal(cell.handoffNs, null, name);
  }
  assert.deepEqual(readdirSync(directory).sort(), ['result.json', 'trace.csv']);
});

test('the log tells who only read, and a reader’s number is one that a writer took', async (t) => {
  const directory = temporaryDirectory(t);
  const csv = join(directory, 'trace.csv');
  const { code } = await lockbench([
    ...[...tiny, '--strategies', 'fcntl', '--readers', '1', '--dir', directory, '--handoffs', '0'],
    ...['--trace', csv],
  ]);
  assert.equal(code, 0);
  const lines = linesOf(readFileSync(csv, 'utf8'));
  const taken = new Set([1, ...lines.filter(({ role }) => role === 'locker').map(({ number }) => number)]);
  const readers = lines.filter(({ role }) => role === 'reader');
  assert.ok(readers.length > 0 && taken.size > 1);
  for (const line of readers) assert.ok(taken.has(line.number), JSON.stringify(line));
});

test('a directory with commas, quotes and a line break in its name is one quoted field of one line', async (t) => {
  const directory = join(temporaryDirectory(t), 'a, "b"\nc');
  mkdirSync(directory, { mode: 0o777 });
  const csv = join(directory, '..', 'trace.csv');
  const { code } = await lockbench([
    ...[...tiny, '--strategies', 'fcntl', '--processes', '1', '--dir', directory, '--increments', '3'],
    ...['--trace', csv],
  ]);
  assert.equal(code, 0);
  const [header, ...rest] = readFileSync(csv, 'utf8').split('\r\n');
  assert.equal(header, HEADER);
  assert.equal(rest.length, 4);
  const quoted = `"${directory.replaceAll('"', '""').replace('\n', '\\u000a')}"`;
  for (const line of rest.slice(0, 3)) assert.ok(line.startsWith(`fcntl,block,${quoted},1,0,locker,`), line);
});

test('an earlier log is replaced whole, through a link too, and stays when the run is refused', async (t) => {
  const directory = temporaryDirectory(t);
  const [csv, link] = [join(directory, 'trace.csv'), join(directory, 'link.csv')];
  writeFileSync(csv, 'precious');
  symlinkSync(csv, link);
  const run = [...tiny, '--strategies', 'fcntl', '--processes', '1', '--dir', directory, '--increments', '3'];
  const refused = await lockbench([...run, '--dir', '/no/such/dir', '--trace', csv]);
  assert.equal(refused.code, 2);
  assert.equal(readFileSync(csv, 'utf8'), 'precious');
  assert.equal((await lockbench([...run, '--trace', link])).code, 0);
  assert.equal(linesOf(readFileSync(csv, 'utf8')).length, 3);
  assert.deepEqual(readdirSync(directory).sort(), ['link.csv', 'trace.csv']);
});

test('--no-trace leaves no trace round and no latencies', async (t) => {
  const { code, stdout } = await lockbench([
    ...[...tiny, '--strategies', 'fcntl', '--processes', '2', '--dir', temporaryDirectory(t), '--no-trace'],
    ...['--handoffs', '0', '--json', '-'],
  ]);
  assert.equal(code, 0);
  const [cell] = measured(stdout);
  assert.deepEqual(kindsOf(cell), ['timing']);
  assert.deepEqual([cell?.acquireNs, cell?.handoffNs], [null, null]);
});

test('--latency prints a line of latencies for each cell, and without it none is printed', async (t) => {
  const directory = temporaryDirectory(t);
  const run = [...tiny, '--strategies', 'fcntl,none', '--processes', '1', '--dir', directory];
  const { stdout } = await lockbench([...run, '--latency']);
  const lines = stdout.split('\n');
  const head = lines.findIndex((line) => line.includes('acquire latency'));
  assert.ok(head > 0, stdout);
  assert.match(lines[head] ?? '', /p50.*p90.*p99.*p99\.9.*max.*hand-off p50.*p99.*of/);
  for (const name of ['fcntl/block', 'none/block']) {
    const row = lines.slice(head).find((line) => line.includes(name)) ?? assert.fail(name);
    const cells = row.split('│').map((text) => text.trim());
    for (const figure of cells.slice(2, 7)) assert.match(figure, /^[\d.]+ (ns|µs|ms|s)$/, row);
    assert.deepEqual(cells.slice(7, 10), ['-', '-', '0'], 'alone there are no hand-offs');
  }
  assert.match(stdout, /, 1 process, 300 acquisitions each/);
  const plain = await lockbench(run);
  assert.doesNotMatch(plain.stdout, /acquire latency/);
});

test('a worker’s latencies are of at most 5000 turns, however many increments are asked for', async (t) => {
  const { stdout } = await lockbench([
    ...[...tiny, '--strategies', 'none', '--processes', '1', '--dir', temporaryDirectory(t)],
    ...['--increments', '6000', '--json', '-'],
  ]);
  const [cell] = measured(stdout);
  assert.equal(cell?.acquireNs?.samples, 5_000);
});
