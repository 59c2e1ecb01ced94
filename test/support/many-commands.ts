/**
 * Command lines that are carried out in one process, which ends with the tests of the file.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after } from 'node:test';
import type { CommandAnswer, CommandOrder } from '../fixtures/many-commands.js';
import { plainEnv } from './printed.js';

const FIXTURE = new URL('../fixtures/many-commands.js', import.meta.url);

export interface Carried extends CommandAnswer {
  /** Of the process, which others had before and others will have. */
  readonly pid: number;
}

interface Server {
  readonly child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<unknown[]>;
}

function serve(): Server {
  const child = fork(FIXTURE, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: plainEnv });
  return { child, ended: once(child, 'exit') };
}

let server: Server | null = null;
/** They come one after the other, whichever test asks. */
let turn: Promise<unknown> = Promise.resolve();
after(() => server?.child.connected && server.child.disconnect());

async function answered(order: CommandOrder): Promise<Carried> {
  server ??= serve();
  const { child, ended } = server;
  const answered = once(child, 'message');
  child.send(order);
  const [answer] = (await Promise.race([answered, ended])) as [unknown];
  if (typeof answer !== 'object' || answer === null) throw new Error(`the process ended with ${answer}`);
  if ('thrown' in answer) throw new Error(`${order.words.join(' ')}: ${answer.thrown}`);
  return { ...(answer as CommandAnswer), pid: child.pid ?? 0 };
}

/** Carries out a command line. Throws an Error if that ended the process, or threw. */
export function carriedOut(
  words: readonly string[],
  { cwd = process.cwd(), env = {} }: Partial<Omit<CommandOrder, 'words'>> = {},
): Promise<Carried> {
  const answer = turn.then(() => answered({ words, cwd, env }));
  turn = answer.catch(() => {});
  return answer;
}
