/**
 * Rank 0 at work: it looks whether the directory is fit, plans, measures, keeps what is known, and says what came out.
 */
import { register } from '../../strategies/index.js';
import { messageOf } from '../base/error-message.js';
import { UsageError } from '../base/usage-error.js';
import { visible } from '../base/visible.js';
import type { Interruption } from '../command-line/interruption.js';
import { openPage, type PageOutput } from '../command-line/page-output.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import type { Identity } from '../machine/identity.js';
import { lookEverywhere } from '../measure/parent/look-everywhere.js';
import { plan, testDirectoryHere } from '../measure/parent/plan.js';
import { existingDirectory, requireUsable } from '../measure/parent/preflight.js';
import { withinReach } from '../measure/parent/reach.js';
import { policyName } from '../measure/worker/policy.js';
import { type Outputs, openOutputs } from '../text/outputs.js';
import { print, say } from '../text/standard-streams.js';
import { StatusLine } from '../text/status-line.js';
import type { Company } from './company.js';
import { BROKEN_LOCK, isBrokenControl, loadContender } from './contenders.js';
import { remoteRanks } from './holder-death.js';
import type { HostCell, HostCellProgress } from './host-cells.js';
import { HostCutter } from './host-cutter.js';
import { type HostsOptions, ranksToTake } from './hosts-options.js';
import { hostsRecordFiles } from './hosts-readme.js';
import type { HostsResult } from './hosts-schema.js';
import { hostsFindings, hostsMethod, hostsNext } from './hosts-sentences.js';
import { hostsTables } from './hosts-table.js';
import { hostsExitCode } from './hosts-verdict.js';
import { ResultMaker } from './made-result.js';
import { measureHosts } from './measure-hosts.js';
import { requireShared } from './shared-directory.js';
import { Silent, WasEnded } from './wire.js';

const INHERITED =
  'its descriptor is inherited from the process that starts the workers, which here are several';

/** The cells: every strategy with every number of ranks. */
async function planCells(
  options: HostsOptions,
  directory: string,
  numbers: readonly number[],
  { others }: Company,
  identity: Identity | null,
): Promise<HostCell[]> {
  const { specs, policies, conditions } = options;
  register(await loadContender(BROKEN_LOCK, true), null);
  const testDirectories = [testDirectoryHere(directory)];
  const found = withinReach(await lookEverywhere(specs, [directory], identity), testDirectories);
  const planned = plan({ specs, policies, testDirectories, processes: numbers, conditions }, found);
  return planned.map(({ strategy, policy, conditions: { processes }, unavailable }) => ({
    ...{ strategy, policy, isControl: isBrokenControl(strategy.name) },
    ranks: others.slice(0, processes),
    unavailable: strategy.inherited === true ? INHERITED : unavailable,
  }));
}

/** Throws UsageError where no host can be cut off, since rank 0 would be, too, or nobody would be left. */
function requireFarRanks(
  { cutHolder }: HostsOptions,
  numbers: readonly number[],
  { others, hostOf }: Company,
): void {
  if (cutHolder === null || remoteRanks(others.slice(0, Math.max(...numbers)), hostOf).length > 0) return;
  throw new UsageError(
    `--cut-holder: contenders on two hosts were expected, all are on ${visible(hostOf(others[0] ?? 0))}`,
    'start ranks on a host besides that of rank 0, with more slots or hosts in the hostfile, or take more --ranks',
  );
}

/** A disk that is full for a while must not end a run; at the end the result is written once more. */
function saveOrWarn(outputs: Outputs<HostsResult>, result: HostsResult): void {
  try {
    outputs.save(result);
  } catch (error) {
    say(`the result so far could not be saved: ${messageOf(error)}`);
  }
}

/** `isCutOff`: a rank was not heard of any more, and will not hear us. Throws UsageError; then nothing was measured. */
export async function conduct(
  options: HostsOptions,
  company: Company,
  interruption: Interruption,
): Promise<{ readonly code: number; readonly isCutOff: boolean }> {
  const identity = workersIdentity(options);
  const directory = existingDirectory(options.directory);
  const numbers = ranksToTake(options, company.others.length);
  await requireUsable([directory], identity);
  const mounts = await requireShared(company, options.directory, directory, identity);
  requireFarRanks(options, numbers, company);
  const status = new StatusLine(options, 'round');
  const outputs = openOutputs(options, hostsRecordFiles);
  let page: PageOutput | null = null;
  try {
    page = openPage(options.html);
    const cells = await planCells(options, directory, numbers, company, identity);
    const all: HostCellProgress[] = cells.map((cell) => ({
      cell,
      rounds: [],
      death: null,
      cut: null,
      failure: null,
    }));
    const report = new ResultMaker(options, directory, company, mounts, identity, interruption);
    const { cutHolder, killHolder, patienceNs, limits, seed, handoffs, trace, conditions } = options;
    const method = {
      blocks: options.rounds,
      ...{ seed, handoffs, trace, limits, conditions, killHolder, patienceNs, directory, identity },
      cutter: cutHolder === null ? null : new HostCutter(cutHolder, interruption.signal),
    };
    let unknown: string | null = null;
    let isCutOff = false;
    try {
      await measureHosts(all, method, company, {
        onRound: ({ strategy, policy, ranks }, kind, done, total) =>
          status.show(`${strategy.name}/${policyName(policy)}, ${ranks.length}, ${kind}`, done, total),
        // The launcher may kill us without a word: what is saved by then is kept.
        afterRound: () => saveOrWarn(outputs, report.of(all, 'the run was ended by force', false)),
      });
    } catch (error) {
      if (!(error instanceof WasEnded || error instanceof Silent)) throw error;
      unknown = messageOf(error);
      isCutOff = error instanceof Silent;
    }
    status.clear();
    const result = report.of(all, unknown, true);
    const isKnown = result.cells.some((cell) => 'rounds' in cell && cell.rounds.length > 0);
    if (isKnown || unknown === null) {
      outputs.finish(result);
      await page.finish(result);
    }
    if (options.json !== '-') {
      print(
        [...hostsFindings(result), hostsTables(result), hostsMethod(result), hostsNext(result)].join('\n'),
      );
    }
    return { code: hostsExitCode(result), isCutOff };
  } finally {
    status.clear();
    outputs.close();
    page?.close();
  }
}
