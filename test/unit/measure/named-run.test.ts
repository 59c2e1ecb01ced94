/**
 * What a word on the command line names: the latest run, a file, a record. Where the latest is kept, and as whom.
 */
import assert from 'node:assert/strict';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stateFolder, writeState } from '../../../bench/machine/files/state-folder.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { keepLast, keptFile, LAST } from '../../../bench/measure/result/last-run.js';
import { namedRun, resultFile } from '../../../bench/measure/result/named-run.js';
import { QUOTED_RUN, recordPath } from '../../../bench/measure/result/recorded-run.js';
import { NOBODY } from '../../support/attack.js';
import { needs, temporaryDirectory } from '../../support/support.js';

/** For one test, a state folder that nobody else writes to. */
function ownState(t: TestContext): string {
  const before = process.env.XDG_STATE_HOME;
  const folder = temporaryDirectory(t);
  process.env.XDG_STATE_HOME = folder;
  t.after(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
  });
  return folder;
}

test('the state folder is that of XDG_STATE_HOME, else of a home that is there; a relative one counts as none', (t) => {
  const home = temporaryDirectory(t);
  assert.equal(stateFolder({ XDG_STATE_HOME: '/s', HOME: home }), '/s/lockbench');
  assert.equal(stateFolder({ HOME: home }), join(home, '.local/state/lockbench'));
  assert.equal(stateFolder({ XDG_STATE_HOME: 's', HOME: home }), join(home, '.local/state/lockbench'));
  for (const none of [{}, { HOME: '' }, { HOME: 'h' }, { HOME: join(home, 'none') }, { XDG_STATE_HOME: '' }])
    assert.equal(stateFolder(none), null, JSON.stringify(none));
});

test('what was kept last is what "last" names, and replaces what was kept before', (t) => {
  ownState(t);
  assert.equal(keptFile(LAST), null);
  assert.throws(() => resultFile('last'), /"last": the latest run was expected, none is kept/);
  keepLast('first');
  keepLast(readFileSync(recordPath(QUOTED_RUN, projectRoot), 'utf8'));
  assert.equal(namedRun('last').command, namedRun(QUOTED_RUN).command);
});

test('the run that was the latest is "previous" once another one is kept', (t) => {
  ownState(t);
  keepLast('first');
  assert.throws(
    () => resultFile('previous'),
    /"previous": the run before the latest was expected, none is kept/,
  );
  for (const text of ['second', 'third']) keepLast(text);
  assert.equal(readFileSync(resultFile('previous'), 'utf8'), 'second');
  assert.equal(readFileSync(resultFile('last'), 'utf8'), 'third');
});

test('a link that lies in the place of the latest is not read through for the previous one', (t) => {
  const folder = ownState(t);
  const secret = join(temporaryDirectory(t), 'secret');
  writeFileSync(secret, 'secret');
  mkdirSync(join(folder, 'lockbench'));
  symlinkSync(secret, join(folder, 'lockbench', 'last.json'));
  keepLast('{}');
  assert.equal(existsSync(join(folder, 'lockbench', 'previous.json')), false);
});

test('a file is taken before a record of its name; what names nothing is answered with what there is', (t) => {
  ownState(t);
  const file = join(temporaryDirectory(t), 'r.json');
  writeFileSync(file, '{}');
  assert.equal(resultFile(file), file);
  assert.equal(resultFile(QUOTED_RUN), recordPath(QUOTED_RUN, projectRoot));
  assert.throws(() => namedRun(file), /a result of run, version \d+, was expected/);
  for (const word of ['nothing-of-it', '', '../results', './none.json', 'a\nb', '.'.repeat(300)])
    assert.throws(() => namedRun(word), { name: 'UsageError' }, word);
});

test('a link that lies in the place of the file is replaced, and not followed', (t) => {
  const folder = ownState(t);
  const precious = join(temporaryDirectory(t), 'precious');
  writeFileSync(precious, 'precious');
  mkdirSync(join(folder, 'lockbench'));
  symlinkSync(precious, join(folder, 'lockbench', 'last.json'));
  keepLast('{}');
  assert.equal(readFileSync(precious, 'utf8'), 'precious');
  assert.ok(lstatSync(join(folder, 'lockbench', 'last.json')).isFile());
});

test('a folder that is a file, or that cannot be made, is an error that names it', (t) => {
  const folder = ownState(t);
  writeFileSync(join(folder, 'lockbench'), '');
  assert.throws(() => keepLast('{}'), /EEXIST|ENOTDIR/);
});

test("in another user's home root writes as that user", (t) => {
  if (!needs(t, process.getuid?.() === 0, 'only root can write as another user')) return;
  const home = temporaryDirectory(t);
  chownSync(home, NOBODY, NOBODY);
  writeState(join(home, '.local', 'state', 'lockbench'), 'last.json', '{}');
  for (const path of ['.local', '.local/state/lockbench', '.local/state/lockbench/last.json'])
    assert.equal(statSync(join(home, path)).uid, NOBODY, path);
});
