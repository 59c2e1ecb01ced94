/**
 * A scenario as a picture: a lane for each process, who waits, who has the lock, and what befell it. The same for crash, order
 * and the faults of NFS.
 */
import { duration } from '../../base/format.js';
import { intervalsOf } from '../../scenario/intervals.js';
import type { Step } from '../../scenario/steps-schema.js';
import { HOLDS, type Row, rowsOf, type Sign, WAITS } from '../../scenario/time-line.js';
import { roomFor } from '../axes.js';
import { Plot, type PlotOptions, svg } from '../chart.js';
import { type Html, html } from '../html.js';
import { plainTable } from '../html-table.js';
import { tickDuration } from '../ticks.js';

const WIDTH = 400;
const LANE = 20;

interface Style {
  readonly colour: string;
  readonly inset: number;
}

/** Spans by the sign that the terminal draws them with; what waits is thin, so that it is told apart without its colour. */
const SPANS: Readonly<Record<string, Style>> = {
  '.': { colour: 'var(--wait)', inset: 7 },
  '#': { colour: 'var(--hold)', inset: 2 },
  W: { colour: 'var(--hold)', inset: 2 },
  r: { colour: 'var(--f3)', inset: 4 },
  '=': { colour: 'var(--stop)', inset: 5 },
  '/': { colour: 'var(--f7)', inset: 7 },
};
const MOMENTS: Readonly<Record<string, 'times' | 'triangle' | 'asterisk'>> = {
  X: 'times',
  '!': 'triangle',
  E: 'asterisk',
};

interface Span {
  readonly lane: string;
  readonly sign: string;
  readonly x1: number;
  readonly x2: number;
}

/** When two were inside who should not. `apart`: who have a lock of their own. */
function overlapsOf(steps: readonly Step[], apart: readonly string[]): { x1: number; x2: number }[] {
  const inside = intervalsOf(steps.filter(({ participant }) => !apart.includes(participant)));
  return inside.flatMap((one, i) =>
    inside.slice(i + 1).flatMap((other) => {
      const [x1, x2] = [Math.max(one.fromNs, other.fromNs), Math.min(one.toNs, other.toNs)];
      return x1 < x2 && !(one.shared && other.shared) ? [{ x1, x2 }] : [];
    }),
  );
}

