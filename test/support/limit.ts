/**
 * The one limit of all that tests wait for. It is no expectation: what is waited for comes at once on a machine that has
 * nothing else to do, and takes a small part of this on one that is busy. It only makes a test that hangs say at what.
 */
export const LIMIT_MS = 120_000;
export const LIMIT_NS = LIMIT_MS * 1e6;

/** Waits until something holds. Throws an Error that says what was waited for, after the limit, or that of an emulator. */
export async function until(what: string, holds: () => boolean, limitMs = LIMIT_MS): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`still not so after ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const LEAST_ATTEMPTS = 20;

/**
 * Repeats an attempt until it tells something. A lease runs by a clock that a test cannot set: on a machine that was busy
 * for so long that it may have run out, another story was played than the one that the test is about. Throws an Error
 * after the limit, and not before this many attempts: where each takes long, the machine has few chances.
 */
export async function conclusive<T>(attempt: () => Promise<T | 'inconclusive'>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (let attempts = 1; ; attempts++) {
    const came = await attempt();
    if (came !== 'inconclusive') return came;
    if (performance.now() > end && attempts >= LEAST_ATTEMPTS)
      throw new Error(`nothing conclusive in ${attempts} attempts and ${LIMIT_MS / 1000} s`);
  }
}
