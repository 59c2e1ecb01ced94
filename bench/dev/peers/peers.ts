/**
 * `npm run bench:peers [-- --blocks N] [--only NAME]`: programs of others that take locks, beside our locks on the same work,
 * in one run. What is not installed is named with the package that has it.
 */
import { realpathSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { messageOf } from '../../base/error-message.js';
import { BAD_USAGE, INCOMPLETE } from '../../base/exit-codes.js';
import { plural } from '../../base/format.js';
import { UsageError } from '../../base/usage-error.js';
import { interruptibly } from '../../command-line/interruption.js';
import { removeLeftovers } from '../../machine/files/leftovers.js';
import { describeEnvironment } from '../../machine/host.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { memoryDirectory } from '../../measure/parent/preflight.js';
import { exitByStreams, print, say, writeOut } from '../../text/standard-streams.js';
import { CannotMeasure, type Context } from '../harness/section.js';
import { parseWanted, type Wanted } from '../wanted.js';
import { flockCommand } from './flock-program.js';
import { ourCost, ourLock } from './our-side.js';
import type { Peer } from './peer.js';
import { type Costs, type Measured, peersText } from './peers-table.js';
import { pingPongs } from './ping-pong.js';
import { isInstalled, runPeer } from './run-peer.js';
import { stressors } from './stress-ng.js';
import { sysbenches } from './sysbench.js';

const peers: readonly Peer[] = [...pingPongs, ...stressors, ...sysbenches, flockCommand];

/** Who comes first in a block is not the same in the next one. */
async function measureBlock(peer: Peer, block: number, context: Context): Promise<Costs> {
  const lock = await ourLock(peer.ours);
  const costs = { theirs: Number.NaN, c: Number.NaN, typescript: Number.NaN };
  const steps = [
    async () => {
      costs.theirs = peer.costOf(await runPeer(peer, context));
    },
    async () => {
      costs.c = await ourCost(peer, lock, context, lock.inC);
    },
    async () => {
      costs.typescript = await ourCost(peer, lock, context);
    },
  ];
  for (let i = 0; i < steps.length; i++) await steps[(i + block) % steps.length]?.();
  return costs;
}

async function measure({ count: blocks, chosen }: Wanted<Peer>, signal: AbortSignal): Promise<void> {
  const identity = unprivilegedIdentity();
  const context: Context = {
    ...{ pairs: blocks, identity, memory: memoryDirectory(), temporary: realpathSync(tmpdir()), signal },
    lacks: (part, why) => say(`${part}: ${why}`),
  };
  removeLeftovers([context.memory], identity);
  const { kernel, cpuModel, cpus, node } = describeEnvironment(identity);
  const load = loadavg()[0] ?? 0;
  print(
    `${kernel}, ${cpuModel}, ${plural(cpus, 'CPU')} (load before: ${load.toFixed(2)}), Node ${node}, in ${context.memory}`,
  );
  const found = new Map(
    chosen.filter(({ program }) => isInstalled(program)).map((peer) => [peer, [] as Costs[]]),
  );
  const failed = new Map<Peer, string>();
  for (let block = 0; block < blocks; block++)
    for (const [peer, costs] of found) {
      if (signal.aborted) return;
      if (failed.has(peer)) continue;
      try {
        costs.push(await measureBlock(peer, block, context));
      } catch (error) {
        if (signal.aborted || error instanceof CannotMeasure) throw error;
        failed.set(peer, messageOf(error));
      }
    }
  const measured: Measured[] = [...found]
    .filter(([peer]) => !failed.has(peer))
    .map(([peer, costs]) => ({ peer, blocks: costs }));
  writeOut(peersText(measured));
  for (const [{ name }, why] of failed) {
    print(`${name}: not measured: ${why}`);
    process.exitCode = INCOMPLETE;
  }
  const absent = new Map(
    chosen.filter((peer) => !found.has(peer)).map(({ program, debianPackage }) => [program, debianPackage]),
  );
  for (const [program, debianPackage] of absent)
    print(`${program}: skipped: apt-get install ${debianPackage}`);
  print('libMicro is not in Debian, and not compared.');
}

exitByStreams();

try {
  const options = parseWanted(
    { count: 'blocks', usual: 6, example: '--blocks 3 --only ping_pong' },
    peers,
    ({ program }) => program,
  );
  await interruptibly((signal) => measure(options, signal));
} catch (error) {
  if (error instanceof UsageError) {
    say(`bench:peers: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`);
    process.exitCode = BAD_USAGE;
  } else {
    const why = error instanceof CannotMeasure ? `not measured: ${error.message}` : undefined;
    say(`bench:peers: ${why ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))}`);
    process.exitCode = INCOMPLETE;
  }
}
