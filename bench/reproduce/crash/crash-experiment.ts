/**
 * Claim: a lock file outlives its holder, and who waits for it waits for ever; a lock of the kernel does not. The cures, by the
 * file's age and by its holder's pid, are imperfect: the pid may be another's by now, and here it is made to be.
 */
import { loadStrategy, processName } from '../../../strategies/index.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { playCrashes } from '../../crash/crash-batch.js';
import { type CrashSpec, DEFAULT_PATIENCE_NS, patienceFor } from '../../crash/crash-case.js';
import { look } from '../../measure/parent/preflight.js';
import type { Policy } from '../../measure/worker/policy.js';
import { parseStrategySpec } from '../../measure/worker/strategy-spec.js';
import { scenarioPolicy } from '../../scenario/participant-lock.js';
import type { Experiment, Roles, Setting } from '../experiment/experiment.js';
import {
  ALL_ROLES,
  type CrashEvidence,
  crashEvidence,
  crashTables,
  judgeCrashes,
  type Role,
} from './crash-evidence.js';
import { letPidsComeAgain } from './pid-again.js';
import { strategy as pidFile } from './pid-file-lock.js';
import { forged, playReusedPid, type ReusedPid } from './reused-pid.js';

type Part = Exclude<Role, 'simple'>;

/** A lease has a fixed length, and a stuck lock has no time to report. */
const OFTEN_ENOUGH = 2;
/** Of the others: what is claimed is whether somebody gets in, and not by how many percent. */
const MOST_ROUNDS = 4;
const PATIENCE_NS = DEFAULT_PATIENCE_NS;

/** Who can be played here. `label`: its name for people. */
interface Player {
  readonly role: Role;
  readonly label: string;
  readonly strategy: Strategy;
  readonly policy: Policy;
}

async function players(
  { memory, identity }: Setting,
  roles: Roles<Part>,
): Promise<{ able: Player[]; unplayed: CrashEvidence['unplayed'] }> {
  const specs = ALL_ROLES.map((role) =>
    role === 'simple'
      ? { role, label: 'pid file', strategy: pidFile.name, policy: null }
      : { role, label: roles[role].split('/')[0] ?? '', ...parseStrategySpec(roles[role]) },
  );
  const names = [...new Set(specs.map(({ strategy }) => strategy))];
  const { findings } = await look(names, [memory], identity);
  const able: Player[] = [];
  const unplayed: CrashEvidence['unplayed'] = [];
  for (const { role, label, strategy, policy } of specs) {
    const found = findings[strategy]?.[memory];
    if (found?.available === true) {
      const how = policy ?? scenarioPolicy(found.members);
      able.push({ role, label, strategy: await loadStrategy(strategy), policy: how });
    } else unplayed.push({ role, strategy: label, reason: found?.reason ?? 'it was not tried' });
  }
  return { able, unplayed };
}

interface Scene {
  readonly player: Player;
  readonly spec: CrashSpec;
}

/** Each holder killed, once a block; and the one whose lock has a lease, stopped. */
function scenes({ memory, identity, rounds }: Setting, able: readonly Player[]): Scene[] {
  const sceneOf = (player: Player, event: 'kill' | 'stop'): Scene => {
    const { strategy, policy } = player;
    const patienceNs = patienceFor(strategy.claims, PATIENCE_NS);
    return { player, spec: { strategy, policy, directory: memory, identity, event, patienceNs } };
  };
  const isTimed = ({ strategy: { claims } }: Player): boolean =>
    claims.leaseNs === undefined && claims.holderDies !== 'stuck';
  const blocks = Array.from({ length: Math.min(rounds, MOST_ROUNDS) }, (_, block) =>
    able.filter((player) => block < OFTEN_ENOUGH || isTimed(player)),
  );
  return [
    ...blocks.flat().map((player) => sceneOf(player, 'kill')),
    ...able.filter(({ role }) => role === 'age').map((player) => sceneOf(player, 'stop')),
  ];
}

async function measure(setting: Setting, roles: Roles<Part>): Promise<CrashEvidence> {
  const { memory, identity, ending } = setting;
  const { able, unplayed } = await players(setting, roles);
  const all = scenes(setting, able);
  const pidLocks = able.filter(({ role }) => role === 'simple' || role === 'pid');
  const total = all.length + 2 * pidLocks.length;

  const played = await playCrashes(
    all.map(({ spec }) => spec),
    {
      begins({ strategy: { title }, event }, done) {
        setting.progress(`${title}, ${event}`, done, total);
      },
      isOver: () => ending.signal.aborted,
    },
  );
  ending.signal.throwIfAborted();
  const struck: CrashEvidence['struck'] = [];
  played.forEach((scenario, i) => {
    const { role, label: strategy } = (all[i] as Scene).player;
    if (scenario.state === 'not-played') unplayed.push({ role, strategy, reason: scenario.reason });
    else {
      const { state: _state, timeline: _timeline, ...rest } = scenario;
      struck.push({ ...rest, role, strategy });
    }
  });

  const forgeries: ReusedPid[] = [];
  for (const { label, strategy, policy } of pidLocks) {
    setting.progress(`${label}, the pid of another`, all.length + forgeries.length, total);
    const spec = { strategy, policy, directory: memory, identity };
    forgeries.push(await playReusedPid(spec, label, PATIENCE_NS, forged));
  }
  setting.progress('a pid comes again', total - pidLocks.length, total);
  const again = await letPidsComeAgain({
    locks: pidLocks.map(({ label, strategy, policy }) => ({
      label,
      strategy: processName(strategy),
      policy,
    })),
    ...{ directory: memory, identity, patienceNs: PATIENCE_NS },
  });
  return { struck, unplayed, forged: forgeries, again };
}

export const experiment: Experiment<Part, CrashEvidence> = {
  name: 'crash',
  title: 'the holder dies',
  claim:
    'A killed holder leaves its lock file behind, and each remedy is imperfect; fcntl has no such problem.',
  source: 'textbook, 9.8, first drawback',
  book: 'the file stays; fcntl is released; a pid may have been reused',
  method:
    'The holder is killed while three processes wait, and the time until the next is in is measured. Then a stranger gets ' +
    'the pid of a dead holder, and a waiter must tell the two apart.',
  roles: {
    file: 'excl',
    kernel: 'fcntl',
    age: 'excl-stale',
    pid: 'excl-pid',
    mutex: 'robust-mutex',
    undo: 'sysv-sem-undo',
  },
  evidence: crashEvidence,
  measure,
  judge: judgeCrashes,
  tables: crashTables,
};
