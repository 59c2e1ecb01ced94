/**
 * One file writes to standard output and standard error: elsewhere a stream that fails would end the program.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';

test('nothing but the file for it writes to the standard streams', () => {
  const bench = join(projectRoot, 'bench');
  const writers = readdirSync(bench, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /\bconsole\.|process\.std(out|err)\.write|\.pipe\(process\./.test(
        readFileSync(join(bench, name), 'utf8'),
      ),
    );
  assert.deepEqual(writers, []);
});
