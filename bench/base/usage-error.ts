/**
 * What the user asked for cannot be done: one line that says what was expected and what came, one that says what to
 * do. Ends the program with exit code 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(
    what: string,
    readonly hint?: string,
  ) {
    super(what);
  }
}
