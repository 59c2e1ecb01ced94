/**
 * What a page has of a result of `order`: who is let in beside whom, and who is served first.
 */
import { cellName } from '../../measure/result/result.js';
import type { OrderResult, PlayedCase } from '../../order/order-schema.js';
import { mostFrequent, orderFindings, TITLES } from '../../order/order-text.js';
import { QUESTIONS, type Question } from '../../order/questions.js';
import { WRITES } from '../../scenario/time-line.js';
import { environmentList, footOf, warningList } from '../environment.js';
import { type Html, html, NOTHING, type Part } from '../html.js';
import { lockColumn, table } from '../html-table.js';
import type { ResultPart } from '../page.js';
import { spoken } from '../run/verdicts.js';
import { distinctFigures, stepsFigure, stepsLegend } from './steps-figure.js';

const playedOf = ({ cases }: OrderResult): PlayedCase[] =>
  cases.flatMap((one) => (one.state === 'played' && one.plays.length > 0 ? [one] : []));

const violations = ({ plays }: PlayedCase): number =>
  plays.filter(({ heldTwiceNs }) => heldTwiceNs > 0).length;

function answerOf(one: PlayedCase): Html {
  const best = mostFrequent(one.plays);
  const broken = violations(one);
  return html`${best?.answer ?? '–'} <span class="note">${best?.count ?? 0} of ${one.plays.length}</span>${
    broken === 0 ? NOTHING : html` ${spoken({ text: 'a writer was not alone', tone: 'bad' })}`
  }`;
}

function matrix(result: OrderResult): Html {
  const cell = (name: string, question: Question): Part => {
    const found = result.cases.find((one) => cellName(one) === name && one.question === question);
    if (found === undefined) return '–';
    return found.state === 'played' ? answerOf(found) : 'not played';
  };
  return table({
    label: 'Readers and writers, by lock',
    columns: [
      lockColumn((name: string) => name),
      ...QUESTIONS.map((question) => ({
        heading: TITLES[question],
        cell: (name: string) => cell(name, question),
      })),
    ],
    rows: [...new Set(result.cases.map(cellName))],
    className: 'words',
  });
}

/** One play with the most frequent answer. */
function figureOf(one: PlayedCase): Html {
  const answer = mostFrequent(one.plays)?.answer;
  const play = one.plays.find((candidate) => candidate.answer === answer);
  return stepsFigure({
    title: `${cellName(one)}: ${TITLES[one.question]}`,
    outcome: html`${play?.answer ?? ''}`,
    steps: play?.timeline ?? [],
    exclusive: WRITES,
  });
}

function headline(result: OrderResult): string {
  const asked = playedOf(result).filter(({ question }) => question === 'reader-past-writer');
  if (asked.length === 0) return 'Readers and writers: who shares the lock, and who is served first.';
  const passing = asked.filter(({ plays }) => mostFrequent(plays)?.answer === 'let in').length;
  return passing === 0
    ? 'No lock lets a reader in past a waiting writer.'
    : `${passing} of ${asked.length} locks let a reader in past a waiting writer, which may then wait for ever.`;
}

export function orderPart(result: OrderResult): ResultPart {
  return {
    title: 'order',
    subtitle: footOf(result),
    data: result,
    first: html`<p class="finding">${headline(result)}</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
${matrix(result)}`,
    sections: [
      { id: 'findings', heading: 'Findings', body: warningList(orderFindings(result)) },
      {
        id: 'timeline',
        heading: 'Who had the lock when',
        body: html`<p class="how">One lane for each process, time to the right. One picture for each answer.</p>${stepsLegend('readers')}
${distinctFigures(playedOf(result), (one) => `${one.question} ${mostFrequent(one.plays)?.answer} ${violations(one) > 0}`, figureOf)}`,
      },
      { id: 'environment', heading: 'Environment', body: environmentList(result) },
    ],
  };
}
