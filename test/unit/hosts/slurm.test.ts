import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refusalOfPmi2, taskWithoutMpi } from '../../../bench/hosts/slurm.js';

const task = { SLURM_PROCID: '0', SLURM_STEP_ID: '0', SLURM_NTASKS: '3' };

describe('what srun was asked for', () => {
  test('nothing: the first task says what to ask for', () => {
    assert.equal(taskWithoutMpi(task)?.isFirst, true);
    assert.equal(taskWithoutMpi({ ...task, SLURM_PROCID: '2' })?.isFirst, false);
    assert.match(taskWithoutMpi(task)?.refusal.message ?? '', /srun --mpi=pmix was expected/);
  });

  test('pmix, or no srun at all, also in a shell that salloc started', () => {
    for (const env of [{ ...task, PMIX_RANK: '0' }, {}, { SLURM_PROCID: '0' }, { SLURM_JOB_ID: '7' }])
      assert.equal(taskWithoutMpi(env), null);
  });

  test('pmi2, which is not for Open MPI, nor where no library is', () => {
    const env = { ...task, PMI_RANK: '0', PMI_SIZE: '3' };
    assert.match(refusalOfPmi2(env, 'Open MPI')?.message ?? '', /got --mpi=pmi2, .* and Open MPI does not$/);
    assert.match(refusalOfPmi2(env, null)?.message ?? '', /there is no MPICH here$/);
    assert.equal(refusalOfPmi2(env, 'MPICH'), null);
  });

  test('pmix, or mpirun of MPICH, whatever library there is', () => {
    for (const family of ['Open MPI', 'MPICH', null] as const) {
      assert.equal(refusalOfPmi2({ ...task, PMIX_RANK: '0' }, family), null);
      assert.equal(refusalOfPmi2({ PMI_RANK: '0', PMI_SIZE: '3' }, family), null);
    }
  });
});
