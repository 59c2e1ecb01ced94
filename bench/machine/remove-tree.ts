/**
 * Removing what belongs to the workers.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { as, type Identity } from './identity.js';

/**
 * Removes a directory, or a file; nothing happens if it is not there. What is in it goes as its owner: root of a container
 * may not look into another user's directory (CAP_DAC_OVERRIDE is not given to all), but may remove it when it is empty.
 */
export function removeTree(path: string, owner: Identity | null): void {
  if (owner !== null) {
    as(owner, () => {
      try {
        for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true });
      } catch {
        // What the owner cannot do, such as reaching it, root mostly can; else the next line says why not.
      }
    });
  }
  rmSync(path, { recursive: true, force: true });
}
