/**
 * A project that is built as this one is, by this one's bin/, but has three sources and a compiler that does what a test
 * wants: how builds are made, shared and replaced is seen in milliseconds.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { projectRoot } from '../../bench/machine/project.js';
import { type Ended, endOf, temporaryDirectory } from './support.js';

/** "Compiles" by copying, after what the project's file `compiler.cjs` does, if there is one. */
const COMPILER = `
const { appendFileSync, cpSync, existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const after = (word) => process.argv[process.argv.indexOf(word) + 1];
const [root, out] = [after('--project'), after('--outDir')];
appendFileSync(join(root, 'compiled'), process.pid + '\\n');
if (existsSync(join(root, 'compiler.cjs'))) require(join(root, 'compiler.cjs'));
for (const folder of ['bench', 'strategies', 'test'])
  for (const name of readdirSync(join(root, folder)))
    cpSync(join(root, folder, name), join(out, folder, name.replace(/ts$/, 'js')));
`;

/** Prints its version; with the word "wait" it loads that later, when its standard input has ended. */
const PROGRAM = `
if (process.argv[2] === 'wait') {
  console.log('runs');
  for await (const _ of process.stdin);
}
const { version } = await import('../strategies/version.js');
console.log(version);
`;

/** For what never comes, on however slow a machine. */
const LIMIT_MS = 120_000;

/** A start of the project's program. */
export class SmallStart {
  readonly ended: Promise<Ended>;
  #said = '';
  #heard: () => void = () => {};

  constructor(readonly child: ChildProcess) {
    this.ended = endOf(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: string) => {
        this.#said += text;
        this.#heard();
      });
    }
  }

  /** Waits until it has said so, on either stream. Throws if it ends before, or does nothing for so long. */
  async says(what: RegExp): Promise<void> {
    let ended = false;
    const limit = AbortSignal.timeout(LIMIT_MS);
    const wakes = new Promise<void>((resolve) => {
      limit.addEventListener('abort', () => resolve());
      void this.ended.then(() => {
        ended = true;
        resolve();
      });
    });
    while (!what.test(this.#said)) {
      assert.ok(!ended && !limit.aborted, `${what} was expected, it said ${JSON.stringify(this.#said)}`);
      const heard = new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
      await Promise.race([heard, wakes]);
    }
  }
}

export class SmallProject {
  constructor(
    private readonly test: TestContext,
    readonly root: string = temporaryDirectory(test),
  ) {
    cpSync(join(projectRoot, 'bin'), join(root, 'bin'), { recursive: true });
    this.write('package.json', '{ "type": "module" }');
    this.write('package-lock.json', '{}');
    this.write('tsconfig.json', '{}');
    this.write('bench/cli.ts', PROGRAM);
    this.write('test/some.test.ts', '');
    this.version = 'one';
    this.write('node_modules/typescript/package.json', '{}');
    this.write('node_modules/typescript/bin/tsc', COMPILER);
    mkdirSync(join(root, 'node_modules', '@typescript', `typescript-${process.platform}-${process.arch}`), {
      recursive: true,
    });
    symlinkSync(join(projectRoot, 'node_modules', 'koffi'), join(root, 'node_modules', 'koffi'));
  }

  /** What the program prints. */
  set version(version: string) {
    this.write('strategies/version.ts', `export const version = '${version}';`);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  start(
    words: readonly string[] = [],
    { uid, bin = 'lockbench.mjs' }: { uid?: number; bin?: string } = {},
  ): SmallStart {
    const child = spawn(process.execPath, [join(this.root, 'bin', bin), ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.test.after(() => child.kill('SIGKILL'));
    return new SmallStart(child);
  }

  /** Runs the program to its end. */
  run(...words: string[]): Promise<Ended> {
    const started = this.start(words);
    started.child.stdin?.end();
    return started.ended;
  }

  build(): Promise<Ended> {
    return this.start([], { bin: 'build.mjs' }).ended;
  }

  /**
   * Starts the program with a compiler that stops before it writes anything, and waits until it has come there. `release`
   * lets it go on. Throws if the start ends instead.
   */
  async startHeld(): Promise<{ started: SmallStart; release(): Promise<void> }> {
    const gate = join(this.root, 'gate');
    execFileSync('mkfifo', [gate]);
    this.write('compiler.cjs', `require('node:fs').readFileSync(${JSON.stringify(gate)})`);
    const started = this.start();
    // Opened when the compiler opens the other end, which reads until this one is closed.
    const opening = open(gate, 'w');
    const ended = await Promise.race([started.ended, opening.then(() => undefined)]);
    if (ended === undefined) return { started, release: async () => (await opening).close() };
    const reader = await open(gate, constants.O_RDONLY | constants.O_NONBLOCK);
    await (await opening).close();
    await reader.close();
    throw new Error(`the compiler was never started: ${ended.stderr}`);
  }

  /** The process ids of all compilers so far. */
  get compilers(): number[] {
    const log = join(this.root, 'compiled');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map(Number) : [];
  }

  /** Names of builds, whole or not. */
  get builds(): string[] {
    return readdirSync(this.root).filter((name) => name.startsWith('dist-') && name !== 'dist-lock');
  }
}
