/**
 * What makes a result of what is known of a run on many hosts so far.
 */
import type { Strategy } from '../../strategies/strategy.js';
import { commandLine } from '../command-line/command-line.js';
import type { Interruption } from '../command-line/interruption.js';
import { fileSystemOf } from '../machine/file-system.js';
import { describeEnvironment } from '../machine/host.js';
import type { Identity } from '../machine/identity.js';
import type { Company } from './company.js';
import { cellOf, type HostCellProgress } from './host-cells.js';
import type { HostsOptions } from './hosts-options.js';
import type { HostsCell, HostsResult } from './hosts-schema.js';
import { judgeHosts } from './hosts-verdict.js';
import { HOSTS_SCHEMA_VERSION } from './hosts-version.js';
import type { SeenMount } from './messages.js';

export class ResultMaker {
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
    const { number, hold, think } = options.conditions;
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
      conditions: { number, hold, think },
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
