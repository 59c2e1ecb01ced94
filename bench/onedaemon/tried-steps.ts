/**
 * Tidying, of which each step is tried, whatever became of the others: what cannot be removed must not keep what can be
 * released.
 */

/** What was to be done, for a sentence, and the doing. */
export type Step = readonly [what: string, step: () => void];

/** Returns what could not be done and why, a line each. Throws nothing. */
export const tryAll = (steps: readonly Step[]): string[] =>
  steps.flatMap(([what, step]) => {
    try {
      step();
      return [];
    } catch (error) {
      return [`${what}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
