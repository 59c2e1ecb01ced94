/**
 * Root that may not change users, give files away or end others' processes, as in a user namespace or a container without
 * these capabilities: it stays root, says so in one line, and goes on.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { resultSchema } from '../../../bench/measure/result/result-schema.js';
import { hasCommand, isRoot, needs, program, temporaryDirectory } from '../../support/support.js';

const FAR_FUTURE_MS = 240_000;

/** How root is confined, and what it cannot do then. */
const CONFINED: readonly (readonly [readonly string[], RegExp])[] = [
  [['unshare', '--map-root-user'], /it may not become uid \d+ \(EPERM: operation not permitted\)/],
  [['setpriv', '--bounding-set=-all'], /it may not become uid \d+ \(EPERM: operation not permitted\)/],
  [
    ['setpriv', '--bounding-set=-chown'],
    /it may not give files to uid \d+ \(EPERM: operation not permitted\)/,
  ],
  [['setpriv', '--bounding-set=-kill'], /it may not end processes of uid \d+ \(no CAP_KILL\)/],
];

describe('root that is confined by', () => {
  for (const [confined, obstacle] of CONFINED) {
    test(`${confined.join(' ')} stays root, says so in one line, and measures`, (t) => {
      const [command = '', ...words] = confined;
      if (!needs(t, isRoot && hasCommand(command, ...words, 'true'), `${command} needs root`)) return;
      const directory = temporaryDirectory(t);
      const { status, stdout, stderr } = spawnSync(
        command,
        [
          ...[
            ...words,
            process.execPath,
            program,
            'run',
            '--strategies',
            'excl,sysv-sem',
            '--processes',
            '1',
          ],
          ...[
            '--rounds',
            '1',
            '--increments',
            '100',
            '--min-round',
            '1ms',
            '--dir',
            directory,
            '--json',
            '-',
          ],
        ],
        { encoding: 'utf8', timeout: FAR_FUTURE_MS },
      );
      assert.equal(status, 0, stderr);
      const said = stderr.split('\n').filter((line) => line.startsWith('workers stay root'));
      assert.equal(said.length, 1, stderr);
      assert.match(said[0] ?? '', obstacle);
      const { cells, environment } = resultSchema.parse(JSON.parse(stdout));
      assert.deepEqual(
        cells.map(({ state }) => state),
        ['measured', 'measured'],
      );
      assert.equal(environment.workers, null);
      assert.deepEqual(readdirSync(directory), []);
    });
  }
});
