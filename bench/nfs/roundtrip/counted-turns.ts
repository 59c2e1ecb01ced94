/**
 * A process whose calls are counted: on a client, alone, it takes turns when it is told to, and is silent between. What
 * it does to get ready, and the calls that the kernel makes behind its back at the end of a turn, thereby fall outside of
 * what is counted, or wholly inside.
 *
 * Orders, a line each: the number of turns to take. It says `ready` at first, and `took` after each order.
 */

import { createInterface } from 'node:readline';
import { loadStrategy } from '../../../strategies/index.js';
import { dieWithParent } from '../../../strategies/posix/own-process.js';
import { runProgram, sayJson } from '../../base/program.js';
import { drop, type Identity } from '../../machine/identity.js';
import type { RoundDirectoryJob } from '../../measure/worker/job.js';
import { openLockSite } from '../../measure/worker/lock-site.js';
import { takeTurns } from '../../measure/worker/loop.js';
import { keptOpen, NUMBER_NAME } from '../../measure/worker/number-file.js';
import type { Policy } from '../../measure/worker/policy.js';
import { waiter } from '../../measure/worker/waiting.js';

export interface CountedJob {
  readonly parentPid: number;
  readonly identity: Identity | null;
  readonly strategy: string;
  readonly policy: Policy;
  readonly roundDirectory: RoundDirectoryJob;
}

export type CountedMessage =
  | { readonly at: 'ready' }
  | { readonly at: 'took'; readonly turns: number }
  | { readonly at: 'error'; readonly message: string };

const say: (message: CountedMessage) => void = sayJson;

const pass = (): void => {};

async function work({
  parentPid,
  identity,
  strategy: name,
  policy,
  roundDirectory,
}: CountedJob): Promise<void> {
  const strategy = await loadStrategy(name);
  if (strategy.calls !== 'synchronous') throw new Error(`${name}: a strategy without promises was expected`);
  drop(identity);
  dieWithParent(parentPid);
  const site = openLockSite(roundDirectory, 0, NUMBER_NAME);
  const { take } = keptOpen(site.path(NUMBER_NAME), site.fd);
  const lock = strategy.open(site);
  const turn = {
    acquire: waiter(lock, policy, 0).acquire,
    take,
    hold: pass,
    unlock: lock.unlock,
    think: pass,
  };
  say({ at: 'ready' });
  for await (const order of createInterface({ input: process.stdin })) {
    const turns = Number(order);
    say({ at: 'took', turns: takeTurns(turn, new Int32Array(turns), 0, turns, new Int32Array(1)) });
  }
  lock.close();
}

await runProgram<CountedJob>(work);
