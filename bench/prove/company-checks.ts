/**
 * What three processes are asked of one lock: who gets in, who waits, whose it is, and what is left of it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { leftOf } from '../machine/leavings.js';
import { type Check, type ProofSpec, seen } from './check.js';
import type { LockCompany } from './lock-company.js';

/** A lock that does not make its caller wait answers at once. */
const WAITS_MS = 200;

/** The questions, one after the other; the last one ends the company. */
export function companyChecks(
  started: () => LockCompany,
  { strategy, members, foreign, directory, memory }: ProofSpec,
): Check[] {
  const { claims, family } = strategy;
  const checks: Check[] = [
    {
      claim: 'contract',
      promise: 'can be taken again once it is unlocked',
      observe: () =>
        started().ask(async (one, two) => {
          for (const member of [one, two, one]) {
            await member.acquire();
            await member.release();
          }
          return seen(true, 'three times, by two processes');
        }),
    },
  ];
  if (claims.excludes && members.tryLock)
    checks.push({
      claim: 'excludes',
      promise: 'refuses a second holder',
      observe: () =>
        started().ask(async (one, two) => {
          await one.acquire();
          const tries = [await two.tries(), await two.tries()];
          await one.release();
          const refused = tries.filter((got) => !got).length;
          return seen(refused === tries.length, `${refused} of ${tries.length} tries were refused`);
        }),
    });
  if (claims.excludes && members.lock)
    checks.push({
      claim: 'excludes',
      promise: 'makes a waiter wait, and wakes it when the holder unlocks',
      observe: () =>
        started().ask(async (one, two) => {
          await one.acquire();
          let got = false;
          const waiting = two.ask('acquire').then((answer) => {
            got = true;
            return answer;
          });
          await delay(WAITS_MS);
          const early = got;
          await one.release();
          const answer = await waiting;
          await two.release();
          if (answer.at === 'failed') return seen(false, answer.message);
          return seen(!early, early ? 'the second one got a lock that was held' : 'it waited, and was woken');
        }),
    });
  // Whose it is can be told only of a lock that holds, and nobody has told of a user's own.
  if (family !== 'control' && foreign?.runtime !== 'worker')
    checks.push({
      claim: 'owner',
      promise: `belongs to: ${claims.owner}`,
      observe: async () => {
        const [again, stranger] = await started().ask(async (one, two, three) => {
          await one.acquire();
          // A process of the worker in C has one lock.
          const second = foreign?.runtime === 'c' ? null : await one.tries('second');
          await two.ask('unlock');
          return [second, await three.tries()];
        });
        const strangerCan = claims.owner === 'name' || claims.owner === 'nobody';
        const told = [
          ...(again === null
            ? []
            : [`a second lock of the same process ${again ? 'gets in' : 'is kept out'}`]),
          `a stranger's unlock ${stranger ? 'undoes' : 'does not undo'} it`,
        ];
        return seen(
          (again === null || again === (claims.owner === 'process')) && stranger === strangerCan,
          told.join('; '),
        );
      },
    });
  return [
    ...checks,
    {
      claim: 'contract',
      promise: 'leaves nothing behind when its holders are killed',
      observe: async () => {
        const company = started();
        await Promise.all(company.members.map((member) => member.kill()));
        const places = [...new Set([directory, memory])];
        if (leftOf(company.token, places).length === 0)
          return seen(false, 'not even its directory was seen before it was removed');
        await company.end();
        await company.end();
        const left = leftOf(company.token, places);
        return seen(left.length === 0, left.length === 0 ? 'nothing is left' : `left: ${left.join(', ')}`);
      },
    },
  ];
}
