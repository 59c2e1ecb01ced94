/**
 * The scenarios of `lockbench crash` as pictures in characters.
 */
import { plural } from '../base/format.js';
import { cellName } from '../measure/result/result.js';
import { HOLDS, rowsOf, timeLine } from '../scenario/time-line.js';
import type { CrashResult, PlayedCrash } from './crash-schema.js';
import { wordsOf } from './crash-table.js';
import { isDying } from './crash-verdict.js';

/** Equal for scenarios that came to the same. Ways to die look alike, and so does a holder that was left alone. */
function wayOf(played: PlayedCrash): string {
  const [what] = wordsOf(played);
  if (isDying(played.event)) return `dies ${what}`;
  return what === 'kept' ? what : `${played.event} ${what}`;
}

/** A scenario, and how many others came to the same. */
interface Picture {
  readonly played: PlayedCrash;
  readonly others: number;
}

function firstOfEach(scenarios: readonly PlayedCrash[]): Picture[] {
  const ways = new Map<string, PlayedCrash[]>();
  for (const one of scenarios) ways.set(wayOf(one), [...(ways.get(wayOf(one)) ?? []), one]);
  return [...ways.values()].flatMap(([played, ...rest]) =>
    played === undefined ? [] : [{ played, others: rest.length }],
  );
}

/** The first scenario of each way in which one went; every one that was played, if `all`. */
export function crashPictures({ scenarios }: CrashResult, all: boolean): string {
  const played = scenarios.flatMap((one) => (one.state === 'played' ? [one] : []));
  const pictures = all ? played.map((one): Picture => ({ played: one, others: 0 })) : firstOfEach(played);
  return pictures
    .map(({ played, others }) => {
      const outcome = wordsOf(played)
        .filter((part) => part !== '')
        .join(' after ');
      const more = others === 0 ? '' : ` (${plural(others, 'other')} like it: --timeline)`;
      const title = `${cellName(played)}, ${played.event}: ${outcome}${more}`;
      return ['', title, ...timeLine(rowsOf(played.timeline, HOLDS))].join('\n');
    })
    .join('\n');
}
