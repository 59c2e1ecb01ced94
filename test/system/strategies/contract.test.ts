/**
 * The contract, proven for every strategy of the catalogue by what `lockbench prove` asks first: nothing here names a strategy.
 * What it asks further is in test/long/strategies/contract-stories.test.ts.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadAll, strategyNames } from '../../../strategies/index.js';
import { ofEachStrategy, testsOf } from '../../support/contract.js';

test('each strategy is filed under its own name', async () => {
  assert.deepEqual(
    (await loadAll()).map(({ name }) => name),
    strategyNames,
  );
});

await ofEachStrategy('the contract of', (checks) => {
  before(() => checks.begin());
  after(() => checks.end());
  testsOf(checks.first);
});
