/**
 * What packages with an addon have in common: they throw errors with a `code`, and hand EINTR on to their callers.
 */

export const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/** Calls until no signal comes in between. Rejects with any other error. */
export async function untilUninterrupted(call: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (codeOf(error) !== 'EINTR') throw error;
    }
  }
}
