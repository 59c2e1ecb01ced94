/**
 * Rank 0 at work: it looks whether the directory is fit, plans, measures, keeps what is known, and says what came out.
 */
import { register } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { messageOf } from '../base/error-message.js';
import { commandLine } from '../command-line/command-line.js';
import type { Interruption } from '../command-line/interruption.js';
import { workersIdentity } from '../command-line/workers-identity.js';
import { fileSystemOf } from '../machine/file-system.js';
import { describeEnvironment } from '../machine/host.js';
import type { Identity } from '../machine/identity.js';
import { lookEverywhere } from '../measure/parent/look-everywhere.js';
import { plan, testDirectoryHere } from '../measure/parent/plan.js';
import { existingDirectory, requireUsable } from '../measure/parent/preflight.js';
import { withinReach } from '../measure/parent/reach.js';
import { PLAIN } from '../measure/parent/request.js';
import { policyName } from '../measure/worker/policy.js';
import { jsonOutput, NOWHERE, type Outputs } from '../text/outputs.js';
import { print, say } from '../text/standard-streams.js';
import { StatusLine } from '../text/status-line.js';
import type { Company } from './company.js';
import { BROKEN_LOCK, isBrokenControl, loadContender } from './contenders.js';
import { cellOf, type HostCell, type HostCellProgress } from './host-cells.js';
import { type HostsOptions, ranksToTake } from './hosts-options.js';
import type { HostsCell, HostsResult } from './hosts-schema.js';
import { hostsFindings, hostsMethod } from './hosts-sentences.js';
import { hostsTables } from './hosts-table.js';
import { hostsExitCode, judgeHosts } from './hosts-verdict.js';
import { HOSTS_SCHEMA_VERSION } from './hosts-version.js';
import { measureHosts } from './measure-hosts.js';
import type { SeenMount } from './messages.js';
import { requireShared } from './shared-directory.js';
import { Silent, WasEnded } from './wire.js';

/** Turns of a lap: after each, a worker looks at the clock. Over a network a lap of thousands would take minutes. */
const LAP = 100;

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
  register(await loadContender(BROKEN_LOCK, true), null);
  const testDirectories = [testDirectoryHere(directory)];
  const found = withinReach(await lookEverywhere(options.specs, [directory], identity), testDirectories);
  const conditions = { ...PLAIN, increments: LAP, number: options.number };
  const planned = plan(
    { specs: options.specs, policies: [], testDirectories, processes: numbers, conditions },
    found,
  );
  return planned.map(({ strategy, policy, conditions: { processes }, unavailable }) => ({
    ...{ strategy, policy, isControl: isBrokenControl(strategy.name) },
    ranks: others.slice(0, processes),
    unavailable: strategy.inherited === true ? INHERITED : unavailable,
  }));
}

/** What makes a result of what is known. */
class Report {
  readonly #startedAt = new Date();
  readonly #environment;

  constructor(
    private readonly options: HostsOptions,
    private readonly directory: string,
    private readonly company: Company,
    private readonly mounts: ReadonlyMap<number, SeenMount | null>,
    private readonly identity: Identity | null,
    private readonly interruption: Interruption,
  ) {
    this.#environment = describeEnvironment(identity);
  }

  /** `unknown`: why there is less than was asked for. */
  of(all: readonly HostCellProgress[], unknown: string | null, isOver: boolean): HostsResult {
    const { options, company } = this;
    const { mpi } = company.wire;
    const found = fileSystemOf(this.directory);
    const mount = { filesystem: found?.filesystem ?? 'unknown', options: [...(found?.options ?? [])] };
    const cells = all.flatMap((progress) => cellOf(progress, company.hostOf) ?? []);
    const strategies = new Map(
      all.map(({ cell: { strategy } }): [string, Strategy] => [strategy.name, strategy]),
    );
    const hostsOf = (cell: HostsCell): number => new Set(cell.ranks.map(company.hostOf)).size;
    const asRoot = this.identity === null && process.getuid?.() === 0;
    return {
      schemaVersion: HOSTS_SCHEMA_VERSION,
      command: commandLine(),
      startedAt: this.#startedAt.toISOString(),
      finishedAt: isOver ? new Date().toISOString() : null,
      interruptedBy: this.interruption.by(),
      unknown,
      seed: options.seed,
      blocks: options.rounds,
      atLeastNs: options.limits.atLeastNs,
      budgetNs: options.limits.budgetNs,
      environment: this.#environment,
      mpi: { family: mpi.family, file: mpi.file, version: mpi.version },
      directory: { path: this.directory, ...mount },
      ranks: this.#ranks(),
      ...judgeHosts(cells, strategies, mount, hostsOf, asRoot),
      cells,
    };
  }

  #ranks(): HostsResult['ranks'] {
    const machines: string[] = [];
    return [...this.company.hellos]
      .sort(([a], [b]) => a - b)
      .map(([rank, { host, bootId, kernel, cpus }]) => {
        if (!machines.includes(bootId)) machines.push(bootId);
        const mount = this.mounts.get(rank) ?? null;
        return {
          ...{ rank, host, machine: machines.indexOf(bootId), kernel, cpus },
          mount: mount === null ? null : { ...mount, options: [...mount.options] },
        };
      });
  }
}

/** A disk that is full for a while must not end a run; at the end the result is written once more. */
function saveOrWarn(outputs: Outputs<unknown>, result: HostsResult): void {
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
  const outputs = options.json === null ? NOWHERE : jsonOutput(options.json);
  const status = new StatusLine(options, 'round');
  try {
    const cells = await planCells(options, directory, numbers, company, identity);
    const all: HostCellProgress[] = cells.map((cell) => ({ cell, rounds: [], death: null, failure: null }));
    const report = new Report(options, directory, company, mounts, identity, interruption);
    const method = {
      ...{
        blocks: options.rounds,
        seed: options.seed,
        handoffs: options.handoffs,
        limits: options.limits,
        patienceNs: options.patienceNs,
      },
      ...{ conditions: { ...PLAIN, increments: LAP, number: options.number }, directory, identity },
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
    if (isKnown || unknown === null) outputs.finish(result);
    if (options.json !== '-') {
      print([...hostsFindings(result), hostsTables(result), hostsMethod(result)].join('\n'));
    }
    return { code: hostsExitCode(result), isCutOff };
  } finally {
    status.clear();
    outputs.close();
  }
}
