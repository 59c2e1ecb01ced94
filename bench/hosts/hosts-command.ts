/**
 * `lockbench hosts`: contenders on many hosts, started by mpirun or srun; or two hosts, started by hand.
 */
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { BAD_USAGE } from '../base/exit-codes.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand } from '../command-line/commander.js';
import { interruptible } from '../command-line/interruption.js';
import { print } from '../text/standard-streams.js';
import { meet } from './company.js';
import { conduct } from './conduct.js';
import { dryRunText } from './dry-run.js';
import { follow } from './follow.js';
import { declare, type HostsOptionValues, parseHostsOptions, requireTogether } from './hosts-options.js';
import type { Order } from './messages.js';
import { parsePredictOptions, predictText } from './model/scale-text.js';
import { joinMpi, type Launched, launchedBy, type Mpi } from './mpi-library.js';
import { taskWithoutMpi, WrongLauncher } from './slurm.js';
import { WasEnded, Wire } from './wire.js';

export function addHostsCommand(program: BareCommand): void {
  const launched = launchedBy(process.env);
  if (launched === null || launched.rank === 0) {
    declare(program).action(async (words, raw) => {
      requireTogether(raw);
      if (raw.pair) await pairByHand(words, raw);
      else if (raw.predict !== undefined) print(predictText(parsePredictOptions(raw)));
      else if (raw.dryRun) print(dryRunText(parseHostsOptions(words, raw), launched?.size ?? null));
      else await lead(words, raw);
    });
    return;
  }
  // What is wrong with the command line is said once, by rank 0; the others look at no option.
  program
    .command('hosts')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => (isOnlyAsked(process.argv) ? undefined : beLed(launched)));
}

/** Whether rank 0 will only print something, without meeting anybody. */
const isOnlyAsked = (words: readonly string[]): boolean =>
  words.some((word) => ['-h', '--help', '--dry-run', '--pair', '--predict'].includes(word));

/** Two hosts without a launcher. Throws UsageError. */
async function pairByHand(words: readonly string[], raw: HostsOptionValues): Promise<void> {
  if (launchedBy(process.env) !== null) {
    throw new UsageError(
      'hosts --pair: a start by hand was expected, this one is by a launcher',
      'leave out --pair, or start it on each of two hosts by itself',
    );
  }
  const { pair, parsePairOptions } = await import('./pair/pair.js');
  await pair(parsePairOptions(words, raw));
}

/** Only where the launcher ends nobody, though the first rank of this host has failed. */
const LONGEST_SILENCE_MS = 120_000;

/**
 * What a rank cannot load, no rank of its host can: the first one of each host says it, and the launcher ends the others
 * when that one has failed. If they failed before it, it would be ended before it has spoken.
 */
async function untilEnded(signal: AbortSignal): Promise<void> {
  await pause(LONGEST_SILENCE_MS, undefined, { signal }).catch(() => {});
}

/** Ranks 1 to n. */
async function beLed(launched: Launched): Promise<void> {
  const interruption = interruptible();
  try {
    const mpi = joinMpi(launched.names);
    await follow(new Wire(mpi, interruption.signal));
    await interruption.end();
    mpi.finalize();
  } catch (error) {
    const isLacking = error instanceof UsageError && !(error instanceof WrongLauncher);
    if (isLacking && launched.isFirstOfHost) {
      await interruption.end();
      throw new UsageError(`rank ${launched.rank} on ${hostname()}: ${error.message}`, error.hint);
    }
    if (isLacking && launched.endsAll) await untilEnded(interruption.signal);
    await interruption.end();
    if (error instanceof UsageError) {
      process.exitCode = BAD_USAGE;
      return;
    }
    // Rank 0 says what there is to say, and the launcher ends us.
    if (!(error instanceof WasEnded)) throw error;
    process.exitCode = interruption.exitCode() ?? 0;
  }
}

/** Rank 0. Throws UsageError. */
async function lead(words: readonly string[], raw: HostsOptionValues): Promise<void> {
  const launched = launchedBy(process.env);
  if (launched === null) {
    const task = taskWithoutMpi(process.env);
    if (task?.isFirst) throw task.refusal;
    if (task !== null) {
      // The first task says it for all.
      process.exitCode = BAD_USAGE;
      return;
    }
    throw new UsageError(
      'hosts: a start by mpirun or srun --mpi=pmix was expected, this process has no rank',
      'for example: mpirun -n 3 --hostfile FILE lockbench hosts --dir DIRECTORY',
    );
  }
  // mpirun gives its ranks a terminal, wherever their output goes then: colours would end up in files.
  if (process.env.FORCE_COLOR === undefined) process.env.NO_COLOR = '1';
  const interruption = interruptible();
  let mpi: Mpi | null = null;
  /** Whether all the others wait for an order, so that they can be sent home. */
  let allWait = true;
  try {
    mpi = joinMpi(launched.names);
    const wire = new Wire(mpi, interruption.signal);
    const company = await meet(wire);
    const { code, isCutOff } = await conduct(parseHostsOptions(words, raw), company, interruption);
    process.exitCode = code;
    allWait = !isCutOff;
  } catch (error) {
    allWait = error instanceof UsageError;
    // Whatever failed because its processes were killed under it.
    if (!interruption.signal.aborted) throw error;
  } finally {
    await interruption.end();
    // Otherwise the launcher ends them, when this process has ended: MPI_Finalize would wait for them for ever.
    if (mpi !== null && allWait && !interruption.signal.aborted) sendHome(new Wire(mpi, interruption.signal));
  }
  process.exitCode = interruption.exitCode() ?? process.exitCode ?? 0;
}

/** Ends the others, each of which waits for an order, and leaves MPI with them. */
function sendHome(wire: Wire): void {
  for (let rank = 1; rank < wire.mpi.size; rank++) wire.send(rank, { at: 'end' } satisfies Order);
  wire.mpi.finalize();
}
