/**
 * The time line: who had the lock when. Locks one below the other, on the same scale, a lane for each process; hand-off,
 * monopoly and two at once are seen without reading a figure.
 */
import { duration, plural } from '../../base/format.js';
import { describeConditions } from '../../measure/result/groups.js';
import { isMeasured } from '../../measure/result/result.js';
import type { MeasuredCell } from '../../measure/result/result-schema.js';
import type { Tenures } from '../../measure/result/rounds-schema.js';
import { median } from '../../statistics/median.js';
import { roomFor } from '../axes.js';
import { figure, isNarrow, Plot, type PlotOptions } from '../chart.js';
import { type Html, html, NOTHING } from '../html.js';
import { lockColumn, table } from '../html-table.js';
import { fitting } from '../names.js';
import type { Section } from '../page.js';
import { tickDuration } from '../ticks.js';
import type { Lock, RunView } from './run-view.js';

export interface Span {
  readonly lock: Lock;
  readonly worker: number;
  readonly fromNs: number;
  readonly toNs: number;
  readonly turns: number;
}

export interface Log {
  readonly lock: Lock;
  readonly cell: MeasuredCell;
  readonly workers: number;
  readonly roles: readonly string[];
  readonly holds: readonly Span[];
  readonly waits: readonly Span[];
  /** While two had it who should not. */
  readonly overlaps: readonly Span[];
  /** What the log covers, since its first tenure. */
  readonly coveredNs: number;
}

const LANE = 13;
const GAP = 0.34;
/** So many are shown at once; the others on request. */
const MOST_SHOWN = 8;

/** A tenure that began beside another one, as far as the other lasted. */
function overlapsOf(holds: readonly Span[], roles: readonly string[]): Span[] {
  const found: Span[] = [];
  const isReader = ({ worker }: Span): boolean => roles[worker] === 'reader';
  holds.forEach((hold, i) => {
    for (const other of holds.slice(0, i)) {
      if (other.worker === hold.worker || other.toNs <= hold.fromNs || (isReader(hold) && isReader(other)))
        continue;
      found.push({ ...hold, toNs: Math.min(hold.toNs, other.toNs) });
    }
  });
  return found;
}

function logOf(cell: MeasuredCell, lock: Lock): Log | null {
  const trace = cell.rounds.find((round) => round.kind === 'trace' && round.tenures !== undefined);
  if (trace?.kind !== 'trace' || trace.tenures === undefined) return null;
  const { worker, turns, askedNs, fromNs, toNs }: Tenures = trace.tenures;
  const first = Math.min(...fromNs);
  const span = (i: number, from: number | undefined, to: number | undefined): Span => ({
    lock,
    worker: worker[i] ?? 0,
    fromNs: Math.max(0, (from ?? first) - first),
    toNs: (to ?? first) - first,
    turns: turns[i] ?? 1,
  });
  const holds = worker.map((_, i) => span(i, fromNs[i], toNs[i]));
  const waits = worker.flatMap((_, i) =>
    (askedNs[i] ?? 0) < (fromNs[i] ?? 0) ? [span(i, askedNs[i], fromNs[i])] : [],
  );
  const roles = trace.workers.map(({ role }) => role);
  return {
    ...{ lock, cell, workers: roles.length, roles, holds, waits },
    overlaps: overlapsOf(holds, roles),
    coveredNs: Math.max(...toNs) - first,
  };
}

/** Up to the end of the window; what is too short to be seen is as long as can be. */
const within = (spans: readonly Span[], windowNs: number, leastNs: number): Span[] =>
  spans
    .filter(({ fromNs, toNs }) => fromNs < windowNs && toNs > fromNs)
    .map((span) => ({ ...span, toNs: Math.min(windowNs, Math.max(span.toNs, span.fromNs + leastNs)) }));

const tenureInWords = ({ worker, turns, fromNs, toNs }: Span): string =>
  `process ${worker}: ${plural(turns, 'turn')} in ${duration(toNs - fromNs)}`;

