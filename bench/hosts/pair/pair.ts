/**
 * `lockbench hosts --pair`: started by hand on two hosts, without a launcher; both meet in the directory that they share, and
 * say whether locks exclude between the two.
 */
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { loadStrategy, processName } from '../../../strategies/index.js';
import { strategy as noLock } from '../../../strategies/none.js';
import { identityOfThisProcess } from '../../../strategies/posix/process-identity.js';
import type { Strategy } from '../../../strategies/strategy.js';
import { formatDuration } from '../../base/duration.js';
import { BROKEN, INCOMPLETE } from '../../base/exit-codes.js';
import { Told as Refused } from '../../base/told.js';
import { UsageError } from '../../base/usage-error.js';
import { quoted, visible } from '../../base/visible.js';
import { parseAmount } from '../../command-line/parse.js';
import { playInterruptibly, type ScenarioOptions } from '../../command-line/scenario-options.js';
import { namesOf } from '../../command-line/strategy-list.js';
import { parseSubjects } from '../../command-line/subjects.js';
import { workersIdentity } from '../../command-line/workers-identity.js';
import { fileSystemOf } from '../../machine/file-system.js';
import { isNfs } from '../../machine/mount-description.js';
import { ownVersion } from '../../machine/project.js';
import { Child } from '../../measure/parent/child.js';
import {
  clearLeftovers,
  type KeptDirectory,
  keepDirectory,
  USUAL_PATIENCE_NS,
} from '../../measure/parent/kept-directories.js';
import { endedOrAbandoned, unlessStuck } from '../../measure/parent/patience.js';
import { existingDirectory, look, requireUsable } from '../../measure/parent/preflight.js';
import { removeAll } from '../../measure/parent/unremoved.js';
import { print, say } from '../../text/standard-streams.js';
import { StatusLine } from '../../text/status-line.js';
import type { Hello } from './hello.js';
import { PAIR_SCHEMA_VERSION, type PairHost, type PairLock, type PairResult } from './pair-schema.js';
import { pairText } from './pair-text.js';
import { broke, inconclusive } from './pair-verdict.js';
import type { PartyJob, PartyMessage } from './party.js';

const PARTY = new URL('party.js', import.meta.url);
/** A file system that a process waits for so long, doing nothing, does not answer. */
const STUCK_NS = 120e9;
const REMOVALS = 4;
const BETWEEN_REMOVALS_MS = 500;

const USUAL_PAIR: readonly string[] = ['fcntl', 'flock', 'excl'];
/** Tried first: what is not a lock. */
const CONTROL = 'none';

export interface PairOptions {
  /** Names of strategies. */
  readonly names: readonly string[];
  readonly waitNs: number;
  readonly frame: ScenarioOptions;
}

/** Throws UsageError. */
export function parsePairOptions(
  words: readonly string[],
  raw: {
    readonly strategies?: string;
    readonly dir?: string;
    readonly json?: string | true;
    readonly waitFor?: string;
    readonly quiet?: true;
    readonly verbose?: true;
    readonly stayRoot?: true;
  },
): PairOptions {
  const { named, directories, json } = parseSubjects('hosts', words, raw, { directories: 'one' });
  const [directory] = directories ?? [];
  if (directory === undefined) {
    throw new UsageError(
      'hosts --pair: a directory that both hosts share was expected, got none',
      'name it, for example --dir /mnt/shared',
    );
  }
  const identity = workersIdentity(raw);
  return {
    names: named === null ? USUAL_PAIR : namesOf('hosts --pair', named),
    waitNs: parseAmount('--wait-for', raw.waitFor ?? '10min'),
    frame: {
      ...{ specs: null, policy: null, runtimes: ['node'], html: undefined },
      directory: existingDirectory(directory),
      identity,
      asRoot: identity === null && process.getuid?.() === 0,
      json,
      quiet: raw.quiet ?? false,
      verbose: raw.verbose ?? false,
    },
  };
}

/** Throws UsageError for locks that no other host can see. */
async function strategiesOf(names: readonly string[]): Promise<Strategy[]> {
  const strategies = await Promise.all(
    [CONTROL, ...names.filter((name) => name !== CONTROL)].map(loadStrategy),
  );
  const ofOneHost = strategies.find(
    ({ claims }) => claims.excludes && claims.excludesAcrossNfs === 'not applicable',
  );
  if (ofOneHost === undefined) return strategies;
  throw new UsageError(
    `hosts --pair: a lock that other hosts can see was expected, got "${ofOneHost.name}", which lives on one host alone`,
    'name a lock on files, such as fcntl or excl',
  );
}

/** Whether a lock claims to exclude between hosts that have these mounts. */
function claims({ claims }: Strategy, mount: PairHost): boolean {
  if (!isNfs(mount) || claims.excludesAcrossNfs === 'not applicable') return claims.excludes;
  return mount.options.includes('vers=3') ? claims.excludesAcrossNfs.v3 : claims.excludesAcrossNfs.v4;
}

