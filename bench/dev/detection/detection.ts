/**
 * `npm run bench:detection`: how surely does a prove round catch a lock that fails now and then? A lock with a dial is
 * proven many times at each setting, as `run` proves by default; the share of rounds that caught it is printed with its
 * 95 % interval (Wilson's). The lock that never leaks must never be caught.
 */

import { loadStrategy } from '../../../strategies/index.js';
import { BAD_USAGE } from '../../base/exit-codes.js';
import { digits, percent } from '../../base/format.js';
import { UsageError } from '../../base/usage-error.js';
import { interruptibly } from '../../command-line/interruption.js';
import { parseCount } from '../../command-line/parse.js';
import { unprivilegedIdentity } from '../../machine/identity.js';
import { memoryDirectory } from '../../measure/parent/preflight.js';
import { Round } from '../../measure/parent/round.js';
import { record } from '../../measure/parent/round-record.js';
import { median } from '../../statistics/median.js';
import { print, say } from '../../text/standard-streams.js';
import { plainTable } from '../../text/table.js';
import { baseline, wellRun } from '../harness/harness-rounds.js';

const DIALS = [0, 100, 1_000, 10_000] as const;
const PROCESSES = [2, 4] as const;
const HANDOFFS = 2_000;
const DEFAULT_ROUNDS = 100;
const MOST_ROUNDS = 10_000;
const Z = 1.96;

/** Wilson's interval of a proportion. Source: E. B. Wilson, Probable Inference, 1927. */
function wilson(successes: number, trials: number): readonly [low: number, high: number] {
  const share = successes / trials;
  const squared = Z * Z;
  const centre = share + squared / (2 * trials);
  const reach = Z * Math.sqrt((share * (1 - share)) / trials + squared / (4 * trials * trials));
  const scale = 1 + squared / trials;
  return [Math.max(0, (centre - reach) / scale), Math.min(1, (centre + reach) / scale)];
}

async function prove(name: string, processes: number): Promise<{ violations: number; turns: number }> {
  const round = await Round.launch({
    ...baseline(
      { memory: memoryDirectory(), identity: unprivilegedIdentity() },
      { conditions: { processes }, limits: { budgetNs: 2e9 } },
    ),
    kind: 'prove',
    strategy: await loadStrategy(name),
    policy: { kind: 'spin' },
    enoughHandoffs: HANDOFFS,
  });
  const kept = record('prove', await wellRun(round), 0, 0);
  return { violations: kept.kind === 'prove' ? kept.exclusion.violations : 0, turns: kept.turns };
}

async function main(): Promise<void> {
  const rounds = parseCount('rounds', process.argv[2] ?? String(DEFAULT_ROUNDS), 1, MOST_ROUNDS);
  const rows: string[][] = [];
  for (const oneIn of DIALS) {
    const name = `${new URL('leaky.js', import.meta.url).href}?oneIn=${oneIn}`;
    for (const processes of PROCESSES) {
      const found: { violations: number; turns: number }[] = [];
      for (let round = 0; round < rounds; round++) found.push(await prove(name, processes));
      const caught = found.filter(({ violations }) => violations > 0).length;
      const [low, high] = wilson(caught, rounds);
      rows.push([
        oneIn === 0 ? 'never' : `once in ${oneIn}`,
        String(processes),
        digits(median(found.map(({ turns }) => turns))),
        `${caught} of ${rounds}`,
        `${percent(low)} to ${percent(high)}`,
      ]);
    }
  }
  print(plainTable(['fails', 'processes', 'turns', 'caught', '95% interval'], rows));
}

try {
  await interruptibly(main);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(`${error.message}; ${error.hint ?? ''}`);
  process.exitCode = BAD_USAGE;
}
