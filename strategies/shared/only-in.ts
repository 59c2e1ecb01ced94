/**
 * A strategy that another language alone has: what it claims and prepares stands here, and the lock itself there.
 */
import type { SyncStrategy } from '../strategy.js';

const LANGUAGES = { c: 'C', python: 'Python' } as const;

/** The strategy, which says in Node which runtime has it. */
export function onlyIn(
  runtime: keyof typeof LANGUAGES,
  rest: Omit<SyncStrategy, 'onlyIn' | 'calls' | 'probe' | 'open'>,
): SyncStrategy {
  const reason = `it is written in ${LANGUAGES[runtime]} alone: add --runtime ${runtime}`;
  return {
    ...rest,
    onlyIn: runtime,
    calls: 'synchronous',
    probe: () => ({ available: false, reason }),
    open() {
      throw new Error(`${rest.name}: ${reason}`);
    },
  };
}
