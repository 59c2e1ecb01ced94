/**
 * Which host's ranks took how many of the numbers: a bar for each lock, parted by host.
 */
import { percent, plural } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import type { MeasuredHostsCell } from '../../hosts/hosts-schema.js';
import { cellName } from '../../measure/result/result.js';
import { axisX, roomFor } from '../axes.js';
import { figure, Plot, type PlotOptions } from '../chart.js';
import { LINE_COLOURS } from '../families.js';
import { type Html, html, NOTHING } from '../html.js';
import { plainTable } from '../html-table.js';

const ROW = 22;
const FOOT = 64;
/** More hosts than colours are grey together. */
const OTHERS = 'others';
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const percent100 = (share: number): string => `${share * 100}%`;

interface Bar {
  readonly row: string;
  readonly host: string;
  readonly share: number;
}

const rowName = (cell: MeasuredHostsCell): string =>
  `${visible(cellName(cell))}, ${plural(cell.ranks.length, 'rank')}`;

const colourOf = (i: number): string => LINE_COLOURS[i] ?? 'var(--soft)';

function options(bars: readonly Bar[], rows: readonly string[], hosts: readonly string[]): PlotOptions {
  return {
    height: rows.length * ROW + FOOT,
    marginLeft: roomFor(rows),
    marginRight: 22,
    marginBottom: 40,
    x: { domain: [0, 1] },
    y: { type: 'band', domain: [...rows], label: null, tickSize: 0, padding: 0.2 },
    color: { type: 'ordinal', domain: [...hosts], range: hosts.map((_, i) => colourOf(i)) },
    marks: [
      ...axisX({ ticks: TICKS, tick: percent100, label: 'share of the increments' }),
      Plot.barX(
        bars,
        Plot.stackX({
          ...{ x: 'share', y: 'row', fill: 'host', order: [...hosts] },
          title: ({ row, host, share }: Bar) => `${row}: ${host} ${percent(share)}`,
        }),
      ),
    ],
  };
}

/** Nothing where no lock ran on two hosts. */
export function sharesFigure(cells: readonly MeasuredHostsCell[], foot: string): Html {
  const all = [...new Set(cells.flatMap(({ turnsByHost }) => turnsByHost.map(({ host }) => visible(host))))];
  if (all.length < 2) return NOTHING;
  const named = all.slice(0, all.length > LINE_COLOURS.length ? LINE_COLOURS.length - 1 : all.length);
  const hosts = named.length < all.length ? [...named, OTHERS] : named;
  const bars = cells.flatMap((cell) =>
    cell.turnsByHost.map(({ host, share }): Bar => {
      const name = visible(host);
      return { row: rowName(cell), host: named.includes(name) ? name : OTHERS, share };
    }),
  );
  const rows = [...new Set(bars.map(({ row }) => row))];
  return figure({
    title: 'Which host got the lock',
    how: 'Of the increments in the timing rounds, what the ranks of each host did. Hosts with as many ranks should have as much.',
    says: `Shares of ${plural(all.length, 'host')} under ${plural(rows.length, 'lock')}; the figures are in the table.`,
    foot,
    legend: html`<ul class="legend">${hosts.map(
      (host, i) =>
        html`<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect width="14" height="14" fill="${colourOf(i)}" /></svg><bdi>${host}</bdi></li>`,
    )}</ul>`,
    draw: () => options(bars, rows, hosts),
    table: plainTable(
      'Share of the increments by host',
      ['lock/wait, ranks', 'host', 'ranks', 'share'],
      cells.flatMap((cell) =>
        cell.turnsByHost.map(({ host, ranks, share }) => [
          html`<bdi>${rowName(cell)}</bdi>`,
          html`<bdi>${visible(host)}</bdi>`,
          String(ranks),
          percent(share),
        ]),
      ),
    ),
  });
}
