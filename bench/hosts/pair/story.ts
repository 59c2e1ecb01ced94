/**
 * What two hosts do with one lock: each holds it while the other one tries, and then both take it again and again. One host
 * leads, so that both know at each step what the other one does; no clock is compared.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { sleep } from '../../../strategies/posix/clock.js';
import type { RoundDirectory, Strategy } from '../../../strategies/strategy.js';
import { messageOf } from '../../base/error-message.js';
import { Told } from '../../base/told.js';
import { readNumber } from '../../measure/parent/number-text.js';
import { judgeSequence } from '../../measure/verdict/sequence.js';
import { keptOpen, NUMBER_NAME } from '../../measure/worker/number-file.js';
import { openParticipantLock, type ParticipantLock } from '../../scenario/participant-lock.js';
import { xorshift32 } from '../../statistics/xorshift32.js';
import { type Conversation, POLL_MS, type Role } from './conversation.js';
import { insideOf, type Witness, witnessOf } from './name-witness.js';
import type { Contended, Direction } from './pair-schema.js';
import { Left } from './presence.js';

/** Where both meet for one lock, and what they say of it. */
export interface PairScenario {
  readonly site: RoundDirectory;
  readonly topic: string;
  readonly strategy: Strategy;
  readonly conversation: Conversation;
}

export interface Facts {
  readonly held: Direction[];
  readonly contended: Contended;
}

type Message =
  | { readonly at: 'failed'; readonly reason: string }
  | { readonly at: 'held' | 'free' | 'go' }
  | { readonly at: 'tried'; readonly got: boolean; readonly caught: boolean }
  | { readonly at: 'passed'; readonly got: boolean }
  | { readonly at: 'turns'; readonly ledger: readonly number[]; readonly twoInside: number }
  | { readonly at: 'final'; readonly number: number };

/** The other one could not go on with this lock. */
class OtherFailed extends Told {
  override readonly name = 'OtherFailed';
}

const TURNS = 100;
/** Where a turn takes long, fewer turns tell as much, and the other one need not wait for the rest. */
const TURNS_MS = 20_000;
/** For a lock that was given back to be had: NFS tells some waiters late, and some caches hide names for a minute. */
const FREED_MS = 150_000;
const MOST_PAUSE_NS = 2e6;

const ROLES: readonly Role[] = ['first', 'second'];

/** The file that kernel locks apply to, which holds the number. `close` may be called twice. */
interface NumberDescriptor {
  readonly fd: number;
  close(): void;
}

