/**
 * The registry: each experiment is filed under its own name, has a page, and a claim that can be told in a table.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { experimentNames, loadExperiment } from '../../../bench/reproduce/experiments.js';
import { loadStrategy } from '../../../strategies/index.js';

for (const name of experimentNames) {
  test(`${name} is filed under its own name, has a page, and strategies of the catalogue in its parts`, async () => {
    const experiment = await loadExperiment(name);
    assert.equal(experiment.name, name);
    assert.ok(
      existsSync(join(projectRoot, 'docs', 'experiments', `${name}.md`)),
      `docs/experiments/${name}.md`,
    );
    for (const way of Object.values(experiment.roles)) await loadStrategy(way.split('/')[0] ?? '');
  });
}
