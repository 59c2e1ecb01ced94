/**
 * What a page has of a result of `reproduce`: the claims, what was seen of each, and its drawing.
 */
import { duration, plural } from '../base/format.js';
import type { Outcome, Reproduction } from '../reproduce/experiment/reproduction-schema.js';
import { experimentNames, loadExperiment } from '../reproduce/experiments.js';
import { answerOf } from '../reproduce/reproduction-text.js';
import { environmentList, footOf, warningList } from './environment.js';
import { Html, html, NOTHING } from './html.js';
import { plainTable, table } from './html-table.js';
import type { ResultPart } from './page.js';
import { spoken, type Tone } from './run/verdicts.js';

function answered(outcome: Outcome): { readonly text: string; readonly tone: Tone } {
  if (outcome.state !== 'measured') return { text: outcome.state, tone: 'soft' };
  const { answer } = outcome.verdict;
  const tone = answer === 'holds' ? 'good' : answer === 'holds under' ? 'warn' : 'bad';
  return { text: answerOf(outcome.verdict), tone: answer === 'undecided' ? 'soft' : tone };
}

/** Drawings are files of their own, as light or dark as the screen: as an image they stay what they are, whatever they say. */
async function drawingOf(outcome: Outcome): Promise<Html> {
  if (outcome.state !== 'measured' || !experimentNames.includes(outcome.name)) return NOTHING;
  const { drawing, evidence: schema } = await loadExperiment(outcome.name);
  const evidence = schema.safeParse(outcome.evidence);
  const svg = evidence.success ? ((await drawing?.(evidence.data)) ?? null) : null;
  if (svg === null) return NOTHING;
  const image = Buffer.from(svg).toString('base64');
  return html`<p class="drawn"><img alt="${outcome.title}: the drawing of the figures below" src="data:image/svg+xml;base64,${new Html(image)}"></p>`;
}

async function card(outcome: Outcome): Promise<Html> {
  const { name, title, claim, source, book, method, roles } = outcome;
  const head = html`<h3 id="${`experiment-${experimentNames.includes(name) ? name : 'other'}`}">${name}: ${title}</h3>
<p>${spoken(answered(outcome))}</p>
<dl><dt>claim</dt><dd>${claim} (${source})</dd><dt>book</dt><dd>${book}</dd>`;
  if (outcome.state !== 'measured')
    return html`<div class="card">${head}<dt>why</dt><dd>${outcome.reason}</dd></dl></div>`;
  const { verdict, tables, warnings, tookNs } = outcome;
  return html`<div class="card">${head}<dt>here</dt><dd>${verdict.here}</dd><dt>why</dt><dd>${verdict.why}</dd></dl>
${await drawingOf(outcome)}
<details><summary>Method and figures</summary>
<p>${method}</p>
<p class="soft">Played by: ${Object.entries(roles)
    .map(([part, strategy]) => `${part}: ${strategy}`)
    .join(', ')}. It took ${duration(tookNs)}. The page: <code>docs/experiments/${name}.md</code></p>
${tables.map(({ title, head, rows }) => html`<h3>${title}</h3>${plainTable(title, head, rows)}`)}
${warningList(warnings)}</details></div>
`;
}

export async function reproductionPart(result: Reproduction): Promise<ResultPart> {
  const measured = result.outcomes.filter(({ state }) => state === 'measured');
  const tones = result.outcomes.map((outcome) => answered(outcome).tone);
  const count = (tone: Tone): number => tones.filter((one) => one === tone).length;
  const cards = await Promise.all(result.outcomes.map(card));
  return {
    title: 'the textbook reproduced',
    subtitle: footOf(result),
    data: result,
    first: html`<p class="finding">Of ${plural(measured.length, 'claim')}, ${count('good')} hold here, ${count('warn')} under a condition, ${count('bad')} not.</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
${table({
  label: 'The claims',
  columns: [
    { heading: 'experiment', cell: ({ name }: Outcome) => name, sortBy: ({ name }) => name },
    { heading: 'claim', cell: ({ claim }) => claim },
    { heading: 'book', cell: ({ book }) => book },
    { heading: 'here', cell: (outcome) => (outcome.state === 'measured' ? outcome.verdict.here : '–') },
    {
      heading: 'answer',
      cell: (outcome) => spoken(answered(outcome)),
      sortBy: (outcome) => answered(outcome).text,
    },
  ],
  rows: result.outcomes,
  className: 'words',
})}`,
    sections: [
      { id: 'experiments', heading: 'The experiments', body: html`${cards}` },
      {
        id: 'environment',
        heading: 'Environment',
        body: environmentList(result, [
          ['seed', result.seed],
          ['rounds', result.rounds],
        ]),
      },
    ],
  };
}
