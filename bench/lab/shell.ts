/**
 * A command, or a person's shell, on a host of the lab.
 */

import { spawn } from 'node:child_process';
import { endedBy } from '../base/exit-codes.js';
import { signalChild } from '../base/signal-child.js';
import { say } from '../text/standard-streams.js';
import { EXPORTS, type Host, type Lab, VERSIONS } from './lab.js';
import { OWN_MOUNTS } from './own-mounts.js';
import type { Streams } from './run-in-vm.js';
import { scriptPath } from './scripts.js';
import type { Machine } from './virtual-machine.js';

/** nsenter leaves us in /: the directory is looked up again among the host's own mounts. */
const inDirectory = (directory: string, command: readonly string[]): string[] => [
  '/bin/bash',
  '-c',
  'cd "$0" && exec "$@"',
  directory,
  ...command,
];

/** Runs a command there, with our own standard streams; returns its exit code as a shell would. */
async function run(lab: Lab, host: Host, command: readonly string[], signal: AbortSignal): Promise<number> {
  const [program = '', ...args] = [...host.prefix, ...inDirectory(process.cwd(), command)];
  const child = spawn(program, args, {
    stdio: 'inherit',
    // What it starts is not alone with its mounts.
    env: { ...process.env, [OWN_MOUNTS]: undefined, ...lab.environment },
  });
  // What it has started in turn ends with the lab.
  const kill = (): void => {
    signalChild(child, 'SIGKILL');
  };
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, by) => resolve(code ?? endedBy(by ?? 'SIGKILL')));
  });
}

/** One word is a line for a shell, as with ssh(1); several are a program and its arguments, as they are. */
export async function execute(
  lab: Lab,
  host: Host,
  words: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const [line = ''] = words;
  return run(lab, host, words.length === 1 ? ['/bin/bash', '-c', line] : words, signal);
}

function greeting({ server, clients, paths }: Lab): string {
  const all = VERSIONS.flatMap((version) => EXPORTS.map((name) => paths[version][name]));
  return [
    `You are root on ${server.name}, which exports an ext4 and a tmpfs to ${clients.map(({ name }) => name).join(', ')}.`,
    `  ${all.join('  ')}`,
    'On a client these are its NFS mounts; here they are the exports themselves.',
    `  on ${clients[0]?.name} COMMAND    runs it there, in the same directory; without a command: a shell`,
    '  exit                  ends the lab',
    '',
  ].join('\n');
}

/** An interactive shell on the server, until its user ends it. */
export async function shell(lab: Lab, signal: AbortSignal): Promise<number> {
  say(greeting(lab));
  return run(lab, lab.server, ['/bin/bash', '--rcfile', scriptPath('bashrc')], signal);
}

/** Joins our terminal to that of a machine, key by key: Ctrl-C, too, is for the shell in there. */
export function ourTerminal(): NonNullable<Streams['terminal']> {
  const { stdin, stdout } = process;
  return {
    rows: stdout.rows,
    columns: stdout.columns,
    join({ terminal, gone }: Machine) {
      stdin.setRawMode(true);
      stdin.pipe(terminal);
      terminal.pipe(stdout, { end: false });
      gone.finally(() => {
        stdin.unpipe(terminal);
        stdin.setRawMode(false);
        stdin.pause();
      });
    },
  };
}
