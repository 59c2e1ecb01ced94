/**
 * Every command with standard output or standard error closed, full, or unread from the beginning: it cleans up, and its exit
 * code is the one that it has otherwise, 141 (nobody reads) or 3 (not delivered). Never 1, which says that a claim was broken.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { childrenOf, leftBy } from '../../support/processes.js';
import { program, temporaryDirectory } from '../../support/support.js';
import { unreadPipe } from '../../support/unread.js';

const UNREAD = 141;
const INCOMPLETE = 3;
const FAR_FUTURE_MS = 600_000;

/** By command: its words, given a directory; it ends with 0 where its output can be written. */
const COMMANDS: Readonly<Record<string, (directory: string) => string[]>> = {
  list: (directory) => ['list', 'fcntl', 'excl', '--dir', directory],
  crash: (directory) => ['crash', 'excl', 'posix-sem', '--events', 'kill', '--dir', directory],
  order: (directory) => ['order', 'fcntl', 'rwlock', '--times', '1', '--dir', directory],
  pairs: (directory) => ['pairs', 'fcntl', 'sysv-sem', '--dir', directory],
  // The shortest of those that make names of semaphores.
  reproduce: (directory) => ['reproduce', 'appendix', '--rounds', '1', '--dir', directory],
  doctor: (directory) => ['doctor', directory],
};

type Stream = (t: TestContext) => number | 'ignore';
const FULL: Stream = () => openSync('/dev/full', 'w');
const FINE: Stream = () => 'ignore';

/** What the two streams are, and the exit codes with which a command may end then. */
const CONDITIONS: Readonly<Record<string, readonly [Stream, Stream, readonly number[]]>> = {
  'standard output that is full': [FULL, FINE, [INCOMPLETE]],
  'standard output that nobody reads': [unreadPipe, FINE, [UNREAD]],
  // Some commands have nothing to say there.
  'standard error that is full': [FINE, FULL, [0, INCOMPLETE]],
  'standard error that nobody reads': [FINE, unreadPipe, [0, UNREAD]],
  'both being full': [FULL, FULL, [INCOMPLETE]],
  'both unread': [unreadPipe, unreadPipe, [UNREAD]],
};

for (const [name, wordsFor] of Object.entries(COMMANDS)) {
  describe(name, () => {
    const end = (t: TestContext, run: (words: string[]) => { pid: number; status: number | null }) => {
      const directory = temporaryDirectory(t);
      const { pid, status } = run(wordsFor(directory));
      assert.deepEqual(childrenOf(pid), [], 'processes');
      assert.deepEqual(leftBy(pid, [directory, '/dev/shm']), [], 'names');
      assert.deepEqual(readdirSync(directory), []);
      return status ?? 'killed';
    };

    for (const [what, [out, err, codes]] of Object.entries(CONDITIONS)) {
      test(what, (t) => {
        const code = end(t, (words) =>
          spawnSync(process.execPath, [program, ...words], {
            stdio: ['ignore', out(t), err(t)],
            timeout: FAR_FUTURE_MS,
          }),
        );
        assert.ok(codes.includes(Number(code)), `exit code ${code}`);
      });
    }

    test('both being closed', (t) => {
      const code = end(t, (words) => {
        const command = [process.execPath, program, ...words].map((word) => `'${word}'`).join(' ');
        return spawnSync('sh', ['-c', `exec ${command} <&- >&- 2>&-`], { timeout: FAR_FUTURE_MS });
      });
      assert.equal(code, 0);
    });
  });
}

describe('onedaemon', () => {
  for (const [what, [out, err]] of Object.entries(CONDITIONS)) {
    for (const code of [0, 7]) {
      test(`${what}: its command's ${code} is its own`, (t) => {
        const pidFile = join(temporaryDirectory(t), 'x.pid');
        // What then stands in the file is not removed, which is said.
        const script = `echo no pid > '${pidFile}'; exit ${code}`;
        const words = [program, 'onedaemon', '--pidfile', pidFile, '--', 'sh', '-c', script];
        const { status } = spawnSync(process.execPath, words, {
          stdio: ['ignore', out(t), err(t)],
          timeout: FAR_FUTURE_MS,
        });
        assert.equal(status, code);
      });
    }
  }
});
