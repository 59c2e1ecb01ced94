/**
 * Publishes the result file's schema as docs/result.schema.json. Run by `npm run schema`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../environment/host.js';
import { resultJsonSchema } from './result.js';

writeFileSync(
  join(projectRoot, 'docs', 'result.schema.json'),
  `${JSON.stringify(resultJsonSchema(), null, 2)}\n`,
);
