/**
 * `lockbench run`: its options, and what carries them out, which is loaded only then: help is there in half the time.
 */
import type { BareCommand } from '../command-line/commander.js';
import { declareRun } from './run-options.js';

export function addRunCommand(program: BareCommand): void {
  declareRun(program, async (options) => {
    const { run } = await import('./measured-run.js');
    process.exitCode = await run(options);
  });
}
