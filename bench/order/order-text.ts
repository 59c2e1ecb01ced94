/**
 * The result of `lockbench order` for the terminal: a table of the answers, what follows from them, and a picture of one
 * play of each question.
 */

import { cellName, lockName } from '../measure/result/result.js';
import { rowsOf, timeLine, WRITES } from '../scenario/time-line.js';
import { fits, plainTable, tableWidth } from '../text/table.js';
import { list } from '../text/words.js';
import type { OrderResult, Play, PlayedCase } from './order-schema.js';
import { type Answered, QUESTIONS, type Question } from './questions.js';

const HEADINGS: Readonly<Record<Question, string>> = {
  'two-readers': 'two\nreaders',
  'reader-past-writer': 'reader after\nwaiting\nwriter',
  'reader-asked-first': 'both wait,\nreader\nasked first',
  'writer-asked-first': 'both wait,\nwriter\nasked first',
};

export const TITLES: Readonly<Record<Question, string>> = {
  'two-readers': 'a reader is in, another asks',
  'reader-past-writer': 'a reader is in, a writer waits, another reader asks',
  'reader-asked-first': 'a writer is in; a reader asks, then a writer',
  'writer-asked-first': 'a writer is in; a writer asks, then a reader',
};

/** The most frequent answer, and how often it was given. */
export function mostFrequent(plays: readonly Play[]): { answer: Answered; count: number } | null {
  const counts = new Map<Answered, number>();
  for (const { answer } of plays) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best === undefined ? null : { answer: best[0], count: best[1] };
}

const isPlayed = (oneCase: OrderResult['cases'][number]): oneCase is PlayedCase => oneCase.state === 'played';

function cellOf(result: OrderResult, lock: string, question: Question, wide: boolean): string {
  const oneCase = result.cases.find((one) => cellName(one) === lock && one.question === question);
  if (oneCase === undefined) return '-';
  if (oneCase.state === 'not-played') return 'not played';
  const best = mostFrequent(oneCase.plays);
  if (best === null) return '-';
  return `${best.answer}${wide ? ' ' : '\n'}${best.count} of ${oneCase.plays.length}`;
}

function tableOf(result: OrderResult, wide: boolean): string {
  const locks = [...new Set(result.cases.map(cellName))];
  const rows = locks.map((lock) => [
    wide ? lock : lock.replace('/', '\n/'),
    ...QUESTIONS.map((question) => cellOf(result, lock, question, wide)),
  ]);
  return plainTable(['strategy/wait', ...QUESTIONS.map((question) => HEADINGS[question])], rows);
}

/** The table as text; where the terminal is narrow, with two lines a row. */
export function orderTable(result: OrderResult, width: number = tableWidth()): string {
  const table = tableOf(result, true);
  return fits(table, width) ? table : tableOf(result, false);
}

/** What all plays of a question agreed in; null if they did not. */
function agreed(cases: readonly PlayedCase[], question: Question): Answered | null {
  const plays = cases.find((oneCase) => oneCase.question === question)?.plays ?? [];
  const best = mostFrequent(plays);
  return best !== null && best.count === plays.length ? best.answer : null;
}

function servingSentence(cases: readonly PlayedCase[]): string {
  const [readerAsked, writerAsked] = [
    agreed(cases, 'reader-asked-first'),
    agreed(cases, 'writer-asked-first'),
  ];
  if (readerAsked === 'reader first' && writerAsked === 'writer first')
    return 'the one that asked first was served first';
  if (readerAsked === 'reader first' && writerAsked === 'reader first')
    return 'the reader was served first, whichever asked first';
  if (readerAsked === 'writer first' && writerAsked === 'writer first')
    return 'the writer was served first, whichever asked first';
  return 'sometimes a waiting reader was served first, sometimes a waiting writer: there is no order to rely on';
}

function passingSentence(cases: readonly PlayedCase[]): string {
  switch (agreed(cases, 'reader-past-writer')) {
    case 'let in':
      return 'a reader is let in past a waiting writer, so a stream of readers can keep it out for ever';
    case 'queues':
      return 'a reader queues behind a waiting writer, so a stream of readers cannot keep it out';
    default:
      return 'a reader is sometimes let in past a waiting writer, and sometimes queues behind it';
  }
}

/** Sentences under the table, a line each. */
export function orderFindings({ cases, unavailable, interruptedBy }: OrderResult): string[] {
  const played = cases.filter(isPlayed);
  const said = new Map<string, string[]>();
  for (const lock of new Set(played.map(cellName))) {
    const own = played.filter((oneCase) => cellName(oneCase) === lock);
    const text = `${passingSentence(own)}; ${servingSentence(own)}`;
    said.set(text, [...(said.get(text) ?? []), lock]);
  }
  return [
    ...[...said].map(([text, locks]) => `${list(locks)}: ${text}.`),
    ...played.flatMap((oneCase) => {
      const violated = oneCase.plays.filter(({ heldTwiceNs }) => heldTwiceNs > 0).length;
      if (violated === 0) return [];
      return [
        `A CLAIM WAS BROKEN: ${cellName(oneCase)}: ${TITLES[oneCase.question]}: a writer was not alone in ${violated} of ${oneCase.plays.length}.`,
      ];
    }),
    ...unavailable.map((one) => `${lockName(one)} is unavailable: ${one.reason}.`),
    ...cases.flatMap((oneCase) =>
      oneCase.state === 'not-played'
        ? [`${cellName(oneCase)}: ${TITLES[oneCase.question]}: could not be played: ${oneCase.reason}.`]
        : [],
    ),
    ...(interruptedBy === null ? [] : [`Ended early by ${interruptedBy}; what was played is shown.`]),
  ];
}

/** A play that shows the most frequent answer to a question, and the locks that gave it. */
interface Picture {
  readonly locks: string[];
  readonly question: Question;
  readonly play: Play;
}

/** One play of each question, of those with the most frequent answer; of locks that answered alike the first one's, unless `all`. */
export function orderPictures({ cases }: OrderResult, all: boolean): string {
  const pictures: Picture[] = [];
  for (const oneCase of cases.filter(isPlayed)) {
    const { question, plays } = oneCase;
    const best = mostFrequent(plays);
    const play = plays.find(({ answer }) => answer === best?.answer);
    if (play === undefined) continue;
    const same = pictures.find((one) => one.question === question && one.play.answer === play.answer);
    if (same === undefined || all) pictures.push({ locks: [cellName(oneCase)], question, play });
    else same.locks.push(cellName(oneCase));
  }
  return pictures
    .map(({ locks, question, play }) =>
      [
        '',
        `${list(locks)}: ${TITLES[question]}: ${play.answer}`,
        ...timeLine(rowsOf(play.timeline, WRITES)),
      ].join('\n'),
    )
    .join('\n');
}
