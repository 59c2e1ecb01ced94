/**
 * One of the two, a process apart as the workers' user: it meets the other one, says who it is, and tries one lock after the
 * other with it. Whatever it waits for, it can be killed; its parent removes the directory.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadToUse } from '../../../strategies/index.js';
import { dieWithParent } from '../../../strategies/posix/own-process.js';
import type { RoundDirectory, Strategy } from '../../../strategies/strategy.js';
import { messageOf } from '../../base/error-message.js';
import { runProgram, sayJson } from '../../base/program.js';
import { drop, type Identity } from '../../machine/identity.js';
import { createNumberFile } from '../../measure/parent/number-text.js';
import { NUMBER_NAME } from '../../measure/worker/number-file.js';
import { Conversation, type Role } from './conversation.js';
import { differences, type Hello } from './hello.js';
import { HELLO, Meeting, type Met } from './meeting.js';
import { insideOf, prepareWitness } from './name-witness.js';
import { Left, Presence } from './presence.js';
import { codeOf } from './revalidate.js';
import { type Facts, type PairScenario, play } from './story.js';

export interface PartyJob {
  readonly parentPid: number;
  readonly identity: Identity | null;
  /** Where others look for us, and the name of our own directory in it. */
  readonly directory: string;
  readonly token: string;
  readonly hello: Hello;
  /** By what this process loads each. */
  readonly modules: readonly string[];
  /** For the other one to come. */
  readonly waitMs: number;
}

export type PartyMessage =
  | { readonly at: 'waiting' }
  | { readonly at: 'nobody'; readonly sawAnotherUsers: boolean }
  | { readonly at: 'met'; readonly role: Role; readonly other: Hello }
  | { readonly at: 'refused'; readonly message: string; readonly hint: string }
  | { readonly at: 'tries'; readonly index: number }
  | { readonly at: 'tried'; readonly index: number; readonly facts: Facts }
  | { readonly at: 'gave-up'; readonly index: number; readonly reason: string }
  | { readonly at: 'left'; readonly reason: string }
  | { readonly at: 'done' }
  | { readonly at: 'error'; readonly message: string };

const say: (message: PartyMessage) => void = sayJson;

function writeWhole(directory: string, name: string, content: object): void {
  const draft = join(directory, `draft.${name}`);
  writeFileSync(draft, JSON.stringify(content));
  renameSync(draft, join(directory, name));
}

class Party {
  /** Where both talk. */
  readonly #place: string;
  readonly #conversation: Conversation;

  constructor(
    private readonly job: PartyJob,
    private readonly strategies: readonly Strategy[],
    private readonly met: Met,
    private readonly other: Hello,
  ) {
    const { directory, token } = job;
    this.#place = join(directory, met.role === 'first' ? token : met.token);
    const presence = new Presence(directory, met.token, other.name);
    this.#conversation = new Conversation(this.#place, met.role, presence);
  }

  async tryAll(): Promise<void> {
    for (const [index, strategy] of this.strategies.entries()) {
      const offers = [this.job.hello, this.other].map(({ name, locks }) => ({ name, ...locks[index] }));
      const unfit = offers.find(({ problem }) => typeof problem === 'string');
      if (unfit !== undefined) {
        say({ at: 'gave-up', index, reason: `does not work on ${unfit.name}: ${unfit.problem}` });
        continue;
      }
      say({ at: 'tries', index });
      try {
        say({ at: 'tried', index, facts: await this.#try(index, strategy) });
      } catch (error) {
        if (error instanceof Left) throw error;
        say({ at: 'gave-up', index, reason: messageOf(error) });
      }
    }
    await this.agree('end');
  }

  /** Both are there: the one in whose directory they talk stays until the other one needs it no more. */
  async agree(topic: string): Promise<void> {
    if (this.met.role === 'first') {
      this.#conversation.say(topic, {});
      await this.#conversation.hear(topic);
    } else {
      await this.#conversation.hear(topic);
      this.#conversation.say(topic, {});
    }
  }

  async #try(index: number, strategy: Strategy): Promise<Facts> {
    const topic = `lock-${index}`;
    const dir = join(this.#place, topic);
    const token = this.met.role === 'first' ? this.job.token : this.met.token;
    const site: RoundDirectory = { dir, token, workers: 2, path: (name) => join(dir, name) };
    const scenario: PairScenario = { site, topic, strategy, conversation: this.#conversation };
    if (this.met.role === 'second') {
      await this.#conversation.hear(`${topic}.ready`);
      return play(scenario);
    }
    mkdirSync(dir);
    createNumberFile(site.path(NUMBER_NAME));
    prepareWitness(insideOf(site));
    strategy.prepare?.(site);
    try {
      this.#conversation.say(`${topic}.ready`, {});
      return await play(scenario);
    } finally {
      strategy.destroy?.(site);
    }
  }
}

async function work(job: PartyJob): Promise<void> {
  const { directory, hello, identity, modules, parentPid, token, waitMs } = job;
  // As root: the tree that the program lies in may be closed to the user that it becomes.
  const strategies = await Promise.all(modules.map(loadToUse));
  drop(identity);
  dieWithParent(parentPid);
  writeWhole(join(directory, token), HELLO, hello);
  say({ at: 'waiting' });
  const meeting = new Meeting(directory, token);
  const met = await meeting.meet(performance.now() + waitMs);
  if (met === null) say({ at: 'nobody', sawAnotherUsers: meeting.sawAnotherUsers });
  else await goTogether(job, strategies, met);
  process.exit(0);
}

async function goTogether(job: PartyJob, strategies: readonly Strategy[], met: Met): Promise<void> {
  const { directory, hello } = job;
  try {
    const other = JSON.parse(readFileSync(join(directory, met.token, HELLO), 'utf8')) as Hello;
    const party = new Party(job, strategies, met, other);
    await party.agree('greeted');
    const refusal = differences(hello, other);
    if (refusal !== null) {
      say({ at: 'refused', ...refusal });
      return;
    }
    say({ at: 'met', role: met.role, other });
    await party.tryAll();
    say({ at: 'done' });
  } catch (error) {
    const reason =
      error instanceof Left
        ? error.message
        : codeOf(error) === 'ENOENT'
          ? 'the other host has left, and its directory with it'
          : null;
    if (reason === null) throw error;
    say({ at: 'left', reason });
  }
}

await runProgram<PartyJob>(work);
