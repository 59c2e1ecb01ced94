/**
 * Words that name a module which exports a strategy: a path, or a package that is installed where we were started.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, type Stats, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '../base/usage-error.js';
import { quoted } from '../base/visible.js';
import { isSilent } from '../machine/answering.js';

const MODULE_FILE = /\.[cm]?[jt]s$/;
const TYPESCRIPT_FILE = /\.[cm]?ts$/;
const PACKAGE_NAME = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/;

/** null where there is nothing that can be looked at: a word may be too long for a name. */
function statusOf(path: string): Stats | null {
  if (isSilent(path)) return null;
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

const isDirectory = (path: string): boolean => statusOf(path)?.isDirectory() ?? false;

/** Whether a package of this name lies in a node_modules of the working directory or above it. */
function isInstalled(name: string, from = process.cwd()): boolean {
  if (existsSync(join(from, 'node_modules', name, 'package.json'))) return true;
  const above = dirname(from);
  return above !== from && isInstalled(name, above);
}

const isPackage = (word: string): boolean =>
  PACKAGE_NAME.test(word) && !isBuiltin(word) && !isDirectory(word) && isInstalled(word);

const isPath = (word: string): boolean =>
  word.startsWith('file:') || (MODULE_FILE.test(word) && !isDirectory(word));

/** Whether a word that is no strategy of the catalogue names a module, be it there or not. */
export const isModuleWord = (word: string): boolean => isPath(word) || isPackage(word);

/** By the rules for `import` from a module in the working directory, which Node applies to no other program's question. */
function entryOf(packageName: string): string | null {
  const ask = 'import { writeSync } from "node:fs"; writeSync(1, import.meta.resolve(process.argv[1]));';
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '--eval', ask, packageName],
    { encoding: 'utf8' },
  );
  return status === 0 && stdout.startsWith('file:') ? stdout : null;
}

function requireFile(word: string, path: string, option: string): void {
  if (isSilent(path)) {
    throw new UsageError(
      `${option}: the file system of ${quoted(word)} does not answer`,
      'name another module, or see what serves this one',
    );
  }
  const status = statusOf(path);
  if (status?.isFile() !== true) {
    const isFull = word.startsWith('file:') || isAbsolute(word);
    const missing = isFull ? 'does not exist' : `does not exist in ${quoted(process.cwd())}`;
    const fromHere = 'give its path from there, or its full path';
    throw new UsageError(
      `${option}: a module that exports a strategy was expected, ${quoted(word)} ${status === null ? missing : 'is no file'}`,
      status === null && !isFull ? fromHere : 'name its file, such as ./my-lock.mjs',
    );
  }
  // Types of Node 20, which cannot, do not know the question.
  const { typescript = false } = process.features as { typescript?: string | false };
  if (TYPESCRIPT_FILE.test(path) && typescript === false) {
    throw new UsageError(
      `${option}: a module in JavaScript was expected, since Node ${process.version} does not run TypeScript, got ${quoted(word)}`,
      'compile it, or use Node 22.18 or later',
    );
  }
}

/** The `file:` URL of the module that a word names. `option`: what a refusal begins with. Throws UsageError. */
export function moduleUrl(word: string, option: string): string {
  if (!isPath(word)) {
    const entry = entryOf(word);
    if (entry !== null) return entry;
    throw new UsageError(
      `${option}: a package that can be imported was expected, ${quoted(word)} has no entry point`,
      'name the file in it that exports the strategy',
    );
  }
  const url = word.startsWith('file:') ? new URL(word) : pathToFileURL(resolve(word));
  requireFile(word, fileURLToPath(url), option);
  return url.href;
}
