/**
 * Root works in a directory in which another user exchanges names as fast as it can: nothing that is not ours is made,
 * written to, given away, flagged or removed. Some tries each; `npm run test:attack` has 200.
 */
import { test } from 'node:test';
import { wayNames } from '../../../bench/onedaemon/ways.js';
import { NOBODY, STRANGER } from '../../support/attack.js';
import {
  attackCommand,
  attackDaemons,
  attackLeftovers,
  attackRemoval,
  attackRoundDirectories,
  attackSynchronous,
  COMMANDS,
  canSlow,
} from '../../support/attacks.js';
import { isRoot, needs } from '../../support/support.js';

const TRIES = 12;
/** What is quick. */
const MANY = 100;

for (const mode of [0o777, 0o1777] as const) {
  for (const owner of [STRANGER, NOBODY]) {
    for (const marked of [false, true]) {
      const what = `${marked ? 'a forged' : 'no'} mark, mode ${mode.toString(8)}, uid ${owner}`;
      test(`a planted leftover with ${what} leads nowhere else`, async (t) => {
        if (needs(t, isRoot, 'only root has anything to lose')) {
          await attackLeftovers(t, TRIES, { mode, owner, marked });
        }
      });
    }
  }
}

test('a round’s directory that is exchanged while it is made or removed', async (t) => {
  if (needs(t, isRoot, 'only root has anything to lose')) await attackRoundDirectories(t, MANY);
});

test('what is in a round’s directory, exchanged by its owner while it is removed', async (t) => {
  if (needs(t, isRoot, 'only root has anything to lose')) await attackRemoval(t, 4);
});

test('a synchronous directory that is exchanged while it is made or removed', async (t) => {
  if (needs(t, isRoot, 'only root has anything to lose')) await attackSynchronous(t, MANY);
});

for (const [name, args] of Object.entries(COMMANDS)) {
  test(`${name} in a directory in which names are exchanged`, async (t) => {
    if (!needs(t, isRoot, 'only root has anything to lose')) return;
    if (needs(t, canSlow(), 'strace is missing or may not trace here')) await attackCommand(t, 1, args);
  });
}

for (const way of wayNames) {
  test(`onedaemon --by ${way}, whose pid file is exchanged while it is opened`, async (t) => {
    if (!needs(t, isRoot, 'only root has anything to lose')) return;
    if (needs(t, canSlow(), 'strace is missing or may not trace here')) await attackDaemons(t, 5, way);
  });
}
