/**
 * Claim: under fcntl a number on NFS costs about 80 times what it costs on a local file, since the lock, the read and the
 * write of each turn cross the network. How many times depends on the round trip: so it is swept, in a lab with a real
 * server and client; or the ratio is measured on a mount of the user's, as it is.
 */

import { describeMissing, kernelOrNull, missingFor } from '../../lab/requirements.js';
import { fileSystemOf } from '../../machine/file-system.js';
import { isNfs } from '../../machine/mount-description.js';
import { testDirectoryHere } from '../../measure/parent/plan.js';
import { parseStrategySpec } from '../../measure/worker/strategy-spec.js';
import { measureRoundTrip, USUAL_SWEEP } from '../../nfs/roundtrip/measure-roundtrip.js';
import { networkHeld } from '../../nfs/roundtrip/roundtrip-text.js';
import type { Sweep } from '../../nfs/roundtrip/sweep.js';
import type { Experiment, Setting } from '../experiment/experiment.js';
import { measureGrid } from '../experiment/experiment-cells.js';
import { judgeNfs, type NfsEvidence, nfsEvidence, nfsTables } from './80x-evidence.js';

/** So few that the whole ends in a good minute on emulated processors; `lockbench nfs roundtrip` has more. */
const ROUND_TRIPS_NS = [0, 300e3, 1e6];
const INCREMENTS = 25;
/** Of the setting's, each round of the lab is worth this many: a block takes half a minute. */
const ROUNDS_A_BLOCK = 3;
/** Over NFS a turn takes milliseconds. */
const INCREMENTS_ON_MOUNT = 1_000;

async function measureInLab(setting: Setting, lock: string, sweep: Partial<Sweep>): Promise<NfsEvidence> {
  const { rounds, seed, ending } = setting;
  const measured = await measureRoundTrip({
    sweep: {
      ...USUAL_SWEEP,
      ...{ strategies: [parseStrategySpec(lock).strategy], roundTripsNs: ROUND_TRIPS_NS, seed },
      ...{ increments: INCREMENTS, blocks: Math.ceil(rounds / ROUNDS_A_BLOCK), ...sweep },
    },
    progress: (what, done, total) => setting.progress(what, done, total),
    say() {},
    signal: ending.signal,
  });
  if (measured === null) throw new Error('the sweep was ended before anything was measured');
  const { findings, figures } = measured;
  if (findings.machine === 'tcg') {
    setting.warn(
      'the lab’s processors are emulated: its times are those of a slow machine, but the calls are the same',
    );
  }
  if (!networkHeld(figures)) {
    setting.warn(
      'the lab’s network did not delay as asked, because this machine had other work: none of its times is valid',
    );
  }
  return { testDirectory: 'lab', ...measured };
}

async function measureOnMount(setting: Setting, lock: string, directory: string): Promise<NfsEvidence> {
  const { memory, disk } = setting;
  const testDirectories = [...new Set([memory, disk]), directory].map(testDirectoryHere);
  const cells = await measureGrid(setting, {
    ways: [lock],
    testDirectories,
    processes: [1],
    conditions: { increments: INCREMENTS_ON_MOUNT },
  });
  const remote = cells.at(-1);
  if (remote === undefined) throw new Error('a cell on the mount was expected');
  return { testDirectory: 'mount', local: cells.slice(0, -1), remote };
}

/** `sweep`: what is swept otherwise in the lab. */
export const overNfs = (sweep: Partial<Sweep> = {}): Experiment<'lock', NfsEvidence> => ({
  name: '80x',
  title: 'fcntl over NFS',
  claim: 'Under fcntl, increments over NFS take about 80 times as long as on a local file.',
  source: 'textbook, 9.9',
  book: '80 times',
  method:
    'In a lab with an NFS server and a client, the calls of an increment are counted. Increments are timed at several ' +
    'round trips, beside the same on a local file. With --nfs, one mount is measured as it is.',
  roles: { lock: 'fcntl' },
  evidence: nfsEvidence,

  missing({ nfs }) {
    if (nfs !== null) {
      const mount = fileSystemOf(nfs);
      if (mount !== null && isNfs(mount)) return null;
      return `--nfs: a directory on an NFS mount was expected, ${nfs} is on ${mount?.filesystem ?? 'an unknown file system'}; leave the option out to use the lab`;
    }
    const missing = missingFor('vm', kernelOrNull());
    if (missing.reasons.length === 0) return null;
    return `the lab needs ${describeMissing(missing)}; or name a directory on an NFS mount with --nfs`;
  },

  measure: (setting, { lock }) =>
    setting.nfs === null ? measureInLab(setting, lock, sweep) : measureOnMount(setting, lock, setting.nfs),

  judge: judgeNfs,
  tables: nfsTables,

  async drawing(evidence) {
    if (evidence.testDirectory === 'mount') return null;
    return (await import('../../nfs/roundtrip/roundtrip-plot.js')).roundTripPlot(evidence);
  },
});

export const experiment = overNfs();
