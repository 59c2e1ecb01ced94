/**
 * What a run on many hosts came to, in sentences: the finding first.
 */
import { digits, duration, percent, plural } from '../base/format.js';
import { visible } from '../base/visible.js';
import { nextLine, pageStep } from '../text/next-line.js';
import { list } from '../text/words.js';
import { isEitherControl } from './contenders.js';
import { costRounds, startedApart } from './host-cells.js';
import type { HostsCell, HostsResult, MeasuredHostsCell } from './hosts-schema.js';
import { hostCellName } from './hosts-verdict.js';

const isControl = ({ strategy }: HostsCell): boolean => isEitherControl(strategy);

/** Of the cells with the most ranks, what is known of each lock. */
function verdicts(cells: readonly MeasuredHostsCell[], nameOf: (rank: number) => string): string[] {
  const contended = cells.filter(({ ranks }) => ranks.length > 1);
  const held = contended.filter(({ exclusion, sequence }) => exclusion === 'held' && sequence === 'intact');
  const sentences: string[] = [];
  if (held.length > 0) {
    const names = [...new Set(held.map(({ strategy }) => strategy))].filter((name) =>
      contended.every((cell) => cell.strategy !== name || held.includes(cell)),
    );
    const handoffs = Math.min(...held.map((cell) => cell.handoffs));
    const between = Math.min(...held.map((cell) => cell.betweenHosts));
    if (names.length > 0)
      sentences.push(
        `${list(names)} excluded in at least ${plural(handoffs, 'hand-off')}, ${between} of them between hosts.`,
      );
  }
  for (const cell of contended) {
    const name = hostCellName(cell);
    if (cell.exclusion === 'violated' && cell.first !== null) {
      const { rank, beside, atNs } = cell.first;
      sentences.push(
        `${name} is not exclusive: two were in at once ${plural(cell.violations, 'time')} in ${plural(cell.handoffs, 'hand-off')}, first ${nameOf(rank)} beside ${nameOf(beside)}, ${duration(atNs)} after the start.`,
      );
    } else if (cell.sequence === 'lost-updates') {
      sentences.push(
        cell.exclusion === 'held'
          ? `${name} excluded, and updates were lost: a cache showed an old number.`
          : `${name} lost updates.`,
      );
    } else if (cell.exclusion === 'unchecked' && cell.rounds.some(({ kind }) => kind === 'prove')) {
      sentences.push(
        `${name} is unchecked: it was handed over ${plural(cell.handoffs, 'time')}, fewer than 100 (--handoffs, --budget).`,
      );
    }
  }
  return sentences;
}

/** "fcntl: 7.1 µs with 1 rank, 12 µs with 4". */
function scaling(cells: readonly MeasuredHostsCell[]): string[] {
  const names = [...new Set(cells.map(({ strategy, wait }) => `${strategy}/${wait}`))];
  return names.flatMap((name) => {
    const own = cells
      .filter((cell) => `${cell.strategy}/${cell.wait}` === name && cell.nsPerIncrement !== null)
      .sort((a, b) => a.ranks.length - b.ranks.length);
    const [first, last] = [own[0], own.at(-1)];
    if (first === last || first?.nsPerIncrement == null || last?.nsPerIncrement == null) return [];
    const factor = last.nsPerIncrement.median / first.nsPerIncrement.median;
    return [
      `${name}: an increment takes ${digits(factor)} times as long with ${plural(last.ranks.length, 'rank')} as with ${first.ranks.length}.`,
    ];
  });
}

/** What became of locks whose holder was killed. */
function deaths(cells: readonly MeasuredHostsCell[], nameOf: (rank: number) => string): string[] {
  return cells.flatMap((cell) => {
    if (cell.holderDied === null) return [];
    const { victim, next, afterNs, patienceNs } = cell.holderDied;
    return [
      next === null || afterNs === null
        ? `${hostCellName(cell)} is STUCK: its holder, ${nameOf(victim)}, was killed, and nobody got it within ${duration(patienceNs)}.`
        : `${hostCellName(cell)}: its holder, ${nameOf(victim)}, was killed; ${nameOf(next)} got the lock ${duration(afterNs)} later.`,
    ];
  });
}

/** What became of locks whose holder's host was cut off. */
function cuts(cells: readonly MeasuredHostsCell[], nameOf: (rank: number) => string): string[] {
  return cells.flatMap((cell) => {
    if (cell.holderCutOff === null) return [];
    const { victim, next, afterNs, patienceNs } = cell.holderCutOff;
    return [
      next === null || afterNs === null
        ? `${hostCellName(cell)}: the host of its holder, ${nameOf(victim)}, was cut off, and nobody got it within ${duration(patienceNs)}.`
        : `${hostCellName(cell)}: the host of its holder, ${nameOf(victim)}, was cut off; ${nameOf(next)} got the lock ${duration(afterNs)} later, and the holder was not told.`,
    ];
  });
}

