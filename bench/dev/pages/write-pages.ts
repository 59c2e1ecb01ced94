/**
 * Writes what is generated of the project's pages: figures of recorded runs, and the schemas of the results. Run by
 * `npm run splice`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crashJsonSchema } from '../../crash/crash-schema.js';
import { projectRoot } from '../../machine/host.js';
import { resultJsonSchema } from '../../measure/result/result-schema.js';
import { faultsJsonSchema } from '../../nfs/faults/faults-schema.js';
import { mountOptionsJsonSchema } from '../../nfs/options/mount-options-schema.js';
import { roundTripJsonSchema } from '../../nfs/roundtrip/roundtrip-schema.js';
import { orderJsonSchema } from '../../order/order-schema.js';
import { reproductionJsonSchema } from '../../reproduce/experiment/reproduction-schema.js';
import { experimentNames, loadExperiment } from '../../reproduce/experiments.js';
import { print } from '../../text/standard-streams.js';
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
for (const path of splicePages(projectRoot)) print(`rewritten: ${path}`);
