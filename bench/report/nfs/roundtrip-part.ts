/**
 * What a page has of a result of `nfs roundtrip`: how the cost of an increment grows with the network's round trip, the line that
 * the counted calls explain, and the calls themselves.
 */
import { digits, duration } from '../../base/format.js';
import { cellName } from '../../measure/result/result.js';
import type { Curve, RoundTripResult } from '../../nfs/roundtrip/roundtrip-schema.js';
import {
  callName,
  callsGrid,
  describe,
  type Grid,
  networkGrid,
  predictionsGrid,
  roundTripFindings,
  sweepGrid,
} from '../../nfs/roundtrip/roundtrip-text.js';
import { figure, Plot } from '../chart.js';
import { environmentList, footOf, warningList } from '../environment.js';
import { type Html, html, NOTHING } from '../html.js';
import { plainTable } from '../html-table.js';
import { type Axis, type LineOf, lines, type Measured } from '../lines.js';
import type { ResultPart, Section } from '../page.js';
import { type Bar, requestFigures } from '../run/requests.js';
import { logTicks, roomy, tickDuration } from '../ticks.js';

const STEPS = 40;
const MOST_FEATURED = 7;

const gridTable = (label: string, { head, rows }: Grid): Html => plainTable(label, head, rows);

const longestOf = (curves: readonly Curve[]): number =>
  Math.max(1, ...curves.flatMap(({ points }) => points.map(({ roundTripNs }) => roundTripNs)));

/** What tells a curve from the others. */
function shortName(curve: Curve, all: readonly Curve[]): string {
  const differ = (of: (curve: Curve) => string): boolean => new Set(all.map(of)).size > 1;
  return [
    ...(differ(cellName) ? [cellName(curve)] : []),
    curve.way,
    ...(differ((one) => one.export) ? [curve.export] : []),
  ].join(', ');
}

/** The fitted line; where none was fitted, what was measured. `scale`: what a nanosecond comes to on the axis. */
function lineOf(curve: Curve, all: readonly Curve[], scale: number, measured: readonly Measured[]): LineOf {
  const longest = longestOf([curve]);
  const { fit } = curve;
  const points =
    fit === null
      ? measured
      : Array.from({ length: STEPS + 1 }, (_, i) => (longest * i) / STEPS).map((x) => ({
          x,
          y: (fit.interceptNs + fit.slope * x) * scale,
        }));
  return { key: `c${all.indexOf(curve)}`, name: shortName(curve, all), points, measured };
}

const TICKS = { wide: 8, narrow: 3 };

/** Even steps that begin at 0. */
function evenTicks(longest: number, most: number): number[] {
  const raw = longest / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? raw;
  return Array.from({ length: Math.floor(longest / step) + 1 }, (_, i) => i * step);
}

interface SweepSpec {
  readonly title: string;
  readonly how: string;
  readonly says: string;
  readonly lines: readonly LineOf[];
  readonly y: Pick<Axis, 'label' | 'tick'>;
  /** The textbook's ratio, on a plot of ratios. */
  readonly wanted?: number;
  readonly table?: Html;
}

function sweepFigure(
  result: RoundTripResult,
  { title, how, says, lines: drawn, y, wanted, table }: SweepSpec,
): Html {
  const longest = longestOf(result.figures.curves);
  const ys = drawn.flatMap(({ points, measured = [] }) => [
    ...points.map((point) => point.y),
    ...measured.flatMap(({ low, high }) => [low, high]),
  ]);
  const domain = roomy([...ys, ...(wanted === undefined ? [] : [wanted])], 1.3);
  return figure({
    ...{ title, how, says, foot: footOf(result) },
    ...(table === undefined ? {} : { table }),
    draw: (width) =>
      lines(
        {
          lines: drawn,
          featured: drawn.map(({ name }) => name).slice(0, MOST_FEATURED),
          linear: true,
          x: {
            label: 'round trip that the network adds',
            ticks: evenTicks(longest, width < 400 ? TICKS.narrow : TICKS.wide),
            tick: (ns) => (ns === 0 ? '0' : tickDuration(ns)),
            domain: [0, longest],
          },
          y: { ...y, ticks: logTicks(domain), domain },
          below:
            wanted === undefined
              ? []
              : [
                  Plot.ruleY([wanted], { stroke: 'var(--ink)', strokeDasharray: '4 3', strokeOpacity: 0.75 }),
                  Plot.text([wanted], {
                    ...{ y: (ratio: number) => ratio, text: () => `the textbook: ${wanted}` },
                    ...{ frameAnchor: 'left', textAnchor: 'start', dx: 6, dy: -8 },
                  }),
                ],
        },
        width,
      ),
  });
}

