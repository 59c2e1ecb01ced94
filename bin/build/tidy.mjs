/** What no start needs any more: builds of earlier sources, and what makers that were killed left. */
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isInUse } from './find.mjs';

/** Names of what is being made or removed; only its maker knows them, and the maker after it removes them. */
export const TEMPORARY = 'dist-tmp-';
const BUILD = /^dist-[0-9a-f]{16}$/;
/** Programs of a build that were started by their path, such as the tests, do not say that they run. */
const SPARED_MS = 3_600_000;

const remove = (path) => rmSync(path, { recursive: true, force: true });

function removeBuild(root, name) {
  const path = join(root, name);
  // Its time is that of the build which took its place.
  if (Date.now() - statSync(path).mtimeMs < SPARED_MS || isInUse(path)) return;
  // Away with the name first: a build that is removed in part would still count as whole.
  const removed = join(root, `${TEMPORARY}${name}`);
  renameSync(path, removed);
  if (isInUse(removed)) renameSync(removed, path);
  else remove(removed);
}

/** Removes them from `root`, where nobody else builds now; `current` stays. */
export function removeOldBuilds(root, current) {
  for (const name of readdirSync(root)) {
    try {
      if (name.startsWith(TEMPORARY)) remove(join(root, name));
      else if (BUILD.test(name) && name !== current) removeBuild(root, name);
    } catch {
      // Another user's: theirs to remove, and harmless.
    }
  }
}