function options(
  rows: readonly Row[],
  overlaps: readonly { x1: number; x2: number }[],
  endNs: number,
): PlotOptions {
  const spans = rows.flatMap(({ name, spans }) =>
    spans.map(({ sign, fromNs, toNs }): Span => ({ lane: name, sign, x1: fromNs, x2: toNs })),
  );
  const leastNs = endNs / WIDTH;
  const bars = spans
    .filter(({ sign }) => sign in SPANS)
    .map((span) => ({ ...span, x2: Math.max(span.x2, span.x1 + leastNs) }));
  const moments = spans.filter(({ sign }) => sign in MOMENTS);
  const names = rows.map(({ name }) => name);
  return {
    height: rows.length * LANE + 40,
    marginLeft: roomFor(names),
    marginRight: 22,
    marginTop: 6,
    marginBottom: 32,
    x: {
      domain: [0, endNs],
      ticks: 4,
      tickFormat: (ns: number) => (ns === 0 ? '0' : tickDuration(ns)),
      label: null,
    },
    y: { type: 'band', domain: names, label: null, tickSize: 0, padding: 0.05 },
    symbol: { type: 'identity' },
    marks: [
      Plot.gridX({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      Plot.rect(overlaps, { x1: 'x1', x2: 'x2', fill: 'var(--bad)', fillOpacity: 0.22 }),
      ...Object.entries(SPANS).map(([sign, { colour, inset }]) =>
        Plot.barX(
          bars.filter((span) => span.sign === sign),
          { x1: 'x1', x2: 'x2', y: 'lane', fill: colour, insetTop: inset, insetBottom: inset },
        ),
      ),
      Plot.dot(moments, {
        ...{ x: 'x1', y: 'lane', r: 5, stroke: 'var(--bad)', strokeWidth: 2.2 },
        symbol: ({ sign }: Span) => MOMENTS[sign],
      }),
    ],
  };
}

/** "holder is killed at 52.5 ms; waiter 1 has it from 56.0 ms". */
function saidOf(steps: readonly Step[]): string {
  const told = steps.filter(
    ({ what }) => !['asked', 'read', 'wrote', 'leaves', 'unlocked', 'ended'].includes(what),
  );
  return told
    .map(({ participant, what, atNs }) => `${participant} ${what.replaceAll('-', ' ')} at ${duration(atNs)}`)
    .join('; ');
}

const stepRow = ({ participant, what, atNs, number, recovery, error, shared }: Step): readonly string[] => [
  duration(atNs),
  participant,
  what.replaceAll('-', ' '),
  [number === undefined ? '' : String(number), shared === true ? 'shared' : '', recovery ?? '', error ?? '']
    .filter((part) => part !== '')
    .join(', '),
];

export interface StepsSpec {
  readonly title: string;
  /** What came of it. */
  readonly outcome: Html;
  readonly steps: readonly Step[];
  readonly exclusive?: Sign;
  /** Participants that have a lock of their own. */
  readonly apart?: readonly string[];
}

export function stepsFigure({ title, outcome, steps, exclusive = HOLDS, apart = [] }: StepsSpec): Html {
  const rows = rowsOf(steps, exclusive);
  const endNs = Math.max(1, ...steps.map(({ atNs }) => atNs));
  return html`<figure class="chart">
<figcaption><h3>${title}</h3><p>${outcome}</p></figcaption>
${svg(`${title}. ${saidOf(steps)}.`, WIDTH, options(rows, overlapsOf(steps, apart), endNs), '')}
<details><summary>Step by step</summary>${plainTable(`Steps of ${title}`, ['after', 'who', 'what', ''], steps.map(stepRow))}</details>
</figure>
`;
}

const swatch = ({ colour, inset }: Style, text: string): Html =>
  html`<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect y="${inset / 1.5}" width="14" height="${14 - inset * 1.33}" fill="${colour}" /></svg>${text}</li>`;

const moment = (path: string, text: string): Html =>
  html`<li><svg viewBox="0 0 14 14" aria-hidden="true"><path d="${path}" fill="none" stroke="var(--bad)" stroke-width="2.2" /></svg>${text}</li>`;

const style = (sign: Pick<Sign, 'sign'>): Style => SPANS[sign.sign] ?? { colour: '', inset: 0 };

/** What the bars and signs mean. */
export const stepsLegend = (...more: readonly ('readers' | 'outages')[]): Html =>
  html`<ul class="legend">${[
    swatch(style(WAITS), 'waits'),
    swatch(style(HOLDS), more.includes('readers') ? 'has the lock alone (writer)' : 'has the lock'),
    ...(more.includes('readers')
      ? [swatch(style({ sign: 'r' }), 'shares it (reader)')]
      : [swatch(style({ sign: '=' }), 'stopped, holding it'), moment('M3,3L11,11M3,11L11,3', 'dies')]),
    ...(more.includes('outages') ? [swatch(style({ sign: '/' }), 'out of service')] : []),
    ...(more.includes('readers') ? [] : [moment('M7,2L12,11L2,11Z', 'the event')]),
    html`<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect width="14" height="14" fill="var(--bad)" fill-opacity="0.22" /></svg>two inside</li>`,
    moment('M7,2V12M2,7H12M3.5,3.5L10.5,10.5M3.5,10.5L10.5,3.5', 'a call fails'),
  ]}</ul>`;

/** Those that differ first; all others on request. `signatureOf`: equal for those that show the same. */
export function distinctFigures<Scenario>(
  scenarios: readonly Scenario[],
  signatureOf: (scenario: Scenario) => string,
  figureOf: (scenario: Scenario) => Html,
): Html {
  const shown = new Map<string, Scenario>();
  for (const one of scenarios) {
    const signature = signatureOf(one);
    if (!shown.has(signature)) shown.set(signature, one);
  }
  const first = new Set(shown.values());
  const rest = scenarios.filter((one) => !first.has(one));
  return html`<div class="grid">${[...first].map(figureOf)}</div>
${rest.length === 0 ? '' : html`<details><summary>${rest.length} more that came to the same</summary><div class="grid">${rest.map(figureOf)}</div></details>`}`;
}
