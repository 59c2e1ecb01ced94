/**
 * The lab as a whole: three clients of one server exclude one another by fcntl, over NFS 3 and 4.2, and lose no update.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mayBeForgotten } from '../../../bench/nfs/frame/forgotten-lock.js';
import { boot, needsLab, story } from '../../support/shared-lab.js';

const program = fileURLToPath(new URL('../../fixtures/lab-story.js', import.meta.url));

interface Told {
  readonly version: string;
  readonly exported: string;
  readonly got: string;
  readonly gotByOther: string;
  readonly gotAfterwards: string;
  readonly counted: number;
  readonly expected: number;
  readonly onServer: string;
  readonly onClient: string;
}

const counting = story('server', `${process.execPath} ${program}`);

async function told(): Promise<Told[]> {
  const { stdout, stderr } = await counting();
  assert.match(stdout, /^\[.*\]\n$/, `${stdout}\n${stderr}`);
  return JSON.parse(stdout) as Told[];
}

describe('in the lab', () => {
  test('outputs come apart, and the exit code comes out', async (t) => {
    if (!needsLab(t)) return;
    const { code, stdout, stderr } = await boot();
    assert.equal(code, 5, stderr);
    assert.match(stderr, /^to stderr$/m);
    assert.doesNotMatch(stdout, /stderr/);
  });

  test('an export’s path is the NFS mount on a client, and the export itself on the server', async (t) => {
    if (!needsLab(t)) return;
    assert.deepEqual(
      (await told()).map(({ onServer, onClient }) => [onServer, onClient]),
      [
        ['ext4', 'nfs vers=3'],
        ['tmpfs', 'nfs vers=3'],
        ['ext4', 'nfs4 vers=4.2'],
        ['tmpfs', 'nfs4 vers=4.2'],
      ],
    );
  });

  test('a lock that one client holds is refused to another, until it is given back', async (t) => {
    if (!needsLab(t)) return;
    for (const { version, exported, got, gotByOther, gotAfterwards } of await told()) {
      assert.deepEqual(
        { got, gotByOther, gotAfterwards },
        { got: 'true', gotByOther: 'false', gotAfterwards: 'true' },
        `${version}, ${exported}`,
      );
    }
  });

  test('three clients that count under the lock lose no update that the server did not forget the lock of', async (t) => {
    if (!needsLab(t)) return;
    for (const { version, exported, counted, expected: turns } of await told()) {
      const lost = turns - counted;
      const isForgotten = mayBeForgotten({ version, violations: 0, handoffs: turns, lost, turns });
      assert.ok(lost === 0 || isForgotten, `${version}, ${exported}: ${counted} of ${turns}`);
    }
  });
});
