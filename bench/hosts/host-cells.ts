/**
 * What the rounds of a cell say together.
 */

import type { Strategy } from '../../strategies/strategy.js';
import { judgeExclusion } from '../measure/verdict/exclusion.js';
import type { Policy } from '../measure/worker/policy.js';
import { policyName } from '../measure/worker/policy.js';
import { estimateMedian } from '../statistics/median.js';
import type { HolderDeath } from './holder-death.js';
import type {
  HostProveRound,
  HostRoundRecord,
  HostsCell,
  HostTimingRound,
  HostTraceRound,
} from './hosts-schema.js';

/** A cell that is planned. */
export interface HostCell {
  readonly strategy: Strategy;
  readonly isControl: boolean;
  readonly policy: Policy;
  /** Who contends. */
  readonly ranks: readonly number[];
  /** Why it cannot run, or null. */
  readonly unavailable: string | null;
}

/** A cell and what became of it so far. */
export interface HostCellProgress {
  readonly cell: HostCell;
  readonly rounds: HostRoundRecord[];
  /** What became of the lock when its holder was killed. */
  death: HolderDeath | null;
  /** What became of it when its holder's host was cut off. */
  cut: HolderDeath | null;
  failure: { readonly state: 'timed-out' | 'errored'; readonly reason: string } | null;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const ofKind = <Kind extends HostRoundRecord['kind']>(
  rounds: readonly HostRoundRecord[],
  kind: Kind,
): Extract<HostRoundRecord, { kind: Kind }>[] =>
  rounds.filter((round): round is Extract<HostRoundRecord, { kind: Kind }> => round.kind === kind);

/** Turns of each host's ranks in these rounds. */
function turnsByHost(
  rounds: readonly HostTimingRound[],
  hostOf: (rank: number) => string,
): ReadonlyMap<string, { turns: number; ranks: Set<number> }> {
  const hosts = new Map<string, { turns: number; ranks: Set<number> }>();
  for (const { rank, turns } of rounds.flatMap(({ workers }) => workers)) {
    const host = hosts.get(hostOf(rank)) ?? { turns: 0, ranks: new Set() };
    host.turns += turns;
    host.ranks.add(rank);
    hosts.set(hostOf(rank), host);
  }
  return hosts;
}

/** By host, then by operation, over that host's own turns. */
function rpcsPerIncrement(
  rounds: readonly HostTimingRound[],
  hosts: ReadonlyMap<string, { readonly turns: number }>,
): { host: string; requests: Record<string, number> }[] {
  const all = new Map<string, Record<string, number>>();
  for (const { host, requests } of rounds.flatMap(({ rpcs }) => rpcs)) {
    const of = all.get(host) ?? {};
    for (const [operation, count] of Object.entries(requests)) of[operation] = (of[operation] ?? 0) + count;
    all.set(host, of);
  }
  return [...all].map(([host, requests]) => {
    const turns = hosts.get(host)?.turns ?? 0;
    const each = Object.entries(requests).map(([operation, count]) => [
      operation,
      count / Math.max(1, turns),
    ]);
    return { host, requests: Object.fromEntries(each) as Record<string, number> };
  });
}

/** Of a round's wall time, what the spread of the starts may be. */
export const MOST_SPREAD = 0.01;

export const startedApart = ({ spreadNs, wallNs }: Pick<HostTimingRound, 'spreadNs' | 'wallNs'>): boolean =>
  spreadNs > wallNs * MOST_SPREAD;

/**
 * The timing rounds that a cost rests on. One that was too short for its starts is kept for the numbers that it lost, and costs
 * nothing where there is a longer one.
 */
export function costRounds(rounds: readonly HostRoundRecord[]): HostTimingRound[] {
  const timed = ofKind(rounds, 'timing').filter(({ turns }) => turns > 0);
  const together = timed.filter((round) => !startedApart(round));
  return together.length > 0 ? together : timed;
}

const latestOf = <Key extends 'betweenHostsNs' | 'withinHostNs'>(
  traces: readonly HostTraceRound[],
  key: Key,
): HostTraceRound[Key] => traces.at(-1)?.[key] ?? null;

const firstOf = (proofs: readonly HostProveRound[]): HostProveRound['first'] =>
  proofs.find(({ first }) => first !== null)?.first ?? null;

/** The cell as a result has it; null if nothing of it is known yet. */
export function cellOf(
  { cell, rounds, death, cut, failure }: HostCellProgress,
  hostOf: (rank: number) => string,
): HostsCell | null {
  const { strategy, policy, ranks, unavailable } = cell;
  const identity = { strategy: strategy.name, wait: policyName(policy), ranks: [...ranks] };
  if (unavailable !== null) return { ...identity, state: 'unavailable', reason: unavailable };
  if (failure !== null) return { ...identity, ...failure, rounds: [...rounds] };
  if (rounds.length === 0) return null;
  const timed = costRounds(rounds);
  const proofs = ofKind(rounds, 'prove');
  const traces = ofKind(rounds, 'trace');
  const hosts = turnsByHost(timed, hostOf);
  const turns = sum([...hosts.values()].map((host) => host.turns));
  return {
    ...identity,
    state: 'measured',
    nsPerIncrement: timed.length === 0 ? null : estimateMedian(timed.map((r) => r.wallNs / r.turns)),
    spreadShare: timed.length === 0 ? null : Math.max(...timed.map((r) => r.spreadNs / r.wallNs)),
    exclusion: judgeExclusion(
      proofs.map(({ violations, handoffs }) => ({ violations, handoffs, first: null })),
    ),
    violations: sum(proofs.map(({ violations }) => violations)),
    handoffs: sum(proofs.map(({ handoffs }) => handoffs)),
    betweenHosts: sum(proofs.map(({ betweenHosts }) => betweenHosts)),
    first: firstOf(proofs),
    sequence: rounds.every(({ sequence }) => sequence === 'intact') ? 'intact' : 'lost-updates',
    lost: sum(rounds.map(({ lost }) => lost)),
    holderDied: death,
    holderCutOff: cut,
    betweenHostsNs: latestOf(traces, 'betweenHostsNs'),
    withinHostNs: latestOf(traces, 'withinHostNs'),
    turnsByHost: [...hosts].map(([host, of]) => ({
      host,
      ranks: of.ranks.size,
      share: of.turns / turns,
    })),
    rpcsPerIncrement: rpcsPerIncrement(timed, hosts),
    rounds: [...rounds],
  };
}
