/**
 * What an increment asked of the NFS server, by operation: the lines under a table that explain its figures.
 */

import { digits } from '../base/format.js';
import { asksLockd } from '../machine/mount-description.js';
import { describeConditions, type Group } from '../measure/result/groups.js';
import { cellName, isMeasured } from '../measure/result/result.js';
import type { MeasuredCell } from '../measure/result/result-schema.js';

/** Operations that are rarer than this are told together: opening and closing, not the turns. */
const LEAST_PER_INCREMENT = 0.01;

type Counted = MeasuredCell & { readonly rpcsPerIncrement: Readonly<Record<string, number>> };

const isCounted = (cell: MeasuredCell): cell is Counted => cell.rpcsPerIncrement !== undefined;

const sum = (counts: readonly (readonly [string, number])[]): number =>
  counts.reduce((total, [, count]) => total + count, 0);

/** "fcntl/block 3.02 (GETATTR 1.00, READ 1.00, WRITE 1.00, others 0.02)" */
function describe(cell: Counted): string {
  const counts = Object.entries(cell.rpcsPerIncrement).sort(([, a], [, b]) => b - a);
  const shown = counts.filter(([, count]) => count >= LEAST_PER_INCREMENT);
  const others = sum(counts.slice(shown.length));
  const parts = shown.map(([operation, count]) => `${operation} ${digits(count)}`);
  if (others > 0) parts.push(`others ${digits(others)}`);
  return `${cellName(cell)} ${digits(sum(counts))}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}

/** One line for each group on NFS, and one on what is not in it. */
export function rpcLines(groups: readonly Group[], cpus: number): string[] {
  const counted = groups.flatMap(({ conditions, cells }) => {
    const found = cells.filter(isMeasured).filter(isCounted);
    return found.length === 0 ? [] : [{ conditions, cells: found }];
  });
  const lines = counted.map(
    ({ conditions, cells }) =>
      `Requests to the server per increment in ${describeConditions(conditions, cpus)}: ${cells.map(describe).join('; ')}.`,
  );
  if (counted.some(({ conditions }) => asksLockd(conditions.directory))) {
    lines.push(
      'NFSv3 asks for fcntl and flock locks by another protocol (NLM): those requests come on top of the ones counted.',
    );
  }
  return lines;
}
