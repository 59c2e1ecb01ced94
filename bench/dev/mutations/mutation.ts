/**
 * One change of a source file, which a test must see.
 */

export interface Mutation {
  /** A source file, from the project's root. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly original: string;
  readonly mutated: string;
  /** Suite and parts of test files, as `npm test -- …` takes them. */
  readonly tests: readonly string[];
}

/** Several of one file, which the same tests guard. */
export const inFile = (
  file: string,
  tests: readonly string[],
  changes: readonly (readonly [original: string, mutated: string])[],
): Mutation[] => changes.map(([original, mutated]) => ({ file, original, mutated, tests }));
