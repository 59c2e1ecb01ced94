/**
 * Latencies of the trace rounds as a table: from asking to having the lock, and from a release to the next one's having it.
 */

import { duration, plural } from '../base/format.js';
import { describeConditions, groupsOf } from '../measure/result/groups.js';
import { cellName, isMeasured } from '../measure/result/result.js';
import type { MeasuredCell, Result } from '../measure/result/result-schema.js';
import { plainTable } from '../text/table.js';

const HEAD = ['acquire latency', 'p50', 'p90', 'p99', 'p99.9', 'max', 'hand-off p50', 'p99', 'of'];

function row(cell: MeasuredCell): string[] {
  const { acquireNs, handoffNs } = cell;
  const shown = (ns: number | undefined): string => (ns === undefined ? '-' : duration(ns));
  return [
    cellName(cell),
    ...[acquireNs?.p50, acquireNs?.p90, acquireNs?.p99, acquireNs?.p999, acquireNs?.max].map(shown),
    shown(handoffNs?.p50),
    shown(handoffNs?.p99),
    String(handoffNs?.samples ?? 0),
  ];
}

/** A table for each group of cells that may be compared; "" if nothing was traced. */
export function latencyTables(result: Result, controls: ReadonlySet<string>): string {
  return groupsOf(result, controls)
    .flatMap(({ conditions, cells }) => {
      const traced = cells.filter(isMeasured).filter(({ acquireNs }) => acquireNs !== null);
      if (traced.length === 0) return [];
      const acquisitions = traced[0]?.acquireNs?.samples ?? 0;
      return [
        `${describeConditions(conditions, result.environment.cpus)}, ${plural(acquisitions, 'acquisition')} each`,
        plainTable(HEAD, traced.map(row)),
      ];
    })
    .join('\n');
}
