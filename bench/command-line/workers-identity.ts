/**
 * Whom the workers of a command become, and the one line that says so where root cannot make them another user.
 */
import type { Identity } from '../machine/identity.js';
import { workersHere } from '../machine/unprivileged.js';
import { say } from '../text/standard-streams.js';

/** null: they keep our uid, as was asked for, or since they must. */
export function workersIdentity({
  stayRoot = false,
  quiet = false,
}: {
  readonly stayRoot?: boolean | undefined;
  readonly quiet?: boolean | undefined;
} = {}): Identity | null {
  if (stayRoot) return null;
  const { identity, kept } = workersHere();
  if (kept !== null && !quiet) say(kept);
  return identity;
}
