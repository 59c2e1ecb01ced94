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
  earlier: z.number().describe('median of the samples, in the unit of the basis: ns, or times fcntl/block'),
  later: z.number(),
  factor: z.number().describe('later over earlier'),
  low: z.number(),
  high: z.number(),
  coverage: share.describe(
    'probability that the true factor lies between low and high: of these two runs if the sample is a round, of the versions if it is a run',
  ),
  p: share.describe(
    'chance of a difference so large in any cell, if samples differ only as those of one side do among each other',
  ),
  superiority: share.describe('share of the pairs of samples in which the later side’s is the slower'),
  verdict: z
    .enum(['slower', 'faster', 'doubtful', 'no-difference-seen', 'too-few-runs', 'too-few-rounds'])
    .describe(
      'doubtful: a change, but the runs were not made in turn; too-few-runs: runs by themselves may differ as much',
    ),
});
export type Change = z.infer<typeof change>;

const findings = z.enum(['held', 'violated', 'unchecked', 'lost-updates', 'not-measured']);

const cell = z.strictObject({
  lock: z.string().describe('strategy/policy'),
  directory: z.string(),
  where: z.string().describe('the conditions, for people'),
  change: change.nullable().describe('null where one of the sides has no figure'),
  reason: z.string().nullable().describe('why there is none'),
  verdicts: z
    .strictObject({ earlier: findings, later: findings })
    .describe('lost-updates: the sequence was broken, whatever was seen of exclusion'),
  worse: z.boolean().describe('a lock that held in the earlier runs failed in a later one'),
});
export type ComparedCell = z.infer<typeof cell>;

const runs = z.array(z.strictObject({ name: z.string(), startedAt: z.string() })).min(1);

const comparisonSchema = z.strictObject({
  earlier: runs,
  later: runs,
  sample: z
    .enum(['round', 'run'])
    .describe(
      'what is exchanged between the sides, and what the intervals cover; round: one run on each side, whose difference from other runs is unknown',
    ),
  inTurn: z.boolean().describe('whether at most two runs of a side were made one after another'),
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
