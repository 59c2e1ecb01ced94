/**
 * What a local increment costs on the machine itself, outside of the lab and of its virtual machine: some short rounds
 * of one process, in memory and in the temporary directory.
 */

import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { loadStrategy } from '../../../strategies/index.js';
import { fileSystemOf } from '../../machine/file-system.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { look, memoryDirectory } from '../../measure/parent/preflight.js';
import { PLAIN } from '../../measure/parent/request.js';
import { Round } from '../../measure/parent/round.js';
import { defaultPolicy, policyName } from '../../measure/worker/policy.js';
import type { Outside } from './roundtrip-schema.js';

const ROUNDS = 5;
const LIMITS = { atLeastNs: 200e6, budgetNs: 60e9, timeLimitNs: 60e9 };

/** Measures. What does not work there is left out; ends early when `signal` is aborted. */
export async function measureOutside(strategies: readonly string[], signal: AbortSignal): Promise<Outside[]> {
  const identity = unprivilegedIdentity();
  const memory = memoryDirectory();
  const directories = [...new Set([memory, realpathSync(tmpdir())])];
  const { findings } = await look(strategies, directories, identity);
  const measured: Outside[] = [];
  for (const name of strategies) {
    for (const directory of directories) {
      const finding = findings[name]?.[directory];
      if (finding?.available !== true) continue;
      const policy = defaultPolicy(finding.members);
      const nsPerIncrement: number[] = [];
      for (let i = 0; i < ROUNDS && !signal.aborted; i++) {
        const round = await Round.launch({
          kind: 'timing',
          strategy: await loadStrategy(name),
          policy,
          conditions: { ...PLAIN, processes: 1, directory: { path: directory } },
          memory,
          processors: null,
          enoughHandoffs: 0,
          limits: LIMITS,
          identity,
        });
        const outcome = await round.run();
        if (outcome.state !== 'measured') break;
        const { wallNs, ledgers } = outcome.figures;
        nsPerIncrement.push(wallNs / ledgers.reduce((sum, { length }) => sum + length, 0));
      }
      const filesystem = fileSystemOf(directory)?.filesystem ?? 'unknown';
      if (nsPerIncrement.length === 0) continue;
      measured.push({ strategy: name, wait: policyName(policy), directory, filesystem, nsPerIncrement });
    }
  }
  return measured;
}
