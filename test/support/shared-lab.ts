/**
 * What the tests in the lab share: whether there is one, and one boot for all that only runs commands in it.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { describeMissing, kernelOrNull, missingFor } from '../../bench/lab/requirements.js';
import { workerOf } from '../../bench/measure/parent/worker-of.js';
import { needsCompiler } from './c-compiler.js';
import { type Ended, lockbench, needs } from './support.js';

const missing = missingFor('vm', kernelOrNull());
const hasLab = missing.reasons.length === 0;

/** Skips a test where no virtual machine with a kernel NFS can be booted. Returns whether to go on. */
export const needsLab = (test: TestContext): boolean =>
  needs(test, hasLab, `the lab needs ${describeMissing(missing)}`);

/** Likewise, of one whose many processes are in C: on emulated processors Node takes a second to start each. */
export const needsLabAndCompiler = (test: TestContext): boolean => needsLab(test) && needsCompiler(test);

/** Makes workers in C before the machine is booted, in which the compiler would take minutes. */
export function makeWorkersInC(names: readonly string[]): void {
  if (hasLab) for (const name of names) workerOf(name, 'c');
}

/**
 * Two files boot a machine each, and beside other work two emulated processors of a machine wait for one another, spinning:
 * one alone costs less of the host's. As many as the host has are in the machine of 80x.
 */
export const ONE_PROCESSOR = ['--cpus', '1'] as const;

/** What became of a story: like a program's end, but that no signal can be told from its exit code. */
export type Told = Pick<Ended, 'code' | 'stdout' | 'stderr'>;

interface Story {
  readonly host: string;
  /** A line for a shell. */
  readonly line: string;
}

const stories: Story[] = [];
/** Separates what is told of stories; in no output of ours. */
const MARK = '\0story\0';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Runs one story, its outputs kept in files, and prints exit code, standard output and standard error. */
const scriptOf = ({ host, line }: Story): string =>
  [
    `${host === 'server' ? '' : `on ${host} `}/bin/bash -c ${quoted(line)} >/run/told.out 2>/run/told.err </dev/null`,
    `printf '%s\\0story\\0' $?`,
    'cat /run/told.out',
    `printf '\\0story\\0'`,
    'cat /run/told.err',
    `printf '\\0story\\0'`,
  ].join('\n');

let booted: Promise<Ended> | undefined;

/** Long: an emulated machine on a busy host, where each of the three stories of MPI took ten minutes. */
const TIME_LIMIT = '90min';

/** The boot itself: its exit code is that of the last command. */
export function boot(): Promise<Ended> {
  const script = [...stories.map(scriptOf), "echo 'to stderr' >&2", 'exit 5'].join('\n');
  const place = [...ONE_PROCESSOR, '--rtt', '100us', '--time-limit', TIME_LIMIT];
  booted ??= lockbench(['nfs', 'exec', ...place, '--', script]);
  return booted;
}

/**
 * A line to be run on a host of the lab, one story after the other in the order of their making, in one machine for all
 * stories of a process. To be called before the first test runs; the function that it returns waits for the machine.
 */
export function story(host: string, line: string): () => Promise<Told> {
  const index = stories.push({ host, line }) - 1;
  return async () => {
    const { stdout, stderr } = await boot();
    const parts = stdout.split(MARK);
    assert.equal(parts.length, stories.length * 3 + 1, `${stdout}\n${stderr}`);
    const [code, told = '', complaint = ''] = parts.slice(index * 3);
    return { code: Number(code), stdout: told, stderr: complaint };
  };
}
