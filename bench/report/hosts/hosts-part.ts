/**
 * What a page has of a result of `hosts`: cost by ranks, how long the lock takes between and within hosts, and which host
 * got how much of it.
 */
import { duration, plural } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { isEitherControl } from '../../hosts/contenders.js';
import type { HostsResult, MeasuredHostsCell } from '../../hosts/hosts-schema.js';
import { hostsFindings, hostsMethod } from '../../hosts/hosts-sentences.js';
import { tablesOf } from '../../hosts/hosts-table.js';
import { describeTurn } from '../../measure/result/groups.js';
import { cellName } from '../../measure/result/result.js';
import { figure } from '../chart.js';
import { environmentList, footOf, warningList } from '../environment.js';
import { type Html, html, NOTHING } from '../html.js';
import { plainTable } from '../html-table.js';
import { type LineOf, lines } from '../lines.js';
import type { ResultPart, Section } from '../page.js';
import { SHARES, shareOf, tailPoints } from '../run/latency.js';
import { logTicks, roomy, tickDuration } from '../ticks.js';
import { sharesFigure } from './shares-figure.js';

const MOST_FEATURED = 7;

const measuredOf = ({ cells }: HostsResult): MeasuredHostsCell[] =>
  cells.flatMap((cell) => (cell.state === 'measured' ? [cell] : []));

const locksOf = (result: HostsResult): MeasuredHostsCell[] =>
  measuredOf(result).filter(({ strategy }) => !isEitherControl(strategy));

