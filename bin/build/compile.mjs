/** The compiler as a process that leaves nothing behind, and what it says when it fails. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildError } from './error.mjs';

const guard = fileURLToPath(new URL('guard.mjs', import.meta.url));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** One mistake in what all import is found in each of them. */
const SHOWN_LINES = 40;
/** How the compiler says that it could not write a file, which it does for each of hundreds. */
const NOT_WRITTEN = /error TS5033: .*?'[^']*': (?<why>.*)/;

/**
 * The compiler's command. The compiler itself is a package a kind of machine, all of them optional to npm: where none was
 * to be installed, an older one, in JavaScript, makes the same files. What its age lets it find wrong with the types is
 * not asked.
 */
function compilerIn(root) {
  const packages = join(root, 'node_modules');
  const native = existsSync(join(packages, '@typescript', `typescript-${process.platform}-${process.arch}`));
  const path = join(packages, native ? 'typescript' : 'typescript-in-javascript', 'bin', 'tsc');
  if (!existsSync(path))
    throw new BuildError(`its packages were expected, they are not installed; run "npm ci" in ${root}`);
  return native ? [path] : [path, '--noCheck'];
}

/**
 * Compiles the sources in `root` into `folder`. Throws BuildError, after the compiler's output, if they cannot be. A signal
 * ends the compiler, and then, after `clean`, this process.
 */
export async function compile(root, folder, clean) {
  const words = [guard, ...compilerIn(root), '--project', root, '--noEmit', 'false', '--outDir', folder];
  // A process group of its own, so that a signal ends the compiler and what it has started before the folder goes.
  const child = spawn(process.execPath, words, { stdio: 'pipe', detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  let ended;
  const end = (signal) => {
    ended = signal;
    process.kill(-child.pid, 'SIGKILL');
  };
  for (const signal of SIGNALS) process.on(signal, end);
  const how = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? code));
  }).finally(() => {
    for (const signal of SIGNALS) process.off(signal, end);
  });
  if (ended !== undefined) {
    clean();
    process.exit(128 + constants.signals[ended]);
  }
  if (how === 0) return;
  const why = NOT_WRITTEN.exec(said)?.groups.why;
  if (why !== undefined)
    throw new BuildError(`${root} was expected to have room for a build, it could not be written: ${why}`);
  const lines = said.trimEnd().split('\n');
  const more = lines.length - SHOWN_LINES;
  console.error(
    [...lines.slice(0, SHOWN_LINES), ...(more > 0 ? [`… and ${more} more lines`] : [])].join('\n'),
  );
  throw new BuildError(
    typeof how === 'string'
      ? `the compiler was expected to end by itself, ${how} ended it; start again`
      : `the sources in ${root} were expected to compile, they do not: the compiler's reasons stand above`,
  );
}
