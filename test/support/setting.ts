/**
 * What experiments are given in tests: small, and silent.
 */

import { describeEnvironment } from '../../bench/machine/host.js';
import { unprivilegedIdentity } from '../../bench/machine/unprivileged.js';
import { memoryDirectory } from '../../bench/measure/parent/preflight.js';
import type { Experiment, Setting } from '../../bench/reproduce/experiment/experiment.js';
import type { Verdict } from '../../bench/reproduce/experiment/reproduction-schema.js';

export function smallSetting(more: Partial<Setting> = {}): Setting {
  const identity = unprivilegedIdentity();
  return {
    ...{ memory: memoryDirectory(), disk: memoryDirectory(), nfs: null, filesystems: false },
    ...{ identity, environment: describeEnvironment(identity), rounds: 1, seed: 1 },
    ending: { signal: new AbortController().signal, by: () => null },
    progress() {},
    warn() {},
    ...more,
  };
}

/** What an experiment says when others play these parts. Its evidence is read through its schema, as from a file. */
export async function verdictOf<Part extends string, Evidence>(
  experiment: Experiment<Part, Evidence>,
  recast: Partial<Record<Part, string>> = {},
  setting: Setting = smallSetting(),
): Promise<Verdict> {
  const measured = await experiment.measure(setting, { ...experiment.roles, ...recast });
  return experiment.judge(experiment.evidence.parse(JSON.parse(JSON.stringify(measured))));
}
