/**
 * `lockbench prove`: the contract test over the locks that are named, each claim with what was observed.
 */
import { ALL_WELL, BROKEN, INCOMPLETE } from '../base/exit-codes.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand } from '../command-line/commander.js';
import { parseAmount, parseCount } from '../command-line/parse.js';
import {
  choose,
  parseScenarioOptions,
  playInterruptibly,
  type ScenarioOptions,
  withScenarioOptions,
} from '../command-line/scenario-options.js';
import { lockOf } from '../crash/crash-case.js';
import { memoryDirectory } from '../measure/parent/preflight.js';
import { lockName } from '../measure/result/result.js';
import { print } from '../text/standard-streams.js';
import { StatusLine } from '../text/status-line.js';
import type { ProofSpec } from './check.js';
import { proveLock } from './prove-lock.js';
import type { Proof, ProveResult } from './prove-schema.js';
import { proveText } from './prove-text.js';
import { PROVE_SCHEMA_VERSION } from './prove-version.js';

const DEFAULT_HANDOFFS = '2000';
const MOST_HANDOFFS = 1_000_000;

const EXAMPLES = `
Examples:
  lockbench prove ./my-lock.mjs               a lock of your own
  lockbench prove ./my-lock.mjs /mnt/nfs      on the file system it is meant for
  lockbench prove excl flock                  locks of the catalogue
  lockbench prove fcntl --runtime node,c,python
  lockbench prove --worker 'python3 my_lock.py' --name mylock
  lockbench prove ./my-lock.mjs --json - | jq '.proofs[].checks[] | select(.verdict != "holds")'

Exit codes: 0 all claims hold; 1 a claim is broken; 2 bad usage; 3 a lock is unavailable or a claim could not be
checked; 130, 143, 129 ended by a signal.`;

const declare = (program: BareCommand) =>
  withScenarioOptions(program.command('prove [words...]'), 'none: name at least one')
    .option('--handoffs <n>', 'hand-offs with random delays that show whether it excludes', DEFAULT_HANDOFFS)
    .option('--patience <duration>', 'how long to wait for what a lock claims will happen', '10s')
    .addHelpText('after', EXAMPLES);

export function addProveCommand(program: BareCommand): void {
  declare(program).action((words, raw) => {
    const options = parseScenarioOptions('prove', words, raw);
    if (options.html !== undefined)
      throw new UsageError(
        'prove: --json was expected, its results have no page, got --html',
        'use --json FILE',
      );
    if (options.specs === null)
      throw new UsageError(
        'prove: a lock was expected, got none',
        'name a module that exports one, such as ./my-lock.mjs, or a strategy of the catalogue',
      );
    return prove(options, {
      handoffs: parseCount('--handoffs', raw.handoffs, 1, MOST_HANDOFFS),
      limitNs: parseAmount('--patience', raw.patience),
    });
  });
}

/** 1 a claim is broken; 3 something is not known; else 0. */
export function proveExitCode({ proofs, unavailable }: Pick<ProveResult, 'proofs' | 'unavailable'>): number {
  const verdicts = proofs.flatMap(({ checks }) => checks.map(({ verdict }) => verdict));
  if (verdicts.includes('broken')) return BROKEN;
  return verdicts.includes('failed') || unavailable.length > 0 ? INCOMPLETE : ALL_WELL;
}

async function prove(
  options: ScenarioOptions,
  thoroughness: Pick<ProofSpec, 'handoffs' | 'limitNs'>,
): Promise<void> {
  await playInterruptibly<ProveResult>(
    options,
    async ({ signal }, head) => {
      const { played, unavailable } = await choose(options, () => true);
      const status = new StatusLine(options);
      const proofs: Proof[] = [];
      const memory = memoryDirectory();
      for (const { spec, finding } of played) {
        if (signal.aborted) break;
        const proof = await proveLock(
          { ...spec, members: finding.members, memory, ...thoroughness },
          {
            begins: (promise, done, total) =>
              status.show(`${lockName(lockOf(spec))} ${promise}`, done, total),
            isOver: () => signal.aborted,
          },
        );
        if (proof.checks.length > 0) proofs.push(proof);
      }
      status.clear();
      if (signal.aborted && proofs.length === 0) return null;
      return { schemaVersion: PROVE_SCHEMA_VERSION, ...head(), unavailable, proofs };
    },
    (result) => {
      if (options.json !== '-') print(proveText(result));
      return proveExitCode(result);
    },
  );
}
