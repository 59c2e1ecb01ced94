/**
 * Where a result goes: a file, standard output, a folder of results/. All are opened before the first round, so that
 * an unwritable one is known before the time is spent, and rewritten whole, so that no reader sees half a file.
 */
import { closeSync, existsSync, mkdirSync, realpathSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { AT_REMOVEDIR, asName, mkdirat, unlinkat } from '../../strategies/posix/at.js';
import { openBelow, openDirectory } from '../../strategies/posix/directory.js';
import { EEXIST, fail } from '../../strategies/posix/errno.js';
import { statusOf } from '../../strategies/posix/file-status.js';
import { errno } from '../../strategies/posix/libc.js';
import { UsageError } from '../base/usage-error.js';
import { visibleLines } from '../base/visible.js';
import { ReplacedFile, removeLeftParts } from '../machine/files/replaced-file.js';
import { type Destination, isStandardOutput, openDestination, refuse } from './destination.js';
import { writeOut } from './standard-streams.js';

export interface Outputs<Value> {
  /** After each block. */
  save(result: Value): void;
  /** At the end. */
  finish(result: Value): void;
  /** Leaves nothing half-made behind, whatever happened. */
  close(): void;
}

/** Outputs for what has still to be made into what is kept. */
export const madeInto = <Value, Kept>(
  { save, finish, close }: Outputs<Kept>,
  make: (value: Value) => Kept,
): Outputs<Value> => ({ save: (value) => save(make(value)), finish: (value) => finish(make(value)), close });

/** For a result that nobody wants kept. */
export const NOWHERE: Outputs<unknown> = { save() {}, finish() {}, close() {} };

/** JSON by itself lets through what reverses or hides text on a terminal. */
export const asText = (result: unknown): string => `${visibleLines(JSON.stringify(result, null, 1))}\n`;

/** Standard output, which may be a pipe whose reader is slow: Node waits for it, a synchronous write would fail. */
const standardOutput: Outputs<unknown> = {
  save() {},
  finish(result) {
    writeOut(asText(result));
  },
  close() {},
};

/** What `format` makes of a result, to one destination. */
function outputTo<Value>(destination: Destination, format: (value: Value) => string): Outputs<Value> {
  const replace = (value: Value): void => destination.replace(format(value));
  return {
    save: destination.isFile ? replace : () => {},
    finish: replace,
    close: () => destination.close(),
  };
}

/** Where `--json` goes. Throws UsageError; then nothing is left. */
export const jsonOutput = (path: string): Outputs<unknown> =>
  path === '-' ? standardOutput : outputTo(openDestination('--json', path), asText);

/** Where a drawing goes, or another form of a result, that `format` makes. Throws UsageError; then nothing is left. */
export function drawingOutput<Value>(
  option: string,
  path: string,
  format: (value: Value) => string,
): Outputs<Value> {
  if (path === '-' || isStandardOutput(path)) {
    throw new UsageError(
      `${option}: a file was expected, got ${JSON.stringify(path)}`,
      'standard output has the table; name a file',
    );
  }
  return outputTo(openDestination(option, path), format);
}

/** What lies beside a record's result.json, by name: a README, drawings. */
export type Companions<Value> = (value: Value, name: string) => Readonly<Record<string, string>>;

/**
 * Makes a folder in the one that `parent` is open on; one that holds nothing but what a killed run had begun is made anew.
 * Returns its descriptor. Throws UsageError if there is one, SystemError if it cannot be made.
 */
function makeFolder(parent: number, name: string, path: string): number {
  const bytes = asName(name);
  if (mkdirat(parent, bytes, 0o777) === -1) {
    if (errno() !== EEXIST) fail('mkdir', path);
    const left = openBelow(parent, bytes);
    removeLeftParts(left, null);
    closeSync(left);
    if (unlinkat(parent, bytes, AT_REMOVEDIR) === -1 || mkdirat(parent, bytes, 0o777) === -1) {
      throw new UsageError(
        `--record: a new name was expected, ${path} exists`,
        'choose another name, or remove it',
      );
    }
  }
  const fd = openBelow(parent, bytes);
  if (statusOf(fd).uid === process.geteuid?.()) return fd;
  closeSync(fd);
  return refuse('--record', path, { code: 'ESTALE' });
}

/** Writes a file of a folder that is open, whole. Throws SystemError. */
function writeInto(folder: number, name: string, text: string): void {
  const file = new ReplacedFile(folder, asName(name), name, null);
  try {
    file.replace(text);
  } finally {
    file.close();
  }
}

/** A new folder below results/; it stays only if something was finished. */
function recordOutput<Value>(name: string, companions: Companions<Value>): Outputs<Value> {
  const path = join('results', name);
  const isFirst = !existsSync('results');
  let parent: number | undefined;
  let folder: number;
  let file: ReplacedFile;
  try {
    if (isFirst) mkdirSync('results');
    parent = openDirectory(realpathSync('results'));
    folder = makeFolder(parent, name, path);
    file = new ReplacedFile(folder, asName('result.json'), join(path, 'result.json'), null);
  } catch (error) {
    if (parent !== undefined) closeSync(parent);
    if (error instanceof UsageError) throw error;
    return refuse('--record', path, error);
  }
  const above = parent;
  let kept = false;
  const save = (result: Value): void => {
    file.replace(asText(result));
    kept = true;
    for (const [companion, text] of Object.entries(companions(result, name))) {
      writeInto(folder, companion, text);
    }
  };
  return {
    save,
    finish: save,
    close() {
      file.close();
      closeSync(folder);
      if (!kept) unlinkat(above, asName(name), AT_REMOVEDIR);
      closeSync(above);
      if (!kept && isFirst) removeIfEmpty('results');
    },
  };
}

/** Others may have recorded something meanwhile. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is in use.
  }
}

/** Opens one after another, as one. Throws UsageError when one cannot be opened; then nothing is left of the others. */
export function openAll<Value>(openers: readonly (() => Outputs<Value>)[]): Outputs<Value> {
  const outputs: Outputs<Value>[] = [];
  const close = (): void => {
    for (const output of outputs) output.close();
  };
  try {
    for (const open of openers) outputs.push(open());
  } catch (error) {
    close();
    throw error;
  }
  return {
    save(result) {
      for (const output of outputs) output.save(result);
    },
    finish(result) {
      for (const output of outputs) output.finish(result);
    },
    close,
  };
}

/** Opens what was asked for. Throws UsageError; then nothing is left. */
export const openOutputs = <Value>(
  { json, record }: { readonly json: string | null; readonly record: string | null },
  companions: Companions<Value>,
): Outputs<Value> =>
  openAll<Value>([
    ...(json === null ? [] : [() => jsonOutput(json)]),
    ...(record === null ? [] : [() => recordOutput(record, companions)]),
  ]);
