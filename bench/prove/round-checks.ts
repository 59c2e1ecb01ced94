/**
 * What processes come to that contend for a lock: whether updates are lost, and whether two are ever inside at once.
 */
import { plural } from '../base/format.js';
import { PLAIN } from '../measure/parent/request.js';
import { Round, type RoundFigures, type RoundOutcome } from '../measure/parent/round.js';
import { record } from '../measure/parent/round-record.js';
import { type ExclusionFinding, judgeExclusion, LEAST_HANDOFFS } from '../measure/verdict/exclusion.js';
import { judgeSequence } from '../measure/verdict/sequence.js';
import { defaultPolicy } from '../measure/worker/policy.js';
import { type Check, type Observation, type ProofSpec, seen } from './check.js';
import { conclusive, LIMIT_NS } from './conclusive.js';

/** Turns of each of three processes; a library that returns promises is slower by far. */
const TURNS = { synchronous: 3_000, asynchronous: 300 } as const;
/** A round with random delays ends after so long, with fewer hand-offs: a lock that starves its waiters has few. */
const PROOF_NS = 10e9;

/**
 * What a round comes to. A holder that a busy machine does not run for a whole lease is told by its lock that it ran out: that
 * says nothing of the lock, so another round is played until `isLate`. Throws an Error that says why if there are no figures.
 */
export async function figuresOf(
  play: () => Promise<RoundOutcome>,
  hasLease: boolean,
  isLate: () => boolean,
): Promise<RoundFigures> {
  for (;;) {
    const outcome = await play();
    if (outcome.state === 'measured') return outcome.figures;
    if (!hasLease || outcome.state !== 'errored' || isLate()) throw new Error(outcome.reason);
  }
}

/** What three processes that contend for it come to. Throws an Error that says why if they do not come to an end. */
function contend(kind: 'timing' | 'prove', spec: ProofSpec): Promise<RoundFigures> {
  const end = performance.now() + LIMIT_NS / 1e6;
  return figuresOf(
    () => playRound(kind, spec),
    spec.strategy.claims.leaseNs !== undefined,
    () => performance.now() > end,
  );
}

async function playRound(
  kind: 'timing' | 'prove',
  { strategy, members, foreign, directory, memory, identity, handoffs }: ProofSpec,
): Promise<RoundOutcome> {
  const round = await Round.launch({
    kind,
    processors: null,
    enoughHandoffs: handoffs,
    strategy,
    ...(foreign && { foreign }),
    policy: defaultPolicy(members),
    conditions: {
      ...PLAIN,
      processes: 3,
      directory: { path: directory },
      increments: TURNS[strategy.calls],
    },
    memory,
    limits: { atLeastNs: 0, budgetNs: kind === 'prove' ? PROOF_NS : LIMIT_NS, timeLimitNs: LIMIT_NS },
    identity,
  });
  return await round.run();
}

/** How many updates one contended round lost; at least 1 if its final number is wrong. */
async function lostBy(spec: ProofSpec): Promise<number> {
  const { ledgers, final } = await contend('timing', spec);
  const { sequence, lost } = judgeSequence(ledgers, final);
  return sequence === 'intact' ? 0 : Math.max(1, lost);
}

/** Whether updates are lost in a contended round. */
export function updatesCheck(spec: ProofSpec): Check {
  const { excludes } = spec.strategy.claims;
  const observed = (lost: number): string => `${lost} updates lost by three processes`;
  return excludes
    ? {
        claim: 'excludes',
        promise: 'loses no update between contending processes',
        observe: async () => {
          const lost = await lostBy(spec);
          return seen(lost === 0, observed(lost));
        },
      }
    : {
        claim: 'excludes',
        promise: 'is caught losing updates between contending processes',
        observe: () =>
          // That they meet is for the machine to bring about: until it does, nothing is known.
          conclusive(async () => {
            const lost = await lostBy(spec);
            return lost > 0 ? seen(true, observed(lost)) : 'inconclusive';
          }),
      };
}

/** One round with random delays. */
async function proofRound(spec: ProofSpec): Promise<ExclusionFinding> {
  const round = record('prove', await contend('prove', spec), 0, 0);
  if (round.kind !== 'prove') throw new Error('a prove round was expected');
  return round.exclusion;
}

/**
 * What rounds come to that are played until they tell something: a lock that was hardly handed over has met nobody. Throws an
 * Error when `isLate` says so before.
 */
export async function observeExclusion(
  play: () => Promise<ExclusionFinding>,
  isLate: () => boolean,
): Promise<Observation> {
  const findings: ExclusionFinding[] = [];
  for (;;) {
    findings.push(await play());
    const verdict = judgeExclusion(findings);
    const sum = (of: 'violations' | 'handoffs'): number =>
      findings.reduce((so, finding) => so + finding[of], 0);
    const [violations, handoffs] = [sum('violations'), sum('handoffs')];
    if (verdict !== 'unchecked')
      return seen(
        verdict === 'held',
        `two were inside ${plural(violations, 'time')} in ${plural(handoffs, 'hand-off')}`,
      );
    if (isLate())
      throw new Error(
        `it was handed over ${plural(handoffs, 'time')} in ${LIMIT_NS / 1e9} s; ${LEAST_HANDOFFS} are the minimum for a verdict`,
      );
  }
}

/** Whether two are ever inside at once, their pauses being random. */
export function exclusionChecks(spec: ProofSpec): Check[] {
  if (!spec.strategy.claims.excludes || spec.handoffs === 0) return [];
  return [
    {
      claim: 'excludes',
      promise: 'never lets two in at once, with random delays',
      observe: () => {
        const end = performance.now() + LIMIT_NS / 1e6;
        return observeExclusion(
          () => proofRound(spec),
          () => performance.now() > end,
        );
      },
    },
  ];
}
