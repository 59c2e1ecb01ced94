/**
 * What somebody planted by the name of a leftover is cleared away while names in it are exchanged.
 */
import { NOBODY } from '../support/attack.js';
import { attackLeftovers } from '../support/attacks.js';
import { TRIES, testAsRoot } from './tries.js';

for (const mode of [0o777, 0o1777] as const) {
  for (const marked of [false, true]) {
    const what = `${marked ? 'a forged' : 'no'} mark, mode ${mode.toString(8)}`;
    testAsRoot(`planted leftovers with ${what}`, (t) =>
      attackLeftovers(t, TRIES, { mode, owner: NOBODY, marked }),
    );
  }
}
