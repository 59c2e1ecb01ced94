/**
 * What a page has of a result of `compat` or `nfs compat`: the matrix of each place, and why each pair came out as it did.
 */
import { plural } from '../base/format.js';
import type { CompatCell, CompatLock, CompatPlace, CompatResult } from '../compat/compat-schema.js';
import { meaningOf, signOf } from '../compat/compat-table.js';
import { compatFindings, groupsOf } from '../compat/compat-text.js';
import type { CompatVerdict } from '../compat/compat-verdict.js';
import { environmentList, footOf, warningList } from './environment.js';
import { type Html, html, NOTHING, type Part } from './html.js';
import { table } from './html-table.js';
import type { ResultPart, Section } from './page.js';
import { spoken, type Tone } from './run/verdicts.js';

const TONES: Readonly<Record<CompatVerdict, Tone>> = {
  excludes: 'good',
  'does-not-see-it': 'soft',
  'one-way': 'bad',
  'lets-two-in': 'bad',
  'not-proven': 'warn',
  failed: 'bad',
};

/** Negative controls, which are there to fail. */
const CONTROLS: readonly string[] = ['none', 'broken'];

/** With more locks than this columns have numbers: names would be wider than the page. */
const MOST_NAMED = 7;

const sayOf = (cell: CompatCell): string =>
  `${cell.holder} held, ${cell.other} tries: ${meaningOf(cell)}${cell.reason === '' ? '' : `: ${cell.reason}`}`;

/** A sign, which is read aloud as a word. */
const signed = (cell: CompatCell | undefined): Part =>
  cell === undefined
    ? '–'
    : html`<span class="${TONES[cell.verdict]}" title="${sayOf(cell)}"><span aria-hidden="true">${signOf(cell)}</span><span class="said">${meaningOf(cell)}</span></span>`;

function matrix({ where, locks, cells }: CompatPlace): Html {
  const byPair = new Map(cells.map((cell) => [JSON.stringify([cell.holder, cell.other]), cell]));
  const isNumbered = locks.length > MOST_NAMED;
  const name = ({ name }: CompatLock, i: number): Part =>
    isNumbered ? html`<span class="soft">${i + 1}</span> <bdi>${name}</bdi>` : html`<bdi>${name}</bdi>`;
  return table({
    label: `Which locks see each other: ${where}`,
    className: 'matrix',
    columns: [
      { heading: 'held ↓ tries →', cell: (lock: CompatLock) => name(lock, locks.indexOf(lock)) },
      ...locks.map((other, i) => ({
        heading: isNumbered
          ? html`<span aria-hidden="true" title="${other.name}">${i + 1}</span><span class="said">${other.name}</span>`
          : html`<bdi>${other.name}</bdi>`,
        cell: (lock: CompatLock) => signed(byPair.get(JSON.stringify([lock.name, other.name]))),
      })),
    ],
    rows: locks,
  });
}

/** The signs that occur, once for all places. */
function legend(places: readonly CompatPlace[]): Html {
  const cells = new Map(
    places.flatMap((place) => place.cells).map((cell) => [`${cell.verdict} ${cell.gotIn}`, cell] as const),
  );
  const meanings = new Map([...cells.values()].map((cell) => [meaningOf(cell), cell] as const));
  return html`<ul class="legend">${[...meanings].map(
    ([meaning, cell]) =>
      html`<li><span class="${TONES[cell.verdict]}" aria-hidden="true">${signOf(cell)}</span> ${meaning}</li>`,
  )}</ul>`;
}

interface Headline {
  readonly text: string;
  readonly isAlarm: boolean;
}

