/**
 * What a lock's row says beside its bar.
 */
import { bounds, digits, duration, percent, tellsBounds } from '../../base/format.js';
import { needsProof, timingRounds } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import { isDoubtful } from '../../measure/verdict/trust.js';
import { claimsOf, type Subject } from './subject.js';

/** What a text says: something bad, something good, or neither. */
export type Tone = 'bad' | 'plain';

export interface SummaryColumn {
  readonly heading: string;
  /** Left out on terminals that are narrower than this many characters. */
  readonly from: number;
  readonly align: 'left' | 'right';
  text(cell: MeasuredCell, subject: Subject): string;
  tone?(text: string): Tone;
}

/** Behind a ratio that a noisy machine may have made by itself. */
export const DOUBT = '?';

const DEATHS = {
  released: 'released',
  stuck: 'STUCK',
  'owner-died': 'warned',
  'taken-over': 'taken over',
} as const;

/** As the strategy claims, and its contract test proves; "crash" shows it. */
const death = (cell: MeasuredCell, subject: Subject): string => {
  const claims = claimsOf(subject, cell);
  return claims === undefined ? 'unknown' : DEATHS[claims.holderDies];
};

/** As this run saw it, and not otherwise. */
function exclusion({ verdict, conditions }: MeasuredCell): string {
  if (!needsProof(conditions)) return '-';
  const intact = verdict.sequence === 'intact' && verdict.changedReads === 0;
  if (verdict.exclusion === 'violated' || !intact) return conditions.rogues > 0 ? 'rogues in' : 'NO';
  return verdict.exclusion === 'held' ? 'yes' : 'not proven';
}

const timedTurns = (cell: MeasuredCell): number =>
  timingRounds(cell).reduce((sum, { turns }) => sum + turns, 0);

/** Terminals that have room for more than the finding. */
const WIDE = 120;
const NARROW = 72;

const COLUMNS: readonly SummaryColumn[] = [
  {
    heading: 'per op',
    from: 0,
    align: 'right',
    text: ({ nsPerIncrement }) => duration(nsPerIncrement.median),
  },
  {
    heading: 'range',
    from: NARROW,
    align: 'right',
    text: ({ nsPerIncrement: ns }) => (tellsBounds(ns) ? bounds(ns.low, ns.high, ns.median) : '-'),
  },
  {
    heading: 'x fcntl',
    from: 0,
    align: 'right',
    text: ({ ratio }, { leastFactor }) =>
      ratio === null ? '-' : `${digits(ratio.median)}${isDoubtful(ratio, leastFactor) ? DOUBT : ''}`,
  },
  {
    heading: 'CPU',
    from: WIDE,
    align: 'right',
    text: (cell) => duration((cell.cpu.userNs + cell.cpu.systemNs) / timedTurns(cell)),
  },
  {
    heading: 'changed hands',
    from: WIDE,
    align: 'right',
    text: (cell) =>
      cell.contention === null || cell.conditions.processes < 2
        ? '-'
        : percent(cell.contention.ownerChanges / timedTurns(cell)),
  },
  {
    heading: 'holder dies',
    from: 0,
    align: 'left',
    text: death,
    tone: (text) => (text === DEATHS.stuck ? 'bad' : 'plain'),
  },
  {
    heading: 'excludes',
    from: 0,
    align: 'left',
    text: (cell) => exclusion(cell),
    tone: (text) => (text === 'NO' ? 'bad' : 'plain'),
  },
];

/** The columns for which there is room. */
export const columnsFor = (width: number): readonly SummaryColumn[] =>
  COLUMNS.filter(({ from }) => width >= from);
