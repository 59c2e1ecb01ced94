/**
 * Percentages as people write them: `5%`, `2.5%`. Inside, all are shares: 0.05.
 */
import { UsageError } from './usage-error.js';

/** Reads a percentage above 0 and up to 100, as a share. `where` names the option in the error. Throws UsageError. */
export function parsePercent(text: string, where: string): number {
  const [, number] = /^(\d+(?:\.\d+)?) ?%$/.exec(text) ?? [];
  const share = number === undefined ? Number.NaN : Number(number) / 100;
  if (!(share > 0 && share <= 1)) {
    throw new UsageError(
      `${where}: a percentage above 0% and up to 100% was expected, got "${text}"`,
      'write a number and a percent sign: 5%, 2.5%',
    );
  }
  return share;
}
