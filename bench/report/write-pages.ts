/**
 * Writes what is generated of the project's pages: figures of recorded runs, and the result file's schema. Run by
 * `npm run splice`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../environment/host.js';
import { resultJsonSchema } from './result.js';
import { splicePages } from './splice.js';

writeFileSync(
  join(projectRoot, 'docs', 'result.schema.json'),
  `${JSON.stringify(resultJsonSchema(), null, 2)}\n`,
);
for (const path of splicePages(projectRoot)) console.log(`rewritten: ${path}`);
