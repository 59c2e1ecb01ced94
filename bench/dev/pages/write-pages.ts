/**
 * Writes what is generated of the project's pages: figures of recorded runs, and the schemas of the results. Run by
 * `npm run splice`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../machine/project.js';
import { print } from '../../text/standard-streams.js';
import { publishedSchemas, SCHEMA_FOLDER } from './published-schemas.js';
import { splicePages } from './splice.js';

for (const [name, schema] of Object.entries(await publishedSchemas())) {
  writeFileSync(
    join(projectRoot, SCHEMA_FOLDER, name),
    `${JSON.stringify(schema, null, 2)}
`,
  );
}
for (const path of splicePages(projectRoot)) print(`rewritten: ${path}`);
