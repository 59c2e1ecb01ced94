/**
 * Runs a peer, and ends it with all that it has started.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { now } from '../../../strategies/posix/clock.js';
import { makePrivateDirectory } from '../../machine/files/private-directory.js';
import type { Identity } from '../../machine/identity.js';
import { freshName } from '../../machine/owner-name.js';
import { onOneProcessorUntil } from '../harness/one-processor.js';
import type { Context } from '../harness/section.js';
import type { Peer, PeerRun } from './peer.js';

/** Whether PATH has a program of this name. */
export function isInstalled(program: string, path = process.env.PATH ?? ''): boolean {
  return path.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** It has a process group of its own; some have started others in it. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
}

interface Copy {
  readonly child: ChildProcess;
  readonly printed: Promise<string>;
}

/** The copies of a peer that run, and whether they were ended because all had said enough. */
class Copies {
  readonly #copies: Copy[] = [];
  readonly #texts: string[] = [];
  #hadEnough = false;

  /** `enough`: says when a copy need not go on, of which it is told what was printed. */
  constructor(private readonly enough: ((printed: string) => boolean) | undefined) {}

  start(words: readonly string[], directory: string, identity: Identity | null): void {
    const [program = '', ...args] = words;
    const child = spawn(program, args, {
      ...{ stdio: ['ignore', 'pipe', 'pipe'], detached: true, cwd: directory },
      ...(identity && { uid: identity.uid, gid: identity.gid }),
    });
    const index = this.#texts.push('') - 1;
    const printed = new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (more: string) => {
          this.#texts[index] += more;
          this.#endIfEnough();
        });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        // What it has started may outlive it.
        endGroup(child);
        const text = this.#texts[index] ?? '';
        if (code === 0 || this.#hadEnough) resolve(text);
        else reject(new Error(`${program} ended with ${signal ?? code}: ${text.trim().slice(-200)}`));
      });
    });
    this.#copies.push({ child, printed });
  }

  #endIfEnough(): void {
    const { enough } = this;
    if (this.#hadEnough || enough === undefined || !this.#texts.every((text) => enough(text))) return;
    this.#hadEnough = true;
    this.end();
  }

  /** What each printed, once all have ended. Throws an Error if one has failed. */
  printed(): Promise<string[]> {
    return Promise.all(this.#copies.map(({ printed }) => printed));
  }

  end(): void {
    for (const { child } of this.#copies) endGroup(child);
  }
}

/** Runs all copies of a peer once, in a directory of its own. Throws an Error if one of them fails. */
export async function runPeer(
  peer: Peer,
  { memory, identity, signal }: Pick<Context, 'memory' | 'identity' | 'signal'>,
): Promise<PeerRun> {
  const directory = makePrivateDirectory(memory, freshName(), identity);
  const copies = new Copies(peer.enough);
  const end = (): void => copies.end();
  signal.addEventListener('abort', end);
  try {
    const start = now();
    const startAll = (): void => {
      for (let i = 0; i < peer.copies; i++)
        copies.start(peer.words(directory.path), directory.path, identity);
    };
    if (peer.copies === 1) await onOneProcessorUntil(async () => startAll());
    else startAll();
    const printed = await copies.printed();
    return { printed, wallNs: Number(now() - start) };
  } finally {
    signal.removeEventListener('abort', end);
    end();
    directory.remove();
  }
}
