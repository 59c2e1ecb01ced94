/**
 * The options of programs that measure several things: how often, and `--only NAME`.
 */
import { parseArgs } from 'node:util';
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import { parseCount } from '../command-line/parse.js';

/** Those of this name, of which there may be several; all, if none is named. Throws UsageError. */
function onlyNamed<T>(all: readonly T[], nameOf: (one: T) => string, name: string | undefined): readonly T[] {
  if (name === undefined) return all;
  const chosen = all.filter((one) => nameOf(one) === name);
  if (chosen.length > 0) return chosen;
  const names = [...new Set(all.map(nameOf))];
  throw new UsageError(
    `--only: one of ${names.join(', ')} was expected, got ${JSON.stringify(name)}`,
    suggestion(name, names) ?? `for example --only ${names[0]}`,
  );
}

export interface Wanted<T> {
  readonly count: number;
  readonly chosen: readonly T[];
}

/** `count`: the name of the option that says how often, without dashes. Throws UsageError. */
export function parseWanted<T>(
  { count, usual, example }: { readonly count: string; readonly usual: number; readonly example: string },
  all: readonly T[],
  nameOf: (one: T) => string,
): Wanted<T> {
  const options = { [count]: { type: 'string', default: String(usual) }, only: { type: 'string' } } as const;
  try {
    const { values } = parseArgs({ options });
    return {
      count: parseCount(`--${count}`, values[count] ?? '', 1, 1000),
      chosen: onlyNamed(all, nameOf, values.only),
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(
      `"--${count} N" or "--only NAME" was expected: ${error.message.split(/[.\n]/)[0]}`,
      `for example ${example}`,
    );
  }
}
