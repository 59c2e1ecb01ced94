/**
 * The schemas of the results, as they are published in docs/schema: JSON Schema 2020-12, by the names of their files.
 */
import { z } from 'zod';
import { compareSchema } from '../../compare/compare-schema.js';
import { compatSchema } from '../../compat/compat-schema.js';
import { crashSchema } from '../../crash/crash-schema.js';
import { hostsSchema } from '../../hosts/hosts-schema.js';
import { pairSchema } from '../../hosts/pair/pair-schema.js';
import { resultSchema } from '../../measure/result/result-schema.js';
import { faultsSchema } from '../../nfs/faults/faults-schema.js';
import { mountOptionsSchema } from '../../nfs/options/mount-options-schema.js';
import { roundTripSchema } from '../../nfs/roundtrip/roundtrip-schema.js';
import { orderSchema } from '../../order/order-schema.js';
import { pairsSchema } from '../../pairs/pairs-schema.js';
import { proveSchema } from '../../prove/prove-schema.js';
import { reproductionSchemaWith } from '../../reproduce/experiment/reproduction-schema.js';
import { experimentNames, loadExperiment } from '../../reproduce/experiments.js';

/** Below the project's folder. */
export const SCHEMA_FOLDER = 'docs/schema';

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'result.schema.json': resultSchema,
  'compare.schema.json': compareSchema,
  'compat.schema.json': compatSchema,
  'crash.schema.json': crashSchema,
  'order.schema.json': orderSchema,
  'pairs.schema.json': pairsSchema,
  'prove.schema.json': proveSchema,
  'nfs-mount-options.schema.json': mountOptionsSchema,
  'nfs-roundtrip.schema.json': roundTripSchema,
  'faults.schema.json': faultsSchema,
  'hosts.schema.json': hostsSchema,
  'hosts-pair.schema.json': pairSchema,
};

const jsonSchema = (schema: z.ZodType, reused: 'inline' | 'ref'): unknown =>
  z.toJSONSchema(schema, { target: 'draft-2020-12', reused });

export async function publishedSchemas(): Promise<Readonly<Record<string, unknown>>> {
  const experiments = await Promise.all(experimentNames.map(loadExperiment));
  const evidence = Object.fromEntries(experiments.map((one) => [one.name, one.evidence]));
  return {
    ...Object.fromEntries(
      Object.entries(SCHEMAS).map(([name, schema]) => [name, jsonSchema(schema, 'inline')]),
    ),
    // Cells stand in the evidence of most experiments.
    'reproduce.schema.json': jsonSchema(reproductionSchemaWith(evidence), 'ref'),
  };
}
