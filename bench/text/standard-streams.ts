/**
 * Standard output and standard error. Data goes to the one, messages and progress go to the other, and everything passes
 * through here.
 *
 * A reader that has gone (`| head -1`) or a full disk behind a redirection ends what is printed and nothing else: what is
 * measured is still saved, what was made is still removed, and the exit code tells. Written to directly, a stream that fails
 * throws an error that nobody catches: the program would end at once, with exit code 1, which says that a claim was broken.
 */
import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { named } from '../base/errno-names.js';
import { ALL_WELL, endedBy, INCOMPLETE } from '../base/exit-codes.js';
import { visibleLines } from '../base/visible.js';
import { wrapped } from './words.js';

const OUT = 1;
const ERR = 2;
type Descriptor = typeof OUT | typeof ERR;

/** From here on an exit code names a signal. */
const SIGNALLED = 128;

const streamOf = (fd: Descriptor): NodeJS.WriteStream => (fd === OUT ? process.stdout : process.stderr);

/** By stream, and by the words for another place that data was to go to. */
const failures = new Map<Descriptor | string, NodeJS.ErrnoException>();
const listeners = new Set<() => void>();

const isUnread = (error: NodeJS.ErrnoException | undefined): boolean => error?.code === 'EPIPE';

/** Whether both streams are the same pipe or file, as after `2>&1`. */
function areOne(): boolean {
  const [out, err] = [fstatSync(OUT), fstatSync(ERR)];
  return out.dev === err.dev && out.ino === err.ino;
}

/** The first failure of a stream is its end. */
function fail(fd: Descriptor, error: NodeJS.ErrnoException): void {
  if (failures.has(fd)) return;
  failures.set(fd, error);
  if (isUnread(error)) {
    if (fd === ERR && areOne()) failures.set(OUT, error);
    if (failures.has(OUT)) for (const listener of listeners) listener();
  } else if (fd === OUT) {
    say(`lockbench: standard output cannot be written to: ${error.message}`);
  }
}

for (const fd of [OUT, ERR] as const) {
  streamOf(fd).on('error', (error: NodeJS.ErrnoException) => fail(fd, error));
}

/** It was seen without writing that nobody reads standard error any more: the same as if a message had found no reader. */
export function messagesUnread(): void {
  fail(ERR, Object.assign(new Error('EPIPE: broken pipe'), { code: 'EPIPE' }));
}

/** A place that data was to go to cannot be written to: it is said, and the exit code will tell. */
export function outputFailed(what: string, error: NodeJS.ErrnoException): void {
  if (failures.has(what)) return;
  failures.set(what, error);
  say(`lockbench: ${what} cannot be written to: ${error.message}`);
}

/** Whether some output besides the standard streams has failed, and was complained of. */
export const anyOutputFailed = (): boolean => [...failures.keys()].some((where) => typeof where === 'string');

/** Whether a stream is written to directly: a file takes what it has room for, and Node's stream drops the rest in silence. */
const direct = new Map<Descriptor, boolean>();

function isDirect(fd: Descriptor): boolean {
  let answer = direct.get(fd);
  if (answer === undefined) {
    const stats = fstatSync(fd);
    answer = (stats.isFile() || stats.isCharacterDevice()) && !isatty(fd);
    direct.set(fd, answer);
  }
  return answer;
}

function write(fd: Descriptor, data: string | Uint8Array): void {
  if (failures.has(fd)) return;
  try {
    if (isDirect(fd)) {
      const bytes = Buffer.from(data);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    } else {
      // A pipe whose reader is slow: Node waits for it, a synchronous write would fail.
      streamOf(fd).write(data);
    }
  } catch (error) {
    fail(fd, error as NodeJS.ErrnoException);
  }
}

/** Data, as it is, to standard output. */
export const writeOut = (data: string | Uint8Array): void => write(OUT, data);

/** Messages and progress, as they are, to standard error. */
export const writeErr = (data: string | Uint8Array): void => write(ERR, data);

/** Whether colours of our own may be in what is printed. */
let coloured = false;

/** From here on `print` lets colours through. Names that are not ours are made visible where they are put in a text. */
export function allowColours(): void {
  coloured = true;
}

const ESCAPE = '\x1b';
/** What Chalk makes, and nothing else that a terminal would obey. */
const COLOUR = new RegExp(`(${ESCAPE}\\[\\d{1,2}m)`);

/** Whatever slipped through: no text moves the cursor or sets a title. */
const checked = (text: string): string =>
  coloured
    ? text
        .split(COLOUR)
        .map((part) => (COLOUR.test(part) ? part : visibleLines(part)))
        .join('')
    : visibleLines(text);

/** Columns that narrower terminals do not have: less would leave no room for words. */
const LEAST_WIDTH = 20;

/** Of the terminal, or of what COLUMNS says it is; null where lines may be as long as they like. */
function widthOf(fd: Descriptor): number | null {
  // A terminal that nobody gave a size, such as mpirun's, says 0.
  const width = streamOf(fd).columns || Number(process.env.COLUMNS);
  return width >= LEAST_WIDTH ? width : null;
}

/** In characters; null where output goes to no terminal, and nobody said how wide it shall be. */
export const outputWidth = (): number | null => widthOf(OUT);

/** Broken between words, where there is a width. */
function laidOut(text: string, fd: Descriptor): string {
  const width = widthOf(fd);
  return width === null ? text : wrapped(text, width);
}

/** A line of text for people, or several. */
export const print = (text: string): void => writeOut(`${laidOut(checked(text), OUT)}\n`);

/** A line of a message, or several. No message has colours. */
export const say = (text: string): void => writeErr(`${laidOut(visibleLines(named(text)), ERR)}\n`);

/** Calls `listener` when nobody reads standard output any more, at once if that is so. Returns what withdraws the listener. */
export function onUnread(listener: () => void): () => void {
  listeners.add(listener);
  if (isUnread(failures.get(OUT))) listener();
  return () => listeners.delete(listener);
}

/** The exit code of another program, which this one ends with. */
let foreign: number | null = null;

/** Ends this process with the code of another program, which was run on behalf of the user: it is not about our output. */
export function endWithCodeOf(code: number): void {
  foreign = code;
  process.exitCode = code;
}

/**
 * The exit code of a program that would end with `code`: what could not be delivered is not "all well". One that was ended
 * by a signal, and one that failed when standard error was lost, say so still.
 */
function exitCodeFor(code: number): number {
  const [lost] = [...failures].flatMap(([where, error]) => (where === ERR ? [] : [error]));
  const failure = lost ?? (code === ALL_WELL ? failures.get(ERR) : undefined);
  if (failure === undefined || code > SIGNALLED) return code;
  return isUnread(failure) ? endedBy('SIGPIPE') : INCOMPLETE;
}

/** Has the process end with `exitCodeFor`, however its exit code comes about. */
export function exitByStreams(): void {
  process.on('exit', (code) => {
    process.exitCode = foreign ?? exitCodeFor(code);
  });
}
