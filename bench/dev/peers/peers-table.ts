/**
 * What was measured of peers, as a table and sentences.
 */
import { bounds, digits, duration, plural } from '../../base/format.js';
import { estimateMedian, median } from '../../statistics/median.js';
import { plainTable, textWidth } from '../../text/table.js';
import { wrapped } from '../../text/words.js';
import type { Peer } from './peer.js';

/** The most that ours in C may take of what a peer takes for the same calls. */
export const GOAL = 1.05;

/** ns per operation, measured one after the other. */
export interface Costs {
  readonly theirs: number;
  readonly c: number;
  readonly typescript: number;
}

export interface Measured {
  readonly peer: Peer;
  readonly blocks: readonly Costs[];
}

const HEAD = ['peer', 'theirs', 'ours in C', 'C / theirs', 'low–high', 'of minima', 'TypeScript', 'goal'];

/** Whether ours is as fast, as the table says it. */
export function judged({ differs }: Pick<Peer, 'differs'>, ratio: number): string {
  if (differs !== null) return '-';
  return ratio <= GOAL ? 'met' : 'not met';
}

function row({ peer, blocks }: Measured): string[] {
  const of = (which: keyof Costs): string => duration(median(blocks.map((block) => block[which])));
  const least = (which: keyof Costs): number => Math.min(...blocks.map((block) => block[which]));
  const ratio = estimateMedian(blocks.map(({ c, theirs }) => c / theirs));
  const ratios = [
    digits(ratio.median),
    bounds(ratio.low, ratio.high, 1),
    digits(least('c') / least('theirs')),
  ];
  const shown = peer.differs === null ? ratios : ratios.map(() => '-');
  return [peer.name, of('theirs'), of('c'), ...shown, of('typescript'), judged(peer, ratio.median)];
}

const sentence = ({ name, operation, differs }: Peer): string =>
  `${name}: ${operation}${differs === null ? '' : `. Not comparable: ${differs}`}.`;

export function peersText(measured: readonly Measured[]): string {
  const [first] = measured;
  if (first === undefined) return 'Nothing was measured.\n';
  const sentences = [
    `Time per operation of the peer, medians of ${plural(first.blocks.length, 'block')}; in each block all are measured one after another.`,
    'Of minima: the fastest of ours in C over the fastest of theirs.',
    `Goal: ours in C takes at most ${GOAL} times as long for the same calls. One operation is:`,
    ...measured.map(({ peer }) => sentence(peer)),
  ];
  const lines = sentences.map((text) => wrapped(text, textWidth()));
  return `${plainTable(HEAD, measured.map(row))}\n${lines.join('\n')}\n`;
}
