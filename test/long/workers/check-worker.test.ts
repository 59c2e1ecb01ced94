/**
 * The protocol played against workers: those of the project speak it, and each that gets one thing wrong is told of that
 * thing in a sentence.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../../bench/machine/project.js';
import { cProgram } from '../../../bench/measure/parent/c-worker.js';
import { needsCompiler, withOwnCache } from '../../support/c-compiler.js';
import { needsPython } from '../../support/foreign-round.js';
import { LIMIT_MS } from '../../support/limit.js';
import { isRoot, lockbench, needs } from '../../support/support.js';

withOwnCache();

const compiled = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const node = (...words: readonly string[]): string =>
  [process.execPath, ...words].map((word) => `'${word}'`).join(' ');

/** A right worker may take as long as a whole test. */
const check = (command: string, patience = `${LIMIT_MS}ms`) =>
  lockbench(['check-worker', command, '--name', 'fcntl', '--patience', patience]);

async function assertSpeaks(command: string, ...without: readonly RegExp[]): Promise<void> {
  const { code, stdout, stderr } = await check(command);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /\nIt speaks version 1 of the worker protocol\.\n$/);
  assert.equal(stdout.match(/^ok {5}/gm)?.length, 17 - without.length, stdout);
  for (const sentence of without) assert.match(stdout, sentence);
}

test('the worker of Node speaks the protocol', () =>
  assertSpeaks(node(compiled('../../fixtures/node-worker.js'))));

test('the worker in C speaks the protocol', async (t) => {
  if (!needsCompiler(t)) return;
  await assertSpeaks(`'${String(cProgram('fcntl'))}'`);
});

test('the worker in Python speaks the protocol', async (t) => {
  if (!needsPython(t)) return;
  await assertSpeaks(
    `python3 '${join(projectRoot, 'bench', 'workers', 'python', 'catalogue.py')}'`,
    /^- {6}has no owner word/m,
  );
});

const wrongs: Readonly<Record<string, RegExp>> = {
  nonsense: /a line of JSON with a member "at" was expected, got "hello"/,
  'too-much': /it says too much: more than \d+ messages/,
  'version-2': /a job of protocol 2 was expected, got one of 1/,
  'any-version': /it is to refuse a job of protocol 2, .*: it said "found"/,
  'dies-before-ready': /ended with exit code 7/,
  'dies-after-ready': /was ended by SIGKILL/,
  // Which of the two it is depends on how far the worker came by then.
  'no-gate': /before the gate opened|times that are not since the gate opened/,
  'ignores-stop': /it goes on after the stop flag was set: by \d+ turns so far/,
  'wrong-order': /the worker said "ready" where "warm" was expected/,
  'wrong-figures': /the worker’s figures: startNs was expected to be nanoseconds, 0 or more, got "nothing"/,
  prints: /printed "locked\\n" to standard output/,
};

for (const [way, sentence] of Object.entries(wrongs)) {
  test(`a worker that gets it wrong: ${way}`, async () => {
    const play = () => check(node(compiled('../../fixtures/wrong-worker.js'), way));
    let { code, stdout, stderr } = await play();
    // One that does not wait for the gate has done nothing wrong if it gets a processor only once that is open.
    for (let tries = 1; way === 'no-gate' && code === 0 && tries < 20; tries++) {
      ({ code, stdout, stderr } = await play());
    }
    assert.equal(code, 1, stdout + stderr);
    const [last = ''] = stdout.split('\n').filter((line) => line.startsWith('wrong '));
    assert.match(last, sentence);
  });
}

test('a worker that says nothing is not waited for without end', async () => {
  const { code, stdout } = await check(node(compiled('../../fixtures/wrong-worker.js'), 'nothing'), '500ms');
  assert.equal(code, 1);
  assert.match(stdout, /^wrong {2}the message "found" was expected, and did not come for 500ms$/m);
});

test('a worker that stays root is told of it', async (t) => {
  if (!needs(t, isRoot, 'only root drops to another user')) return;
  const { code, stdout } = await check(node(compiled('../../fixtures/wrong-worker.js'), 'stays-root'));
  assert.equal(code, 1);
  assert.match(stdout, /^wrong {2}it was to become uid \d+, and runs as 0 0 0 0$/m);
});

test('a command that there is not is an error with its reason', async () => {
  const { code, stdout } = await check('/nonexistent/worker');
  assert.equal(code, 1);
  assert.match(stdout, /^wrong {2}.*\/nonexistent\/worker.*not found/m);
});
