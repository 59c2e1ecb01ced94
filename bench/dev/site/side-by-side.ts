/**
 * Machines side by side: the textbook's 75 times against what one write of the disk takes, and what a record lock and a lock
 * file cost where each was measured.
 */
import { digits, duration } from '../../base/format.js';
import { fileSystemName } from '../../machine/mount-description.js';
import { isMeasured } from '../../measure/result/result.js';
import type { Result } from '../../measure/result/result-schema.js';
import { axisX, axisY, roomFor } from '../../report/axes.js';
import { figure, isNarrow, Plot, type PlotOptions } from '../../report/chart.js';
import { LINE_COLOURS } from '../../report/families.js';
import { type Html, html } from '../../report/html.js';
import { plainTable } from '../../report/html-table.js';
import { logTicks, roomy, tickDuration } from '../../report/ticks.js';
import { readEvidence } from '../../reproduce/75x/75x-evidence.js';
import { BOOK, type MeasuredDirectory, type Model, ratioAt, ratioOf } from '../../reproduce/75x/75x-model.js';
import type { Reproduction } from '../../reproduce/experiment/reproduction-schema.js';
import { apart } from '../../text/drawing.js';
import { type Machine, machineLine } from './machines.js';

/** The names that the textbook's two locks have in the catalogue. */
const [RECORD_LOCK, LOCK_FILE] = ['fcntl', 'excl'];

interface Modelled {
  readonly machine: Machine;
  readonly name: string;
  readonly model: Model;
  readonly measured: { readonly median: number; readonly low: number; readonly high: number };
}

const evidenceOf = ({ outcomes }: Reproduction): ReturnType<typeof readEvidence> => {
  const outcome = outcomes.find(({ name }) => name === '75x');
  return outcome?.state === 'measured' ? readEvidence(outcome.evidence) : null;
};

const evidenceIn = ({ reported }: Machine): ReturnType<typeof readEvidence> =>
  reported.kind === 'reproduction' ? evidenceOf(reported.result) : null;

function modelledOn(machine: Machine): Modelled[] {
  const models = evidenceIn(machine)?.models ?? [];
  return models.flatMap(({ testDirectory, model }) => {
    const measured = ratioOf(testDirectory.alone, 1);
    const name = models.length === 1 ? machine.name : `${machine.name}, ${testDirectory.name}`;
    return measured === null ? [] : [{ machine, name, model, measured }];
  });
}

const [SHORTEST_NS, LONGEST_NS] = [1e3, 20e6];
const STEPS = 60;
const waits = Array.from(
  { length: STEPS + 1 },
  (_, i) => SHORTEST_NS * (LONGEST_NS / SHORTEST_NS) ** (i / STEPS),
);
const [HEIGHT, TOP, BOTTOM] = [430, 34, 44];

