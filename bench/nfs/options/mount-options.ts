/**
 * What mount options do to locks: the same export is mounted with each, and each strategy proven twice, by processes that
 * are all on one client, and by one on each. The first is what somebody sees who tests a mount from one host; the second
 * is what happens. All hosts share one kernel, so whether two are inside at once is seen exactly.
 */

import type { Experiment } from '../../lab/in-lab.js';
import type { Export, Lab, Version } from '../../lab/lab.js';
import { type MountedOnClients, MountRefused, mountOnClients } from '../../lab/mounting.js';
import { ownAccelerator } from '../../lab/virtual-machine.js';
import { describeEnvironment } from '../../machine/host.js';
import type { Identity } from '../../machine/identity.js';
import type { Mount } from '../../machine/mount.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import type { CellProgress } from '../../measure/parent/cell-progress.js';
import { runPass } from '../../measure/parent/pass.js';
import { type PlannedCell, plan, type TestDirectory } from '../../measure/parent/plan.js';
import { type Look, look, memoryDirectory } from '../../measure/parent/preflight.js';
import { type Limits, PLAIN, type Sampling } from '../../measure/parent/request.js';
import { verdictOf } from '../../measure/parent/summarise.js';
import { turnsOf } from '../../measure/result/result.js';
import type { NumberMode } from '../../measure/result/result-schema.js';
import type { Finding } from '../../measure/worker/prober.js';
import type { StrategySpec } from '../../measure/worker/strategy-spec.js';
import { POLLING } from '../frame/client-strategies.js';
import type { MountedOption, MountOptionsResult, OptionCell, OptionMount } from './mount-options-schema.js';
import { CONTROL, DEFAULT, isKeptLocal, outcomeOf } from './mount-options-verdict.js';
import { MOUNT_OPTIONS_SCHEMA_VERSION } from './mount-options-version.js';

export interface MountOptionsRequest {
  readonly specs: readonly StrategySpec[];
  readonly versions: readonly Version[];
  /** DEFAULT, an option, or several joined by "+". */
  readonly options: Readonly<Record<Version, readonly string[]>>;
  readonly export: Export;
  readonly sampling: Sampling;
  readonly limits: Limits;
  readonly roundTripNs: number;
  readonly command: string;
}

/** The control is proven where nothing else is unusual; each proof of it costs as much as one of a lock. */
const CONTROL_WISH: StrategySpec = { strategy: CONTROL, policy: null, named: true };

interface Case {
  readonly version: Version;
  readonly option: string;
}

/** What all cases share. */
interface Setting {
  readonly lab: Lab;
  readonly request: MountOptionsRequest;
  /** The strategies, and what each can do; no option changes that. */
  readonly strategies: Look['strategies'];
  readonly found: Readonly<Record<string, Finding>>;
  readonly identity: Identity | null;
  readonly signal: AbortSignal;
}

const inForceOf = ({ filesystem, options }: Mount): Pick<MountedOption, 'filesystem' | 'inForce'> => ({
  filesystem,
  inForce: [...options],
});

/** The cells of a mount: on one client, and on all. */
function cellsOf(
  setting: Setting,
  { version, option }: Case,
  { directory, mount }: MountedOnClients,
  number: NumberMode,
): PlannedCell[] {
  const { lab, request, strategies, found } = setting;
  const { roundTripNs, specs } = request;
  const findings = Object.fromEntries(
    Object.entries(found).map(([name, finding]) => [name, { [directory]: finding }]),
  );
  return [1, lab.clients.length].flatMap((clients): PlannedCell[] => {
    const machine = ownAccelerator() ?? 'host';
    const testDirectory: TestDirectory = {
      directory,
      mount,
      hosts: lab.clients.slice(0, clients).map(({ prefix }) => prefix),
      nfs: { version, clients, roundTripNs, export: request.export, machine },
    };
    // Seen from inside, an option makes a difference only to the locks that it keeps there.
    const local = specs.filter(({ strategy }) => isKeptLocal(strategy, inForceOf(mount)));
    const all = option === DEFAULT ? [...specs, CONTROL_WISH] : clients === 1 ? local : specs;
    return plan(
      {
        specs: all,
        policies: [],
        polling: POLLING,
        testDirectories: [testDirectory],
        processes: [lab.clients.length],
        conditions: { ...PLAIN, increments: 1, number },
      },
      { strategies, findings, loop: null },
    );
  });
}

