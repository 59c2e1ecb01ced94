/**
 * Mount options for real: what one client sees of an option, and what happens between three.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type MountOptionsResult,
  mountOptionsSchema,
  type OptionMount,
} from '../../../bench/nfs/options/mount-options-schema.js';
import { needsLab, ONE_PROCESSOR } from '../../support/shared-lab.js';
import { type Ended, lockbench } from '../../support/support.js';

describe('lockbench nfs options, in the lab', () => {
  let ran: Promise<Ended> | undefined;
  async function result(): Promise<MountOptionsResult> {
    const words = ['--strategies', 'fcntl', '--options', 'default,nolock,nonsense', '--json', '-'];
    ran ??= lockbench(['nfs', 'options', ...ONE_PROCESSOR, ...words]);
    const { stdout, stderr } = await ran;
    assert.match(stdout, /^\{/, stderr);
    return mountOptionsSchema.parse(JSON.parse(stdout));
  }
  async function mountOf(version: OptionMount['version'], option: string): Promise<OptionMount> {
    const { mounts } = await result();
    const found = mounts.find((mount) => mount.version === version && mount.option === option);
    return found ?? assert.fail(`${version} ${option} is missing`);
  }
  async function violations(
    version: OptionMount['version'],
    option: string,
    strategy: string,
    clients: number,
  ) {
    const mount = await mountOf(version, option);
    assert.ok(mount.state === 'mounted', JSON.stringify(mount));
    const found = mount.cells.find((cell) => cell.strategy === strategy && cell.clients === clients);
    assert.ok(found?.state === 'proven', JSON.stringify(found));
    assert.ok(found.verdict.handoffs > 0);
    return found.verdict.violations;
  }

  test('without the server’s help fcntl is perfect on one client, and lets two in between three', async (t) => {
    if (!needsLab(t)) return;
    assert.equal(await violations('v3', 'default', 'fcntl', 1), 0);
    assert.equal(await violations('v3', 'default', 'fcntl', 3), 0);
    assert.equal(await violations('v3', 'nolock', 'fcntl', 1), 0);
    assert.ok((await violations('v3', 'nolock', 'fcntl', 3)) > 0);
  });

  test('the control is caught on one client and on three, over both versions', async (t) => {
    if (!needsLab(t)) return;
    for (const version of ['v3', 'v4.2'] as const) {
      for (const clients of [1, 3]) assert.ok((await violations(version, 'default', 'none', clients)) > 0);
    }
  });

  test('on NFSv4 nolock makes no other mount; what mount refuses is told, and makes the run incomplete', async (t) => {
    if (!needsLab(t)) return;
    assert.deepEqual(await mountOf('v4.2', 'nolock'), {
      ...{ version: 'v4.2', option: 'nolock', state: 'same', as: 'default' },
    });
    const refused = await mountOf('v3', 'nonsense');
    assert.ok(refused.state === 'refused');
    assert.match(refused.reason, /mount/);
    assert.equal((await ran)?.code, 3);
  });
});
