/**
 * What somebody who mistyped a name probably meant.
 */
import { closest, distance } from 'fastest-levenshtein';

const CLOSE_ENOUGH = 3;

/** "did you mean …?", or null if no name is near. */
export function suggestion(word: string, names: readonly string[]): string | null {
  const nearest = closest(word, [...names]);
  return distance(word, nearest) <= CLOSE_ENOUGH ? `did you mean "${nearest}"?` : null;
}
