/**
 * What a page has of a result of `pairs`: what lock and unlock cost where nobody contends, a row for each lock.
 */
import { allNames, loadStrategy } from '../../strategies/index.js';
import { digits, duration, factorWithBounds } from '../base/format.js';
import { visible } from '../base/visible.js';
import { cellName } from '../measure/result/result.js';
import type { Pair, PairsResult } from '../pairs/pairs-schema.js';
import { hasOverC, inOrder, meanOf, missingLines, ratioOf, WHAT_IS_TIMED } from '../pairs/pairs-text.js';
import { figure } from './chart.js';
import { environmentList, footOf, warningList } from './environment.js';
import { familyLegend } from './families.js';
import { type Html, html, NOTHING } from './html.js';
import { type Column, table } from './html-table.js';
import { lockName } from './names.js';
import type { ResultPart } from './page.js';
import { type DotRow, dotRows } from './run/dot-rows.js';
import type { Family, Lock } from './run/run-view.js';
import { tickDuration } from './ticks.js';

/** Of what kind each lock of the catalogue is. */
async function familiesOf(pairs: readonly Pair[]): Promise<ReadonlyMap<string, Family>> {
  const names = [...new Set(pairs.map(({ strategy }) => strategy))].filter((name) => allNames.includes(name));
  const loaded = await Promise.all(names.map(loadStrategy));
  return new Map(loaded.map(({ name, family }) => [name, family]));
}

/** Where it was measured: on which file system. */
function whereOf({ directory }: Pair, { directories }: PairsResult): string {
  const filesystem = directories.find(({ path }) => path === directory)?.filesystem ?? 'unknown';
  return `${directory} (${filesystem})`;
}

function pairsFigure(result: PairsResult, lockOf: (pair: Pair) => Lock): Html {
  const pairs = inOrder(result.pairs);
  const rows = pairs.map((pair): DotRow => {
    const { figures } = pair;
    return {
      lock: lockOf(pair),
      median: figures.medianNs,
      bounds: [Math.min(figures.medianNs, figures.p99Ns), Math.max(figures.medianNs, figures.p99Ns)],
      says: `${cellName(pair)}: ${duration(figures.medianNs)}, 99th percentile ${duration(figures.p99Ns)}`,
      facet: visible(whereOf(pair, result)),
    };
  });
  const [first] = rows;
  if (first === undefined) return NOTHING;
  const facets = [...new Set(rows.map(({ facet }) => facet ?? ''))];
  return figure({
    title: 'Lock and unlock, where nobody contends',
    how: 'Each dot is the median of the samples; its bar reaches to the 99th percentile. Further left is cheaper, on a logarithmic axis.',
    says: `${rows.length} locks on a logarithmic axis, from ${first.says} to ${rows.at(-1)?.says}.`,
    foot: footOf(result),
    ...(facets.length > 2 ? { wide: 1300 } : {}),
    legend: familyLegend(rows.map(({ lock }) => lock.family)),
    draw: (width) =>
      dotRows(
        {
          ...{ rows, label: 'lock and unlock', tick: tickDuration, rowHeight: 17 },
          facets: facets.length === 1 ? [] : facets,
        },
        width,
      ),
  });
}

function pairsTable(result: PairsResult, lockOf: (pair: Pair) => Lock): Html {
  const { pairs } = result;
  const columns: Column<Pair>[] = [
    { heading: 'lock/wait', cell: lockName, sortBy: cellName },
    ...(result.directories.length === 1
      ? []
      : [
          {
            heading: 'directory',
            cell: ({ directory }: Pair) => html`<bdi>${directory}</bdi>`,
            sortBy: ({ directory }: Pair) => directory,
          },
        ]),
    {
      heading: 'median',
      align: 'right',
      cell: ({ figures }) => duration(figures.medianNs),
      sortBy: ({ figures }) => figures.medianNs,
    },
    { heading: 'mean', align: 'right', wideOnly: true, cell: meanOf },
    {
      heading: '99th percentile',
      align: 'right',
      wideOnly: true,
      cell: ({ figures }) => duration(figures.p99Ns),
      sortBy: ({ figures }) => figures.p99Ns,
    },
    {
      heading: html`×&nbsp;fcntl`,
      align: 'right',
      cell: (pair) => {
        const ratio = ratioOf(pair, pairs);
        return ratio === null ? '–' : digits(ratio);
      },
      sortBy: (pair) => ratioOf(pair, pairs),
    },
    ...(hasOverC(pairs)
      ? [
          {
            ...{ heading: html`×&nbsp;C`, align: 'right' as const },
            cell: ({ overC }: Pair) => (overC === undefined ? '–' : factorWithBounds(overC)),
            sortBy: ({ overC }: Pair) => overC?.median ?? null,
          },
        ]
      : []),
  ];
  return table({
    label: 'What lock and unlock cost',
    columns,
    rows: inOrder(pairs),
    keyOf: (pair) => lockOf(pair).key,
  });
}

/** In the first directory, from the cheapest to the most expensive that is not without a lock. */
function headline(result: PairsResult): string {
  const [first] = inOrder(result.pairs);
  if (first === undefined) return 'Nothing was measured.';
  const there = inOrder(result.pairs).filter(
    ({ directory, strategy }) => directory === first.directory && strategy !== 'none',
  );
  // What locks differ in is told, not what languages do.
  const inNode = there.filter(({ runtime }) => runtime === undefined);
  const told = inNode.length > 0 ? inNode : there;
  const [least, most] = [told[0] ?? first, told.at(-1) ?? first];
  const cost = (pair: Pair): string => `${cellName(pair)} ${duration(pair.figures.medianNs)}`;
  if (least === most) return `Alone in ${whereOf(least, result)}: ${cost(least)}.`;
  const factor = digits(most.figures.medianNs / least.figures.medianNs);
  return `Alone in ${whereOf(least, result)}: ${cost(least)}, ${cost(most)}, which is ${factor} times as much.`;
}

export async function pairsPart(result: PairsResult): Promise<ResultPart> {
  const families = await familiesOf(result.pairs);
  const keys = new Map<string, Lock>();
  const lockOf = (pair: Pair): Lock => {
    const name = cellName(pair);
    const known = keys.get(name);
    if (known !== undefined) return known;
    const family = families.get(pair.strategy) ?? 'other';
    const made: Lock = { key: `l${keys.size}`, name, family, death: null, isControl: family === 'control' };
    keys.set(name, made);
    return made;
  };
  return {
    title: 'lock and unlock alone',
    subtitle: footOf(result),
    data: result,
    first: html`<p class="finding">${headline(result)}</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
<p class="how">${WHAT_IS_TIMED} It tells neither what waiting costs nor whether a lock excludes: lockbench run does.</p>
${pairsFigure(result, lockOf)}
${pairsTable(result, lockOf)}
${warningList(missingLines(result))}`,
    sections: [{ id: 'environment', heading: 'Environment', body: environmentList(result) }],
  };
}
