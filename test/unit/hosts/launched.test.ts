import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchedBy } from '../../../bench/hosts/mpi-library.js';

test('each launcher is known by what it sets', () => {
  const openMpi = launchedBy({ OMPI_COMM_WORLD_RANK: '2', OMPI_COMM_WORLD_SIZE: '4' });
  assert.deepEqual([openMpi?.rank, openMpi?.size], [2, 4]);
  assert.ok(openMpi?.names[0]?.startsWith('libmpi.so'));
  const mpich = launchedBy({ PMI_RANK: '0', PMI_SIZE: '3' });
  assert.deepEqual([mpich?.rank, mpich?.size], [0, 3]);
  assert.ok(mpich?.names[0]?.startsWith('libmpich.so'));
  const slurm = launchedBy({ PMIX_RANK: '1', SLURM_PROCID: '1', SLURM_NTASKS: '2' });
  assert.deepEqual([slurm?.rank, slurm?.size], [1, 2]);
});

test('the first rank of a host is known, and whether its launcher ends the others with it', () => {
  const of = (more: NodeJS.ProcessEnv) =>
    launchedBy({ OMPI_COMM_WORLD_RANK: '2', OMPI_COMM_WORLD_SIZE: '4', ...more });
  assert.deepEqual([of({})?.isFirstOfHost, of({})?.endsAll], [true, true]);
  assert.equal(of({ OMPI_COMM_WORLD_LOCAL_RANK: '0' })?.isFirstOfHost, true);
  assert.equal(of({ OMPI_COMM_WORLD_LOCAL_RANK: '1' })?.isFirstOfHost, false);
  const hydra = launchedBy({ PMI_RANK: '1', PMI_SIZE: '3', MPI_LOCALRANKID: '1' });
  assert.deepEqual([hydra?.isFirstOfHost, hydra?.endsAll], [false, true]);
  const srun = { SLURM_NTASKS: '2', SLURM_PROCID: '1', SLURM_LOCALID: '1', SLURM_STEP_ID: '0' };
  const slurm = launchedBy({ PMIX_RANK: '1', ...srun });
  assert.deepEqual([slurm?.isFirstOfHost, slurm?.endsAll], [false, false]);
});

test('no launcher, one without MPI, and a rank that is no number are none', () => {
  assert.equal(launchedBy({}), null);
  assert.equal(launchedBy({ SLURM_PROCID: '1', SLURM_NTASKS: '2' }), null);
  assert.equal(launchedBy({ OMPI_COMM_WORLD_RANK: 'x', OMPI_COMM_WORLD_SIZE: '4' }), null);
});
