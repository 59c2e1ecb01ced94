/**
 * `--only NAME` of the programs that measure several things.
 */
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';

/** Those of this name, of which there may be several; all, if none is named. Throws UsageError. */
export function onlyNamed<T>(
  all: readonly T[],
  nameOf: (one: T) => string,
  name: string | undefined,
): readonly T[] {
  if (name === undefined) return all;
  const chosen = all.filter((one) => nameOf(one) === name);
  if (chosen.length > 0) return chosen;
  const names = [...new Set(all.map(nameOf))];
  throw new UsageError(
    `--only: one of ${names.join(', ')} was expected, got ${JSON.stringify(name)}`,
    suggestion(name, names) ?? `for example --only ${names[0]}`,
  );
}
