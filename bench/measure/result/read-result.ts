/**
 * Result files, read back: whatever is the matter with one is told in a line that names it, and what was expected.
 */
import { closeSync } from 'node:fs';
import type { z } from 'zod';
import { AT_FDCWD, asName } from '../../../strategies/posix/at.js';
import { statusOf } from '../../../strategies/posix/file-status.js';
import { messageOf } from '../../base/error-message.js';
import { UsageError } from '../../base/usage-error.js';
import { quoted } from '../../base/visible.js';
import { openRegular, readAll } from '../../machine/files/open-file.js';

/** What a file shall hold. */
export interface ResultKind<Value> {
  /** Such as "a result of run". */
  readonly what: string;
  readonly version: number;
  readonly schema: z.ZodType<Value>;
  /** A member that each version of it has, and results of most other commands have not. */
  readonly member?: string;
}

const HINT = 'name another file, or measure again and write a new one';

/** What some JSON is, for people. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object of another kind' : `a ${typeof value}`;
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : null;
}

function fromJson(text: string): { readonly value: unknown } | { readonly flaw: string } {
  if (text.trim() === '') return { flaw: 'an empty file' };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { flaw: /^\s*[[{]/.test(text) ? 'JSON that is cut off or broken' : 'something that is not JSON' };
  }
}

/** `path`: what the text was read from. Throws UsageError. */
export function parseResult<Value>(
  text: string,
  path: string,
  { what, version, schema, member }: ResultKind<Value>,
): Value {
  const refuse = (came: string): never => {
    throw new UsageError(`${quoted(path)}: ${what}, version ${version}, was expected, got ${came}`, HINT);
  };
  const read = fromJson(text);
  if ('flaw' in read) return refuse(read.flaw);
  const found = versionOf(read.value);
  // The version of another command's result says nothing.
  if (member !== undefined && found !== null && !(member in (read.value as object)))
    return refuse('a result of another command ("lockbench report" reads them all)');
  if (typeof found === 'number' && found !== version) return refuse(`version ${found}`);
  const parsed = schema.safeParse(read.value);
  if (parsed.success) return parsed.data;
  if (found === null) return refuse(kindOf(read.value));
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return refuse(where === '' ? 'an object of another kind' : `one that is wrong at ${quoted(where)}`);
}

/** The text of a file, which may be a link to one. Throws if it is none: a named pipe would be waited for without end. */
function readFile(path: string): string {
  const fd = openRegular(AT_FDCWD, asName(path), { access: 'reading', follow: true });
  try {
    return readAll(fd, statusOf(fd).size).toString('utf8');
  } finally {
    closeSync(fd);
  }
}

/** The text of a file that shall hold `expected`. Throws UsageError. */
export function readText(path: string, expected: string): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new UsageError(
      `${quoted(path)}: ${expected} was expected, it cannot be read: ${messageOf(error)}`,
      HINT,
    );
  }
}

/** Throws UsageError. */
export const readResult = <Value>(path: string, kind: ResultKind<Value>): Value =>
  parseResult(readText(path, `${kind.what}, version ${kind.version}`), path, kind);
