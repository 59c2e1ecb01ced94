/**
 * The schema of the result of `lockbench hosts --pair`, which is published as JSON Schema.
 */
import { z } from 'zod';
import { count } from '../../measure/result/rounds-schema.js';
import { scenarioHead } from '../../scenario/steps-schema.js';

export const PAIR_SCHEMA_VERSION = 1;

const direction = z.strictObject({
  got: z.boolean().describe('the other one got it while this one held it'),
  caught: z.boolean().describe('the other one got it, and the check found that this one was inside'),
  freed: z.boolean().describe('the other one got it once this one had given it back'),
});

const contended = z.strictObject({
  turns: z.array(count).length(2).describe('acquisitions, by host'),
  handoffs: count.describe('numbers that another host took than the one before'),
  twoInside: z.array(count).length(2).describe('entries that found the other host inside, by host'),
  sequence: z.enum(['intact', 'lost-updates']),
  lost: count.describe('turns whose number the other host took, too'),
  final: count.describe('what stands in the file; it began with 1'),
});

const lock = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('tried'),
    strategy: z.string(),
    claim: z.boolean().describe('whether it claims to exclude between hosts, on this file system'),
    held: z.array(direction).length(2).describe('by the host that held it'),
    contended,
  }),
  z.strictObject({ state: z.literal('not-tried'), strategy: z.string(), reason: z.string() }),
]);

const host = z.strictObject({
  name: z.string(),
  boot: z.string().describe('of the kernel that runs there'),
  device: z.string().describe('of the directory, as that kernel numbers its mounts'),
  uid: z.int(),
  filesystem: z.string(),
  options: z.array(z.string()),
});

export const pairSchema = z.strictObject({
  schemaVersion: z.literal(PAIR_SCHEMA_VERSION),
  ...scenarioHead,
  hosts: z.array(host).length(2).describe('the first one is where both talked'),
  here: z.union([z.literal(0), z.literal(1)]).describe('which of them wrote this'),
  control: lock.nullable().describe('what is not a lock: it must be caught'),
  locks: z.array(lock),
  cutShort: z.string().nullable().describe('why not all locks were tried'),
});

export type PairResult = z.infer<typeof pairSchema>;
export type PairHost = z.infer<typeof host>;
export type PairLock = z.infer<typeof lock>;
export type TriedLock = Extract<PairLock, { state: 'tried' }>;
export type Direction = z.infer<typeof direction>;
export type Contended = z.infer<typeof contended>;
