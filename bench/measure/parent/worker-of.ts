/**
 * From a runtime's name to the program that contends for a lock in it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadStrategy } from '../../../strategies/index.js';
import type { Strategy, SyncStrategy } from '../../../strategies/strategy.js';
import { projectRoot } from '../../machine/project.js';
import type { Runtime, StrategySpec } from '../worker/strategy-spec.js';
import { cProgram } from './c-worker.js';
import type { ForeignWorker, NoWorker } from './foreign-worker.js';

const NO_LOCK = 'none';
const ROOT = '/';

function inC(strategy: string): ForeignWorker | NoWorker {
  const [program, rogue] = [strategy, NO_LOCK].map(cProgram);
  if (typeof program !== 'string') return program ?? { reason: 'it was not made' };
  if (typeof rogue !== 'string') return rogue ?? { reason: 'it was not made' };
  return { runtime: 'c', words: [program], rogue: [rogue], warmsUp: false, cwd: ROOT };
}

const PYTHON = join(projectRoot, 'bench', 'workers', 'python', 'catalogue.py');
let python: boolean | null = null;

function inPython(): ForeignWorker | NoWorker {
  python ??= spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!python || !existsSync(PYTHON))
    return { reason: 'there is no Python 3; install one, for example with "apt-get install python3"' };
  // What it compiles is kept nowhere: the tree may be another user's.
  const words = ['python3', '-B', PYTHON];
  return { runtime: 'python', words, rogue: words, warmsUp: false, cwd: ROOT };
}

/** Finds our module for Python, wherever lockbench is installed. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in
const WITH_MODULE = 'export PYTHONPATH="$0${PYTHONPATH:+:$PYTHONPATH}" PYTHONDONTWRITEBYTECODE=1';

/** By the shell, so that it is written as at a prompt; in its place, so that it is our child and not the shell's. */
const ofUser = (command: string): ForeignWorker => {
  const words = ['/bin/sh', '-c', `${WITH_MODULE}; exec ${command} "$@"`, dirname(PYTHON)];
  return { runtime: 'worker', words, rogue: words, warmsUp: true, cwd: process.cwd() };
};

/** The program, or why there is none; null for Node's own worker. */
export function workerOf(strategy: string, runtime: Runtime): ForeignWorker | NoWorker | null {
  if (typeof runtime === 'object') return ofUser(runtime.command);
  if (runtime === 'node') return null;
  return runtime === 'c' ? inC(strategy) : inPython();
}

/** A lock of which we know no more than that it shall exclude: it is in a user's worker. */
const lockOfUser = (name: string): SyncStrategy => ({
  name,
  title: 'a lock of the user’s own worker',
  family: 'kernel file lock',
  source: 'the worker named by --worker',
  claims: {
    excludes: true,
    excludesAsRoot: true,
    excludesAcrossNfs: { v3: true, v4: true },
    holderDies: 'released',
    owner: 'process',
  },
  calls: 'synchronous',
  open() {
    throw new Error(`${name}: this lock is in the user’s own worker`);
  },
});

/** What a strategy claims and prepares, whatever it runs in. Throws if the catalogue has none of that name. */
export const loadContender = ({ strategy, runtime }: StrategySpec): Promise<Strategy> =>
  typeof runtime === 'object' ? Promise.resolve(lockOfUser(strategy)) : loadStrategy(strategy);
