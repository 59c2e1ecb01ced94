/**
 * `lockbench list`: the catalogue by family, with what works here.
 */
import { tmpdir } from 'node:os';
import type { Command } from 'commander';
import { loadAll, strategyNames } from '../../strategies/index.js';
import { unprivilegedIdentity } from '../machine/identity.js';
import { interruptibly } from '../measure/parent/interruption.js';
import { existingDirectory, look } from '../measure/parent/preflight.js';
import { offers } from '../measure/worker/policy.js';
import { print } from '../text/standard-streams.js';

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('the strategies of the catalogue, by family, and whether they work here')
    .addHelpText('after', '\nExamples:\n  lockbench list\n  lockbench list | grep unavailable')
    .action(() => interruptibly(list));
}

async function list(): Promise<void> {
  const directory = existingDirectory(tmpdir());
  const { findings } = await look(strategyNames, [directory], unprivilegedIdentity());
  const strategies = await loadAll();
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
  const nameWidth = widest(strategyNames);
  const titleWidth = widest(strategies.map(({ title }) => title));
  for (const family of new Set(strategies.map((strategy) => strategy.family))) {
    print(family);
    for (const { name, title, calls } of strategies.filter((strategy) => strategy.family === family)) {
      const finding = findings[name]?.[directory];
      const can =
        finding?.available === true
          ? `${offers(finding.members)}${calls === 'asynchronous' ? ', returns promises' : ''}`
          : `unavailable: ${finding?.reason ?? 'not tried'}`;
      print(`  ${name.padEnd(nameWidth)} ${title.padEnd(titleWidth)} ${can}`);
    }
  }
}
