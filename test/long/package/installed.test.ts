/**
 * The package as others get it: what `npm pack` holds, installed beside its dependencies, used from TypeScript and as a
 * command. Nothing is asked of the registry: the dependencies are those of this project.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { ownLock, writeModule } from '../../support/own-locks.js';
import { isRoot, needs, temporaryDirectory } from '../../support/support.js';

const PARTS = [
  'bench',
  'bin',
  'docs',
  'results',
  'strategies',
  'test',
  'LICENSE',
  'README.md',
  'package.json',
];
const MADE_OF = [...PARTS, 'package-lock.json', 'tsconfig.json', '.npmrc'];

const RESULT = 'result.json';
const NOBODY = { uid: 65_534, gid: 65_534 };

const PROGRAM = `import { type CompatPlace, type CrashScenario, compat, crash, defineStrategy, type Proof, prove, readResult, type Result, run, strategies, type SyncStrategy, UsageError } from 'lockbench';
import { writeFileSync } from 'node:fs';

const noLock = defineStrategy<SyncStrategy>({
  name: 'no-lock', title: 'no lock', family: 'control', source: 'none', calls: 'synchronous',
  claims: { excludes: false, excludesAsRoot: false, excludesAcrossNfs: 'not applicable', holderDies: 'released', owner: 'nobody' },
  open: () => ({ lock() {}, unlock() {}, close() {} }),
});
const quick = { processes: [2], rounds: 1, increments: 100, handoffs: 20 };
const first: Result = await run({ strategies: ['fcntl', './my-lock.mjs/yield'], ...quick });
const second: Result = await run({ strategies: ['flock'], ...quick });
writeFileSync('${RESULT}', JSON.stringify(first));
const read: Result = readResult('${RESULT}');
const proof: Proof = await prove('fcntl', { handoffs: 100 });
const place: CompatPlace = await compat(['fcntl', 'excl'], { handoffs: 0 });
const scenarios: CrashScenario[] = await crash('fcntl', { events: ['kill'] });
const ended = await run({ strategies: ['fcntl'], ...quick, signal: AbortSignal.abort() });
const refused: unknown = await run({ strategies: ['no-such'] }).catch((error: unknown) => error);
console.log(JSON.stringify({
  name: noLock.name, known: strategies.includes('fcntl'),
  states: [...read.cells, ...second.cells].map(({ strategy, state }) => [strategy, state]),
  verdicts: [...new Set(proof.checks.map(({ verdict }) => verdict))],
  met: place.cells.map(({ holder, other, verdict }) => [holder, other, verdict]),
  outcomes: scenarios.map((one) => (one.state === 'played' ? one.outcome : one.reason)),
  ended: ended.cells.length, refused: refused instanceof UsageError,
}));
`;

const CONFIG = {
  compilerOptions: {
    ...{ target: 'es2023', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] },
    exactOptionalPropertyTypes: true,
  },
  files: ['main.mts'],
};

/** Runs the program as this user, or as another, and looks at what it found. */
function requireRun(user: string, asRoot: boolean, other: { uid: number; gid: number } | object = {}): void {
  const said = execFileSync(process.execPath, ['main.mjs'], { cwd: user, encoding: 'utf8', ...other });
  assert.deepEqual(JSON.parse(said), {
    ...{ name: 'no-lock', known: true },
    states: [
      ['fcntl', 'measured'],
      ['my-lock', 'measured'],
      ['flock', 'measured'],
    ],
    verdicts: asRoot ? ['holds'] : ['holds', 'not-proven'],
    met: [
      ['fcntl', 'fcntl', 'not-proven'],
      ['excl', 'excl', 'not-proven'],
      ['fcntl', 'excl', 'does-not-see-it'],
      ['excl', 'fcntl', 'does-not-see-it'],
    ],
    ...{ outcomes: ['released'], ended: 0, refused: true },
  });
}

const LOOKS = 'require("node:fs").accessSync(process.argv[1], 4)';

/** Whether a user without privileges can run Node, and read what is installed there. */
const reaches = (root: string): boolean =>
  spawnSync(process.execPath, ['-e', LOOKS, join(root, 'node_modules', 'koffi', 'package.json')], {
    ...NOBODY,
    stdio: 'ignore',
  }).status === 0;

test('the package can be installed, compiled against, run and started as a command', async (t) => {
  const native = join(projectRoot, 'node_modules', '@typescript', `typescript-linux-${process.arch}`);
  if (!needs(t, existsSync(native), 'no compiler for this kind of machine is installed')) return;
  const home = temporaryDirectory(t);
  const [project, user] = [join(home, 'project'), join(home, 'user')];
  mkdirSync(project);
  for (const part of MADE_OF) cpSync(join(projectRoot, part), join(project, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(project, 'node_modules'));
  const env = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  const packed = execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', home], {
    ...{ cwd: project, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const [{ filename, files }] = JSON.parse(packed.slice(packed.indexOf('['))) as [
    { filename: string; files: { path: string }[] },
  ];
  const paths = files.map(({ path }) => path);
  for (const needed of [
    'LICENSE',
    'dist/bench/cli.js',
    'dist/bench/lockbench.d.ts',
    'bench/lab/lab.sh',
    'docs/your-own-lock.md',
  ])
    assert.ok(paths.includes(needed), needed);
  const odd = paths.filter((path) =>
    /^test\/|dist\/test|dist\/bench\/dev|^\.|package-lock|tsconfig/.test(path),
  );
  assert.deepEqual(odd, []);

  // As npm lays it out: the package among its dependencies.
  const modules = join(user, 'node_modules');
  mkdirSync(join(modules, 'lockbench'), { recursive: true });
  execFileSync('tar', [
    '-xzf',
    join(home, filename),
    '-C',
    join(modules, 'lockbench'),
    '--strip-components=1',
  ]);
  for (const name of readdirSync(join(projectRoot, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
  chmodSync(user, 0o755);
  writeModule(user, 'my-lock.mjs', ownLock());
  writeFileSync(join(user, 'main.mts'), PROGRAM);
  writeFileSync(join(user, 'tsconfig.json'), JSON.stringify(CONFIG));
  writeFileSync(join(user, 'package.json'), '{"name":"user","private":true,"type":"module"}');
  execFileSync(process.execPath, [join(modules, 'typescript', 'bin', 'tsc'), '--project', user], {
    stdio: 'inherit',
  });
  requireRun(user, isRoot);
  await t.test('and by a user without privileges, where another one installed it', (t) => {
    if (!needs(t, isRoot, 'only root can be another user, too')) return;
    if (!needs(t, reaches(projectRoot), `${projectRoot} cannot be reached by other users`)) return;
    rmSync(join(user, RESULT));
    chmodSync(user, 0o777);
    requireRun(user, false, NOBODY);
  });

  const command = join(modules, 'lockbench', 'bin', 'lockbench.mjs');
  const listed = execFileSync(process.execPath, [command, 'explain', 'fcntl'], {
    cwd: user,
    encoding: 'utf8',
  });
  assert.match(listed, /fcntl record lock/);
});
