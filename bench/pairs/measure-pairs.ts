/**
 * Pairs of all locks that were asked for, in turn: what was finished when a signal came, or when one of them failed, is kept.
 */
import { registered } from '../../strategies/index.js';
import { messageOf } from '../base/error-message.js';
import type { Identity } from '../machine/identity.js';
import { lookEverywhere } from '../measure/parent/look-everywhere.js';
import { defaultPolicy, type Policy, policyName } from '../measure/worker/policy.js';
import { contenderName, type Runtime, runtimeMark } from '../measure/worker/strategy-spec.js';
import { blocksOf, type FiguresByBlock, overC, together } from './pair-blocks.js';
import { measurePair } from './pair-price.js';
import type { MissingPair, Pair, PairsResult } from './pairs-schema.js';

export interface PairsRequest {
  readonly names: readonly string[];
  readonly runtimes: readonly Runtime[];
  readonly directories: readonly string[];
  readonly samples: number;
  readonly identity: Identity | null;
  readonly signal: AbortSignal;
}

interface Subject {
  readonly strategy: string;
  readonly runtime?: string;
  readonly directory: string;
  readonly name: string;
  readonly policy: Policy;
}

interface Measured {
  readonly row: Omit<Pair, 'figures' | 'overC'>;
  readonly byBlock: FiguresByBlock;
}

/** What was measured. `isIncomplete`: one failed that was available, or one from outside cannot be used. */
export interface MeasuredPairs extends Pick<PairsResult, 'pairs' | 'unavailable'> {
  readonly isIncomplete: boolean;
}

/** `begins`: a process of this lock begins, after `done` of `total`. Throws if nothing was finished when the signal came. */
export async function measurePairs(
  { names, runtimes, directories, samples, identity, signal }: PairsRequest,
  begins: (name: string, done: number, total: number) => void,
): Promise<MeasuredPairs> {
  const specs = names.flatMap((strategy) =>
    runtimes.map((runtime) => ({ strategy, runtime, policy: null, named: true })),
  );
  const { findings, foreign = {} } = await lookEverywhere(specs, directories, identity);
  const unavailable: MissingPair[] = [];
  let isIncomplete = false;
  const all: Subject[] = [];
  for (const directory of directories) {
    for (const spec of specs) {
      const { strategy } = spec;
      const name = contenderName(spec);
      const mark = runtimeMark(spec.runtime);
      const subject = { strategy, directory, ...(mark === undefined ? {} : { runtime: mark }) };
      const finding = findings[name]?.[directory];
      if (finding?.available === true) all.push({ ...subject, name, policy: defaultPolicy(finding.members) });
      else {
        unavailable.push({ ...subject, reason: finding?.reason ?? 'not tried' });
        if (registered(strategy) !== undefined || finding?.hangs === true) isIncomplete = true;
      }
    }
  }
  const measured = new Map<string, Measured>();
  const failed = new Set<Subject>();
  const { blocks, samples: each } = blocksOf(runtimes, samples);
  for (let step = 0; step < blocks * all.length && !signal.aborted; step++) {
    const block = Math.floor(step / all.length);
    // There and back, so that none always has the same one before it.
    const place = step % all.length;
    const subject = all[block % 2 === 0 ? place : all.length - 1 - place];
    if (subject === undefined || failed.has(subject)) continue;
    const { name, policy, ...row } = subject;
    begins(name, step, blocks * all.length);
    try {
      const job = { identity, strategy: row.strategy, policy, samples: each, inside: 'nothing' } as const;
      const figures = await measurePair(job, row.directory, foreign[name]);
      const before = measured.get(keyOf(row));
      const byBlock = new Map([...(before?.byBlock ?? []), [block, figures] as const]);
      measured.set(keyOf(row), { row: { ...row, wait: policyName(policy) }, byBlock });
    } catch (error) {
      if (signal.aborted && measured.size === 0) throw error;
      // Its process was killed by us: that says nothing of it.
      if (signal.aborted) break;
      failed.add(subject);
      measured.delete(keyOf(row));
      unavailable.push({ ...row, reason: messageOf(error) });
      isIncomplete = true;
    }
  }
  return { pairs: [...measured.values()].map((one) => pairOf(one, measured)), unavailable, isIncomplete };
}

const keyOf = ({ strategy, runtime, directory }: Omit<Pair, 'figures' | 'wait'>): string =>
  JSON.stringify([strategy, runtime ?? null, directory]);

function pairOf({ row, byBlock }: Measured, all: ReadonlyMap<string, Measured>): Pair {
  const c = all.get(keyOf({ ...row, runtime: 'c' }));
  const over = c === undefined || row.runtime === 'c' ? null : overC(byBlock, c.byBlock);
  return { ...row, figures: together(byBlock), ...(over === null ? {} : { overC: over }) };
}
