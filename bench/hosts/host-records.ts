/**
 * What a round's figures say, as a result has them.
 */

import { describeContention } from '../measure/verdict/contention.js';
import { type Acquisition, ownerLog } from '../measure/verdict/owner-log.js';
import { judgeSequence } from '../measure/verdict/sequence.js';
import { percentiles } from '../statistics/percentiles.js';
import type { HostRoundFigures, Share } from './host-round.js';
import type { HostRoundRecord } from './hosts-schema.js';

/** A time of a share's clock, by rank 0's. */
const byRank0 = ({ clock }: Share, ns: bigint): bigint => ns - (clock?.offsetNs ?? 0n);

/** When each began its first turn, by rank 0's clock. */
const startsOf = (shares: readonly Share[]): bigint[] =>
  shares.map((share) => byRank0(share, share.gateNs + BigInt(Math.round(share.figures.startNs))));

const earliest = (times: readonly bigint[]): bigint => times.reduce((a, b) => (b < a ? b : a));

/** Those of the two clocks that were furthest apart from the truth. */
function spreadErrorOf(shares: readonly Share[]): number {
  const errors = shares.map(({ clock }) => clock?.errorNs ?? 0).sort((a, b) => b - a);
  return shares.length < 2 ? 0 : (errors[0] ?? 0) + (errors[1] ?? 0);
}

/**
 * From a release to the next acquisition, where the next one is another rank that was waiting by then: between hosts, and
 * within one. The order is that of the numbers, since clocks of two hosts may be wrong by more than a hand-off takes.
 */
export function handoffTimes(
  log: readonly Acquisition[],
  hostOf: (worker: number) => string,
): { between: number[]; within: number[] } {
  const inOrder = [...log].sort((a, b) => a.number - b.number);
  const times: { between: number[]; within: number[] } = { between: [], within: [] };
  for (let i = 1; i < inOrder.length; i++) {
    const [before, after] = [inOrder[i - 1] as Acquisition, inOrder[i] as Acquisition];
    if (after.worker === before.worker || after.askedNs >= before.releasedNs) continue;
    const isWithin = hostOf(after.worker) === hostOf(before.worker);
    times[isWithin ? 'within' : 'between'].push(after.acquiredNs - before.releasedNs);
  }
  return times;
}

/** The log of a trace round, by rank 0's clock since the first start. */
function logOf(shares: readonly Share[]): Acquisition[] {
  const stamps = shares.map((share) => share.stamps.map((stamp) => byRank0(share, stamp)));
  return ownerLog(
    stamps,
    shares.map(({ ledger }) => ledger),
    earliest(startsOf(shares)),
  );
}

function rpcsOf(shares: readonly Share[], hostOf: (rank: number) => string) {
  return shares.flatMap(({ rank, rpcs }) =>
    rpcs === null ? [] : [{ host: hostOf(rank), requests: { ...rpcs } }],
  );
}

/** `hostOf`: by rank. */
export function recordOf(
  kind: HostRoundRecord['kind'],
  { shares, final, findings }: HostRoundFigures,
  place: { readonly block: number; readonly order: number },
  hostOf: (rank: number) => string,
): HostRoundRecord {
  const ledgers = shares.map(({ ledger }) => ledger);
  const { sequence, turns, lost, expected } = judgeSequence(ledgers, final);
  const isTimed = kind !== 'prove';
  const starts = startsOf(shares);
  const first = earliest(starts);
  const startNs = starts.map((at) => (isTimed ? Number(at - first) : 0));
  const common = {
    ...place,
    wallNs: Math.max(...shares.map(({ figures }) => figures.endNs)),
    ...{ turns, final, expected, lost, sequence },
    workers: shares.map(({ rank, clock, figures }, i) => ({
      rank,
      turns: figures.turns,
      startNs: startNs[i] ?? 0,
      endNs: figures.endNs,
      clockOffsetNs: clock === null ? null : String(clock.offsetNs),
      clockErrorNs: clock?.errorNs ?? null,
      failedTries: figures.failedTries,
      userNs: figures.userNs,
      systemNs: figures.systemNs,
    })),
  };
  if (kind === 'prove') {
    const found = findings ?? { violations: 0, handoffs: 0, betweenHosts: 0, first: null };
    return { kind, ...common, ...found };
  }
  const ends = shares.map(({ figures }) => figures.endNs);
  const contention = sequence === 'intact' ? describeContention(ledgers, ends) : null;
  if (kind === 'timing') {
    return {
      kind,
      ...common,
      spreadNs: Math.max(...startNs),
      spreadErrorNs: spreadErrorOf(shares),
      ownerChanges: contention?.ownerChanges ?? null,
      rpcs: rpcsOf(shares, hostOf),
    };
  }
  // Numbers that two took have no order.
  const { between, within } =
    sequence === 'intact'
      ? handoffTimes(logOf(shares), (worker) => hostOf(shares[worker]?.rank ?? 0))
      : { between: [], within: [] };
  return { kind, ...common, betweenHostsNs: percentiles(between), withinHostNs: percentiles(within) };
}
