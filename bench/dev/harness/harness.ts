/**
 * `npm run bench:harness`: measures the measuring machine itself, a section for each question, and prints the figures
 * with the goals that they are held to. A goal that is not met is a finding, and no error.
 */

import { realpathSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { BAD_USAGE, INCOMPLETE } from '../../base/exit-codes.js';
import { plural } from '../../base/format.js';
import { UsageError } from '../../base/usage-error.js';
import { interruptibly } from '../../command-line/interruption.js';
import { removeLeftovers } from '../../machine/files/leftovers.js';
import { describeEnvironment } from '../../machine/host.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { memoryDirectory } from '../../measure/parent/preflight.js';
import { exitByStreams, print, say, writeOut } from '../../text/standard-streams.js';
import { parseWanted, type Wanted } from '../wanted.js';
import { againstC } from './against-c.js';
import { calls } from './calls.js';
import { emptyLoop } from './empty-loop.js';
import { parent } from './idle-parent.js';
import { profiles } from './profile.js';
import { CannotMeasure, type Context, type Section } from './section.js';
import { starting } from './starting.js';

/** In the order in which they are printed. A further section is a file of this folder and its line here. */
const sections: readonly Section[] = [againstC, profiles, calls, starting, parent, emptyLoop];

async function measure({ count: pairs, chosen }: Wanted<Section>, signal: AbortSignal): Promise<void> {
  const identity = unprivilegedIdentity();
  const lacking: string[] = [];
  const context: Context = {
    pairs,
    identity,
    memory: memoryDirectory(),
    temporary: realpathSync(tmpdir()),
    signal,
    lacks: (part, why) => lacking.push(`${part}: ${why}`),
  };
  removeLeftovers([context.memory, context.temporary], identity);
  const { kernel, cpuModel, cpus, node } = describeEnvironment(identity);
  const load = loadavg()[0] ?? 0;
  print(`${kernel}, ${cpuModel}, ${plural(cpus, 'CPU')} (load before: ${load.toFixed(2)}), Node ${node}`);
  for (const section of chosen) {
    print(`\n${section.title}`);
    try {
      writeOut(await section.measure(context));
    } catch (error) {
      if (signal.aborted || !(error instanceof CannotMeasure)) throw error;
      lacking.push(error.message);
    }
    for (const what of lacking.splice(0)) {
      print(`Not measured: ${what}.`);
      process.exitCode = INCOMPLETE;
    }
  }
}

exitByStreams();

try {
  const options = parseWanted(
    { count: 'pairs', usual: 8, example: '--pairs 3 --only start' },
    sections,
    ({ name }) => name,
  );
  await interruptibly((signal) => measure(options, signal));
} catch (error) {
  if (error instanceof UsageError) {
    say(`bench:harness: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`);
    process.exitCode = BAD_USAGE;
  } else {
    say(`bench:harness: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = INCOMPLETE;
  }
}
