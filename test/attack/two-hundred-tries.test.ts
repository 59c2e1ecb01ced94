/**
 * What `hostile-paths.test.ts` tries some times, 200 times each, and the whole of reproduce 75x some times: about two hours. `npm run test:attack`.
 */
import { test } from 'node:test';
import { wayNames } from '../../bench/onedaemon/ways.js';
import { NOBODY } from '../support/attack.js';
import {
  attackCommand,
  attackDaemons,
  attackImages,
  attackLeftovers,
  attackRemoval,
  attackRoundDirectories,
  attackSynchronous,
  COMMANDS,
  canSlow,
  WHOLE_75X,
} from '../support/attacks.js';
import { hasCommand, isRoot, needs } from '../support/support.js';

const TRIES = 200;
const ONLY_ROOT = 'only root has anything to lose';

for (const mode of [0o777, 0o1777] as const) {
  for (const marked of [false, true]) {
    const what = `${marked ? 'a forged' : 'no'} mark, mode ${mode.toString(8)}`;
    test(`planted leftovers with ${what}`, async (t) => {
      if (needs(t, isRoot, ONLY_ROOT)) await attackLeftovers(t, TRIES, { mode, owner: NOBODY, marked });
    });
  }
}

const ATTACKS: Readonly<Record<string, typeof attackRemoval>> = {
  'round directories': attackRoundDirectories,
  'what is in round directories': attackRemoval,
  'synchronous directories': attackSynchronous,
};
for (const [name, play] of Object.entries(ATTACKS)) {
  test(name, async (t) => {
    if (needs(t, isRoot, ONLY_ROOT)) await play(t, TRIES);
  });
}

test('fresh file systems', async (t) => {
  if (!needs(t, isRoot, ONLY_ROOT)) return;
  const mkfs = ['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs'].every((command) => hasCommand(command, '-V'));
  if (!needs(t, mkfs, 'mkfs is missing; apt-get install e2fsprogs xfsprogs btrfs-progs')) return;
  if (needs(t, canSlow(), 'strace is missing or may not trace here')) await attackImages(t, TRIES);
});

for (const [name, args] of Object.entries(COMMANDS)) {
  test(name, async (t) => {
    if (!needs(t, isRoot, ONLY_ROOT)) return;
    if (needs(t, canSlow(), 'strace is missing or may not trace here')) await attackCommand(t, TRIES, args);
  });
}

for (const way of wayNames) {
  test(`onedaemon --by ${way}`, async (t) => {
    if (needs(t, isRoot, ONLY_ROOT)) await attackDaemons(t, TRIES, way);
  });
}

/** Each takes a minute and more: so most are ended before. */
const WHOLE_TRIES = 5;
const ENDED_WITHIN_MS = 8_000;

for (const more of [[], ['--filesystems']]) {
  const args = [...WHOLE_75X, ...more];
  for (const [name, tries, endedWithinMs] of [
    [`${args.join(' ')}, ended early`, TRIES, ENDED_WITHIN_MS],
    [args.join(' '), WHOLE_TRIES, undefined],
  ] as const) {
    test(name, async (t) => {
      if (!needs(t, isRoot, ONLY_ROOT)) return;
      if (needs(t, canSlow(), 'strace is missing or may not trace here'))
        await attackCommand(t, tries, args, endedWithinMs);
    });
  }
}
