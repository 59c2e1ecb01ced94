/**
 * A process that makes, reads and removes round directories below one directory, for a parent that must not wait for a file
 * system: this one may be stuck there, and is left to itself then. It takes one order after the other, a line of JSON each.
 */
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadStrategy } from '../../../strategies/index.js';
import { dieWithParent } from '../../../strategies/posix/own-process.js';
import { messageOf } from '../../base/error-message.js';
import { runProgram, sayJson } from '../../base/program.js';
import { type Cleared, removeLeftovers } from '../../machine/files/leftovers.js';
import { rememberAs } from '../../machine/files/private-directory.js';
import type { Identity } from '../../machine/identity.js';
import type { RoundDirectoryJob } from '../worker/job.js';
import { NUMBER_NAME } from '../worker/number-file.js';
import { flushTime } from './flush-time.js';
import { readNumber } from './number-text.js';
import {
  type MadeRoundDirectory,
  makeRoundDirectory,
  type Prepared,
  removeOrphan,
} from './round-directory.js';

export interface KeeperJob {
  readonly parentPid: number;
  readonly directory: string;
  /** What it must be, see `rememberedAs`. */
  readonly remembered: string | null;
}

interface Making {
  readonly token: string;
  readonly workers: number;
  /** By name. */
  readonly strategy: string;
  /** Those that prepare their locks in the same directory, too. */
  readonly beside: readonly { readonly strategy: string; readonly token: string }[];
  readonly freshInodes: boolean;
  readonly identity: Identity | null;
}

export type KeeperOrder =
  | ({ readonly order: 'make' } & Making)
  | { readonly order: 'number'; readonly token: string }
  | { readonly order: 'flush'; readonly token: string }
  | { readonly order: 'remove-names'; readonly token: string; readonly spared: readonly string[] }
  | ({ readonly order: 'destroy' } & Making)
  | { readonly order: 'leftovers'; readonly identity: Identity | null }
  | { readonly order: 'look'; readonly paths: readonly string[] };

/** `Cleared` as it travels. */
export interface ClearedNames {
  readonly removed: readonly string[];
  readonly problems: readonly string[];
}

/** What is answered, by order. */
export interface Answers {
  readonly make: RoundDirectoryJob;
  readonly number: number;
  readonly flush: number;
  readonly 'remove-names': null;
  readonly destroy: null;
  readonly leftovers: ClearedNames;
  readonly look: null;
}

export type KeeperMessage =
  | { readonly at: 'ready' }
  | { readonly at: 'done'; readonly value: Answers[KeeperOrder['order']] }
  | {
      readonly at: 'refused';
      readonly message: string;
      readonly code: string | null;
      readonly syscall: string | null;
    }
  | { readonly at: 'error'; readonly message: string };

const say: (message: KeeperMessage) => void = sayJson;

const asNames = ({ removed, problems }: Cleared): ClearedNames => ({
  removed,
  problems: problems.map(messageOf),
});

/** All strategies of an order, loaded. */
async function preparedBy({ strategy, token, beside }: Making): Promise<[Prepared, ...Prepared[]]> {
  const load = async (one: { readonly strategy: string; readonly token: string }): Promise<Prepared> => ({
    strategy: await loadStrategy(one.strategy),
    token: one.token,
  });
  return [await load({ strategy, token }), ...(await Promise.all(beside.map(load)))];
}

/** What is the matter with it is said by the code that uses it. */
function lookInto(path: string): void {
  try {
    statSync(path);
  } catch {
    // It has answered.
  }
}

async function work({ parentPid, directory, remembered }: KeeperJob): Promise<void> {
  if (remembered !== null) rememberAs(directory, remembered);
  dieWithParent(parentPid);
  const made = new Map<string, MadeRoundDirectory>();
  const existing = (token: string): MadeRoundDirectory => {
    const one = made.get(token);
    if (one === undefined) throw new Error(`${directory}/${token}: the process that kept it has been killed`);
    return one;
  };

  const obey = async (order: KeeperOrder): Promise<Answers[KeeperOrder['order']]> => {
    switch (order.order) {
      case 'make': {
        const { token, workers, identity, freshInodes } = order;
        const [{ strategy }, ...beside] = await preparedBy(order);
        const one = makeRoundDirectory(directory, workers, strategy, identity, token, {
          beside,
          freshInodes,
        });
        made.set(token, one);
        return one.job;
      }
      case 'number':
        return existing(order.token).asOwner((here) => readNumber(here.path(NUMBER_NAME)));
      case 'flush':
        return existing(order.token).asOwner((here) => flushTime(here.path(NUMBER_NAME)));
      case 'remove-names':
        existing(order.token).removeNames(order.spared);
        return null;
      case 'destroy': {
        const { token, identity } = order;
        const one = made.get(token);
        made.delete(token);
        // The one that made it may have been killed: by hand, or for want of memory.
        if (one === undefined) removeOrphan(directory, token, await preparedBy(order), identity);
        else one.destroy();
        return null;
      }
      case 'look':
        for (const path of order.paths) lookInto(path);
        return null;
      case 'leftovers':
        return asNames(removeLeftovers([directory], order.identity));
    }
  };

  say({ at: 'ready' });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      say({ at: 'done', value: await obey(JSON.parse(line) as KeeperOrder) });
    } catch (error) {
      const { code = null, syscall = null } = error as NodeJS.ErrnoException;
      say({ at: 'refused', message: messageOf(error), code, syscall });
    }
  }
  process.exit(0);
}

await runProgram<KeeperJob>(work);
