/**
 * What `compare --json` writes. docs/commands/compare.md says what each figure means.
 */
import { z } from 'zod';
import { COMPARE_VERSION } from './compare-version.js';

const share = z.number().min(0).max(1);

const difference = z.strictObject({
  what: z.string(),
  earlier: z.string(),
  later: z.string(),
  costsDiffer: z.boolean().describe('whether a time of one run says nothing about the other'),
});
export type Difference = z.infer<typeof difference>;

const change = z.strictObject({
  earlier: z.number().describe('median of the blocks, in the unit of the basis: ns, or times fcntl/block'),
  later: z.number(),
  factor: z.number().describe('later over earlier'),
  low: z.number(),
  high: z.number(),
  coverage: share.describe('probability that the true factor lies between low and high'),
  p: share.describe('chance of a difference so large in any cell, if nothing has changed'),
  superiority: share.describe('share of the pairs of blocks in which the later run’s is the slower'),
  verdict: z
    .enum(['slower', 'faster', 'doubtful', 'no-difference-seen', 'too-few-rounds'])
    .describe('doubtful: a change, but no larger than the noise of the machines'),
});
export type Change = z.infer<typeof change>;

const findings = z.enum(['held', 'violated', 'unchecked', 'lost-updates', 'not-measured']);

const cell = z.strictObject({
  lock: z.string().describe('strategy/policy'),
  directory: z.string(),
  where: z.string().describe('the conditions, for people'),
  change: change.nullable().describe('null where one of the runs has no figure'),
  reason: z.string().nullable().describe('why there is none'),
  verdicts: z
    .strictObject({ earlier: findings, later: findings })
    .describe('lost-updates: the sequence was broken, whatever was seen of exclusion'),
  worse: z.boolean().describe('a lock that held in the earlier run failed in the later one'),
});
export type ComparedCell = z.infer<typeof cell>;

const run = z.strictObject({ name: z.string(), startedAt: z.string() });

const comparisonSchema = z.strictObject({
  earlier: run,
  later: run,
  basis: z.enum(['cost', 'ratio']),
  differences: z.array(difference),
  cells: z.array(cell),
});
export type ComparedRuns = z.infer<typeof comparisonSchema>;

export const compareSchema = z.strictObject({
  schemaVersion: z.literal(COMPARE_VERSION),
  comparisons: z.array(comparisonSchema),
});
export type Comparisons = z.infer<typeof compareSchema>;
