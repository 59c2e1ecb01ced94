/**
 * Signals of a process that stands for another: they are passed on, once.
 */
import { readFileSync } from 'node:fs';

/** Those that a terminal sends, and sends to all processes in its foreground: the command has got them, too. */
const OF_TERMINALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];
/** What a process that does nothing sleeps through. */
const HARMLESS: readonly NodeJS.Signals[] = ['SIGWINCH'];
export const PASSED_ON: readonly NodeJS.Signals[] = [
  ...OF_TERMINALS,
  ...(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const),
];

// Fields of /proc/PID/stat, counted from the state. Source: proc_pid_stat(5).
const GROUP = 2;
const FOREGROUND_GROUP = 5;

/**
 * Whether our process group is the one that gets what is typed at our terminal. Without /proc it is not known, and a signal
 * that comes twice does less harm than one that never comes.
 */
function inForeground(): boolean {
  let stat: string;
  try {
    stat = readFileSync('/proc/self/stat', 'latin1');
  } catch {
    return false;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[GROUP] === fields[FOREGROUND_GROUP];
}

export interface Signals {
  /** Passes on all that came and all that will come. */
  passTo(target: (signal: NodeJS.Signals) => void): void;
  /** The first that ends a process which does nothing about it. */
  readonly ending: Promise<NodeJS.Signals>;
}

/** From now on no signal that can be passed on ends this process. */
export function catchSignals(): Signals {
  const waiting: NodeJS.Signals[] = [];
  let target: ((signal: NodeJS.Signals) => void) | null = null;
  const ending = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of PASSED_ON) {
      process.on(signal, () => {
        if (!HARMLESS.includes(signal)) resolve(signal);
        if (target !== null && OF_TERMINALS.includes(signal) && inForeground()) return;
        if (target === null) waiting.push(signal);
        else target(signal);
      });
    }
  });
  return {
    passTo(receiver) {
      target = receiver;
      for (const signal of waiting.splice(0)) receiver(signal);
    },
    ending,
  };
}
