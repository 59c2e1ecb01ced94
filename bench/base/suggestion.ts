/**
 * What somebody who mistyped a name probably meant.
 */
import { closest, distance } from 'fastest-levenshtein';

const CLOSE_ENOUGH = 3;

/** "did you mean …?", or null if no name is near. */
export function suggestion(word: string, names: readonly string[]): string | null {
  const nearest = closest(word, [...names]);
  // Of a short word, as many edits would leave nothing of what was written.
  const closeEnough = Math.min(CLOSE_ENOUGH, Math.floor(word.length / 2));
  return distance(word, nearest) <= closeEnough ? `did you mean "${nearest}"?` : null;
}
