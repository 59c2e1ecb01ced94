/**
 * What a page has of a result of `compare`: each change from one run to another, as a factor with its interval.
 */
import { digits, duration, percent, plural } from '../base/format.js';
import type { Change, ComparedCell, ComparedRuns, Comparisons } from '../compare/compare-schema.js';
import { hasBounds, sentences, sideName } from '../compare/compare-table.js';
import { axisX } from './axes.js';
import { figure, Plot, type PlotOptions } from './chart.js';
import { warningList } from './environment.js';
import { type Html, html, NOTHING, type Part } from './html.js';
import { lockColumn, table } from './html-table.js';
import type { ResultPart } from './page.js';
import { rowsOf } from './rows.js';
import type { Lock } from './run/run-view.js';
import { spoken, type Tone } from './run/verdicts.js';
import { logTicks, roomy } from './ticks.js';

const WORDS: Readonly<Record<Change['verdict'], readonly [string, Tone]>> = {
  slower: ['slower', 'bad'],
  faster: ['faster', 'good'],
  doubtful: ['doubtful', 'soft'],
  'no-difference-seen': ['no difference seen', 'soft'],
  'too-few-runs': ['too few runs', 'soft'],
  'too-few-rounds': ['too few rounds', 'soft'],
};

const COLOURS: Readonly<Record<Tone, string>> = {
  good: 'var(--good)',
  warn: 'var(--warn)',
  bad: 'var(--bad)',
  soft: 'var(--soft)',
};
const SHAPES: Readonly<Record<Tone, 'circle' | 'triangle' | 'square' | 'diamond'>> = {
  good: 'diamond',
  warn: 'square',
  bad: 'triangle',
  soft: 'circle',
};

interface Row extends Change {
  readonly lock: Lock;
  readonly facet: string;
  readonly tone: Tone;
}

function verdictOf({ change, reason, verdicts, worse }: ComparedCell): Part {
  if (worse) return spoken({ text: `FAILS: ${verdicts.earlier} before, ${verdicts.later} now`, tone: 'bad' });
  if (change === null) return reason ?? '–';
  const [text, tone] = WORDS[change.verdict];
  return spoken({ text, tone });
}

function changesTable({ cells, basis }: ComparedRuns): Html {
  const figureOf = (value: number): string => (basis === 'cost' ? duration(value) : `${digits(value)}×`);
  const of = (text: (change: Change) => string) => (cell: ComparedCell) =>
    cell.change === null ? '–' : text(cell.change);
  return table({
    label: 'Changes',
    columns: [
      lockColumn(({ lock }: ComparedCell) => lock),
      { heading: 'where', cell: ({ where }) => where, sortBy: ({ where }) => where },
      { heading: 'earlier', align: 'right', cell: of(({ earlier }) => figureOf(earlier)) },
      { heading: 'later', align: 'right', cell: of(({ later }) => figureOf(later)) },
      {
        heading: 'factor',
        align: 'right',
        cell: of(({ factor }) => digits(factor)),
        sortBy: ({ change }) => change?.factor ?? null,
      },
      {
        heading: 'interval',
        align: 'right',
        cell: of((change) => (hasBounds(change) ? `${digits(change.low)}–${digits(change.high)}` : '–')),
      },
      { heading: '', cell: verdictOf },
    ],
    rows: cells,
  });
}

function options(rows: readonly Row[], width: number): PlotOptions {
  const facets = [...new Set(rows.map(({ facet }) => facet))];
  const { frame, marks, channel, across } = rowsOf(
    { locks: rows.map(({ lock }) => lock), facets, rowHeight: 18 },
    width,
  );
  const bounded = rows.filter(hasBounds);
  const domain = roomy([
    1,
    ...rows.map(({ factor }) => factor),
    ...bounded.flatMap(({ low, high }) => [low, high]),
  ]);
  const place = { ...channel, y: ({ lock }: Row) => lock.key };
  return {
    ...frame,
    symbol: { type: 'identity' },
    color: { type: 'identity' },
    x: { type: 'log', domain },
    marks: [
      ...axisX({
        ticks: logTicks(domain, Math.max(2, Math.floor(across / 62))),
        tick: String,
        label: 'later, as a multiple of earlier',
      }),
      ...marks,
      Plot.ruleX([1], { stroke: 'var(--ink)', strokeDasharray: '4 3', strokeOpacity: 0.75 }),
      Plot.ruleY(bounded, {
        ...{ ...place, x1: 'low', x2: 'high', strokeWidth: 2, strokeOpacity: 0.6 },
        stroke: ({ tone }: Row) => COLOURS[tone],
      }),
      Plot.dot(rows, {
        ...{ ...place, x: 'factor', r: 4 },
        fill: ({ tone }: Row) => COLOURS[tone],
        symbol: ({ tone }: Row) => SHAPES[tone],
        title: ({ lock, factor, verdict }: Row) =>
          `${lock.name}: ${digits(factor)} times, ${WORDS[verdict][0]}`,
      }),
    ],
  };
}