function costFigure(result: HostsResult): Html {
  const byLock = new Map<string, { x: number; y: number }[]>();
  for (const cell of locksOf(result)) {
    const { nsPerIncrement, ranks } = cell;
    if (nsPerIncrement === null) continue;
    const name = cellName(cell);
    byLock.set(name, [...(byLock.get(name) ?? []), { x: ranks.length, y: nsPerIncrement.median }]);
  }
  const drawn = [...byLock].map(
    ([name, points], i): LineOf => ({
      ...{ key: `h${i}`, name: visible(name) },
      points: points.sort((a, b) => a.x - b.x),
    }),
  );
  const counts = [...new Set(drawn.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const [fewest, most] = [counts[0], counts.at(-1)];
  // One number of ranks makes no line.
  if (fewest === undefined || most === undefined || fewest === most) return NOTHING;
  const domain = roomy(
    drawn.flatMap(({ points }) => points.map(({ y }) => y)),
    1.3,
  );
  return figure({
    title: 'More ranks',
    how: 'Time per increment, of all ranks together. A line that stays level says that ranks which wait cost nothing.',
    says: `Cost of ${plural(drawn.length, 'lock')} with ${counts.join(', ')} ranks; the figures are in the table.`,
    foot: footOf(result),
    wide: 640,
    draw: (width) =>
      lines(
        {
          lines: drawn,
          featured: drawn.map(({ name }) => name).slice(0, MOST_FEATURED),
          base: 2,
          x: { label: 'ranks', ticks: counts, tick: String, domain: [fewest, most] },
          y: { label: 'per increment', ticks: logTicks(domain), tick: tickDuration, domain },
        },
        width,
      ),
    table: plainTable(
      'Cost by number of ranks',
      ['lock/wait', ...counts.map((count) => plural(count, 'rank'))],
      drawn.map(({ name, points }) => [
        html`<bdi>${name}</bdi>`,
        ...counts.map((count) => {
          const point = points.find(({ x }) => x === count);
          return point === undefined ? '–' : duration(point.y);
        }),
      ]),
    ),
  });
}

/** Of each lock with the most ranks: to another host, and within one. */
function handoffFigure(result: HostsResult): Html {
  const most = new Map<string, MeasuredHostsCell>();
  for (const cell of locksOf(result)) {
    const name = cellName(cell);
    if (cell.ranks.length > (most.get(name)?.ranks.length ?? 1)) most.set(name, cell);
  }
  const found = [...most].flatMap(([name, { betweenHostsNs, withinHostNs }]) =>
    (
      [
        ['between', betweenHostsNs],
        ['within', withinHostNs],
      ] as const
    ).flatMap(([where, of]) =>
      of === null || of.samples < 2 ? [] : [{ name: `${where}, ${visible(name)}`, of }],
    ),
  );
  if (found.length === 0) return NOTHING;
  const drawn = found.map(({ name, of }, i): LineOf => ({ key: `o${i}`, name, points: tailPoints(of) }));
  const points = drawn.flatMap((line) => line.points);
  const xs = roomy(
    points.map(({ x }) => x),
    1.5,
  );
  const least = Math.min(...points.map(({ y }) => y));
  return figure({
    title: 'From a release to the next holder',
    how: 'How often it took longer than the time below to reach a rank that waited: between hosts, or within one. From trace rounds, by percentiles.',
    says: `Hand-offs of ${plural(most.size, 'lock')}; the figures are in the table.`,
    foot: footOf(result),
    wide: 640,
    draw: (width) =>
      lines(
        {
          lines: drawn,
          featured: drawn.map(({ name }) => name).slice(0, MOST_FEATURED),
          x: { label: 'time', ticks: logTicks(xs, width < 400 ? 4 : 9), tick: tickDuration, domain: xs },
          y: {
            ...{ label: 'took longer', tick: shareOf },
            ticks: SHARES.filter((share) => share >= least),
            domain: [least, 0.7],
          },
        },
        width,
      ),
    table: plainTable(
      'Hand-offs',
      ['lock/wait', 'p50', 'p90', 'p99', 'max', 'of'],
      found.map(({ name, of }) => [
        html`<bdi>${name}</bdi>`,
        ...[of.p50, of.p90, of.p99, of.max].map(duration),
        String(of.samples),
      ]),
    ),
  });
}

function headline(result: HostsResult): string {
  if (result.uncaughtControls.length > 0) return 'Inconclusive: a control was not caught.';
  const contended = locksOf(result).filter(({ ranks }) => ranks.length > 1);
  const doubled = contended.filter(({ exclusion }) => exclusion === 'violated');
  if (contended.length === 0) return 'No lock was contended.';
  if (doubled.length > 0)
    return `${doubled.map(cellName).join(', ')} let two in at once between ${plural(hostsOf(result), 'host')}.`;
  const held = contended.filter(({ exclusion }) => exclusion === 'held').length;
  return held === contended.length
    ? `Every lock excluded between ${plural(hostsOf(result), 'host')}.`
    : `${held} of ${contended.length} cells excluded; the others were handed over too seldom to tell.`;
}

const hostsOf = ({ ranks }: HostsResult): number =>
  new Set(ranks.filter(({ rank }) => rank > 0).map(({ host }) => host)).size;

const ranksTable = ({ ranks }: HostsResult): Html =>
  plainTable(
    'Ranks',
    ['rank', 'host', 'kernel', 'CPUs', 'sees the directory by'],
    ranks.map(({ rank, host, kernel, cpus, mount }) => [
      rank === 0 ? '0, referee' : String(rank),
      html`<bdi>${visible(host)}</bdi>`,
      visible(kernel),
      String(cpus),
      // With spaces, at which a narrow page breaks them.
      mount === null ? '–' : visible([mount.filesystem, mount.source, ...mount.options].join(', ')),
    ]),
  );

const section = (id: string, heading: string, body: Html): Section[] =>
  body === NOTHING ? [] : [{ id, heading, body }];

export function hostsPart(result: HostsResult): ResultPart {
  const turn = describeTurn(result.conditions);
  const { path, filesystem } = result.directory;
  const shares = sharesFigure(
    locksOf(result).filter(({ turnsByHost }) => turnsByHost.length > 1),
    footOf(result),
  );
  return {
    title: 'hosts',
    subtitle: footOf(result),
    data: result,
    first: html`<p class="finding">${headline(result)}</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
<p class="how">In ${visible(path)} (${visible(filesystem)})${turn.length === 0 ? '' : `, ${turn.join(', ')}`}; ${result.mpi.version}.</p>
${tablesOf(result).map(({ title, head, rows }) => html`<h3>${visible(title)}</h3>${plainTable(visible(title), head, rows)}`)}`,
    sections: [
      { id: 'findings', heading: 'Findings', body: warningList(hostsFindings(result)) },
      ...section('ranks', 'Cost by ranks', costFigure(result)),
      ...section('handoffs', 'Hand-offs', handoffFigure(result)),
      ...section('fairness', 'Fairness by host', shares),
      { id: 'method', heading: 'How it was measured', body: warningList(hostsMethod(result).split('\n')) },
      {
        id: 'environment',
        heading: 'Environment',
        body: html`${ranksTable(result)}${environmentList(result, [['seed', String(result.seed)]])}`,
      },
    ],
  };
}
