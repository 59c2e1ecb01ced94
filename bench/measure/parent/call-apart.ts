/**
 * A function of ours that works in tested directories, called in a process of its own: a file system that does not answer
 * keeps that one, and not us.
 */
import type { CallJob, CallMessage } from '../worker/called-apart.js';
import { Child } from './child.js';
import { giveUp, USUAL_PATIENCE_NS } from './kept-directories.js';
import { endedOrAbandoned, unlessStuck } from './patience.js';

const PROGRAM = new URL('../worker/called-apart.js', import.meta.url);

/**
 * Calls a function that the module of this URL exports by its own name; what it gets and returns travels as JSON. Throws what
 * it throws, its message alone; and NoAnswer where one of `directories` does not answer.
 */
export async function callApart<Parameters extends readonly unknown[], Result>(
  module: string,
  { name }: (...parameters: Parameters) => Result | Promise<Result>,
  directories: readonly string[],
  ...parameters: Parameters
): Promise<Result> {
  const job: CallJob = { parentPid: process.pid, module, name, parameters };
  const child = new Child<CallMessage>(PROGRAM, job);
  try {
    const { value } = await unlessStuck(child.next(), child.pid, () => USUAL_PATIENCE_NS);
    return value as Result;
  } finally {
    child.kill();
    if (!(await endedOrAbandoned(child))) directories.forEach(giveUp);
  }
}
