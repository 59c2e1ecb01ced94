/**
 * Cells that may be compared: the same directory, the same processes. What the table and the sentences both need.
 */

import { formatDuration } from '../../base/duration.js';
import { plural } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { fileSystemName } from '../../machine/mount-description.js';
import { isMeasured } from './result.js';
import type { Cell, Conditions, MeasuredCell, Result } from './result-schema.js';

export interface Group {
  readonly conditions: Conditions;
  /** Ranked: locks that held, by cost, then what is not ranked. */
  readonly cells: readonly Cell[];
  /** Locks that held, controls left out; the fastest first. */
  readonly ranked: readonly MeasuredCell[];
}

const unrankedOrder: readonly Cell['state'][] = [
  'measured',
  'failed-verdict',
  'timed-out',
  'errored',
  'interrupted',
  'unavailable',
];

function compare(a: Cell, b: Cell): number {
  const byState = unrankedOrder.indexOf(a.state) - unrankedOrder.indexOf(b.state);
  if (byState !== 0 || !isMeasured(a) || !isMeasured(b)) return byState;
  return a.nsPerIncrement.median - b.nsPerIncrement.median;
}

/** Groups in the order of the cells. `controls`: names of strategies that are no candidates. */
export function groupsOf({ cells }: Result, controls: ReadonlySet<string>): Group[] {
  const byConditions = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = JSON.stringify(cell.conditions);
    byConditions.set(key, [...(byConditions.get(key) ?? []), cell]);
  }
  return [...byConditions.values()].map((group) => {
    const sorted = [...group].sort(compare);
    const ranked = sorted.flatMap((cell) =>
      cell.state === 'measured' && !controls.has(cell.strategy) ? [cell] : [],
    );
    return { conditions: (group[0] as Cell).conditions, cells: sorted, ranked };
  });
}

/** As the option has it: "10us", "sleep:1ms". */
const pauseName = ({ kind, ns }: { readonly kind: 'spin' | 'sleep'; readonly ns: number }): string =>
  kind === 'sleep' ? `sleep:${formatDuration(ns)}` : formatDuration(ns);

/** Who takes part: "4 processes on 2 CPUs, 1 of them a rogue", "3 readers and 1 writer on 2 CPUs". */
function processMixName({ processes, readers, rogues }: Conditions, cpus: number | null): string {
  if (processes === 1) return readers === 1 ? '1 reader' : '1 process';
  const on = cpus === null ? '' : ` on ${plural(cpus, 'CPU')}`;
  const rogue = rogues === 0 ? '' : `, ${rogues} of them without the lock`;
  const who =
    readers === 0
      ? plural(processes, 'process')
      : `${plural(readers, 'reader')} and ${plural(processes - readers, 'writer')}`;
  return `${who}${on}${rogue}`;
}

/** What of a turn differs from plain. */
export function describeTurn({
  number,
  hold,
  think,
}: Pick<Conditions, 'number' | 'hold' | 'think'>): string[] {
  const parts: string[] = [];
  if (number === 'reopened') parts.push('number reopened on each turn');
  if (hold !== null) parts.push(`hold ${pauseName(hold)}`);
  if (think !== null) parts.push(`think ${pauseName(think)}`);
  return parts;
}

/** Where, who, and the other conditions that differ from plain. `cpus`: null where the reader has been told. */
export function describeConditions(conditions: Conditions, cpus: number | null): string {
  const { directory, pin, nfs, freshInodes } = conditions;
  const parts = [
    `${visible(directory.path)} (${fileSystemName(directory)})`,
    processMixName(conditions, cpus),
  ];
  if (nfs !== undefined) {
    const network = nfs.roundTripNs === 0 ? '' : `, ${formatDuration(nfs.roundTripNs)} added to a round trip`;
    parts.push(`on ${plural(nfs.clients, 'client')} of NFS ${nfs.version}${network}`);
  }
  if (pin !== null) parts.push(`pinned ${pin}`);
  if (freshInodes) parts.push('fresh inodes');
  return [...parts, ...describeTurn(conditions)].join(', ');
}