/** The other one may have made a name in it a moment ago; it sees that we are gone, and makes no other. */
async function removed(kept: KeptDirectory): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await kept.destroy();
      return;
    } catch (error) {
      if (tries === REMOVALS) throw error;
      await pause(BETWEEN_REMOVALS_MS);
    }
  }
}

interface Told {
  readonly hosts: PairHost[];
  readonly here: 0 | 1;
  readonly locks: PairLock[];
  readonly cutShort: string | null;
}

const hostOf = ({ version: _, locks: __, ...host }: Hello): PairHost => host;

/** Listens to our process until it has told all. Throws UsageError if the two cannot be a pair. */
async function listen(
  child: Child<PartyMessage>,
  { hello, waitMs }: PartyJob,
  strategies: readonly Strategy[],
  options: PairOptions,
): Promise<Told> {
  const { frame } = options;
  const status = new StatusLine(frame);
  const locks: PairLock[] = [];
  let [hosts, here]: [PairHost[], 0 | 1] = [[hostOf(hello)], 0];
  const told = (cutShort: string | null): Told => {
    status.clear();
    return { hosts, here, locks, cutShort };
  };
  for (;;) {
    const message = await unlessStuck(child.next(), child.pid, () => STUCK_NS);
    switch (message.at) {
      case 'waiting':
        if (!frame.quiet) {
          say(
            `waiting for the other host, for ${formatDuration(waitMs * 1e6)} at most; start the same command there, with the directory as it is called there`,
          );
        }
        break;
      case 'nobody': {
        const others = message.sawAnotherUsers
          ? '; another user has started one, but both must be started by the same user'
          : '';
        throw new Refused(
          `nobody came to ${quoted(frame.directory)} within ${formatDuration(waitMs * 1e6)}: start the same command on the other host${others}`,
        );
      }
      case 'refused':
        throw new UsageError(`hosts --pair: ${message.message}`, message.hint);
      case 'met': {
        const both = [hello, message.other].map(hostOf);
        [hosts, here] = message.role === 'first' ? [both, 0] : [both.reverse(), 1];
        if (!frame.quiet) say(`met ${visible(message.other.name)}`);
        break;
      }
      case 'tries':
        status.show(strategies[message.index]?.name ?? '', message.index, strategies.length);
        break;
      case 'tried': {
        const strategy = strategies[message.index] as Strategy;
        const claim = hosts.every((host) => claims(strategy, host));
        locks.push({ state: 'tried', strategy: strategy.name, claim, ...message.facts });
        break;
      }
      case 'gave-up': {
        const { name } = strategies[message.index] as Strategy;
        locks.push({ state: 'not-tried', strategy: name, reason: message.reason });
        break;
      }
      case 'left':
        return told(message.reason);
      case 'done':
        return told(null);
    }
  }
}

/** Waits, tries, prints. Sets the exit code. Throws UsageError. */
export async function pair(options: PairOptions): Promise<void> {
  const { names, waitNs, frame } = options;
  const { directory, identity } = frame;
  const strategies = await strategiesOf(names);
  await playInterruptibly<PairResult>(
    frame,
    async (_, head) => {
      await requireUsable([directory], identity);
      const { findings } = await look(
        strategies.map(({ name }) => name),
        [directory],
        identity,
      );
      const offered = strategies.map(({ name }) => {
        const found = findings[name]?.[directory];
        const problem = found === undefined ? 'it was not looked at' : found.available ? null : found.reason;
        return { strategy: name, problem };
      });
      const mount = fileSystemOf(directory);
      const hello: Hello = {
        version: ownVersion(),
        name: hostname(),
        boot: identityOfThisProcess().boot,
        device: mount?.device ?? '',
        uid: identity?.uid ?? process.geteuid?.() ?? -1,
        filesystem: mount?.filesystem ?? 'unknown',
        options: [...(mount?.options ?? [])],
        locks: offered,
      };
      const kept = await keepDirectory(directory, 2, noLock, identity, USUAL_PATIENCE_NS);
      try {
        const job: PartyJob = {
          parentPid: process.pid,
          identity,
          directory,
          token: kept.job.token,
          hello,
          modules: strategies.map(processName),
          waitMs: waitNs / 1e6,
        };
        const child = new Child<PartyMessage>(PARTY, job);
        try {
          const { locks, ...told } = await listen(child, job, strategies, options);
          const unavailable = offered.flatMap(({ strategy, problem }) =>
            problem === null ? [] : [{ strategy, reason: problem }],
          );
          const [control = null, ...rest] = locks;
          return {
            schemaVersion: PAIR_SCHEMA_VERSION,
            ...head(),
            unavailable,
            ...told,
            control,
            locks: rest,
          };
        } finally {
          child.kill();
          await endedOrAbandoned(child);
        }
      } finally {
        await removeAll([
          () => removed(kept),
          // Our process may have been killed between making a name to look by and removing it.
          async () => {
            await clearLeftovers([directory], identity);
          },
        ]);
      }
    },
    (result) => {
      if (frame.json !== '-') print(pairText(result));
      if (result.locks.some(broke)) return BROKEN;
      return inconclusive(result) === null ? 0 : INCOMPLETE;
    },
  );
}
