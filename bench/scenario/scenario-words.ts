/**
 * How what happened in a scenario is marked in a table.
 */

/** Behind a cell whose scenario lost an update. */
const LOST_MARK = '*';

interface Played {
  readonly number: { readonly sequence: 'intact' | 'lost-updates' };
}

const hasLost = ({ number }: Played): boolean => number.sequence !== 'intact';

/** The mark, if this one lost an update. */
export const lostMark = (scenario: Played): string => (hasLost(scenario) ? ` ${LOST_MARK}` : '');

/** What the mark means, as lines under the table; none if nothing is marked. */
export const lostNote = (played: readonly Played[]): string[] =>
  played.some(hasLost) ? [`${LOST_MARK} an update was lost: the number is less than its writes say`] : [];
