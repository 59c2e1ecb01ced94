/**
 * The page of the protocol, the worker in C and the one in Python name the same constants as the code of the parent.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MESSAGES_FD } from '../../../bench/base/program.js';
import { projectRoot } from '../../../bench/machine/project.js';
import {
  CONTROL_FD,
  HEADER_BYTES,
  Stage,
  WORD_BYTES,
  WORDS,
} from '../../../bench/measure/worker/control-block.js';
import { STAMPS } from '../../../bench/measure/worker/instruments.js';
import { PROTOCOL } from '../../../bench/measure/worker/job.js';

const workers = join(projectRoot, 'bench', 'workers');
/** Of a file, or of all the files of a folder. */
const text = (path: string): string =>
  path.endsWith('.md')
    ? readFileSync(join(workers, path), 'utf8')
    : readdirSync(join(workers, path))
        .map((name) => readFileSync(join(workers, path, name), 'utf8'))
        .join('\n');

const offsets = Object.fromEntries(Object.entries(WORDS).map(([name, word]) => [name, word * WORD_BYTES]));

test('each constant that the page marks is the one of the code, and none is left out', () => {
  const page = text('PROTOCOL.md');
  const marked = [...page.matchAll(/<!-- constant (\w+) -->(\d+)/g)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  assert.deepEqual(Object.fromEntries(marked), {
    ...offsets,
    header: HEADER_BYTES,
    wordBytes: WORD_BYTES,
    rehearsal: Stage.rehearsal,
    timed: Stage.timed,
  });
  assert.ok(page.startsWith(`# The worker protocol, version ${PROTOCOL}\n`));
  assert.ok(page.includes(`\n| ${CONTROL_FD} | the control block`));
  assert.ok(page.includes(`\n| ${MESSAGES_FD} | for messages`));
});

test('the worker in C has the same constants', () => {
  const source = text('c');
  const defined = (name: string): number => Number(new RegExp(`#define ${name} (\\d+)`).exec(source)?.[1]);
  assert.deepEqual(['LB_PROTOCOL', 'LB_CONTROL_FD', 'LB_MESSAGES_FD', 'LB_WORD_BYTES'].map(defined), [
    PROTOCOL,
    CONTROL_FD,
    MESSAGES_FD,
    WORD_BYTES,
  ]);
  const words = Object.keys(WORDS).map((name) => `LB_${name.toUpperCase()}`);
  assert.deepEqual(
    Object.values(WORDS),
    words.map((_, i) => i),
  );
  assert.ok(source.includes(`enum { ${words.join(', ')}, LB_WORDS };`));
  assert.deepEqual(Object.values(Stage), [0, 1, 2]);
  assert.ok(source.includes('enum { LB_WARM_UP, LB_REHEARSAL, LB_TIMED };'));
});

test('the worker in Python has the same constants', () => {
  const source = text('python/lockbench_worker');
  const { stage, stop, gate, last, handoffs } = offsets;
  for (const line of [
    `PROTOCOL = ${PROTOCOL}`,
    `CONTROL_FD = ${CONTROL_FD}`,
    `MESSAGES_FD = ${MESSAGES_FD}`,
    `STAGE, STOP, GATE, LAST, HANDOFFS = ${[stage, stop, gate, last, handoffs].join(', ')}`,
    `REHEARSAL, TIMED = ${Stage.rehearsal}, ${Stage.timed}`,
    `STAMPS = ${STAMPS}`,
  ]) {
    assert.ok(source.includes(`\n${line}\n`), line);
  }
});