const BARS: Readonly<Record<ComparedRuns['sample'], string>> = {
  round: 'Bars cover what the rounds of these two runs scatter by; other runs may lie beyond.',
  run: 'Bars cover what runs differ by.',
};

const COVERED: typeof BARS = {
  round: 'the factor between these two runs, and say nothing of others,',
  run: 'the true factor',
};

function changesFigure(comparison: ComparedRuns): Html {
  const keys = [...new Set(comparison.cells.map(({ lock }) => lock))];
  const rows = comparison.cells.flatMap(({ lock, where, change, worse }): Row[] =>
    change === null
      ? []
      : [
          {
            ...change,
            lock: {
              key: `l${keys.indexOf(lock)}`,
              name: lock,
              family: 'other',
              death: null,
              isControl: false,
            },
            facet: where,
            tone: worse ? 'bad' : WORDS[change.verdict][1],
          },
        ],
  );
  if (rows.length === 0) return NOTHING;
  return figure({
    title: comparison.basis === 'cost' ? 'What became of the cost' : 'What became of the ratio to fcntl',
    how: `Right of 1 the later side is slower. Triangle: slower; diamond: faster; circle: no difference seen, or too few runs or rounds to tell. ${BARS[comparison.sample]}`,
    says: `${plural(rows.length, 'cell')}; ${rows.filter(({ tone }) => tone === 'bad').length} became worse, ${rows.filter(({ tone }) => tone === 'good').length} better.`,
    foot: '',
    wide: 1300,
    draw: (width) => options(rows, width),
  });
}

const section = (comparison: ComparedRuns): Html => {
  const { earlier, later } = comparison;
  return html`<p class="soft"><bdi>${sideName(later)}</bdi> compared with <bdi>${sideName(earlier)}</bdi></p>
${changesFigure(comparison)}${changesTable(comparison)}${warningList(sentences(comparison))}`;
};

function headline(comparisons: readonly ComparedRuns[]): { text: string; isAlarm: boolean } {
  const cells = comparisons.flatMap((one) => one.cells);
  const count = (verdict: Change['verdict']): number =>
    cells.filter(({ change }) => change?.verdict === verdict).length;
  const [slower, faster] = [count('slower'), count('faster')];
  const failing = cells.filter(({ worse }) => worse).length;
  if (failing > 0)
    return {
      text: `${plural(failing, 'lock')} that excluded before ${failing === 1 ? 'fails' : 'fail'} now.`,
      isAlarm: true,
    };
  const few = count('too-few-rounds') + count('too-few-runs');
  const judged = cells.filter(({ change }) => change !== null).length - few;
  if (judged === 0) return { text: 'Too few runs to tell a change.', isAlarm: false };
  return slower + faster === 0
    ? { text: `No difference was seen in ${plural(judged, 'cell')}.`, isAlarm: false }
    : {
        text: `Of ${plural(judged, 'cell')}, ${slower} became slower and ${faster} faster.`,
        isAlarm: slower > 0,
      };
}

const laterNames = ({ later }: ComparedRuns): string => later.map(({ name }) => name).join(', ');

export function comparisonPart(result: Comparisons): ResultPart {
  const { comparisons } = result;
  const { text, isAlarm } = headline(comparisons);
  const coverages = comparisons.flatMap(({ cells }) => cells.flatMap(({ change }) => change?.coverage ?? []));
  const [first, ...rest] = comparisons;
  return {
    title: 'runs compared',
    subtitle: comparisons.map(laterNames).join(', '),
    data: result,
    first: html`<p class="finding${isAlarm ? ' bad' : ''}">${text}</p>
${coverages.length === 0 ? NOTHING : html`<p class="how">Intervals cover ${COVERED[first?.sample ?? 'run']} with at least ${percent(Math.min(...coverages))}.</p>`}
${first === undefined ? NOTHING : section(first)}`,
    sections: rest.map((comparison, i) => ({
      id: `comparison-${i + 2}`,
      heading: laterNames(comparison),
      body: section(comparison),
    })),
  };
}
