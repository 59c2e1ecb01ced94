/**
 * Three starts of one daemon, by the real command: the first gets the lock, the second comes while the first lives, the third
 * after it was killed.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { signalChild } from '../../base/signal-child.js';
import { ownProgram } from '../../machine/project.js';
import { killWithParent } from '../../machine/tied-processes.js';

/** `file`: what stood in the pid file. */
const running = z.strictObject({ state: z.literal('running'), pid: z.int(), file: z.string() });
const ended = z.strictObject({
  state: z.literal('ended'),
  code: z.int().nullable().describe('null: a signal ended it'),
  message: z.string().describe('what it said, PIDFILE standing for the path'),
  afterNs: z.number().describe('from its start'),
});
const start = z.discriminatedUnion('state', [running, ended]);

export const startsSchema = z.strictObject({ first: start, second: start, third: start });
export type Starts = z.infer<typeof startsSchema>;
export type Start = z.infer<typeof start>;

const LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 5;
/** Stands in the file before a start: the largest that a pid can be, of whose digits none may stay. */
const LONG_PID = '4194304\n';

/** A process that was started. */
class Process {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Extract<Start, { state: 'ended' }>>;

  constructor(
    private readonly pidFile: string,
    way: string,
    signal: AbortSignal,
  ) {
    const [command, args] = killWithParent([
      ...[process.execPath, ownProgram, 'onedaemon', '--pidfile', pidFile, '--by', way],
    ]);
    const beganMs = performance.now();
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    let said = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    // Rejected if it could not be started, or if `signal` is aborted.
    this.#ended = once(this.#child, 'close').then(([code]) => ({
      state: 'ended',
      code: code as number | null,
      message: said.trim().replaceAll(pidFile, 'PIDFILE'),
      afterNs: Math.round((performance.now() - beganMs) * 1e6),
    }));
    this.#ended.catch(() => {});
  }

  /** Waits until its pid stands in the file, whatever follows there, or it has ended. Throws Error. */
  async settles(): Promise<Start> {
    const { pid = 0 } = this.#child;
    const limitMs = performance.now() + LIMIT_MS;
    while (performance.now() < limitMs) {
      const file = readFileSync(this.pidFile, 'latin1');
      if (new RegExp(`^${pid}\\b`).test(file)) return { state: 'running', pid, file };
      const ended = await Promise.race([this.#ended, delay(LOOK_EVERY_MS, null)]);
      if (ended !== null) return ended;
    }
    throw new Error(`a start of the daemon has neither written its pid nor ended after ${LIMIT_MS / 1000} s`);
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<void> {
    signalChild(this.#child, 'SIGKILL');
    await this.#ended;
  }
}

/** Throws Error, also if `signal` is aborted; then no process is left. */
export async function startThrice(pidFile: string, way: string, signal: AbortSignal): Promise<Starts> {
  const processes: Process[] = [];
  const start = (): Promise<Start> => {
    const process = new Process(pidFile, way, signal);
    processes.push(process);
    return process.settles();
  };
  const killAll = (): Promise<unknown> => Promise.allSettled(processes.map((one) => one.kill()));
  try {
    writeFileSync(pidFile, LONG_PID);
    const first = await start();
    const second = await start();
    await killAll();
    writeFileSync(pidFile, LONG_PID);
    return { first, second, third: await start() };
  } finally {
    await killAll();
  }
}
