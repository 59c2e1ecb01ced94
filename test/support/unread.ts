/**
 * The end of a pipe to write to, and a reader that goes away when a test says so: no race between a program and its reader.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryDirectory } from './support.js';

export interface ReadPipe {
  readonly path: string;
  /** For the program to write to. */
  readonly writer: number;
  readonly reader: number;
  /** The reader goes. */
  leave(): void;
}

/** A pipe whose both ends are ours, until the test is over. */
export function readPipe(t: TestContext): ReadPipe {
  const path = join(temporaryDirectory(t), 'pipe');
  spawnSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  let reading = true;
  const leave = (): void => {
    if (reading) closeSync(reader);
    reading = false;
  };
  t.after(() => {
    leave();
    closeSync(writer);
  });
  return { path, writer, reader, leave };
}

/** The end of a pipe that nobody reads. */
export function unreadPipe(t: TestContext): number {
  const { writer, leave } = readPipe(t);
  leave();
  return writer;
}

/** What a pipe holds by now; nothing is waited for. */
export function readAvailable(reader: number): string {
  const bytes = Buffer.alloc(65_536);
  try {
    return bytes.toString('utf8', 0, readSync(reader, bytes));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  }
}
