/**
 * The page on results. What it is made with takes longer to load than all else: this file is loaded when a page is wanted.
 */
import { ownVersion } from '../machine/project.js';
import { comparisonPart } from './comparison-part.js';
import { compatPart } from './compat-part.js';
import { hostsPart } from './hosts/hosts-part.js';
import { optionsPart } from './nfs/options-part.js';
import { roundTripPart } from './nfs/roundtrip-part.js';
import { page, type ResultPart } from './page.js';
import { pairsPart } from './pairs-part.js';
import type { Reported } from './read-report.js';
import { reproductionPart } from './reproduction-part.js';
import { runPart } from './run/run-part.js';
import type { SeenDeaths } from './run/run-view.js';
import { crashPart, deathsIn } from './scenario/crash-part.js';
import { faultsPart } from './scenario/faults-part.js';
import { orderPart } from './scenario/order-part.js';

/** What a result comes to. `seen`: deaths in other results of the page. */
export function partOf(reported: Reported, seen: SeenDeaths): ResultPart | Promise<ResultPart> {
  switch (reported.kind) {
    case 'run':
      return runPart(reported.result, seen);
    case 'crash':
      return crashPart(reported.result);
    case 'hosts':
      return hostsPart(reported.result);
    case 'order':
      return orderPart(reported.result);
    case 'faults':
      return faultsPart(reported.result);
    case 'roundtrip':
      return roundTripPart(reported.result);
    case 'options':
      return optionsPart(reported.result);
    case 'comparison':
      return comparisonPart(reported.result);
    case 'compat':
      return compatPart(reported.result);
    case 'pairs':
      return pairsPart(reported.result);
    case 'reproduction':
      return reproductionPart(reported.result);
  }
}

/** One page on all of these results, at least one. What a crash showed of a lock is told where its cost is. */
export async function reportOn(results: readonly Reported[]): Promise<string> {
  const seen = new Map(results.flatMap((one) => (one.kind === 'crash' ? [...deathsIn(one.result)] : [])));
  return page(await Promise.all(results.map((one) => partOf(one, seen))), ownVersion());
}
