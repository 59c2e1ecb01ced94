/**
 * Where a result goes: a file, standard output, a folder of results/. All are opened before the first round, so that
 * an unwritable one is known before the time is spent, and rewritten whole, so that no reader sees half a file.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/usage-error.js';
import { writeOut } from './standard-streams.js';

export interface Outputs<Value> {
  /** After each block. */
  save(result: Value): void;
  /** At the end. */
  finish(result: Value): void;
  /** Leaves nothing half-made behind, whatever happened. */
  close(): void;
}

/** For a result that nobody wants kept. */
export const NOWHERE: Outputs<unknown> = { save() {}, finish() {}, close() {} };

const asText = (result: unknown): string => `${JSON.stringify(result, null, 1)}\n`;

/** Throws UsageError for what kept a file from being opened. */
export function refuse(option: string, path: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  throw new UsageError(
    `${option}: a file that can be written was expected, ${JSON.stringify(path)} cannot be (${code})`,
    'name another place, or make its folder first',
  );
}

/** A file that is replaced whole: written beside its place, then renamed over it. */
function replacedFile(
  option: string,
  path: string,
  format: (value: unknown) => string = asText,
): Outputs<unknown> {
  const target = existsSync(path) ? realpathSync(path) : path;
  const part = `${target}.${process.pid}.part`;
  try {
    closeSync(openSync(part, 'wx'));
  } catch (error) {
    refuse(option, path, error);
  }
  const save = (result: unknown): void => {
    writeFileSync(part, format(result));
    renameSync(part, target);
  };
  return { save, finish: save, close: () => rmSync(part, { force: true }) };
}

/** Standard output, which may be a pipe whose reader is slow: Node waits for it, a synchronous write would fail. */
const standardOutput: Outputs<unknown> = {
  save() {},
  finish(result) {
    writeOut(asText(result));
  },
  close() {},
};

/** A device or a named pipe, which nothing can be renamed over. */
function device(option: string, path: string): Outputs<unknown> {
  let fd: number;
  try {
    fd = openSync(path, 'w');
  } catch (error) {
    refuse(option, path, error);
  }
  return { save() {}, finish: (result) => writeFileSync(fd, asText(result)), close: () => closeSync(fd) };
}

/** Where `--json` goes. Throws UsageError; then nothing is left. */
export function jsonOutput(path: string): Outputs<unknown> {
  if (path === '') refuse('--json', path, { code: 'ENOENT' });
  if (path === '-') return standardOutput;
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    refuse('--json', path, error);
  }
  if (stats?.isDirectory() === true) refuse('--json', path, { code: 'EISDIR' });
  return stats === undefined || stats.isFile() ? replacedFile('--json', path) : device('--json', path);
}

/** Where a drawing goes that `format` makes. Throws UsageError; then nothing is left. */
export function drawingOutput<Value>(
  option: string,
  path: string,
  format: (value: Value) => string,
): Outputs<Value> {
  return replacedFile(option, path, (value) => format(value as Value));
}

/** What lies beside a record's result.json, by name: a README, drawings. */
export type Companions<Value> = (value: Value, name: string) => Readonly<Record<string, string>>;

/** A new folder below results/; it stays only if something was finished. */
function recordOutput<Value>(name: string, companions: Companions<Value>): Outputs<Value> {
  const folder = join('results', name);
  const isFirst = !existsSync('results');
  try {
    if (isFirst) mkdirSync('results');
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new UsageError(
        `--record: a new name was expected, ${folder} exists`,
        'choose another name, or remove it',
      );
    }
    refuse('--record', folder, error);
  }
  const file = replacedFile('--record', join(folder, 'result.json'));
  let kept = false;
  const save = (result: Value): void => {
    file.save(result);
    kept = true;
    for (const [companion, text] of Object.entries(companions(result, name))) {
      writeFileSync(join(folder, companion), text);
    }
  };
  return {
    save,
    finish: save,
    close() {
      file.close();
      if (kept) return;
      rmdirSync(folder);
      if (isFirst) rmdirSync('results');
    },
  };
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
