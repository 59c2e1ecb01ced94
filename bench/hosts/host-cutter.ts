/**
 * The user's program that cuts a host off from the others and heals it again: "PROGRAM cut HOST", "PROGRAM heal HOST". How
 * that is done is known to the network's administrator alone: a port of a switch, a rule of a firewall.
 */
import { spawn } from 'node:child_process';
import { quoted, visible } from '../base/visible.js';
import { Silent } from './wire.js';

const MOST_STDERR = 10_000;

export class HostCutter {
  /** `signal`: ends a program that is under way. */
  constructor(
    private readonly program: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Throws Silent, since nobody knows then whom the host still hears. */
  cut(host: string): Promise<void> {
    return this.#run('cut', host);
  }

  /** Throws Silent if it stays cut off. */
  heal(host: string): Promise<void> {
    return this.#run('heal', host);
  }

  #run(what: 'cut' | 'heal', host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      let stderr = '';
      const fail = (why: string): void => {
        const said = stderr.trim().split('\n').at(-1) ?? '';
        const words = `${quoted(this.program)} ${what} ${visible(host)} ${why}`;
        reject(new Silent(said === '' ? words : `${words}: ${visible(said)}`));
      };
      const child = spawn(this.program, [what, host], {
        stdio: ['ignore', 'ignore', 'pipe'],
        signal: this.signal,
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-MOST_STDERR);
      });
      child.on('error', ({ message }) => fail(`could not be run (${message})`));
      // Not 'close': what it leaves in the background may keep its standard error open.
      child.on('exit', (code, signal) => {
        if (code === 0) resolve();
        else fail(`ended with ${signal ?? `exit code ${code}`}`);
      });
    });
  }
}
