/**
 * Who is inside, said by nobody's clock and nobody's cache: each has a directory with a file in it, and moves it to the one name
 * that means "inside". A directory does not replace another one that is not empty, and the server alone decides.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoundDirectory } from '../../../strategies/strategy.js';
import type { Role } from './conversation.js';
import { succeeds } from './revalidate.js';

export interface Witness {
  /** False if the other one is inside; then we are not. */
  enter(): boolean;
  leave(): void;
}

/** Beside the lock's own directory, which a lock may look through. */
export const insideOf = ({ dir }: RoundDirectory): string => `${dir}.inside`;

const outside = (directory: string, role: Role): string => join(directory, `outside.${role}`);

/** Makes what both of them move. */
export function prepareWitness(directory: string): void {
  mkdirSync(directory);
  for (const role of ['first', 'second'] as const) {
    mkdirSync(outside(directory, role));
    writeFileSync(join(outside(directory, role), 'witness'), '');
  }
}

export function witnessOf(directory: string, role: Role): Witness {
  const inside = join(directory, 'inside');
  const ours = outside(directory, role);
  return {
    enter: () => succeeds(() => renameSync(ours, inside), 'ENOTEMPTY', 'EEXIST'),
    leave: () => renameSync(inside, ours),
  };
}
