/**
 * What a run as a whole proves: whether a claim was broken, and whether the controls were caught.
 */
import type { Strategy } from '../../strategies/strategy.js';
import { type Cell, cellName, isMeasured } from '../report/result.js';

export interface Judgement {
  /** Cells whose verdict contradicts what their strategy claims, in words. */
  readonly brokenClaims: readonly string[];
  /** Controls that lost nothing although they had company: the run proved nothing about the locks there. */
  readonly uncaughtControls: readonly string[];
  /** Cells that timed out or errored. */
  readonly incomplete: readonly string[];
}

/** What must be caught losing updates wherever it has company. */
const CONTROL = 'none';

const conditionsOf = ({ conditions }: Cell): string => JSON.stringify(conditions);

const where = ({ strategy, wait, conditions }: Cell): string =>
  `${cellName({ strategy, wait })} in ${conditions.directory.path} with ${conditions.processes} processes`;

/**
 * Judges finished cells. `asRoot`: the workers stayed root. `broken`, the control of exclusion, is not looked at here:
 * timing rounds do not check exclusion.
 */
export function judge(
  cells: readonly Cell[],
  strategies: ReadonlyMap<string, Strategy>,
  asRoot: boolean,
): Judgement {
  const brokenClaims: string[] = [];
  const uncaughtControls: string[] = [];
  const incomplete: string[] = [];
  // It never finds itself locked out, so that its waiting policies are the same control several times.
  const caught = new Set(
    cells.filter((cell) => cell.strategy === CONTROL && cell.state === 'failed-verdict').map(conditionsOf),
  );
  for (const cell of cells) {
    if (cell.state === 'timed-out' || cell.state === 'errored') incomplete.push(where(cell));
    if (!isMeasured(cell)) continue;
    const claims = strategies.get(cell.strategy)?.claims;
    const claimed = asRoot ? claims?.excludesAsRoot : claims?.excludes;
    if (cell.verdict.sequence === 'lost-updates' && claimed === true) brokenClaims.push(where(cell));
    if (cell.strategy === CONTROL && cell.conditions.processes > 1 && !caught.has(conditionsOf(cell))) {
      uncaughtControls.push(where(cell));
    }
  }
  return { brokenClaims, uncaughtControls, incomplete };
}

/** 1 a claim was broken; 3 a cell did not finish or a control went uncaught; else 0. */
export function exitCode({ brokenClaims, uncaughtControls, incomplete }: Judgement): 0 | 1 | 3 {
  if (brokenClaims.length > 0) return 1;
  return uncaughtControls.length > 0 || incomplete.length > 0 ? 3 : 0;
}
