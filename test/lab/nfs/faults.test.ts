/**
 * A fault of NFS for real: a client that is cut off for longer than its lease.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsSchema } from '../../../bench/nfs/faults/faults-schema.js';
import { plainEnv } from '../../support/printed.js';
import { needsLab, ONE_PROCESSOR } from '../../support/shared-lab.js';
import { lockbench } from '../../support/support.js';

test('in the lab: a cut longer than the lease lets two in over v4.2, one over v3, and the number survives', async (t) => {
  if (!needsLab(t)) return;
  const what = ['nfs', 'faults', 'fcntl', '--faults', 'cut-long'];
  const args = [...what, ...ONE_PROCESSOR, '--quiet', '--json', '-'];
  const { code, stdout, stderr } = await lockbench(args, { env: plainEnv });
  assert.equal(code, 0, stderr + stdout);
  const { scenarios, leaseNs, command } = faultsSchema.parse(JSON.parse(stdout));
  assert.equal(command, `lockbench ${args.join(' ')}`);
  const seen = scenarios.map((one) => {
    assert.ok(one.state === 'played', JSON.stringify(one));
    const { version, outcome, heldTwiceNs, number, errors } = one;
    return [version, outcome, heldTwiceNs > 0, number.sequence, errors.length > 0];
  });
  assert.deepEqual(seen, [
    ['v3', 'kept', false, 'intact', false],
    ['v4.2', 'overtaken', true, 'intact', true],
  ]);
  const [, over4] = scenarios;
  // The server believed in a client that it did not hear of for a lease: nobody may be let in before.
  assert.ok(over4?.state === 'played' && (over4.afterNs ?? 0) > leaseNs / 2, JSON.stringify(over4));
});
