/**
 * Processes that share one lock, in one round directory, and do with it what they are told. Several questions may be asked
 * of one company: each leaves the lock free for the next.
 */
import { processName } from '../../strategies/index.js';
import { now } from '../../strategies/posix/clock.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { Identity } from '../machine/identity.js';
import type { ForeignWorker } from '../measure/parent/foreign-worker.js';
import { type KeptDirectory, keepDirectory, USUAL_PATIENCE_NS } from '../measure/parent/kept-directories.js';
import { removeAll } from '../measure/parent/unremoved.js';
import type { Policy } from '../measure/worker/policy.js';
import { Member } from '../scenario/member.js';
import { Participant } from '../scenario/participant-process.js';
import { conclusive } from './conclusive.js';

export interface CompanySpec {
  readonly strategy: Strategy;
  readonly policy: Policy;
  /** The program that locks, where it is none of ours. */
  readonly foreign?: ForeignWorker;
  readonly directory: string;
  readonly identity: Identity | null;
}

export class LockCompany {
  readonly members: readonly Member[];

  private constructor(
    private readonly strategy: Strategy,
    private readonly made: KeptDirectory,
    private readonly participants: readonly Participant[],
  ) {
    this.members = participants.map((participant) => new Member(participant));
  }

  /** Starts this many processes, all ready. Throws what the directory or the strategy throws; then nothing is left. */
  static async of(spec: CompanySpec, count: number): Promise<LockCompany> {
    const { strategy, policy, directory, identity, foreign } = spec;
    const made = await keepDirectory(directory, count, strategy, identity, USUAL_PATIENCE_NS);
    const participants = Array.from({ length: count }, (_, workerIndex) => {
      const casting = {
        ...{ strategy: processName(strategy), policy, identity, roundDirectory: made.job },
        ...(foreign && { foreign }),
      };
      return new Participant(`process ${workerIndex + 1}`, { ...casting, workerIndex, originNs: 0n });
    });
    const company = new LockCompany(strategy, made, participants);
    try {
      await Promise.all(participants.map(({ ready }) => ready));
      return company;
    } catch (error) {
      await company.end();
      throw error;
    }
  }

  /** Names what is its own, wherever that lives. */
  get token(): string {
    return this.made.job.token;
  }

  /** Kills the processes, and removes the directory; what cannot be removed is kept for the end. May be called twice. */
  async end(): Promise<void> {
    await Promise.all(this.participants.map((participant) => participant.killOrAbandon()));
    await removeAll([() => this.made.destroy()]);
  }

  /**
   * Asks them. What was answered after a good part of a lease is no answer to the question: then the process that has the lock
   * by now gives it back, and all is asked once more.
   */
  ask<T>(question: (one: Member, two: Member, three: Member) => Promise<T>): Promise<T> {
    const [one, two, three] = this.members as readonly [Member, Member, Member];
    const { leaseNs } = this.strategy.claims;
    if (leaseNs === undefined) return question(one, two, three);
    return conclusive(async () => {
      const beganNs = now();
      const isLate = (): boolean => Number(now() - beganNs) > leaseNs / 2;
      try {
        const answer = await question(one, two, three);
        if (!isLate()) return answer;
      } catch (error) {
        if (!isLate()) throw error;
      }
      for (const member of this.members) await member.ask('unlock');
      return 'inconclusive';
    });
  }
}
