/**
 * The schema of the result of `lockbench nfs roundtrip`, which is published as JSON Schema.
 */

import { z } from 'zod';
import { resultSchema } from '../../measure/result/result-schema.js';
import { count, ns } from '../../measure/result/rounds-schema.js';
import { ROUND_TRIP_SCHEMA_VERSION, WAYS } from './sweep-ways.js';

const key = {
  strategy: z.string(),
  wait: z.string(),
  way: z
    .enum(WAYS)
    .describe(
      'local: on the server, on the file system behind the export; v4.2-shared: the number is open for writing on the ' +
        'server too, so that the client is given no delegation',
    ),
  export: z.enum(['ext4', 'tmpfs']).describe('file system behind the export'),
};

const estimate = z.strictObject({
  median: ns,
  low: ns,
  high: ns,
  coverage: z.number().describe('probability that the true median lies from low to high'),
  kind: z.enum(['interval', 'range']),
});

const calls = z.strictObject({
  ...key,
  turns: count.describe('increments during which calls were counted'),
  procedures: z
    .array(z.strictObject({ program: z.string(), version: count, name: z.string(), calls: count }))
    .describe('calls in all these turns, in the order of their first'),
  inSequence: count.describe('calls of all these turns that were waited for one after another'),
  roundTripNs: ns.describe('at which they were counted'),
  disagreement: z
    .string()
    .nullable()
    .describe('where the client’s mountstats counted other NFS calls; null: the same'),
});

const round = z.strictObject({
  ...key,
  roundTripNs: ns.describe('what the network was asked to add; 0 for local'),
  block: count,
  order: count,
  turns: count,
  wallNs: ns,
  lost: z.int().describe('updates that were lost: 0 for a lock that works'),
  requests: z
    .record(z.string(), count)
    .nullable()
    .describe('what the client’s mountstats counted meanwhile, by operation; null for local'),
});

const emptyCalls = z.strictObject({
  roundTripNs: ns.describe('what the network was asked to add'),
  block: count,
  order: count,
  ns: z.array(ns).describe('of each call of procedure 0, which does nothing'),
});

export const findingsSchema = z.strictObject({
  kernel: z.string(),
  machine: z.enum(['kvm', 'tcg', 'host']).describe('on which the lab was'),
  cpus: count,
  calls: z.array(calls),
  rounds: z.array(round),
  emptyCalls: z.array(emptyCalls),
  failures: z.array(z.strictObject({ what: z.string(), reason: z.string() })),
});

const point = z.strictObject({
  roundTripNs: ns,
  nsPerIncrement: estimate,
  ratio: estimate.nullable().describe('to local on the same export, by blocks; null without it'),
  modelNs: z.number().nullable(),
  residualNs: z.number().nullable().describe('the median less the model'),
});

const line = z.strictObject({
  interceptNs: z.number().describe('at no round trip'),
  slope: z.number().describe('ns more for each ns of round trip'),
});

const curve = z.strictObject({
  ...key,
  localNs: ns.nullable().describe('median of local on the same export'),
  callsPerIncrement: z.number().nonnegative(),
  inSequencePerIncrement: z.number().nonnegative(),
  points: z.array(point),
  fit: line.nullable().describe('by least squares through the medians; null with fewer than two round trips'),
  ratioAtZero: z.number().nullable().describe('the model’s ratio to local at no round trip'),
  wantedRatioAtNs: z
    .number()
    .nullable()
    .describe(
      'the round trip at which the model’s ratio is the wanted one; below 0: at none; null: the line does not rise',
    ),
});

const prediction = z.strictObject({
  strategy: z.string(),
  wait: z.string(),
  way: z.enum(WAYS),
  directory: z.string().describe('of this machine, outside of the lab'),
  filesystem: z.string(),
  localNs: ns.describe('an increment there, measured'),
  inSequencePerIncrement: z.number().nonnegative().describe('calls one after another, counted in the lab'),
  roundTripNs: ns.describe('assumed'),
  ratio: z.number().describe('not measured: (local + calls × round trip) / local'),
  wantedRatioAtNs: z.number().nullable().describe('null: no call, and so no such round trip'),
});

export const figuresSchema = z.strictObject({
  wantedRatio: z.number().describe('the textbook’s'),
  emptyCall: z.strictObject({
    points: z.array(z.strictObject({ roundTripNs: ns, ns: estimate })),
    fit: line.nullable(),
  }),
  curves: z.array(curve),
  predictions: z.array(prediction),
});

export const outsideSchema = z.strictObject({
  strategy: z.string(),
  wait: z.string(),
  directory: z.string(),
  filesystem: z.string(),
  nsPerIncrement: z.array(ns).describe('a round each'),
});

export const roundTripSchema = z.strictObject({
  schemaVersion: z.literal(ROUND_TRIP_SCHEMA_VERSION),
  command: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  interruptedBy: z.string().nullable().describe('the signal that ended it early'),
  seed: count,
  environment: resultSchema.shape.environment.describe('of this machine, outside of the lab'),
  outside: z.array(outsideSchema).describe('local increments on this machine, outside of the lab'),
  findings: findingsSchema,
  figures: figuresSchema,
});

export type RoundTripResult = z.infer<typeof roundTripSchema>;
export type Findings = z.infer<typeof findingsSchema>;
export type Figures = z.infer<typeof figuresSchema>;
export type Calls = Findings['calls'][number];
export type SweepRound = Findings['rounds'][number];
export type Outside = z.infer<typeof outsideSchema>;
export type Curve = Figures['curves'][number];
export type Prediction = Figures['predictions'][number];
export type Key = Pick<SweepRound, 'strategy' | 'wait' | 'way' | 'export'>;
