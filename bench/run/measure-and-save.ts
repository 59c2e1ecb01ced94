/**
 * The measuring part of `run`: look, plan, measure, and after each block save what is known.
 */

import { messageOf } from '../base/error-message.js';
import { UsageError } from '../base/usage-error.js';
import { visible } from '../base/visible.js';
import { commandLine } from '../command-line/command-line.js';
import type { Interruption } from '../command-line/interruption.js';
import { hasBlockGroups } from '../machine/file-system.js';
import type { Environment } from '../machine/host.js';
import type { Identity } from '../machine/identity.js';
import { lookEverywhere } from '../measure/parent/look-everywhere.js';
import { measureCells } from '../measure/parent/measure-cells.js';
import { plan, type TestDirectory, testDirectoryHere, testDirectoryNotes } from '../measure/parent/plan.js';
import { withinReach } from '../measure/parent/reach.js';
import type { Result } from '../measure/result/result-schema.js';
import type { StrategySpec } from '../measure/worker/strategy-spec.js';
import type { Outputs } from '../text/outputs.js';
import { say } from '../text/standard-streams.js';
import { Progress } from './progress.js';
import type { RunOptions } from './run-options.js';
import type { TraceFile } from './trace-file.js';

/** Where a result goes while and after it is made. */
export interface Destinations {
  readonly outputs: Outputs<Result>;
  readonly traceFile: TraceFile | null;
  /** The lines of a terminal that show what was found so far. */
  linesOf(result: Result): readonly string[];
}

/** Who measures, and on what. */
export interface Setting {
  readonly environment: Environment;
  readonly identity: Identity | null;
  readonly specs: readonly StrategySpec[];
}

/** A disk that is full for a while must not end a run; at the end the result is written once more. */
function saveOrWarn(outputs: Outputs<Result>, result: Result): void {
  try {
    outputs.save(result);
  } catch (error) {
    say(`the result so far could not be saved: ${messageOf(error)}`);
  }
}

/** Who asks for fresh inodes where no file system can give them is told so; beside one that can, the others are measured as ever. */
function requireFreshInodes(testDirectories: readonly TestDirectory[]): void {
  if (testDirectories.some(({ mount }) => mount !== null && hasBlockGroups(mount))) return;
  const each = testDirectories.map(
    ({ directory, mount }) => `${visible(directory)} is on ${mount?.filesystem ?? 'an unknown one'}`,
  );
  throw new UsageError(
    `--fresh-inodes: a directory on ext2, ext3 or ext4 was expected, ${each.join(', ')}`,
    'name another one with --dir, or leave the option out: other file systems do not skip inodes',
  );
}

/** Measures. Returns the result as it is after the last block that began. */
export async function measureAndSave(
  options: RunOptions,
  { environment, identity, specs }: Setting,
  { outputs, traceFile, linesOf }: Destinations,
  interruption: Interruption,
): Promise<Result> {
  const startedAt = new Date();
  const testDirectories = options.directories.map(testDirectoryHere);
  if (options.conditions.freshInodes) requireFreshInodes(testDirectories);
  const tried = await lookEverywhere(specs, options.directories, identity);
  const found = options.oneHost ? tried : withinReach(tried, testDirectories);
  const { policies, processes, conditions } = options;
  const task = {
    cells: plan({ specs, policies, testDirectories, processes, conditions }, found),
    loop: found.loop,
    command: commandLine(),
    startedAt,
    environment,
    identity,
    warnings: testDirectories.flatMap(testDirectoryNotes),
  };
  const progress = new Progress(options);
  try {
    return await measureCells(
      task,
      options,
      {
        onRound: (cell, kind, done, total) => progress.show(cell, kind, done, total),
        onFigures: (cell, kind, figures) => {
          if (kind === 'trace') traceFile?.add(cell, figures);
        },
        duringFirstBlock: (result) => progress.found(() => linesOf(result)),
        onBlock: (result) => {
          saveOrWarn(outputs, result);
          progress.found(() => linesOf(result));
        },
      },
      interruption,
    );
  } finally {
    progress.clear();
  }
}
