/**
 * Writes what is generated of the project's pages: figures of recorded runs, and the schemas of the results. Run by
 * `npm run splice`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../environment/host.js';
import { experimentNames, loadExperiment } from '../experiments/index.js';
import { crashJsonSchema } from './schemas/crash.js';
import { faultsJsonSchema } from './schemas/faults.js';
import { mountOptionsJsonSchema } from './schemas/mount-options.js';
import { orderJsonSchema } from './schemas/order.js';
import { reproductionJsonSchema } from './schemas/reproduction.js';
import { resultJsonSchema } from './schemas/result.js';
import { roundTripJsonSchema } from './schemas/roundtrip.js';
import { splicePages } from './splice.js';

const experiments = await Promise.all(experimentNames.map(loadExperiment));
const schemas = {
  'result.schema.json': resultJsonSchema(),
  'crash.schema.json': crashJsonSchema(),
  'order.schema.json': orderJsonSchema(),
  'nfs-mount-options.schema.json': mountOptionsJsonSchema(),
  'nfs-roundtrip.schema.json': roundTripJsonSchema(),
  'faults.schema.json': faultsJsonSchema(),
  'reproduce.schema.json': reproductionJsonSchema(
    Object.fromEntries(experiments.map(({ name, evidence }) => [name, evidence])),
  ),
};
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(join(projectRoot, 'docs', name), `${JSON.stringify(schema, null, 2)}\n`);
}
for (const path of splicePages(projectRoot)) console.log(`rewritten: ${path}`);
