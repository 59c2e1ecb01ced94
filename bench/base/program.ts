/**
 * What the programs that a parent starts have in common: a job of JSON as their argument, a line of JSON on a descriptor of
 * its own for each thing that they say, and how an error is told. Standard output is left to libraries that print.
 */
import { writeSync } from 'node:fs';

/** The descriptor for what is said; the one before it may be a round's control block. */
export const MESSAGES_FD = 4;

/** Says something to the parent. At once, since a stream would keep it back, and a process that is killed never sends it. */
export function sayJson(message: object): void {
  writeSync(MESSAGES_FD, `${JSON.stringify(message)}\n`);
}

/** Does the job that the last argument holds; an error is the last thing that the program says, as a message `error`. */
export async function runProgram<Job>(work: (job: Job) => Promise<void>): Promise<void> {
  try {
    await work(JSON.parse(process.argv.slice(2).at(-1) ?? '{}') as Job);
  } catch (error) {
    // Loaded here: most workers start without an error, and every file costs their start.
    const { messageOf } = await import('./error-message.js');
    sayJson({ at: 'error', message: messageOf(error) });
    process.exit(1);
  }
}
