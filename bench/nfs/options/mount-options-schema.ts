/**
 * The schema of the result of `lockbench nfs options`, which is published as JSON Schema.
 */

import { z } from 'zod';
import { resultSchema } from '../../measure/result/result-schema.js';
import { count, ns } from '../../measure/result/rounds-schema.js';
import { MOUNT_OPTIONS_SCHEMA_VERSION } from './mount-options-version.js';

const [measured] = resultSchema.shape.cells.element.options;

const cell = {
  strategy: z.string(),
  wait: z.string(),
  clients: count.describe('hosts that the processes are spread over'),
  processes: count,
  number: z.enum(['kept-open', 'reopened']),
};

const mount = {
  version: z.enum(['v3', 'v4.2']),
  option: z.string().describe('as it was asked for; "default" for none, "a+b" for two'),
};

export const mountOptionsSchema = z.strictObject({
  schemaVersion: z.literal(MOUNT_OPTIONS_SCHEMA_VERSION),
  command: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable().describe('null while it goes on, and if it was ended early'),
  interruptedBy: z.string().nullable().describe('the signal that ended it early'),
  environment: resultSchema.shape.environment,
  machine: z.enum(['kvm', 'tcg', 'host']).describe('on which the lab was'),
  roundTripNs: ns.describe('what the network adds to each request and its answer'),
  export: z.string().describe('file system behind the export'),
  handoffs: count.describe('after which a proof ended'),
  mounts: z.array(
    z.discriminatedUnion('state', [
      z.strictObject({
        ...mount,
        state: z.literal('mounted'),
        filesystem: z.string(),
        inForce: z.array(z.string()).describe('options in the client’s mount table, whatever was asked for'),
        cells: z.array(
          z.discriminatedUnion('state', [
            z.strictObject({
              ...cell,
              state: z.literal('proven'),
              turns: count,
              wallNs: ns,
              verdict: measured.shape.verdict,
            }),
            z.strictObject({
              ...cell,
              state: z.enum(['timed-out', 'errored']),
              reason: z.string(),
            }),
          ]),
        ),
      }),
      z.strictObject({
        ...mount,
        state: z.literal('same'),
        as: z.string().describe('the option under which the client’s mount table had the very same options'),
      }),
      z.strictObject({
        ...mount,
        state: z.literal('refused'),
        reason: z.string().describe('what mount said'),
      }),
    ]),
  ),
});

export type MountOptionsResult = z.infer<typeof mountOptionsSchema>;
export type OptionMount = MountOptionsResult['mounts'][number];
export type MountedOption = Extract<OptionMount, { state: 'mounted' }>;
export type OptionCell = MountedOption['cells'][number];
export type ProvenCell = Extract<OptionCell, { state: 'proven' }>;
