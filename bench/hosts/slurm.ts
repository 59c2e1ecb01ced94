/**
 * Slurm starts tasks with MPI, or without, as `srun --mpi` says. Without the right one a library of MPI takes each task for a job of
 * its own, or ends it with a page of text: so what srun was asked for is looked at before. Source: srun(1), Slurm's MPI guide.
 */
import { UsageError } from '../base/usage-error.js';

const USE_PMIX =
  'for example: srun --mpi=pmix -n 9 lockbench hosts --dir DIRECTORY; "srun --mpi=list" tells whether it is there (Debian: libpmix-dev)';

/** What is wrong with all tasks alike: the first one says it. */
export class WrongLauncher extends UsageError {}

/** Whether srun started this process, and not only the shell that it was typed in. */
const isTask = (env: NodeJS.ProcessEnv): boolean =>
  env.SLURM_PROCID !== undefined && env.SLURM_STEP_ID !== undefined;

/** A task of an srun that was not asked for any MPI: why it cannot go on, and which one of all it is; null for other starts. */
export function taskWithoutMpi(
  env: NodeJS.ProcessEnv,
): { readonly isFirst: boolean; readonly refusal: WrongLauncher } | null {
  if (!isTask(env) || env.PMIX_RANK !== undefined) return null;
  const message = 'hosts: a start by srun --mpi=pmix was expected, this srun gives its tasks no MPI';
  return { isFirst: env.SLURM_PROCID === '0', refusal: new WrongLauncher(message, USE_PMIX) };
}

/** Why a library of this family, or none (null), cannot be used by a task of srun --mpi=pmi2; null where it can, or was not. */
export function refusalOfPmi2(
  env: NodeJS.ProcessEnv,
  family: 'Open MPI' | 'MPICH' | null,
): WrongLauncher | null {
  if (!isTask(env) || env.PMI_RANK === undefined || family === 'MPICH') return null;
  const found = family === null ? 'and there is no MPICH here' : `and ${family} does not`;
  const message = `hosts: a start by srun --mpi=pmix was expected, got --mpi=pmi2, which MPICH understands ${found}`;
  return new WrongLauncher(message, USE_PMIX);
}
