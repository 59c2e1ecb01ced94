/**
 * What is made in a tested directory, used for a while and removed: by a process of its own, since a file system that does not
 * answer keeps that one, and not us. What it opens and locks it has until it ends.
 */
import type { CallJob } from '../worker/called-apart.js';
import type { Made, MadeMessage } from '../worker/made-apart.js';
import { Child } from './child.js';
import { giveUp, patienceOf, stillThere } from './kept-directories.js';
import { endedOrAbandoned, NoAnswer, unlessStuck } from './patience.js';
import { keepUnremoved } from './unremoved.js';

const PROGRAM = new URL('../worker/made-apart.js', import.meta.url);

/** What another process has made. */
export interface MadeApart<T> {
  readonly value: T;
  /** Throws an Error that names what could not be removed. */
  remove(): Promise<void>;
}

/** Where something is made, and for how long the process that makes it may do nothing: it may wait for a program. */
interface Making {
  readonly directory: string;
  readonly patienceNs: number;
}

/**
 * Has a function called that `module` exports by its own name, to make something; its parameters and the value travel as JSON.
 * Throws what it throws, its message alone; and NoAnswer where the directory does not answer.
 */
export async function makeApart<Parameters extends readonly unknown[], T>(
  module: string,
  { name }: (...parameters: Parameters) => Made<T>,
  { directory, patienceNs }: Making,
  ...parameters: Parameters
): Promise<MadeApart<T>> {
  const job: CallJob = { parentPid: process.pid, module, name, parameters };
  const child = new Child<MadeMessage>(PROGRAM, job, { takesOrders: true, staysForCleaning: true });
  const said = async (): Promise<MadeMessage> => {
    try {
      return await unlessStuck(child.next(), child.pid, patienceOf(patienceNs));
    } catch (error) {
      child.kill();
      if (!(await endedOrAbandoned(child)) || error instanceof NoAnswer) giveUp(directory);
      throw error;
    }
  };
  let message: MadeMessage;
  try {
    message = await said();
  } catch (error) {
    if (error instanceof NoAnswer) keepUnremoved(stillThere(directory, error));
    throw error;
  }
  if (message.at !== 'made') throw new Error(`${name} was expected to be made first, it says ${message.at}`);
  return {
    value: message.value as T,
    async remove() {
      child.noMoreOrders();
      try {
        await said();
        await endedOrAbandoned(child);
      } catch (error) {
        throw error instanceof NoAnswer ? stillThere(directory, error) : error;
      }
    },
  };
}