/** Two inside at once, though a held lock is refused; a lock that does not keep out its like; one that is kept out one way. */
function flaws({ cells }: CompatPlace): string[] {
  const isControl = ({ holder, other }: CompatCell): boolean =>
    [holder, other].some((name) => CONTROLS.includes(name.replace(/ \[.*/s, '')));
  const of = cells.filter((cell) => !isControl(cell));
  const racing = of.filter(({ verdict }) => verdict === 'lets-two-in');
  const open = of.filter(({ holder, other, verdict }) => holder === other && verdict === 'does-not-see-it');
  const oneWay = of.filter(({ verdict, gotIn }) => verdict === 'one-way' && gotIn === true);
  return [
    ...racing.map(({ holder, other }) => `${holder} and ${other} let two in at once.`),
    ...open.map(({ holder }) => `${holder} does not keep out another ${holder}.`),
    ...oneWay.map(({ holder, other }) => `${other} gets in while ${holder} is held.`),
  ];
}

function headline({ places }: CompatResult): Headline {
  const [place] = places.filter(({ cells }) => cells.length > 0);
  if (place === undefined) return { text: 'No pair was tried.', isAlarm: false };
  if (places.some(({ controlCaught }) => controlCaught === false))
    return { text: 'Inconclusive: a broken lock was not seen to let two in.', isAlarm: true };
  const [flaw, ...more] = places.flatMap((one) => [...new Set(flaws(one))]);
  if (flaw !== undefined)
    return { text: `${flaw}${more.length === 0 ? '' : ` And ${more.length} more.`}`, isAlarm: true };
  const groups = groupsOf(place);
  const where = places.length === 1 ? '' : `${place.where}: `;
  const locks = plural(place.locks.length, 'lock');
  if (groups.length === 0) return { text: `${where}No pair was proven to exclude.`, isAlarm: false };
  return {
    text:
      groups.length === 1 && groups[0]?.length === place.locks.length
        ? `${where}All ${locks} exclude each other.`
        : `${where}${locks}, ${plural(groups.length, 'group')}: a lock keeps out its own group, and does not see the others.`,
    isAlarm: false,
  };
}

const seenOf = ({ seen }: CompatLock): string => {
  if (seen === null) return 'could not be looked at';
  const all = [
    ...seen.kernel.map(({ type, file }) => `${type} on "${file}"`),
    ...seen.names.map((name) => `the name "${name}"`),
  ];
  return all.length === 0 ? 'nothing in the directory' : all.join(', ');
};

const several = ({ where }: CompatPlace, places: readonly CompatPlace[]): Html =>
  places.length === 1 ? NOTHING : html`<h3>${where}</h3>`;

const pairsSection = ({ places }: CompatResult): Section => ({
  id: 'pairs',
  heading: 'All pairs',
  body: html`${places.map(
    (
      place,
    ) => html`${several(place, places)}<details><summary>${plural(place.cells.length, 'pair')}, each way round, with the reason</summary>
${table({
  label: `Pairs: ${place.where}`,
  className: 'words',
  columns: [
    {
      heading: 'held',
      cell: ({ holder }: CompatCell) => html`<bdi>${holder}</bdi>`,
      sortBy: ({ holder }) => holder,
    },
    { heading: 'tries', cell: ({ other }) => html`<bdi>${other}</bdi>`, sortBy: ({ other }) => other },
    {
      heading: 'verdict',
      cell: (cell) => spoken({ text: meaningOf(cell), tone: TONES[cell.verdict] }),
      sortBy: meaningOf,
    },
    { heading: 'because', cell: ({ reason }) => reason },
    {
      heading: 'hand-offs',
      align: 'right',
      cell: ({ contention }) => contention?.handoffs ?? '–',
      sortBy: ({ contention }) => contention?.handoffs ?? null,
    },
    {
      heading: 'two inside',
      align: 'right',
      cell: ({ contention }) => contention?.violations ?? '–',
      sortBy: ({ contention }) => contention?.violations ?? null,
    },
  ],
  rows: place.cells,
})}</details>`,
  )}`,
});

const seenSection = ({ places }: CompatResult): Section => ({
  id: 'seen',
  heading: 'What is seen of a lock while it is held',
  body: html`<p class="how">Another process looks, at the directory and at the kernel’s list of locks: what two locks have in common there is why they exclude each other.</p>
${places.map(
  (place) =>
    html`${several(place, places)}${table({
      label: `What is seen of each lock: ${place.where}`,
      columns: [
        { heading: 'lock', cell: ({ name }: CompatLock) => html`<bdi>${name}</bdi>` },
        { heading: 'waits by', cell: ({ wait }) => wait },
        { heading: 'seen', cell: (lock) => seenOf(lock) },
      ],
      rows: place.locks,
    })}`,
)}`,
});

export function compatPart(result: CompatResult): ResultPart {
  const { text, isAlarm } = headline(result);
  const { places } = result;
  return {
    title: 'which locks see each other',
    subtitle: footOf(result),
    data: result,
    first: html`<p class="finding${isAlarm ? ' bad' : ''}">${text}</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
<p class="how">One process holds the lock of the row, another tries that of the column; then the other way round; then both contend, with random delays. Point at a sign for the reason.</p>
${legend(places)}
${places.map(
  (place) => html`<h3>${place.where}</h3>
<div class="places"><div>${place.cells.length === 0 ? NOTHING : matrix(place)}</div>
<div>${warningList(compatFindings(place))}</div></div>
`,
)}`,
    sections: [
      ...(places.some(({ cells }) => cells.length > 0) ? [pairsSection(result), seenSection(result)] : []),
      { id: 'environment', heading: 'Environment', body: environmentList(result) },
    ],
  };
}
