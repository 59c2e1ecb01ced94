/**
 * `lockbench explain NAME`: all that is known of one strategy.
 */
import { tmpdir } from 'node:os';
import type { Command } from 'commander';
import { loadStrategy } from '../../strategies/index.js';
import { requireStrategy } from '../command-line/parse.js';
import { projectRoot } from '../machine/host.js';
import { unprivilegedIdentity } from '../machine/identity.js';
import { interruptibly } from '../measure/parent/interruption.js';
import { existingDirectory, look } from '../measure/parent/preflight.js';
import { QUOTED_RUN, recordedRun } from '../measure/result/recorded-run.js';
import { print } from '../text/standard-streams.js';
import { explanation } from './explanation.js';
import { strategyPage } from './strategy-page.js';

export function addExplainCommand(program: Command): void {
  program
    .command('explain <strategy>')
    .description('how a strategy locks, what it claims, and what it cost')
    .addHelpText('after', '\nExamples:\n  lockbench explain fcntl\n  lockbench explain excl')
    .action((name: string) => interruptibly(() => explain(requireStrategy(name, 'explain'))));
}

async function explain(name: string): Promise<void> {
  const directory = existingDirectory(tmpdir());
  const { findings } = await look([name], [directory], unprivilegedIdentity());
  const finding = findings[name]?.[directory] ?? { available: false, reason: 'it was not tried' };
  const lines = explanation({
    strategy: await loadStrategy(name),
    page: strategyPage(name, projectRoot),
    directory,
    finding,
    run: recordedRun(QUOTED_RUN, projectRoot),
    runName: QUOTED_RUN,
  });
  print(lines.join('\n'));
}