function ratioFigure(result: RoundTripResult): Html {
  const { curves, wantedRatio } = result.figures;
  const drawn = curves.flatMap((curve) => {
    const { localNs, points } = curve;
    const measured = points.flatMap(({ roundTripNs: x, ratio }) =>
      ratio === null ? [] : [{ x, y: ratio.median, low: ratio.low, high: ratio.high }],
    );
    return localNs === null || measured.length === 0 ? [] : [lineOf(curve, curves, 1 / localNs, measured)];
  });
  if (drawn.length === 0) return NOTHING;
  return sweepFigure(result, {
    title: 'Times as long as on the export itself',
    how: `Each line is the model of one way, fitted through what was measured, the dots. Dashed: the textbook’s ${wantedRatio}.`,
    says: drawn
      .map(
        ({ name, measured = [] }) =>
          `${name}: from ${digits(measured[0]?.y ?? 0)} to ${digits(measured.at(-1)?.y ?? 0)} times`,
      )
      .join('; '),
    lines: drawn,
    y: { label: 'times as long as a local increment', tick: String },
    wanted: wantedRatio,
  });
}

/** The model, in time. */
function timeFigure(result: RoundTripResult): Html {
  const { curves } = result.figures;
  const drawn = curves.map((curve) =>
    lineOf(
      curve,
      curves,
      1,
      curve.points.map(({ roundTripNs: x, nsPerIncrement: { median, low, high } }) => ({
        x,
        y: median,
        low,
        high,
      })),
    ),
  );
  return sweepFigure(result, {
    title: 'Time of an increment, and the model',
    how: 'The line: what an increment takes without any network, and once more for each call that it waits for. Its slope is the number of calls in a row.',
    says: curves
      .map(({ fit, inSequencePerIncrement, ...key }) =>
        fit === null
          ? `${describe(key)}: no line`
          : `${describe(key)}: ${duration(Math.abs(fit.interceptNs))} and ${digits(fit.slope)} for each round trip, ${digits(inSequencePerIncrement)} calls in a row were counted`,
      )
      .join('; '),
    lines: drawn,
    y: { label: 'an increment', tick: tickDuration },
    table: gridTable('The sweep', sweepGrid(result.figures)),
  });
}

function callBars({ findings: { calls } }: RoundTripResult): Bar[] {
  return calls.flatMap((one) =>
    one.procedures.map((procedure) => ({
      lock: { key: cellName(one), name: cellName(one), family: 'other', death: null, isControl: false },
      facet: `${one.way}\n${one.export}`,
      operation: callName(procedure),
      count: procedure.calls / one.turns,
    })),
  );
}

function callsSection(result: RoundTripResult): Section | null {
  const bars = callBars(result);
  if (bars.length === 0) return null;
  const how =
    'The calls that left the client, of an increment; those of the lock manager of NFSv3 (NLM) are among them.';
  return {
    id: 'requests',
    heading: 'The calls of an increment',
    body: html`${requestFigures({ bars, how, foot: footOf(result) })}${gridTable('Calls of an increment', callsGrid(result.findings))}`,
  };
}

function predictionsSection({ figures }: RoundTripResult): Section | null {
  if (figures.predictions.length === 0) return null;
  return {
    id: 'predictions',
    heading: 'On this machine, outside of the lab',
    body: html`<p class="how">Predicted by the model, not measured. These are lower bounds, since the time that server and client take for a call is left out.</p>
${gridTable('Predictions', predictionsGrid(figures))}`,
  };
}

/** The ratios at no and at the longest round trip, of the first way. */
function headline({ figures: { curves, wantedRatio } }: RoundTripResult): string {
  const [first] = curves;
  if (first === undefined) return 'Nothing was measured.';
  const ratios = first.points.flatMap(({ ratio }) => (ratio === null ? [] : [ratio.median]));
  const waits = `An increment with ${describe(first)} waits for ${digits(first.inSequencePerIncrement)} calls, one after another`;
  const [least, most] = [ratios[0], ratios.at(-1)];
  return least === undefined || most === undefined
    ? `${waits}.`
    : `${waits}: ${digits(least)} to ${digits(most)} times a local one; the textbook has ${wantedRatio}.`;
}

const MACHINES = {
  kvm: 'a virtual machine (KVM)',
  tcg: 'a virtual machine, emulated (TCG)',
  host: 'this kernel',
} as const;

export function roundTripPart(result: RoundTripResult): ResultPart {
  const { findings, figures, seed } = result;
  const sections = [
    {
      id: 'model',
      heading: 'The model',
      body: figures.curves.length === 0 ? html`<p>Nothing was measured.</p>` : timeFigure(result),
    },
    callsSection(result),
    {
      id: 'network',
      heading: 'The network',
      body: html`<p class="how">An empty call takes the round trip once: what was asked of the network, and what it did.</p>
${gridTable('Empty calls', networkGrid(figures))}`,
    },
    predictionsSection(result),
    { id: 'findings', heading: 'Findings', body: warningList(roundTripFindings(result)) },
    {
      id: 'environment',
      heading: 'Environment',
      body: environmentList(result, [
        ['lab', `${findings.kernel}, ${MACHINES[findings.machine]}`],
        ['seed', seed],
      ]),
    },
  ].flatMap((section) => section ?? []);
  return {
    title: 'NFS, by round trip',
    subtitle: footOf(result),
    data: result,
    first: html`<p class="finding">${headline(result)}</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
${ratioFigure(result)}`,
    sections,
  };
}
