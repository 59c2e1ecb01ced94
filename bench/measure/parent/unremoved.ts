/**
 * What could not be removed: told when the command ends, so that the cleaning goes on with the rest.
 */
import { messageOf } from '../../base/error-message.js';

const reasons: string[] = [];

/** Keeps why something is still there. */
export function keepUnremoved(error: unknown): void {
  reasons.push(messageOf(error));
}

/** Calls each of these, whatever happens to one; what could not be removed is kept. */
export async function removeAll(removals: readonly (() => void | Promise<void>)[]): Promise<void> {
  for (const remove of removals) {
    try {
      await remove();
    } catch (error) {
      keepUnremoved(error);
    }
  }
}

/** All that was kept, once. */
export const takeUnremoved = (): string[] => reasons.splice(0);
