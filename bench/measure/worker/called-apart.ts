/**
 * A process that calls one function of one of our modules, and says what it returned.
 */
import { dieWithParent } from '../../../strategies/posix/own-process.js';
import { runProgram, sayJson } from '../../base/program.js';
import { exportedBy } from './exported.js';

export interface CallJob {
  readonly parentPid: number;
  /** Its URL. */
  readonly module: string;
  readonly name: string;
  readonly parameters: readonly unknown[];
}

export type CallMessage =
  | { readonly at: 'returned'; readonly value: unknown }
  | { readonly at: 'error'; readonly message: string };

const say: (message: CallMessage) => void = sayJson;

await runProgram<CallJob>(async ({ parentPid, module, name, parameters }) => {
  dieWithParent(parentPid);
  const called = await exportedBy(module, name);
  say({ at: 'returned', value: await called(...parameters) });
  process.exit(0);
});