/** One proof for each cell. */
async function prove(
  setting: Setting,
  cells: readonly PlannedCell[],
  onRound: () => void,
): Promise<OptionCell[]> {
  const { request, identity, signal } = setting;
  const { sampling, limits } = request;
  const all = cells.map((cell): CellProgress => {
    const reason = cell.unavailable;
    return { cell, rounds: [], failure: reason === null ? null : { state: 'errored', reason } };
  });
  const how = { sampling, limits, topology: [], memory: memoryDirectory(), identity, signal };
  await runPass('prove', 0, all, how, { onRound, onFigures() {} });
  return all.flatMap(({ cell, rounds, failure }): OptionCell[] => {
    const { wait, conditions } = cell;
    const { processes, number, nfs } = conditions;
    const key = { strategy: cell.strategy.name, wait, clients: nfs?.clients ?? 1, processes, number };
    if (failure !== null) return [{ ...key, ...failure }];
    const [round] = rounds;
    if (round === undefined) return [];
    const { wallNs } = round;
    return [{ ...key, state: 'proven', turns: turnsOf({ rounds }), wallNs, verdict: verdictOf(rounds) }];
  });
}

/** Whether the lock held and updates were lost: then it is of interest what opening the file on each turn would help. */
const isStale = (cell: OptionCell): boolean =>
  cell.strategy !== CONTROL && cell.state === 'proven' && outcomeOf(cell) === 'stale';

async function provenMount(
  setting: Setting,
  one: Case,
  mounted: MountedOnClients,
  onRound: (what: string) => void,
): Promise<MountedOption> {
  const kept = await prove(setting, cellsOf(setting, one, mounted, 'kept-open'), () =>
    onRound('number kept open'),
  );
  const stale = one.option === DEFAULT ? kept.filter(isStale) : [];
  const again = cellsOf(setting, one, mounted, 'reopened').filter(({ strategy, conditions }) =>
    stale.some((cell) => cell.strategy === strategy.name && cell.clients === conditions.nfs?.clients),
  );
  const reopened = await prove(setting, again, () => onRound('number reopened'));
  return { ...one, state: 'mounted', ...inForceOf(mounted.mount), cells: [...kept, ...reopened] };
}

/** `before`: what is finished; a mount that has the options of one of those is the same mount, and is not proven again. */
async function caseOf(
  setting: Setting,
  one: Case,
  before: readonly OptionMount[],
  onRound: (what: string) => void,
): Promise<OptionMount> {
  const options = one.option === DEFAULT ? [] : one.option.split('+');
  let mounted: MountedOnClients;
  try {
    mounted = await mountOnClients(setting.lab, { ...one, export: setting.request.export, options });
  } catch (error) {
    if (!(error instanceof MountRefused)) throw error;
    return { ...one, state: 'refused', reason: error.message };
  }
  try {
    const inForce = mounted.mount.options.join();
    const same = before.find(
      (other) =>
        other.state === 'mounted' && other.version === one.version && other.inForce.join() === inForce,
    );
    if (same !== undefined) return { ...one, state: 'same', as: same.option };
    return await provenMount(setting, one, mounted, onRound);
  } finally {
    await mounted.unmount();
  }
}

/** Mounts and proves, option by option. What is known is told after each. */
export function mountOptions(request: MountOptionsRequest): Experiment<MountOptionsResult> {
  return async (lab, listener, signal) => {
    const startedAt = new Date().toISOString();
    const identity = unprivilegedIdentity();
    const cases = request.versions.flatMap((version) =>
      request.options[version].map((option): Case => ({ version, option })),
    );
    listener.progress('trying each strategy on a client', 0, cases.length);
    const names = [...new Set([...request.specs, CONTROL_WISH].map(({ strategy }) => strategy))];
    const usual = lab.paths[request.versions[0] ?? 'v3'][request.export];
    const { strategies, findings } = await look(names, [usual], identity, lab.clients[0]?.prefix);
    const untried: Finding = { available: false, reason: 'it was not tried' };
    const found = Object.fromEntries(names.map((name) => [name, findings[name]?.[usual] ?? untried]));
    const setting: Setting = { lab, request, strategies, found, identity, signal };
    const environment = describeEnvironment(identity);
    const mounts: OptionMount[] = [];
    const tell = (finishedAt: string | null): void =>
      listener.result({
        schemaVersion: MOUNT_OPTIONS_SCHEMA_VERSION,
        command: request.command,
        startedAt,
        finishedAt,
        interruptedBy: null,
        environment,
        machine: ownAccelerator() ?? 'host',
        roundTripNs: request.roundTripNs,
        export: request.export,
        handoffs: request.sampling.handoffs,
        mounts,
      });
    for (const [done, one] of cases.entries()) {
      if (signal.aborted) return;
      const onRound = (what: string): void =>
        listener.progress(`${one.version} ${one.option}, ${what}`, done, cases.length);
      onRound('mounting');
      const mount = await caseOf(setting, one, mounts, onRound);
      if (signal.aborted) return;
      mounts.push(mount);
      tell(done + 1 === cases.length ? new Date().toISOString() : null);
    }
  };
}
