/**
 * The tables of `lockbench hosts`: one for each number of ranks.
 */
import { bounds, digits, duration, plural, tellsBounds } from '../base/format.js';
import { visible } from '../base/visible.js';
import { fits, plainTable, tableWidth, wrappedTable } from '../text/table.js';
import type { HostsCell, HostsResult, MeasuredHostsCell } from './hosts-schema.js';

const NONE = '-';
const HEAD = [
  'strategy/wait',
  'per increment',
  'low–high',
  'per s',
  'between',
  'within',
  'excluded in',
  'lost',
] as const;

/** What the clocks of a trace round may be wrong by, at most: those of two hosts. */
function clockErrorOf({ rounds }: MeasuredHostsCell): number {
  const trace = rounds.findLast(({ kind }) => kind === 'trace');
  const errors = (trace?.workers ?? []).map(({ clockErrorNs }) => clockErrorNs ?? 0).sort((a, b) => b - a);
  return (errors[0] ?? 0) + (errors[1] ?? 0);
}

/** What is shorter than the error of the clocks is not known. */
const latencyOf = (of: MeasuredHostsCell['betweenHostsNs'], errorNs: number): string => {
  if (of === null) return NONE;
  return of.p50 > errorNs ? duration(of.p50) : `< ${duration(errorNs)}`;
};

function excludes({ exclusion, handoffs, ranks }: MeasuredHostsCell): string {
  if (ranks.length < 2) return NONE;
  if (exclusion === 'violated') return 'NOT EXCLUSIVE';
  return exclusion === 'held' ? String(handoffs) : `unchecked (${handoffs})`;
}

function lostOf({ sequence, lost, rounds }: MeasuredHostsCell): string {
  if (sequence === 'intact') return '0';
  const turns = rounds.reduce((sum, round) => sum + round.turns, 0);
  return lost === 0 ? 'WRONG END' : `${digits((100 * lost) / turns)}%`;
}

function rowOf(cell: HostsCell): string[] {
  const name = `${cell.strategy}/${cell.wait}`;
  if (cell.state !== 'measured') return [name, cell.state, ...HEAD.slice(2).map(() => '')];
  const cost = cell.nsPerIncrement;
  return [
    name,
    cost === null ? NONE : duration(cost.median),
    cost === null || !tellsBounds(cost) ? NONE : bounds(cost.low, cost.high, cost.median),
    cost === null ? NONE : digits(1e9 / cost.median),
    latencyOf(cell.betweenHostsNs, clockErrorOf(cell)),
    latencyOf(cell.withinHostNs, 0),
    excludes(cell),
    lostOf(cell),
  ];
}

/** "2 ranks on 2 hosts: a, b". */
function titleOf(ranks: readonly number[], hostOf: (rank: number) => string): string {
  const hosts = [...new Set(ranks.map(hostOf))];
  return `${plural(ranks.length, 'rank')} on ${plural(hosts.length, 'host')}: ${hosts.join(', ')}`;
}

export interface HostsTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function textOf({ title, head, rows }: HostsTable, width: number): string {
  const wide = plainTable(head, rows);
  return [title, fits(wide, width) ? wide : wrappedTable('figures', head, rows, width)].join('\n');
}

/** One table for each set of ranks, the smallest first. */
export function tablesOf(result: HostsResult): HostsTable[] {
  const names = new Map(result.ranks.map(({ rank, host }) => [rank, visible(host)]));
  const hostOf = (rank: number): string => names.get(rank) ?? '?';
  const groups = new Map<string, HostsCell[]>();
  for (const cell of result.cells) {
    const key = cell.ranks.join();
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()]
    .sort((a, b) => (a[0]?.ranks.length ?? 0) - (b[0]?.ranks.length ?? 0))
    .map((cells) => ({
      title: titleOf(cells[0]?.ranks ?? [], hostOf),
      head: HEAD,
      rows: cells.map(rowOf),
    }));
}

export const hostsTables = (result: HostsResult, width: number = tableWidth()): string =>
  tablesOf(result)
    .map((table) => textOf(table, width))
    .join('\n');
