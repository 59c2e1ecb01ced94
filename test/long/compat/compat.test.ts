/**
 * `lockbench compat` as a command: languages, the command flock and lslocks, and what comes of each pair.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CompatResult, compatSchema } from '../../../bench/compat/compat-schema.js';
import { ownLock, writeModule } from '../../support/own-locks.js';
import { namesIn } from '../../support/refusal.js';
import { hasCommand, lockbench, needs, temporaryDirectory } from '../../support/support.js';

/** Rounds end with their hand-offs, however long that takes. */
const PATIENT = ['--handoffs', '120', '--budget', '60s', '--time-limit', '240s', '--quiet', '--json', '-'];

async function compat(
  ...words: string[]
): Promise<{ code: number | null; result: CompatResult; stderr: string }> {
  const { code, stdout, stderr } = await lockbench(['compat', ...words, ...PATIENT]);
  return { code, stderr, result: compatSchema.parse(JSON.parse(stdout === '' ? 'null' : stdout)) };
}

const verdictIn = ({ places }: CompatResult, holder: string, other: string): string | undefined =>
  places[0]?.cells.find((cell) => cell.holder === holder && cell.other === other)?.verdict;

const isSo = (result: CompatResult, one: string, two: string, verdict: string): void => {
  assert.equal(
    verdictIn(result, one, two),
    verdict,
    `${one}, ${two}: ${JSON.stringify(result.places[0]?.cells)}`,
  );
  assert.equal(verdictIn(result, two, one), verdict, `${two}, ${one}`);
};

describe('lockbench compat', () => {
  test('says of each pair, both ways round, and leaves nothing behind', async (t) => {
    const directory = temporaryDirectory(t);
    const modules = temporaryDirectory(t);
    const mine = writeModule(modules, 'my-lock.mjs', ownLock([`path('my.lock')`, `path('lock')`]));
    const { code, result, stderr } = await compat('fcntl,flock,excl,mkdir', mine, '--dir', directory);
    assert.equal(code, 0, stderr);
    assert.equal(result.places[0]?.cells.length, 25);
    isSo(result, 'fcntl', 'flock', 'does-not-see-it');
    isSo(result, 'excl', 'mkdir', 'excludes');
    isSo(result, 'excl', 'my-lock', 'excludes');
    isSo(result, 'my-lock', 'my-lock', 'excludes');
    isSo(result, 'my-lock', 'flock', 'does-not-see-it');
    assert.equal(result.places[0]?.controlCaught, true);
    assert.deepEqual(namesIn(directory), []);
  });

  test('a lock that does not exclude itself, against its claim, ends with exit code 1', async (t) => {
    const modules = temporaryDirectory(t);
    const liar = ownLock(
      [`if (error.code === 'EEXIST') return false;`, `if (error.code === 'EEXIST') return true;`],
      ['unlinkSync(path);', 'try { unlinkSync(path); } catch {}'],
    );
    const { code, result } = await compat(writeModule(modules, 'my-lock.mjs', liar));
    assert.equal(code, 1);
    assert.equal(verdictIn(result, 'my-lock', 'my-lock'), 'does-not-see-it');
  });

  test('a lock in Python meets the same one of Node, and the round tells who was inside', async (t) => {
    if (!needs(t, hasCommand('python3'), 'there is no python3')) return;
    const { code, result, stderr } = await compat('fcntl,flock', '--runtime', 'node,python', '--every-pair');
    assert.equal(code, 0, stderr);
    isSo(result, 'fcntl', 'fcntl [python]', 'excludes');
    isSo(result, 'flock [python]', 'flock', 'excludes');
    isSo(result, 'flock [python]', 'fcntl', 'does-not-see-it');
    const round = result.places[0]?.cells.find(
      ({ holder, other }) => holder === 'fcntl' && other === 'flock [python]',
    );
    assert.notEqual(round?.contention, null, 'every pair contends');
  });

  test('a lock in C meets one of Node', async (t) => {
    if (!needs(t, hasCommand('cc'), 'there is no C compiler')) return;
    const { code, result, stderr } = await compat('lockf,ofd', '--runtime', 'node,c');
    assert.equal(code, 0, stderr);
    isSo(result, 'lockf', 'ofd [c]', 'excludes');
    isSo(result, 'ofd', 'ofd [c]', 'excludes');
  });

  test('flock(1) takes part as one that holds and as one that tries, and lslocks sees it', async (t) => {
    if (!needs(t, hasCommand('flock') && hasCommand('lslocks'), 'there are no flock and lslocks')) return;
    const { code, result, stderr } = await compat('flock(1),flock,fcntl');
    assert.equal(code, 0, stderr);
    isSo(result, 'flock', 'flock(1)', 'excludes');
    isSo(result, 'flock(1)', 'flock(1)', 'excludes');
    isSo(result, 'fcntl', 'flock(1)', 'does-not-see-it');
    const seen = result.places[0]?.locks.find(({ name }) => name === 'flock(1)')?.seen;
    assert.deepEqual(seen?.kernel, [{ type: 'FLOCK', file: 'locked' }]);
  });
});
