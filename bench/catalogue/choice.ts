/**
 * The choice: strategies that meet every need, the cheapest of a run first, and those that only just do not. A lock that is
 * stuck when its holder dies comes after all others, however cheap it is.
 */

import { isMeasured } from '../measure/result/result.js';
import type { Conditions, MeasuredCell, Result } from '../measure/result/result-schema.js';
import { compareCells, ties } from '../measure/verdict/ranking.js';
import { type Candidate, type Need, unmetBy } from './needs.js';
import { lockNameOf } from './programs.js';

/** A strategy that fits, with its row of the recorded run. */
export interface Fit {
  readonly candidate: Candidate;
  readonly cell: MeasuredCell;
  /** Whether the rounds do not tell it from the first. */
  readonly tiesWithFirst: boolean;
  /** How many times as much as the first it costs; null for the first, and where no block has both. */
  readonly timesFirst: { readonly median: number; readonly low: number; readonly high: number } | null;
  /** Strategies that fit too, and take the same lock by other calls. */
  readonly others: readonly MeasuredCell[];
}

export interface Choice {
  readonly needs: readonly Need[];
  /** Under which conditions the costs were measured; null if the run has none that would do. */
  readonly conditions: Conditions | null;
  /** The best first. */
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

type Measured = Pick<Fit, 'candidate' | 'cell'>;

const isStuck = ({ candidate }: Measured): boolean => candidate.strategy.claims.holderDies === 'stuck';
const sleeps = ({ candidate: { finding } }: Measured): boolean => finding.available && finding.members.lock;
const byCost = (a: Measured, b: Measured): number =>
  a.cell.nsPerIncrement.median - b.cell.nsPerIncrement.median;

/** Of strategies that take the same lock, that whose name the lock has, else the cheapest. */
function perLock(measured: readonly Measured[]): (Measured & Pick<Fit, 'others'>)[] {
  const byLock = new Map<string, Measured[]>();
  for (const one of [...measured].sort(byCost)) {
    const name = lockNameOf(one.candidate.strategy);
    const same = byLock.get(name) ?? [];
    byLock.set(name, one.candidate.strategy.name === name ? [one, ...same] : [...same, one]);
  }
  return [...byLock.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : { ...first, others: rest.map(({ cell }) => cell) },
  );
}

/** The best first: not stuck, cheap, and of those that cannot be told apart from the cheapest, who lets its waiters sleep. */
function ranked(measured: readonly Measured[]): Fit[] {
  const locks = perLock(measured).sort((a, b) => Number(isStuck(a)) - Number(isStuck(b)) || byCost(a, b));
  const alike = locks.filter((one) => isStuck(one) === (locks[0] !== undefined && isStuck(locks[0])));
  const [cheapest = []] = ties(alike.map(({ cell }) => cell));
  const isTied = ({ cell }: Measured): boolean => cheapest.includes(cell);
  const order = [
    ...alike.filter((one) => isTied(one) && sleeps(one)),
    ...alike.filter((one) => isTied(one) && !sleeps(one)),
    ...locks.filter((one) => !isTied(one)),
  ];
  const [first] = order;
  return order.map((one, i) => {
    const timesFirst =
      i === 0 || first === undefined ? null : (compareCells(one.cell, first.cell)?.ratio ?? null);
    // Told from another of the cheapest, it may not be told from the first.
    const isUntold = timesFirst !== null && timesFirst.low <= 1;
    return { ...one, timesFirst, tiesWithFirst: i > 0 && (isTied(one) || isUntold) };
  });
}

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
  const measured = fitting.flatMap((candidate) => {
    const cell = cellOf(candidate);
    return cell === null ? [] : [{ candidate, cell }];
  });
  return {
    needs,
    conditions,
    fits: ranked(measured),
    unmeasured: fitting.filter((candidate) => cellOf(candidate) === null),
    nearMisses: judged.flatMap(({ candidate, reasons: [why, ...more] }) =>
      why === undefined || more.length > 0 ? [] : [{ candidate, why }],
    ),
    others: judged.filter(({ reasons }) => reasons.length > 1).map(({ candidate }) => candidate),
  };
}
