/**
 * What a page has of a result of `nfs faults`.
 */
import { duration } from '../../base/format.js';
import { cellName } from '../../measure/result/result.js';
import { FAULTS, type FaultName, faultOf } from '../../nfs/faults/fault-names.js';
import { BYSTANDER } from '../../nfs/faults/fault-verdict.js';
import type { FaultsResult, PlayedFault } from '../../nfs/faults/faults-schema.js';
import { faultFindings } from '../../nfs/faults/faults-sentences.js';
import { linesOf } from '../../nfs/faults/faults-table.js';
import { environmentList, footOf, warningList } from '../environment.js';
import { type Html, html, NOTHING, type Part } from '../html.js';
import { table } from '../html-table.js';
import type { ResultPart } from '../page.js';
import { spoken, type Tone } from '../run/verdicts.js';
import { distinctFigures, stepsFigure, stepsLegend } from './steps-figure.js';

const playedOf = ({ scenarios }: FaultsResult): PlayedFault[] =>
  scenarios.flatMap((one) => (one.state === 'played' ? [one] : []));

const nameOf = (one: { strategy: string; wait: string; version: string }): string =>
  `${cellName(one)} over ${one.version}`;

function toneOf({ heldTwiceNs, outcome }: PlayedFault): Tone {
  if (heldTwiceNs > 0 || outcome === 'not-excluded' || outcome === 'overtaken') return 'bad';
  return outcome === 'stuck' ? 'warn' : 'good';
}

function outcomeOf(played: PlayedFault): Html {
  const [text = '', when = ''] = linesOf(played);
  const lost =
    played.number.lost === 0 ? NOTHING : html` <span class="note">${played.number.lost} lost</span>`;
  return html`${spoken({ text, tone: toneOf(played) })} <span class="note">${when}</span>${lost}`;
}

function headline(result: FaultsResult): string {
  const played = playedOf(result);
  const doubled = played.filter(({ heldTwiceNs }) => heldTwiceNs > 0).length;
  if (played.length === 0) return 'Nothing was played.';
  return doubled === 0
    ? 'No fault let two in at once.'
    : `In ${doubled} of ${played.length} faults two were inside at once.`;
}

function matrix(result: FaultsResult): Html {
  const names = [...new Set(result.scenarios.map(nameOf))];
  const faults = FAULTS.filter((fault) => result.scenarios.some((one) => one.fault === fault));
  const cell = (fault: FaultName, name: string): Part => {
    const found = result.scenarios.find((one) => one.fault === fault && nameOf(one) === name);
    if (found === undefined) return '–';
    return found.state === 'played' ? outcomeOf(found) : 'not played';
  };
  return table({
    label: 'What each fault did to each lock',
    columns: [
      { heading: 'fault', cell: (fault: FaultName) => fault },
      ...names.map((name) => ({
        heading: html`<bdi>${name}</bdi>`,
        cell: (fault: FaultName) => cell(fault, name),
      })),
    ],
    rows: faults,
  });
}

const figureOf = (played: PlayedFault): Html =>
  stepsFigure({
    title: `${nameOf(played)}: ${faultOf(played.fault).whatHappened}`,
    outcome: outcomeOf(played),
    steps: played.timeline,
    apart: [BYSTANDER],
  });

export function faultsPart(result: FaultsResult): ResultPart {
  const started = { startedAt: result.startedAt, environment: result.environment };
  return {
    title: 'faults of NFS',
    subtitle: footOf(started),
    data: result,
    first: html`<p class="finding">${headline(result)}</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
<p class="how">The time is from the fault until another got in. The server’s lease lasts ${duration(result.leaseNs)}.</p>
${matrix(result)}`,
    sections: [
      { id: 'findings', heading: 'Findings', body: warningList(faultFindings(result)) },
      {
        id: 'timeline',
        heading: 'Who had the lock when',
        body: html`<p class="how">One lane for each process and machine, time to the right. One picture for each way in which it went. A ${BYSTANDER} asks for another lock, which nobody had.</p>${stepsLegend('outages')}
${distinctFigures(
  playedOf(result),
  ({ fault, outcome, heldTwiceNs, errors }) => [fault, outcome, heldTwiceNs > 0, errors.length > 0].join(' '),
  figureOf,
)}`,
      },
      { id: 'environment', heading: 'Environment', body: environmentList(started) },
    ],
  };
}
