/**
 * What a page has of a result of `crash`: what becomes of each lock, and a picture of each way in which it went.
 */
import { duration } from '../../base/format.js';
import { type CrashEvent, EVENTS } from '../../crash/crash-events.js';
import type { CrashResult, PlayedCrash } from '../../crash/crash-schema.js';
import { crashFindings, WHAT_HAPPENED } from '../../crash/crash-sentences.js';
import { wordsOf } from '../../crash/crash-table.js';
import { isDying } from '../../crash/crash-verdict.js';
import { cellName, lockName } from '../../measure/result/result.js';
import { list } from '../../text/words.js';
import { environmentList, footOf, warningList } from '../environment.js';
import { type Html, html, NOTHING, type Part } from '../html.js';
import { lockColumn, table } from '../html-table.js';
import type { ResultPart } from '../page.js';
import type { SeenDeaths } from '../run/run-view.js';
import { spoken, type Tone } from '../run/verdicts.js';
import { distinctFigures, stepsFigure, stepsLegend } from './steps-figure.js';

const playedOf = ({ scenarios }: CrashResult): PlayedCrash[] =>
  scenarios.flatMap((one) => (one.state === 'played' ? [one] : []));

/** What was seen when holders were killed, by the lock's name. */
export const deathsIn = (result: CrashResult): SeenDeaths =>
  new Map(
    playedOf(result).flatMap(({ event, outcome, ...lock }) =>
      event === 'kill' &&
      (outcome === 'released' || outcome === 'stuck' || outcome === 'owner-died' || outcome === 'taken-over')
        ? [[lockName(lock), outcome] as const]
        : [],
    ),
  );

function toneOf({ heldTwiceNs, outcome }: PlayedCrash): Tone {
  if (heldTwiceNs > 0 || outcome === 'not-excluded') return 'bad';
  return outcome === 'stuck' ? 'bad' : 'good';
}

function outcomeOf(played: PlayedCrash): Html {
  const [what, when] = wordsOf(played);
  const text = played.outcome === 'stuck' ? 'STUCK' : what;
  const lost =
    played.number.lost === 0 ? NOTHING : html` <span class="note">${played.number.lost} lost</span>`;
  return html`${spoken({ text, tone: toneOf(played) })}${when === '' ? '' : html` <span class="note">${when}</span>`}${lost}`;
}

function headline(result: CrashResult): string {
  const killed = playedOf(result).filter(({ event }) => event === 'kill');
  const stuck = killed.filter(({ outcome }) => outcome === 'stuck').map(lockName);
  if (killed.length === 0) return 'What befalls a lock, and what becomes of it.';
  if (stuck.length === 0) return 'Every lock was free again after its holder was killed.';
  const few = stuck.length <= 4 ? `: ${list(stuck)}` : '';
  return `${stuck.length} of ${killed.length} locks stay locked when their holder is killed${few}.`;
}

function matrix(result: CrashResult): Html {
  const events = EVENTS.filter((event) => result.scenarios.some((one) => one.event === event));
  const names = [...new Set(result.scenarios.map(cellName))];
  const cell = (name: string, event: CrashEvent): Part => {
    const found = result.scenarios.find((one) => cellName(one) === name && one.event === event);
    if (found === undefined) return '–';
    return found.state === 'played' ? outcomeOf(found) : 'not played';
  };
  return table({
    label: 'What becomes of each lock',
    columns: [
      lockColumn((name: string) => name),
      ...events.map((event) => ({ heading: event, cell: (name: string) => cell(name, event) })),
    ],
    rows: names,
  });
}

const figureOf = (played: PlayedCrash): Html =>
  stepsFigure({
    title: `${cellName(played)}: ${WHAT_HAPPENED[played.event]}`,
    outcome: outcomeOf(played),
    steps: played.timeline,
  });

/** Ways to die look alike. */
const signatureOf = ({ event, outcome, heldTwiceNs, served, errors, number }: PlayedCrash): string =>
  [
    isDying(event) ? 'dies' : event,
    outcome,
    heldTwiceNs > 0,
    served,
    errors.length > 0,
    number.lost > 0,
  ].join(' ');

export function crashPart(result: CrashResult): ResultPart {
  const { directory, patienceNs } = result;
  return {
    title: 'crash',
    subtitle: footOf(result),
    data: result,
    first: html`<p class="finding">${headline(result)}</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
<p class="how">Kill, exception, exit, return: the holder dies inside. Stop, close, unlink: it lives on, and should be alone until it unlocks. Played in ${directory.path} (${directory.filesystem}); nobody within ${duration(patienceNs)} is “stuck”.</p>
${matrix(result)}`,
    sections: [
      { id: 'findings', heading: 'Findings', body: warningList(crashFindings(result)) },
      {
        id: 'timeline',
        heading: 'Who had the lock when',
        body: html`<p class="how">One lane for each process, time to the right. One picture for each way in which it went.</p>${stepsLegend()}
${distinctFigures(playedOf(result), signatureOf, figureOf)}`,
      },
      { id: 'environment', heading: 'Environment', body: environmentList(result) },
    ],
  };
}
