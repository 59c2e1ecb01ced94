/**
 * Locks that are held while others are tried, by real processes: each kind of verdict by locks of which it is known, and by
 * locks that lie about excluding others.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdAndTry } from '../../../bench/compat/hold-and-try.js';
import { conclusive } from '../../support/limit.js';
import { candidate, place, verdictsOf } from '../../support/meetings.js';
import { ownLock, writeModule } from '../../support/own-locks.js';
import { namesIn } from '../../support/refusal.js';
import { temporaryDirectory } from '../../support/support.js';

const HELD = `if (error.code === 'EEXIST') return false;`;
/** It makes the name that the honest one looks for, and takes what it finds. */
const LIAR = ownLock(
  [`name: 'my-lock'`, `name: 'liar'`],
  [HELD, `if (error.code === 'EEXIST') return true;`],
  ['unlinkSync(path);', 'try { unlinkSync(path); } catch {}'],
);
const THROWS = ownLock(
  [`name: 'my-lock'`, `name: 'thrower'`],
  [HELD, `if (error.code === 'EEXIST') throw new Error('no');`],
);

const tried = { blocks: false };

test('record locks of processes and of open file descriptions exclude each other', async () => {
  const pair = [
    await candidate('fcntl', { blocks: true }),
    await candidate('ofd', { blocks: true }),
  ] as const;
  assert.deepEqual(await verdictsOf(pair), ['excludes', 'excludes']);
});

test('a kernel lock and a name do not see each other', async () => {
  const pair = [await candidate('fcntl', { blocks: true }), await candidate('excl', tried)] as const;
  assert.deepEqual(await verdictsOf(pair), ['does-not-see-it', 'does-not-see-it']);
});

test('a lock that lies about excluding another is found out, and by which way', async (t) => {
  const directory = temporaryDirectory(t);
  const honest = await candidate(writeModule(directory, 'honest.mjs', ownLock()), tried);
  const liar = await candidate(writeModule(directory, 'liar.mjs', LIAR), tried);
  const { forth, back } = await holdAndTry([honest, liar], place());
  assert.deepEqual([forth, back], [{ got: true }, { got: false }]);
  assert.deepEqual(await verdictsOf([liar, liar]), ['does-not-see-it', 'does-not-see-it']);
  assert.deepEqual(namesIn(directory), ['honest.mjs', 'liar.mjs']);
});

test('a lock that refuses while it is held, and lets two in when they come together, is caught', async () => {
  const broken = await candidate('broken', tried);
  // That they meet is for the machine to bring about: until it does, nothing is known.
  await conclusive(async () => {
    const [verdict] = await verdictsOf([broken, broken]);
    if (verdict !== 'lets-two-in') return 'inconclusive';
    return verdict;
  });
});

test('what a lock throws, or refuses for ever, is told, and no verdict is made of it', async (t) => {
  const directory = temporaryDirectory(t);
  const honest = await candidate(writeModule(directory, 'honest.mjs', ownLock()), tried);
  const thrower = await candidate(writeModule(directory, 'thrower.mjs', THROWS), tried);
  const { forth, back } = await holdAndTry([honest, thrower], place());
  assert.deepEqual(forth, { failure: 'thrower: try: no' });
  assert.deepEqual(back, { got: false }, 'the other way round it does what it should');

  const keeps = ownLock([`name: 'my-lock'`, `name: 'keeper'`], ['unlinkSync(path);', '']);
  const keeper = await candidate(writeModule(directory, 'keeper.mjs', keeps), tried);
  const { forth: kept } = await holdAndTry([keeper, honest], place());
  assert.deepEqual(kept, { failure: 'my-lock is still refused after keeper was unlocked' });
});
