/**
 * Hydra, the launcher of MPICH: a rank that ends before it has joined the others is no failure to it, and the others wait for that
 * rank for ever, in MPI_Init. So it is told, in its own words: lines to a descriptor that it names. Source: the wire protocol of
 * PMI 1, as in MPICH 4.0.
 */
import { writeSync } from 'node:fs';
import { sleep } from '../../strategies/posix/clock.js';
import { BAD_USAGE } from '../base/exit-codes.js';

/** The descriptor that Hydra hears its rank on; null where another launcher started us: Slurm speaks PMI 2 on one of the same name. */
export function hydraDescriptor(env: NodeJS.ProcessEnv): number | null {
  const { PMI_FD: fd, SLURM_STEP_ID: step } = env;
  return fd !== undefined && /^\d+$/.test(fd) && step === undefined ? Number(fd) : null;
}

/** It ends us, too; with us gone before it has listened, it would listen to nobody for ever. */
const LONGEST_NS = 10e9;

/** When this process has said what it has to say, and ends, so shall the job. */
export function endJobWithUs(env: NodeJS.ProcessEnv): void {
  const fd = hydraDescriptor(env);
  if (fd === null) return;
  // First: another listener ends the process.
  process.prependOnceListener('exit', () => {
    try {
      writeSync(fd, `cmd=init pmi_version=1 pmi_subversion=1\ncmd=abort exitcode=${BAD_USAGE}\n`);
      sleep(LONGEST_NS);
    } catch {
      // It is gone, and so is the job.
    }
  });
}
