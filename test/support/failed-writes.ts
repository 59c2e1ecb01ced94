/**
 * Daemons whose calls fail at a step: by a limit, or by strace.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import type { WayName } from '../../bench/onedaemon/ways.js';
import { Bench } from './daemons.js';
import { OURS } from './namespaces.js';
import { hasCommand, needs } from './support.js';

export const wordsOf = (bench: Bench, way: string, command: readonly string[]): string[] => [
  ...OURS,
  ...['onedaemon', '--pidfile', bench.pidFile, '--by', way, '--', ...command],
];

/** The program under another, which has some of its calls fail; null where that is not to be had. */
export function runBy(t: TestContext, prefix: readonly string[], words: readonly string[]) {
  const [name = '', ...options] = prefix;
  if (!needs(t, hasCommand(name, ...options, 'true'), `${name} is missing, or may not do that here`))
    return null;
  return spawnSync(name, [...options, ...words], { encoding: 'utf8' });
}

const strace = (...inject: string[]): string[] => ['strace', '-f', '-qq', '-o', '/dev/null', ...inject];

/** Makes the tests of a pid that cannot be written or removed, for these ways. */
export function testFailedWrites(ways: readonly WayName[]): void {
  describe('a pid that cannot be written ends the start at once, and names the errno', () => {
    for (const way of ways) {
      for (const [what, prefix, errno] of [
        ['a limit of file sizes', ['prlimit', '--fsize=0'], 'EFBIG'],
        ['an error of the disk', null, 'EIO'],
      ] as const) {
        test(`${way}: ${what}`, async (t) => {
          const bench = new Bench(t, way);
          writeFileSync(bench.pidFile, '');
          const by = prefix ?? strace('-P', bench.pidFile, '-e', 'inject=write,pwrite64:error=EIO');
          const ended = runBy(t, by, wordsOf(bench, way, ['echo', 'ran']));
          if (ended === null) return;
          // These make files of their own before that, and cannot: the way does not work there.
          const code = ['excl-pid', 'shm-flag'].includes(way) && errno === 'EFBIG' ? 2 : 3;
          assert.deepEqual([ended.status, ended.stdout], [code, ''], ended.stderr);
          assert.match(ended.stderr, new RegExp(`^lockbench: [^\\n]*${errno}[^\\n]*\\n$`));
          assert.equal(bench.pid, '');
          assert.equal((await bench.run(['true'])).code, 0, 'the lock is free');
        });
      }
    }
  });

  describe("an end that cannot be tidied keeps the command's exit code, and says so", () => {
    for (const way of ways) {
      test(way, async (t) => {
        const bench = new Bench(t, way);
        writeFileSync(bench.pidFile, '');
        // The first time it is emptied for the pid, the second time at the end.
        const inject = strace('-P', bench.pidFile, '-e', 'inject=ftruncate:error=EIO:when=2');
        const ended = runBy(t, inject, wordsOf(bench, way, ['sh', '-c', 'exit 7']));
        if (ended === null) return;
        assert.equal(ended.status, 7, ended.stderr);
        assert.match(ended.stderr, /^lockbench: the pid could not be removed from \S+x\.pid: EIO[^\n]*\n$/);
        assert.equal((await bench.run(['sh', '-c', 'exit 7'])).code, 7, 'the lock is free');
      });
    }
  });
}
