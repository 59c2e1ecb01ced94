/**
 * No process can be started to try strategies out: that is the fault of none of them, and is said once.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { endOf, hasCommand, needs, program, temporaryDirectory } from '../../support/support.js';

/** Of its main thread alone, which starts processes; a thread is started by another call. */
const failingFrom = (spawned: number): readonly string[] => [
  ...['-qq', '-o', '/dev/null', '-e', 'trace=clone,fork,vfork'],
  ...['-e', `inject=clone,fork,vfork:error=EAGAIN:when=${spawned}+`],
];

/** What keeps directories can still be started, or the command would have failed before. */
const COMMANDS: Readonly<Record<string, readonly [words: readonly string[], spawned: number]>> = {
  list: [['list', 'fcntl', 'excl'], 3],
  explain: [['explain', 'fcntl'], 3],
  choose: [['choose', '--local'], 3],
  // It has tried whether the directory can be used, too.
  doctor: [['doctor'], 6],
};

for (const [name, [words, spawned]] of Object.entries(COMMANDS)) {
  test(`${name}, where no process can be started`, async (t) => {
    const canFail = hasCommand('strace', ...failingFrom(1), 'true');
    if (!needs(t, canFail, 'strace is missing or may not trace here')) return;
    const command = [process.execPath, program, ...words, '--dir', temporaryDirectory(t)];
    const ended = await endOf(spawn('strace', [...failingFrom(spawned), ...command]));
    assert.match(
      ended.stderr,
      /^lockbench: no strategy could be tried out: prober could not be started: spawn \S+ EAGAIN; the limit of processes \(ulimit -u, pids\.max\) may be reached\n$/,
    );
    assert.deepEqual([ended.code, ended.stdout], [3, '']);
  });
}
