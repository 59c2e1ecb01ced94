/**
 * What strategies made of npm packages share: a wait that a signal ended goes on, and a package that cannot be loaded is
 * told apart from one that is not there.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { untilUninterrupted } from '../../../strategies/shared/interrupted.js';
import { optionalPackage } from '../../../strategies/shared/optional-package.js';
import { hasCommand, needs, temporaryDirectory } from '../../support/support.js';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

test('EINTR is waited out, however often it comes', async () => {
  let calls = 0;
  await untilUninterrupted(async () => {
    if (++calls < 4) throw failing('EINTR');
  });
  assert.equal(calls, 4);
});

test('any other error is handed on at once', async () => {
  let calls = 0;
  const answer = untilUninterrupted(async () => {
    calls++;
    throw failing('ENOLCK');
  });
  await assert.rejects(answer, { code: 'ENOLCK' });
  assert.equal(calls, 1);
});

test('a package that is not there is said to be not installed, with a hint', () => {
  for (const [compiled, hint] of [
    [false, /^no-such-lock is not installed: run "npm ci"$/],
    [true, /^no-such-lock is not installed: install a compiler .* and run "npm ci"$/],
  ] as const) {
    const found = optionalPackage('no-such-lock', { compiled }).probe();
    assert.ok(!found.available);
    assert.match(found.reason, hint);
  }
});

/** A package whose add-on node-gyp would have made, in a directory of its own: its path, which can be required. */
function packageWithAddon(t: TestContext): { path: string; addon: string } {
  const path = temporaryDirectory(t);
  const folder = join(path, 'build', 'Release');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(path, 'index.js'), "require('./build/Release/addon.node');");
  return { path, addon: join(folder, 'addon.node') };
}

const reasonOf = (path: string, compiled = true): string => {
  const found = optionalPackage(path, { compiled }).probe();
  assert.ok(!found.available);
  return found.reason;
};

/** What node.h makes of NODE_MODULE(), for another Node than this. */
const FOREIGN_ADDON = `
extern void node_module_register(void *);
static struct { int version; unsigned flags; void *dso; const char *file; void *init; void *context; const char *name;
  void *data; void *next; } module = { 93, 0, 0, "addon.c", (void *)node_module_register, 0, "addon", 0, 0 };
__attribute__((constructor)) static void load(void) { node_module_register(&module); }
`;

test('an add-on built for another Node is said to be that, and asks for no compiler', (t) => {
  if (!needs(t, hasCommand('gcc'), 'gcc is missing; apt-get install gcc')) return;
  const { path, addon } = packageWithAddon(t);
  const { status } = spawnSync('gcc', ['-shared', '-fPIC', '-o', addon, '-x', 'c', '-'], {
    input: FOREIGN_ADDON,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  assert.equal(status, 0);
  const { version, versions } = process;
  assert.equal(
    reasonOf(path),
    `${path} was built for another Node (modules version 93, Node ${version} has ${versions.modules}): run "npm rebuild ${path}"`,
  );
});

test('an add-on that is not there asks for a compiler, one that is damaged for what the loader says', (t) => {
  const { path, addon } = packageWithAddon(t);
  assert.match(reasonOf(path), /is installed but not built: install a compiler .* and run "npm rebuild /);
  writeFileSync(addon, 'no ELF file, but long enough to be looked at as one, which takes sixty-four bytes');
  assert.match(
    reasonOf(path),
    /is installed but cannot be loaded \(.*invalid ELF header\): run "npm rebuild /,
  );
});

test('a compiled package that fails for a reason of its own is not said to be not built', (t) => {
  const path = temporaryDirectory(t);
  for (const [source, why] of [
    ["throw new Error('no luck')", 'no luck'],
    ["require('no-such-lock')", "Cannot find module 'no-such-lock'"],
  ] as const) {
    writeFileSync(join(path, `${why.length}.js`), source);
    const reason = reasonOf(join(path, `${why.length}.js`));
    assert.ok(reason.endsWith(`is installed but cannot be loaded (Error: ${why}): run "npm ci"`), reason);
  }
});
