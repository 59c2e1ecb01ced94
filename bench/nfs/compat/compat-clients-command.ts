/**
 * `lockbench nfs compat`: which locks see each other, between the lab's clients and within one of them.
 */
import { UsageError } from '../../base/usage-error.js';
import { commandLine } from '../../command-line/command-line.js';
import type { BareCommand, OptionsOf } from '../../command-line/commander.js';
import { strategiesOption } from '../../command-line/common-options.js';
import {
  exportCsvOption,
  exportJsonOption,
  exportMarkdownOption,
  exportsOf,
} from '../../command-line/export-options.js';
import { htmlOption } from '../../command-line/page-output.js';
import { parseAmount } from '../../command-line/parse.js';
import { nameOption, runtimeOption, workerOption } from '../../command-line/runtimes.js';
import { parseSubjects } from '../../command-line/subjects.js';
import { compatExitCode, compatOutputs, LOCKS } from '../../compat/compat-command.js';
import { FLOCK, specsOf } from '../../compat/compat-locks.js';
import type { CompatResult } from '../../compat/compat-schema.js';
import { compatText } from '../../compat/compat-text.js';
import { COMPAT_SCHEMA_VERSION } from '../../compat/compat-version.js';
import { budgetOption, everyPairOption, handoffsOption, pairLimits } from '../../compat/pair-options.js';
import { VERSIONS } from '../../lab/lab.js';
import { loadContender, workerOf } from '../../measure/parent/worker-of.js';
import { contenderName, type StrategySpec } from '../../measure/worker/strategy-spec.js';
import { print } from '../../text/standard-streams.js';
import { requireFit } from '../frame/client-strategies.js';
import { experimentCommand, withExperimentOptions } from '../frame/lab-experiment.js';
import { parseChoices, roundTripOption } from '../frame/lab-options.js';
import { type CompatFindings, compatInLab } from './compat-clients.js';

/** A kernel lock of each kind, the command, and a name. */
const USUAL = ['fcntl', 'ofd', 'flock', FLOCK, 'excl'];

const EXAMPLES = `
Examples:
  lockbench nfs compat                                 the usual locks, over both versions, in some minutes
  lockbench nfs compat fcntl flock --versions v4.2
  lockbench nfs compat fcntl flock --runtime node,c,python
  lockbench nfs compat fcntl ./my-lock.mjs

Exit codes: those of "lockbench compat"; 3 also means that the lab did not start.`;

const declare = (nfs: BareCommand) =>
  withExperimentOptions(
    nfs
      .command('compat [words...]')
      .usage('[strategies...] [options]')
      .description('show which locks see each other over NFS, between clients and within one'),
  )
    .addOption(strategiesOption(USUAL.join(',')))
    .addOption(runtimeOption())
    .addOption(workerOption())
    .addOption(nameOption())
    .addOption(roundTripOption())
    .addOption(htmlOption())
    .addOption(exportCsvOption('ordered pair'))
    .addOption(exportMarkdownOption())
    .addOption(exportJsonOption())
    .option('--versions <list>', 'versions of NFS', VERSIONS.join(','))
    .addOption(handoffsOption())
    .addOption(everyPairOption())
    .addOption(budgetOption('60s'))
    .option('--round-limit <duration>', 'kill a round after this', '240s')
    .addHelpText('after', EXAMPLES);

export function addCompatClientsCommand(nfs: BareCommand): void {
  declare(nfs).action(compat);
}

/** Names of the locks that claim to exclude there. Throws UsageError for one that lives on one host. */
async function claimsOf(specs: readonly StrategySpec[]): Promise<Set<string>> {
  const claiming = new Set<string>();
  for (const spec of specs) {
    requireFit(spec.strategy);
    const { claims } = await loadContender(spec);
    const { excludes, excludesAcrossNfs: across } = claims;
    if (across !== 'not applicable') {
      if (excludes && across.v3 && across.v4) claiming.add(contenderName(spec));
    } else if (excludes) {
      throw new UsageError(
        `nfs compat: a strategy that locks by files was expected, got "${spec.strategy}", which lives on one host`,
        'for example fcntl, flock or excl',
      );
    }
  }
  return claiming;
}

async function compat(words: readonly string[], raw: OptionsOf<typeof declare>): Promise<void> {
  const { named, json } = parseSubjects('nfs compat', words, raw, { nouns: LOCKS, directories: 'none' });
  const specs = specsOf(named ?? USUAL, raw);
  const claims = await claimsOf(specs);
  // Made here what has to be compiled: an emulated machine takes minutes for it.
  for (const { strategy, runtime } of specs) workerOf(strategy, runtime ?? 'node');
  const request = {
    specs,
    limits: pairLimits(raw, parseAmount('--round-limit', raw.roundLimit)),
  };
  const versions = parseChoices('--versions', raw.versions, VERSIONS);
  const startedAt = new Date();
  await experimentCommand<CompatFindings, CompatResult>({
    name: 'compat',
    raw: named === null ? raw : { ...raw, strategies: named.join(',') },
    json,
    experiment: () => compatInLab(request, versions),
    outputs: () => compatOutputs(json, exportsOf(raw)),
    complete: (findings, interruptedBy) => ({
      ...{ schemaVersion: COMPAT_SCHEMA_VERSION, command: commandLine() },
      ...{ startedAt: startedAt.toISOString(), finishedAt: new Date().toISOString(), interruptedBy },
      ...findings,
    }),
    show: (result) => print(compatText(result, { verbose: raw.verbose ?? false })),
    judge: (result) => compatExitCode(result, specs.filter((spec) => spec.named).map(contenderName), claims),
  });
}
