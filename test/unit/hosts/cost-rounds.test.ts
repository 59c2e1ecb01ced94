import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costRounds } from '../../../bench/hosts/host-cells.js';
import type { HostTimingRound } from '../../../bench/hosts/hosts-schema.js';
import { hostsMethod } from '../../../bench/hosts/hosts-sentences.js';
import { madeHostsResult, measuredHostsCell, proveRound } from '../../support/made-hosts.js';

const worker = {
  ...{ rank: 1, turns: 5, startNs: 0, endNs: 1, failedTries: 0, userNs: 0, systemNs: 0 },
  ...{ clockOffsetNs: '0', clockErrorNs: 0 },
};

/** In which the last of two ranks began `spreadNs` after the first. */
const timing = (wallNs: number, spreadNs: number): HostTimingRound => {
  const { violations, handoffs, betweenHosts, first, ...common } = proveRound();
  return {
    ...{ ...common, kind: 'timing', wallNs, spreadNs, turns: 10 },
    ...{ workers: [worker, { ...worker, rank: 2 }], spreadErrorNs: 0, ownerChanges: null, rpcs: [] },
  };
};

test('a cost rests on rounds that were long enough for their starts, if there is one', () => {
  const [short, long] = [timing(1e6, 8e4), timing(1e9, 8e4)];
  assert.deepEqual(costRounds([short, long]), [long]);
  assert.deepEqual(costRounds([short, proveRound()]), [short]);
});

test('what is said of the starts is said of the rounds that a cost rests on', () => {
  const said = (...rounds: HostTimingRound[]): string =>
    hostsMethod(madeHostsResult([measuredHostsCell('none', { rounds })]));
  assert.match(said(timing(1e6, 8e4), timing(1e9, 8e4)), /less than 0\.1% of a round\.$/m);
  assert.match(said(timing(1e6, 8e4)), /at most 8\.0+% of a round: use a longer --min-round\.$/m);
});