function options(logs: readonly Log[], windowNs: number, width: number): PlotOptions {
  const narrow = isNarrow(width);
  const all = logs.map(({ lock }) => lock.name);
  const names = new Map(logs.map(({ lock }) => [lock.key, fitting(lock.name, all, narrow ? 13 : 24)]));
  const marginLeft = roomFor([...names.values()]);
  const workers = Math.max(...logs.map((log) => log.workers));
  const lanes = Array.from({ length: workers }, (_, i) => i);
  const leastNs = windowNs / (narrow ? 250 : 800);
  const of = (which: 'holds' | 'waits' | 'overlaps') =>
    logs.flatMap((log) => within(log[which], windowNs, leastNs));
  const place = { x1: 'fromNs', x2: 'toNs', y: 'worker', fy: ({ lock }: Span) => lock.key };
  const ends = logs.filter(({ coveredNs }) => coveredNs < windowNs);
  const step = LANE * workers;
  return {
    height: logs.length * (step / (1 - GAP)) + 52,
    marginLeft,
    marginRight: 16,
    marginTop: 8,
    marginBottom: 40,
    x: {
      domain: [0, windowNs],
      ...{ ticks: narrow ? 3 : 8, tickFormat: (ns: number) => (ns === 0 ? '0' : tickDuration(ns)) },
      ...{ label: 'time', labelAnchor: 'center', labelArrow: 'none', labelOffset: 36 },
    },
    y: { type: 'band', domain: lanes, axis: null, padding: 0.12 },
    fy: { domain: [...names.keys()], label: null, axis: null, padding: GAP },
    marks: [
      Plot.gridX({ stroke: 'var(--line)', strokeOpacity: 1, ticks: narrow ? 3 : 8 }),
      Plot.axisFy({
        anchor: 'left',
        label: null,
        tickSize: 0,
        fontWeight: 600,
        textAnchor: 'end',
        text: (key: string) => names.get(key) ?? '',
      }),
      Plot.rect(ends, {
        ...{ x1: 'coveredNs', x2: windowNs, fill: 'var(--panel)', fy: ({ lock }: Log) => lock.key },
        title: () => 'the log ends here',
      }),
      Plot.barX(of('waits'), { ...place, fill: 'var(--wait)', insetTop: 4, insetBottom: 4 }),
      Plot.barX(of('holds'), {
        ...{ ...place, fill: 'var(--hold)' },
        // Where a pointer can rest on it; without one it would be a tenth of the page.
        ...(narrow ? {} : { title: tenureInWords }),
      }),
      Plot.barX(of('overlaps'), { ...place, fill: 'var(--bad)', title: () => 'beside another process' }),
    ],
  };
}

const swatch = (colour: string, text: string): Html =>
  html`<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect y="2" width="14" height="10" fill="var(--${colour})" /></svg>${text}</li>`;

const legend = (logs: readonly Log[]): Html =>
  html`<ul class="legend">${swatch('hold', 'has the lock')}${swatch('wait', 'waits')}${
    logs.some(({ overlaps }) => overlaps.length > 0) ? swatch('bad', 'inside beside another') : NOTHING
  }</ul>`;

function ownersFigure(view: RunView, logs: readonly Log[], windowNs: number, title: string): Html {
  const longest = (log: Log): number => Math.max(...log.holds.map(({ turns }) => turns));
  const keeper = logs.reduce((a, b) => (longest(b) > longest(a) ? b : a));
  return figure({
    title,
    how: 'One lane for each process; a bar is all turns that it had before another came in. Short bars that alternate: the lock is handed over. A long bar beside a grey line: one keeps it while another waits. Red: two were inside.',
    says: `Time lines of ${logs.length} locks over ${duration(windowNs)}; longest without a change of hands had ${keeper.lock.name} one process, ${plural(longest(keeper), 'turn')}.`,
    foot: view.foot,
    wide: 1300,
    legend: legend(logs),
    draw: (width) => options(logs, windowNs, width),
    table: table({
      label: 'Tenures',
      columns: [
        lockColumn(({ lock }: Log) => lock.name),
        {
          heading: 'tenures kept',
          align: 'right',
          cell: ({ holds }) => holds.length,
          sortBy: ({ holds }) => holds.length,
        },
        {
          heading: 'in',
          align: 'right',
          cell: ({ coveredNs }) => duration(coveredNs),
          sortBy: ({ coveredNs }) => coveredNs,
        },
        { heading: 'longest, in turns', align: 'right', cell: longest, sortBy: longest },
        {
          heading: 'longest wait',
          align: 'right',
          cell: ({ waits }) => (waits.length === 0 ? '–' : duration(longestOf(waits))),
          sortBy: ({ waits }) => longestOf(waits),
        },
        {
          heading: 'beside another',
          align: 'right',
          cell: ({ overlaps }) => overlaps.length,
          sortBy: ({ overlaps }) => overlaps.length,
        },
      ],
      rows: logs,
      keyOf: ({ lock }) => lock.key,
    }),
  });
}

const longestOf = (spans: readonly Span[]): number =>
  Math.max(0, ...spans.map(({ fromNs, toNs }) => toNs - fromNs));

/** The logs of the first group, if the result kept any. */
export function ownersSection(view: RunView): Section | null {
  const logs = view.primary.cells.filter(isMeasured).flatMap((cell) => logOf(cell, view.lock(cell)) ?? []);
  if (logs.length === 0) return null;
  const windowNs = median(logs.map(({ coveredNs }) => coveredNs));
  const isShown = ({ lock }: Log): boolean =>
    logs.length <= MOST_SHOWN || view.featured.includes(lock.name) || lock.isControl;
  const shown = logs.filter(isShown);
  const others = logs.filter((log) => !isShown(log));
  return {
    id: 'timeline',
    heading: 'Who had the lock when',
    body: html`<p class="soft">${describeConditions(view.primary.conditions, view.result.environment.cpus)}; a trace round of each lock, from the moment on at which all processes had asked for it.</p>
${ownersFigure(view, shown, windowNs, 'The time line')}
${others.length === 0 ? NOTHING : html`<details><summary>${plural(others.length, 'lock')} more</summary>${ownersFigure(view, others, windowNs, 'The other locks')}</details>`}`,
  };
}
