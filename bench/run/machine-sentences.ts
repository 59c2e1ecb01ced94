/**
 * What the machine was, how fast, how quiet, and which comparisons that leaves in doubt: the last sentences under a table.
 */
import { digits } from '../base/format.js';
import { calibrationWords, machineWords } from '../machine/machine-words.js';
import { noiseVerdict, QUIET } from '../machine/noise-warnings.js';
import { describeConditions, type Group } from '../measure/result/groups.js';
import { cellName, isMeasured } from '../measure/result/result.js';
import type { Result } from '../measure/result/result-schema.js';
import { isDoubtful, leastFactor, noiseOf } from '../measure/verdict/trust.js';

/** Ratios that the machine may have made by itself. */
function doubts(groups: readonly Group[], cpus: number, factor: number): string[] {
  const each = groups.flatMap(({ conditions, cells }) => {
    const names = cells
      .filter(isMeasured)
      .flatMap((cell) =>
        cell.ratio !== null && isDoubtful(cell.ratio, factor)
          ? [`${cellName(cell)} ${digits(cell.ratio.median)}`]
          : [],
      );
    return names.length === 0 ? [] : [`${names.join(', ')} in ${describeConditions(conditions, cpus)}`];
  });
  if (each.length === 0) return [];
  return [
    `Doubtful, because the same computation sometimes took up to ${digits(factor)} times as long: ${each.join('; ')}.`,
  ];
}

/** A line each. Results of earlier versions know nothing of most of it. */
export function machineSentences(result: Result, groups: readonly Group[]): string[] {
  const { calibration, environment } = result;
  const verdict = noiseVerdict(noiseOf(result));
  const facts = environment.machine === undefined ? [] : machineWords(environment.machine);
  return [
    ...doubts(groups, environment.cpus, leastFactor(result)),
    ...(verdict === QUIET ? ['Machine: quiet; no known disturbance happened.'] : []),
    ...facts.map((line) => `Machine: ${line}.`),
    ...(calibration === undefined ? [] : [`${calibrationWords(calibration.before, calibration.after)}.`]),
  ];
}
