/**
 * The schema of the result of `lockbench compat` and `lockbench nfs compat`, which is published as JSON Schema.
 */
import { z } from 'zod';
import { resultSchema } from '../measure/result/result-schema.js';
import { count } from '../measure/result/rounds-schema.js';
import { VERDICTS } from './compat-verdict.js';
import { COMPAT_SCHEMA_VERSION } from './compat-version.js';

const kernelLockSchema = z.strictObject({
  type: z.string().describe('as /proc/locks has it: POSIX, OFDLCK, FLOCK'),
  file: z.string().describe('its name in the round’s directory'),
});

const seenSchema = z.strictObject({
  names: z.array(z.string()).describe('that are there only while the lock is held'),
  kernel: z.array(kernelLockSchema).describe('locks that the kernel lists for files of the directory'),
  lslocks: z
    .array(z.string())
    .nullable()
    .describe('types that lslocks of util-linux names for these files; null: it is not there'),
});

const lockSchema = z.strictObject({
  name: z.string().describe('a strategy, with the language behind it where it is not Node’s: "fcntl [c]"'),
  strategy: z.string(),
  runtime: z.string().describe('node, c, python, or worker: the command of --worker'),
  wait: z.string().describe('how it waits when it contends'),
  seen: seenSchema.nullable().describe('while it is held; null if it could not be looked at'),
});

const cellSchema = z.strictObject({
  holder: z.string(),
  other: z.string().describe('tries while the holder holds its lock'),
  gotIn: z.boolean().nullable().describe('whether the other one got its lock; null if it could not be tried'),
  verdict: z
    .enum(VERDICTS)
    .describe(
      'does-not-see-it: each gets in beside the other; one-way: only one of them does; lets-two-in: a held lock is refused, and in the round both were inside',
    ),
  reason: z.string().describe('why, by what is seen of both; of one that failed, what went wrong'),
  contention: z
    .strictObject({
      handoffs: count,
      violations: count.describe('times that one came in beside the other'),
      turns: count,
      lost: count.describe('updates whose number both wrote'),
    })
    .nullable()
    .describe('of the round in which both contended; null if there was none'),
});

const placeSchema = z.strictObject({
  where: z.string().describe('a directory and its file system, or clients of the lab'),
  directory: z.string(),
  filesystem: z.string(),
  nfs: z
    .strictObject({ version: z.string(), layout: z.enum(['one client', 'two clients']) })
    .nullable()
    .describe('in the lab; else null'),
  locks: z.array(lockSchema),
  unavailable: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  cells: z.array(cellSchema).describe('one for each ordered pair'),
  controlCaught: z
    .boolean()
    .nullable()
    .describe('whether a broken lock was seen to let two in, in rounds like these; null: there were none'),
});

export const compatSchema = z.strictObject({
  schemaVersion: z.literal(COMPAT_SCHEMA_VERSION),
  command: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  interruptedBy: z.string().nullable().describe('the signal that ended it early'),
  environment: resultSchema.shape.environment,
  handoffs: count.describe('after which a round in which two contend ends; 0: there were none'),
  places: z.array(placeSchema),
});

export type CompatResult = z.infer<typeof compatSchema>;
export type CompatPlace = z.infer<typeof placeSchema>;
export type CompatCell = z.infer<typeof cellSchema>;
export type CompatLock = z.infer<typeof lockSchema>;
export type Seen = z.infer<typeof seenSchema>;
export type KernelLock = z.infer<typeof kernelLockSchema>;