function openNumber(path: string): NumberDescriptor {
  const fd = openSync(path, constants.O_RDWR);
  let isOpen = true;
  return {
    fd,
    close() {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}

class Story {
  constructor(
    private readonly scenario: PairScenario,
    private readonly lock: ParticipantLock,
    private readonly file: NumberDescriptor,
    private readonly witness: Witness,
  ) {}

  async play(): Promise<Facts> {
    const held: Direction[] = [];
    for (const holder of ROLES) {
      held.push(holder === this.scenario.conversation.role ? await this.#hold() : await this.#challenge());
    }
    return { held, contended: await this.#contend() };
  }

  #say(message: Message): void {
    this.scenario.conversation.say(this.scenario.topic, message);
  }

  async #hear<At extends Message['at']>(at: At): Promise<Extract<Message, { at: At }>> {
    const message = await this.scenario.conversation.hear<Message>(this.scenario.topic);
    if (message.at === 'failed') throw new OtherFailed(message.reason);
    if (message.at !== at) throw new Error(`"${at}" was expected from the other host, got "${message.at}"`);
    return message as Extract<Message, { at: At }>;
  }

  /** False if it was not to be had in time. */
  async #acquire(): Promise<boolean> {
    const end = performance.now() + FREED_MS;
    while (!(await this.lock.try())) {
      if (performance.now() > end) return false;
      this.scenario.conversation.presence.check();
      await pause(POLL_MS);
    }
    return true;
  }

  async #hold(): Promise<Direction> {
    if (!(await this.#acquire())) throw new Told('it was refused although nobody holds it');
    if (!this.witness.enter()) throw new Told('the other host is inside before it was asked to try');
    this.#say({ at: 'held' });
    const { got, caught } = await this.#hear('tried');
    this.witness.leave();
    await this.lock.unlock();
    this.#say({ at: 'free' });
    const passed = await this.#hear('passed');
    return { got, caught, freed: passed.got };
  }

  async #challenge(): Promise<Direction> {
    await this.#hear('held');
    const got = await this.lock.try();
    const caught = got && !this.witness.enter();
    if (got) {
      if (!caught) this.witness.leave();
      await this.lock.unlock();
    }
    this.#say({ at: 'tried', got, caught });
    await this.#hear('free');
    const freed = await this.#acquire();
    if (freed) await this.lock.unlock();
    this.#say({ at: 'passed', got: freed });
    return { got, caught, freed };
  }

  async #contend(): Promise<Contended> {
    const { conversation, site } = this.scenario;
    const isFirst = conversation.role === 'first';
    if (isFirst) this.#say({ at: 'go' });
    else await this.#hear('go');
    const ours = await this.#takeTurns();
    // Over NFS, what was written is on the server once the file is closed.
    this.file.close();
    this.#say({ at: 'turns', ...ours });
    const theirs = await this.#hear('turns');
    let final: number;
    if (isFirst) {
      final = readNumber(site.path(NUMBER_NAME));
      this.#say({ at: 'final', number: final });
    } else final = (await this.#hear('final')).number;
    const [one, two] = isFirst ? [ours, theirs] : [theirs, ours];
    const { sequence, lost } = judgeSequence(
      [one, two].map(({ ledger }) => Int32Array.from(ledger)),
      final,
    );
    return {
      turns: [one.ledger.length, two.ledger.length],
      handoffs: handoffsOf(one.ledger, two.ledger),
      twoInside: [one.twoInside, two.twoInside],
      sequence,
      lost,
      final,
    };
  }

  /** Random pauses, inside and outside, so that each comes upon the other at all moments. */
  async #takeTurns(): Promise<{ ledger: number[]; twoInside: number }> {
    const { conversation, site } = this.scenario;
    const random = xorshift32(conversation.role === 'first' ? 1 : 2);
    const number = keptOpen(site.path(NUMBER_NAME), this.file.fd);
    const end = performance.now() + TURNS_MS;
    const ledger: number[] = [];
    let twoInside = 0;
    while (ledger.length < TURNS && performance.now() < end) {
      if (!(await this.#acquire())) throw new Told(`it was refused for ${FREED_MS / 1000} s`);
      const entered = this.witness.enter();
      if (!entered) twoInside++;
      ledger.push(number.take());
      sleep(random() * MOST_PAUSE_NS);
      if (entered) this.witness.leave();
      await this.lock.unlock();
      sleep(random() * MOST_PAUSE_NS);
    }
    return { ledger, twoInside };
  }
}

/** Of the numbers in their order, how many another one took than the one before. */
export function handoffsOf(first: readonly number[], second: readonly number[]): number {
  const taken = [...first.map((n) => [n, 0] as const), ...second.map((n) => [n, 1] as const)];
  taken.sort(([a], [b]) => a - b);
  return taken.filter(([, who], i) => i > 0 && who !== taken[i - 1]?.[1]).length;
}

/**
 * Plays it. Throws Told with the reason if the lock did not go on, on one side or the other, and Left if the other one is gone.
 */
export async function play(scenario: PairScenario): Promise<Facts> {
  const { site, topic, strategy, conversation } = scenario;
  const file = openNumber(site.path(NUMBER_NAME));
  const workerIndex = ROLES.indexOf(conversation.role);
  const lock = openParticipantLock(strategy, { ...site, fd: file.fd, workerIndex }, { kind: 'spin' });
  try {
    if (!lock.members.tryLock) throw new Told('it can only be waited for, and here it must be tried');
    return await new Story(scenario, lock, file, witnessOf(insideOf(site), conversation.role)).play();
  } catch (error) {
    if (error instanceof Left) throw error;
    const reason = messageOf(error);
    if (!(error instanceof OtherFailed)) conversation.say(topic, { at: 'failed', reason });
    throw new Told(reason);
  } finally {
    lock.close();
    file.close();
  }
}
