/**
 * The published JSON Schemas are those that the program reads and writes by.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { publishedSchemas, SCHEMA_FOLDER } from '../../../bench/dev/pages/published-schemas.js';
import { projectRoot } from '../../../bench/machine/project.js';

const folder = join(projectRoot, SCHEMA_FOLDER);
const schemas = await publishedSchemas();

test('each schema of the program is published, and no other', () => {
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(schemas).sort());
});

for (const [name, schema] of Object.entries(schemas)) {
  test(`${name} is as the program has it`, () => {
    const published: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    // As a file has it: without members that are undefined.
    assert.deepEqual(published, JSON.parse(JSON.stringify(schema)), 'run "npm run splice"');
  });
}
