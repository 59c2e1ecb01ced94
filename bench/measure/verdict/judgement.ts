/**
 * What a run as a whole proves: whether a claim was broken, and whether the controls were caught.
 */

import type { Strategy } from '../../../strategies/strategy.js';
import { ALL_WELL, BROKEN, INCOMPLETE } from '../../base/exit-codes.js';
import { plural } from '../../base/format.js';
import { cellName, isMeasured } from '../result/result.js';
import type { Cell, Conditions, MeasuredCell } from '../result/result-schema.js';

export interface Judgement {
  /** Cells whose verdict contradicts what their strategy claims, in words. */
  readonly brokenClaims: readonly string[];
  /** Controls that were not caught although they had company: the run proved nothing about the locks there. */
  readonly uncaughtControls: readonly string[];
  /** Cells that timed out or errored. */
  readonly incomplete: readonly string[];
}

/** What must be caught losing updates wherever it has company, and what letting two in wherever that is looked at. */
const CONTROL_OF_SEQUENCE = 'none';
const CONTROL_OF_EXCLUSION = 'broken';

const conditionsOf = ({ conditions }: Cell): string => JSON.stringify(conditions);

function where(cell: Cell): string {
  const { conditions } = cell;
  const { directory, processes, nfs } = conditions;
  const hosts = nfs === undefined ? '' : ` on ${plural(nfs.clients, 'client')}`;
  return `${cellName(cell)} in ${directory.path} with ${plural(processes, 'process')}${hosts}`;
}

/**
 * Whether something was said against the lock. With rogues that is the rogues' doing, and contradicts no claim; between
 * clients of NFS a lost update may be a cache's.
 */
const failed = ({ verdict, conditions }: MeasuredCell): boolean =>
  verdict.exclusion === 'violated' ||
  (!acrossNfs(conditions) && (verdict.sequence === 'lost-updates' || verdict.changedReads > 0));

const acrossNfs = ({ nfs }: Conditions): boolean => nfs !== undefined && nfs.clients > 1;

/** Whether a strategy claims to exclude under these conditions. */
function claimsToExclude({ claims }: Strategy, { nfs }: Conditions, asRoot: boolean): boolean {
  if (nfs === undefined || nfs.clients === 1) return asRoot ? claims.excludesAsRoot : claims.excludes;
  if (claims.excludesAcrossNfs === 'not applicable') return false;
  return nfs.version === 'v3' ? claims.excludesAcrossNfs.v3 : claims.excludesAcrossNfs.v4;
}

/**
 * Conditions under which a control was caught, by `how`: its waiting policies are the same control several times, since it
 * never finds itself locked out.
 */
const caughtUnder = (
  cells: readonly Cell[],
  name: string,
  how: (cell: MeasuredCell) => boolean,
): Set<string> =>
  new Set(cells.filter((cell) => cell.strategy === name && isMeasured(cell) && how(cell)).map(conditionsOf));

/** Judges finished cells. `asRoot`: the workers stayed root. */
export function judge(
  cells: readonly Cell[],
  strategies: ReadonlyMap<string, Strategy>,
  asRoot: boolean,
): Judgement {
  const brokenClaims: string[] = [];
  const uncaughtControls: string[] = [];
  const incomplete: string[] = [];
  const losing = caughtUnder(
    cells,
    CONTROL_OF_SEQUENCE,
    ({ verdict }) => verdict.sequence === 'lost-updates',
  );
  const violating = caughtUnder(
    cells,
    CONTROL_OF_EXCLUSION,
    ({ verdict }) => verdict.exclusion === 'violated',
  );
  for (const cell of cells) {
    // One from outside was named, and shall be measured.
    const isMissing = cell.state === 'unavailable' && strategies.get(cell.strategy)?.module !== undefined;
    if (cell.state === 'timed-out' || cell.state === 'errored' || isMissing) incomplete.push(where(cell));
    if (!isMeasured(cell)) continue;
    const { strategy, conditions } = cell;
    const measured = strategies.get(strategy);
    const claimed = measured !== undefined && claimsToExclude(measured, conditions, asRoot);
    if (failed(cell) && claimed && conditions.rogues === 0) brokenClaims.push(where(cell));
    if (conditions.processes - conditions.readers < 2) continue;
    const isProven = cell.rounds.some(({ kind }) => kind === 'prove');
    const uncaught =
      (strategy === CONTROL_OF_SEQUENCE && !losing.has(conditionsOf(cell))) ||
      (strategy === CONTROL_OF_EXCLUSION && isProven && !violating.has(conditionsOf(cell)));
    if (uncaught) uncaughtControls.push(where(cell));
  }
  return { brokenClaims, uncaughtControls, incomplete };
}

/** 1 a claim was broken; 3 a cell did not finish or a control went uncaught; else 0. */
export function exitCode({ brokenClaims, uncaughtControls, incomplete }: Judgement): 0 | 1 | 3 {
  if (brokenClaims.length > 0) return BROKEN;
  return uncaughtControls.length > 0 || incomplete.length > 0 ? INCOMPLETE : ALL_WELL;
}
