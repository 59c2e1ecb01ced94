/**
 * A process that has one function of one of our modules make something, says what, and removes it when its standard input ends.
 */
import { once } from 'node:events';
import { dieWithParent } from '../../../strategies/posix/own-process.js';
import { runProgram, sayJson } from '../../base/program.js';
import type { CallJob } from './called-apart.js';
import { exportedBy } from './exported.js';

/** What such a function returns. */
export interface Made<T> {
  /** Fit for JSON. */
  readonly value: T;
  /** Throws an Error that names what could not be removed. */
  remove(): void;
}

export type MadeMessage =
  | { readonly at: 'made'; readonly value: unknown }
  | { readonly at: 'removed' }
  | { readonly at: 'error'; readonly message: string };

const say: (message: MadeMessage) => void = sayJson;

await runProgram<CallJob>(async ({ parentPid, module, name, parameters }) => {
  dieWithParent(parentPid);
  const make = await exportedBy(module, name);
  const made = (await make(...parameters)) as Made<unknown>;
  say({ at: 'made', value: made.value });
  process.stdin.resume();
  await once(process.stdin, 'end');
  made.remove();
  say({ at: 'removed' });
  process.exit(0);
});
