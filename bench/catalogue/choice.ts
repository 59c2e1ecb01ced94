/**
 * The choice: strategies that meet every need, the cheapest of a recorded run first, and those that only just do not.
 */

import { isMeasured } from '../measure/result/result.js';
import type { Conditions, MeasuredCell, Result } from '../measure/result/result-schema.js';
import { ties } from '../measure/verdict/ranking.js';
import { type Candidate, type Need, unmetBy } from './needs.js';

/** A strategy that fits, with its row of the recorded run. */
export interface Fit {
  readonly candidate: Candidate;
  readonly cell: MeasuredCell;
  /** Whether the rounds do not tell it from the cheapest. */
  readonly tiesWithFirst: boolean;
}

export interface Choice {
  readonly needs: readonly Need[];
  /** Under which conditions the costs were measured; null if the run has none that would do. */
  readonly conditions: Conditions | null;
  /** The cheapest first. */
  readonly fits: readonly Fit[];
  /** They fit by what they claim, and nobody measured them in this run. */
  readonly unmeasured: readonly Candidate[];
  /** They lack one thing. */
  readonly nearMisses: readonly { readonly candidate: Candidate; readonly why: string }[];
  /** They lack more. */
  readonly others: readonly Candidate[];
}

const MEMORY_FILE_SYSTEM = 'tmpfs';

/** Of a run's plain conditions those with the most company; on a disk, where there is one, since most files are. */
export function decisiveConditions({ cells }: Pick<Result, 'cells'>): Conditions | null {
  const plain = cells
    .filter(isMeasured)
    .map(({ conditions }) => conditions)
    .filter(({ readers, rogues, hold, think }) => readers + rogues === 0 && hold === null && think === null);
  const onDisk = (one: Conditions): number => (one.directory.filesystem === MEMORY_FILE_SYSTEM ? 0 : 1);
  const [first] = plain.sort((a, b) => b.processes - a.processes || onDisk(b) - onDisk(a));
  return first ?? null;
}

const sameConditions = (a: Conditions, b: Conditions): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Chooses among `candidates` by what they claim and can do, and by what `run` measured. */
export function choice(
  candidates: readonly Candidate[],
  needs: readonly Need[],
  run: Pick<Result, 'cells'>,
): Choice {
  const conditions = decisiveConditions(run);
  const judged = candidates.map((candidate) => ({ candidate, reasons: unmetBy(candidate, needs) }));
  const fitting = judged.filter(({ reasons }) => reasons.length === 0).map(({ candidate }) => candidate);

  /** Its best row: a strategy may have been measured with several ways of waiting. */
  const cellOf = ({ strategy }: Candidate): MeasuredCell | null => {
    const [best] = run.cells
      .filter(isMeasured)
      .filter((cell) => cell.strategy === strategy.name && cell.state === 'measured')
      .filter((cell) => conditions !== null && sameConditions(cell.conditions, conditions))
      .sort((a, b) => a.nsPerIncrement.median - b.nsPerIncrement.median);
    return best ?? null;
  };
  const measured = fitting
    .flatMap((candidate) => {
      const cell = cellOf(candidate);
      return cell === null ? [] : [{ candidate, cell }];
    })
    .sort((a, b) => a.cell.nsPerIncrement.median - b.cell.nsPerIncrement.median);
  const [cheapest = []] = ties(measured.map(({ cell }) => cell));
  return {
    needs,
    conditions,
    fits: measured.map((fit, i) => ({ ...fit, tiesWithFirst: i > 0 && cheapest.includes(fit.cell) })),
    unmeasured: fitting.filter((candidate) => cellOf(candidate) === null),
    nearMisses: judged.flatMap(({ candidate, reasons: [why, ...more] }) =>
      why === undefined || more.length > 0 ? [] : [{ candidate, why }],
    ),
    others: judged.filter(({ reasons }) => reasons.length > 1).map(({ candidate }) => candidate),
  };
}