function modelOptions(all: readonly Modelled[], width: number): PlotOptions {
  const narrow = isNarrow(width);
  const colourOf = (i: number): string => LINE_COLOURS[i % LINE_COLOURS.length] ?? 'var(--ink)';
  const ratios = all.flatMap(({ model, measured }) => [
    ...waits.map((ns) => ratioAt(model, ns)),
    measured.low,
    measured.high,
  ]);
  const domain = roomy([...ratios, BOOK], 1.2);
  const ends = all.map(({ model }) => ratioAt(model, LONGEST_NS));
  const heights = apart(ends, domain, HEIGHT - TOP - BOTTOM);
  // On a telephone the names stand in the table alone.
  const names = all.map(({ name }) => (narrow ? '' : name));
  return {
    height: HEIGHT,
    marginLeft: 46,
    marginRight: narrow ? 12 : roomFor(names),
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: { type: 'log', domain: [SHORTEST_NS, LONGEST_NS] },
    y: { type: 'log', domain },
    marks: [
      ...axisX({
        ticks: logTicks([SHORTEST_NS, LONGEST_NS], narrow ? 3 : 6),
        tick: tickDuration,
        label: 'one write of the disk',
      }),
      ...axisY({ ticks: logTicks(domain), tick: String, label: 'times as long as the record lock' }),
      Plot.ruleY([BOOK], { stroke: 'var(--ink)', strokeDasharray: '4 3' }),
      Plot.text([BOOK], {
        ...{ y: (ratio: number) => ratio, text: () => `the textbook: ${BOOK}` },
        ...{ frameAnchor: 'left', textAnchor: 'start', dx: 6, dy: -8 },
      }),
      ...all.map(({ model }, i) =>
        Plot.line(
          waits.map((x) => ({ x, y: ratioAt(model, x) })),
          { x: 'x', y: 'y', stroke: colourOf(i), strokeWidth: 1.6 },
        ),
      ),
      ...all.flatMap(({ name, model: { eachNs }, measured }, i) => [
        Plot.ruleX([measured], {
          x: () => eachNs,
          y1: 'low',
          y2: 'high',
          stroke: colourOf(i),
          strokeWidth: 2,
        }),
        Plot.dot([measured], {
          ...{ x: () => eachNs, y: 'median', r: 5, fill: colourOf(i) },
          title: () => `${name}: ${digits(measured.median)} times, one write takes ${duration(eachNs)}`,
        }),
      ]),
      ...all.map((_, i) =>
        Plot.text([heights[i] ?? 1], {
          ...{ x: () => LONGEST_NS, y: (height: number) => height, text: () => names[i] ?? '' },
          ...{ fill: colourOf(i), textAnchor: 'start', dx: 8, fontWeight: 600 },
        }),
      ),
    ],
  };
}

/** Null where no record has the experiment. */
export function diskFigure(machines: readonly Machine[]): Html | null {
  const all = machines.flatMap(modelledOn);
  if (all.length === 0) return null;
  return figure({
    title: '75 times, by the time of one write',
    how: 'Each line is a machine by its model: a turn waits for the disk as often as was counted there. The dot on or near it is what was measured, at the time that one write took. Where a line crosses 75, the textbook’s figure would hold there.',
    says: all
      .map(
        ({ name, model, measured }) =>
          `${name}: ${digits(measured.median)} times where one write takes ${duration(model.eachNs)}; 75 by the model where it takes ${duration(model.wantedNs)}`,
      )
      .join('. '),
    foot: '',
    draw: (width) => modelOptions(all, width),
    table: plainTable(
      'A lock file against a record lock, by machine',
      ['record', 'machine', 'one write', 'measured', 'by the model', '75 where one write takes'],
      all.map(({ name, machine, model, measured }) => [
        name,
        machineLine(machine),
        duration(model.eachNs),
        `${digits(measured.median)} (${digits(measured.low)}–${digits(measured.high)})`,
        digits(model.ratio),
        duration(model.wantedNs),
      ]),
    ),
  });
}

interface Pair {
  readonly where: string;
  readonly record: number;
  readonly file: number;
}

/** One process alone, on file systems of the machine. */
function pairsOfRun(name: string, { cells }: Result): Pair[] {
  const alone = cells
    .filter(isMeasured)
    .filter(
      ({ conditions: { processes, readers, nfs } }) => processes === 1 && readers === 0 && nfs === undefined,
    );
  const costOf = (strategy: string, path: string): number | undefined =>
    alone.find(
      (cell) =>
        cell.strategy === strategy && cell.conditions.directory.path === path && cell.runtime === undefined,
    )?.nsPerIncrement.median;
  const directories = new Map(alone.map(({ conditions: { directory } }) => [directory.path, directory]));
  return [...directories].flatMap(([path, directory]) => {
    const [record, file] = [costOf(RECORD_LOCK, path), costOf(LOCK_FILE, path)];
    const where = `${name}: ${fileSystemName(directory)}`;
    return record === undefined || file === undefined ? [] : [{ where, record, file }];
  });
}

