/**
 * What happens when the holder of a lock dies, is stopped, or closes a file.
 */
import type { Claims } from '../../strategies/strategy.js';
import { brokenClaim, DEFAULT_PATIENCE_NS, patienceFor, playCrash } from '../crash/crash-case.js';
import type { CrashEvent } from '../crash/crash-events.js';
import type { PlayedCrash } from '../crash/crash-schema.js';
import { intervalsOf } from '../scenario/intervals.js';
import { HOLDER } from '../scenario/overtaking.js';
import { type Check, type ProofSpec, seen } from './check.js';
import { conclusive } from './conclusive.js';

/** So long an unharmed lock is watched that another may get into. */
const KEPT_NS = 300e6;

/** Whether no lease may have run out but that of the holder after the event: who was slow for so long played another story. */
function isOfTheEvent({ timeline, eventNs }: PlayedCrash, { leaseNs }: Claims): boolean {
  return intervalsOf(timeline).every(
    ({ participant, fromNs, toNs }) =>
      leaseNs === undefined || (participant === HOLDER ? eventNs : toNs) - fromNs < leaseNs / 2,
  );
}

/** For `patienceNs` is waited for what may not happen, for `settlingNs` until all have had their turn, if they shall. */
function play(
  { strategy, policy, foreign, directory, identity }: ProofSpec,
  event: CrashEvent,
  patienceNs: number,
  settlingNs: number,
): Promise<PlayedCrash> {
  return conclusive(async () => {
    const spec = { strategy, policy, directory, identity, ...(foreign && { foreign }) };
    const played = await playCrash({ ...spec, event, patienceNs, settlingNs });
    return isOfTheEvent(played, strategy.claims) ? played : 'inconclusive';
  });
}

/** What becomes of the lock of a holder that is killed: of a user's own, nobody has told what shall. */
export function deathChecks(spec: ProofSpec): Check[] {
  const { claims } = spec.strategy;
  if (spec.foreign?.runtime === 'worker') return [];
  const limitNs = patienceFor(claims, spec.limitNs);
  return [
    {
      claim: 'holderDies',
      promise: `if its holder is killed: ${claims.holderDies}`,
      observe: async () => {
        const settlingNs = claims.holderDies === 'stuck' ? DEFAULT_PATIENCE_NS : limitNs;
        const played = await play(spec, 'kill', DEFAULT_PATIENCE_NS, settlingNs);
        // Who is in beside the holder does not wait for its death: of that, a control may tell nothing.
        const broken = brokenClaim(played, claims, false);
        return seen(broken === null, broken?.observed ?? played.outcome);
      },
    },
  ];
}

/** What happens to a holder that lives on. */
export function storyChecks(spec: ProofSpec): Check[] {
  const { claims, family } = spec.strategy;
  const isOfUser = spec.foreign?.runtime === 'worker';
  const limitNs = patienceFor(claims, spec.limitNs);
  const checks: Check[] = [];
  if (claims.excludes && claims.leaseNs === undefined)
    checks.push({
      claim: 'excludes',
      promise: 'keeps all others out while its holder is stopped',
      observe: async () => {
        const { outcome, number, served, errors } = await play(spec, 'stop', DEFAULT_PATIENCE_NS, limitNs);
        const isSo = outcome === 'kept' && number.sequence === 'intact' && served === 3;
        const told = errors.map(({ participant, error }) => `; ${participant}: ${error}`).join('');
        return seen(isSo, `${outcome}, ${number.lost} updates lost, ${served} of 3 served later${told}`);
      },
    });
  if (family === 'kernel file lock' && !isOfUser) {
    const loses = claims.owner === 'process';
    checks.push({
      claim: 'owner',
      promise: `${loses ? 'is lost' : 'is kept'} when another descriptor of the file is closed`,
      observe: async () => {
        const { outcome } = await play(spec, 'close', loses ? limitNs : KEPT_NS, limitNs);
        return seen(outcome === (loses ? 'overtaken' : 'kept'), outcome);
      },
    });
  }
  if (claims.leaseNs !== undefined)
    checks.push({
      claim: 'leaseNs',
      promise: 'is taken from a holder that is stopped for too long, which learns of it; two held it',
      observe: async () => {
        const { outcome, heldTwiceNs, number, errors, served } = await play(spec, 'stop', limitNs, limitNs);
        const told = errors.map(({ participant }) => participant);
        const isSo =
          outcome === 'overtaken' &&
          heldTwiceNs > 0 &&
          number.sequence === 'lost-updates' &&
          told.join() === HOLDER &&
          // Nobody's lock was removed by the one who came back: so all others were served.
          served === 3;
        return seen(
          isSo,
          `${outcome}; told of it: ${told.join(', ') || 'nobody'}; ${served} of 3 served later`,
        );
      },
    });
  return checks;
}