/** Who had more of the lock than its share. */
function fairness(cells: readonly MeasuredHostsCell[]): string[] {
  return cells.flatMap((cell) => {
    if (cell.turnsByHost.length < 2) return [];
    const perRank = cell.turnsByHost.map(({ host, ranks, share }) => ({ host, each: share / ranks, share }));
    perRank.sort((a, b) => b.each - a.each);
    const [most, least] = [perRank[0], perRank.at(-1)];
    if (most === undefined || least === undefined || most.each < 2 * least.each) return [];
    return [
      `${hostCellName(cell)} favours ${visible(most.host)}: ${percent(most.share)} of the increments, ${percent(least.share)} on ${visible(least.host)}.`,
    ];
  });
}

function requests(cells: readonly MeasuredHostsCell[]): string[] {
  return cells.flatMap((cell) => {
    if (cell.rpcsPerIncrement.length === 0) return [];
    const each = cell.rpcsPerIncrement.map(({ host, requests }) => {
      const all = Object.values(requests).reduce((a, b) => a + b, 0);
      return `${digits(all)} on ${visible(host)}`;
    });
    return [`${hostCellName(cell)}: requests to the NFS server per increment: ${list(each)}.`];
  });
}

const atMost = (share: number): string => (share < 0.001 ? 'less than 0.1%' : `at most ${percent(share)}`);

/** What the figures rest on, for below the tables: how sure they are, and what the columns of hand-offs are. */
export function hostsMethod({ cells, mpi, ranks }: HostsResult): string {
  const rounds = cells.flatMap((cell) => ('rounds' in cell ? cell.rounds : []));
  const timed = cells
    .flatMap((cell) => ('rounds' in cell ? costRounds(cell.rounds) : []))
    .filter(({ workers }) => workers.length > 1);
  const errors = rounds.flatMap(({ workers }) => workers.flatMap(({ clockErrorNs }) => clockErrorNs ?? []));
  const sentences = [
    '“Between”, “within”: median time from a release to the acquisition by a rank that waited, on another host or the same one.',
    `${visible(mpi.version)}; rank 0 on ${visible(ranks[0]?.host ?? '')} is the referee and contends for nothing.`,
  ];
  if (timed.length > 0) {
    const spread = Math.max(...timed.map(({ spreadNs }) => spreadNs));
    const share = Math.max(...timed.map(({ spreadNs, wallNs }) => spreadNs / wallNs));
    sentences.push(
      `Starts were up to ${duration(spread)} apart, ${atMost(share)} of a round${timed.some(startedApart) ? ': use a longer --min-round' : ''}.`,
    );
  }
  if (errors.length > 0) {
    const worst = Math.max(...errors);
    sentences.push(
      worst === 0
        ? 'All ranks read one clock.'
        : `Clocks are known to within ${duration(worst)}; only latencies and the spread of the starts use them.`,
    );
  }
  return sentences.join('\n');
}

export function hostsFindings(result: HostsResult): string[] {
  const names = new Map(result.ranks.map(({ rank, host }) => [rank, visible(host)]));
  const nameOf = (rank: number): string => `rank ${rank} on ${names.get(rank) ?? '?'}`;
  const measured = result.cells.filter((cell): cell is MeasuredHostsCell => cell.state === 'measured');
  const locks = measured.filter((cell) => !isControl(cell));
  const controls =
    result.uncaughtControls.length === 0
      ? measured.some((cell) => isControl(cell) && cell.ranks.length > 1)
        ? ['Controls: without a lock updates were lost, and the broken lock let two in: the checks work.']
        : []
      : [`INCONCLUSIVE: ${list(result.uncaughtControls)} was not caught: the run proves nothing.`];
  return [
    ...(result.unknown === null ? [] : [`Incomplete: ${result.unknown}.`]),
    ...verdicts(locks, nameOf),
    ...controls,
    ...deaths(locks, nameOf),
    ...cuts(locks, nameOf),
    ...scaling(locks),
    ...fairness(locks),
    ...requests(locks),
    ...result.cells.flatMap((cell) =>
      cell.state === 'measured' ? [] : [`${hostCellName(cell)}: ${cell.state}: ${cell.reason}`],
    ),
  ];
}

/** What one would ask next; not of a lock whose holder was killed already. */
export function hostsNext({ cells }: HostsResult): string {
  const wasKilled = cells.some((cell) => cell.state === 'measured' && cell.holderDied !== null);
  return nextLine([
    ...(wasKilled ? [] : ['add --kill-holder']),
    'lockbench hosts --predict 10,100,1000',
    ...pageStep(),
  ]);
}
