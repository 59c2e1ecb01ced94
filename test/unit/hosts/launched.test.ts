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

test('no launcher, one without MPI, and a rank that is no number are none', () => {
  assert.equal(launchedBy({}), null);
  assert.equal(launchedBy({ SLURM_PROCID: '1', SLURM_NTASKS: '2' }), null);
  assert.equal(launchedBy({ OMPI_COMM_WORLD_RANK: 'x', OMPI_COMM_WORLD_SIZE: '4' }), null);
});
