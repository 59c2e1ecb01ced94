/** A build that cannot be made: one line that says what was expected, what came, and what to do. */
export class BuildError extends Error {}
