/**
 * What a runtime costs: the same lock in it and in C, in the same blocks.
 */
import { digits, tellsBounds } from '../base/format.js';
import { describeConditions, type Group } from '../measure/result/groups.js';
import { isMeasured } from '../measure/result/result.js';
import type { Cell, MeasuredCell } from '../measure/result/result-schema.js';

const NAMES: Readonly<Record<string, string>> = { node: 'Node', python: 'Python', worker: 'its own worker' };

const runtimeOf = ({ runtime = 'node' }: Cell): string => NAMES[runtime] ?? runtime;

function told({ overC, ...cell }: MeasuredCell): string[] {
  if (overC === undefined) return [];
  const interval = tellsBounds(overC) ? ` (${digits(overC.low)} to ${digits(overC.high)})` : '';
  return [
    `${cell.strategy}/${cell.wait} ${digits(overC.median)} in ${runtimeOf({ ...cell, overC })}${interval}`,
  ];
}

/** A sentence for each group in which something was measured in C and in another runtime. */
export const runtimeSentences = (groups: readonly Group[], cpus: number): string[] =>
  groups.flatMap(({ conditions, cells }) => {
    const each = cells.filter(isMeasured).flatMap(told);
    if (each.length === 0) return [];
    return [`Ratio to C, in ${describeConditions(conditions, cpus)}: ${each.join(', ')}.`];
  });