const pairsOfDirectories = (name: string, directories: readonly MeasuredDirectory[]): Pair[] =>
  directories.flatMap(({ name: where, alone }) => {
    const [record, file] = [alone[0]?.nsPerIncrement.median, alone[1]?.nsPerIncrement.median];
    return record === undefined || file === undefined ? [] : [{ where: `${name}: ${where}`, record, file }];
  });

function pairsOn(machine: Machine): Pair[] {
  const { name, reported } = machine;
  if (reported.kind === 'run') return pairsOfRun(name, reported.result);
  return pairsOfDirectories(name, evidenceIn(machine)?.directories ?? []);
}

const ROW = 30;
const LEGEND = [
  ['var(--f1)', 'circle', 'record lock (fcntl)'],
  ['var(--f2)', 'square', 'lock file (excl)'],
] as const;

function pairOptions(pairs: readonly Pair[], width: number): PlotOptions {
  const narrow = isNarrow(width);
  const domain = roomy(
    pairs.flatMap(({ record, file }) => [record, file]),
    1.4,
  );
  // On a telephone a name stands above its row.
  const marginLeft = narrow ? 14 : roomFor(pairs.map(({ where }) => where));
  const dots = (['record', 'file'] as const).map((which, i) =>
    Plot.dot(pairs, {
      ...{ x: which, y: 'where', r: 5, fill: LEGEND[i]?.[0] ?? '', symbol: LEGEND[i]?.[1] ?? 'circle' },
      title: (pair: Pair) => `${pair.where}: ${LEGEND[i]?.[2]} ${duration(pair[which])}`,
    }),
  );
  const factors = Plot.text(pairs, {
    x: 'file',
    y: 'where',
    text: ({ record, file }: Pair) => `${digits(file / record)} times`,
    ...{ textAnchor: 'start', dx: 10 },
  });
  const names = narrow
    ? [
        Plot.text(pairs, {
          y: 'where',
          text: 'where',
          frameAnchor: 'left',
          textAnchor: 'start',
          dy: -13,
          fill: 'var(--soft)',
        }),
      ]
    : [];
  return {
    height: pairs.length * (narrow ? ROW + 12 : ROW) + 70,
    marginLeft,
    marginRight: 84,
    marginTop: 20,
    marginBottom: 42,
    x: { type: 'log', domain },
    y: {
      type: 'band',
      domain: pairs.map(({ where }) => where),
      label: null,
      ...(narrow ? { axis: null } : { tickSize: 0 }),
    },
    marks: [
      ...axisX({
        ticks: logTicks(domain, narrow ? 3 : 6),
        tick: tickDuration,
        label: 'per increment, one process',
      }),
      ...names,
      Plot.link(pairs, { x1: 'record', x2: 'file', y: 'where', stroke: 'var(--wait)', strokeWidth: 2 }),
      ...dots,
      factors,
    ],
  };
}

const legend = html`<ul class="legend">${LEGEND.map(
  ([colour, shape, text]) =>
    html`<li><svg viewBox="0 0 14 14" aria-hidden="true">${
      shape === 'circle'
        ? html`<circle cx="7" cy="7" r="5" fill="${colour}" />`
        : html`<rect x="2" y="2" width="10" height="10" fill="${colour}" />`
    }</svg>${text}</li>`,
)}</ul>`;

/** Null where no record has both locks. */
export function pairFigure(machines: readonly Machine[]): Html | null {
  const pairs = machines.flatMap(pairsOn);
  if (pairs.length === 0) return null;
  return figure({
    title: 'A record lock and a lock file, wherever both were measured',
    how: 'One process, nothing contended. The further right the square is from the circle, the more the directory makes a lock file wait.',
    says: pairs
      .map(({ where, record, file }) => `${where}: ${duration(record)} and ${duration(file)}`)
      .join('; '),
    foot: '',
    legend,
    draw: (width) => pairOptions(pairs, width),
    table: plainTable(
      'Cost of an increment with one process',
      ['record and place', 'record lock', 'lock file', 'times'],
      pairs.map(({ where, record, file }) => [
        where,
        duration(record),
        duration(file),
        digits(file / record),
      ]),
    ),
  });
}
