/**
 * A result of `lockbench order` for other programs: tidy CSV, a row a play, and Markdown, a row a lock.
 */
import { cellName } from '../measure/result/result.js';
import { csvLine } from '../text/csv.js';
import { exportFoot } from '../text/export-foot.js';
import { markdownList, markdownTable } from '../text/markdown.js';
import type { OrderResult } from './order-schema.js';
import { mostFrequent, orderFindings, TITLES } from './order-text.js';
import { QUESTIONS, type Question } from './questions.js';

const HEADINGS = ['strategy', 'runtime', 'wait', 'question', 'play', 'answer', 'held_twice_ns'];

export const orderCsv = ({ cases }: OrderResult): string =>
  [
    csvLine(HEADINGS),
    ...cases.flatMap((one) =>
      one.state === 'not-played'
        ? []
        : one.plays.map(({ answer, heldTwiceNs }, i) =>
            csvLine([
              ...[one.strategy, one.runtime ?? 'node', one.wait, one.question],
              ...[i + 1, answer, heldTwiceNs],
            ]),
          ),
    ),
  ].join('');

function cellOf({ cases }: OrderResult, lock: string, question: Question): string {
  const one = cases.find((each) => cellName(each) === lock && each.question === question);
  if (one?.state !== 'played') return one === undefined ? '' : 'not played';
  const best = mostFrequent(one.plays);
  return best === null ? '' : `${best.answer} ${best.count} of ${one.plays.length}`;
}

export function orderMarkdown(result: OrderResult): string {
  const locks = [...new Set(result.cases.map(cellName))];
  const rows = locks.map((lock) => [lock, ...QUESTIONS.map((question) => cellOf(result, lock, question))]);
  return [
    ...markdownList(orderFindings(result)),
    '',
    ...markdownTable(['strategy/wait', ...QUESTIONS.map((question) => TITLES[question])], rows),
    ...exportFoot(result),
  ].join('\n');
}
