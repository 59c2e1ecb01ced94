/**
 * Results of `crash`, `order` and `nfs faults` that nobody played, each with a member of every kind that its schema has.
 */
import type { CrashResult } from '../../bench/crash/crash-schema.js';
import { describeEnvironment } from '../../bench/machine/host.js';
import { FAULTS_SCHEMA_VERSION } from '../../bench/nfs/faults/fault-names.js';
import type { FaultsResult } from '../../bench/nfs/faults/faults-schema.js';
import type { OrderResult } from '../../bench/order/order-schema.js';
import { QUESTIONS } from '../../bench/order/questions.js';
import type { Step } from '../../bench/scenario/steps-schema.js';

const head = {
  ...{ command: 'lockbench', interruptedBy: 'SIGINT' },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:00.000Z' },
  environment: describeEnvironment(null),
};
const unavailable = [{ strategy: 'absent', reason: 'it is not built' }];
const directory = { path: '/tmp', filesystem: 'ext4', options: ['rw'] };
const lock = { strategy: 'excl', wait: 'block' };
const notPlayed = { state: 'not-played' as const, reason: 'it broke' };
const number = { sequence: 'lost-updates' as const, final: 2, writes: 3, lost: 1 };
const timeline: Step[] = [
  { participant: 'holder', what: 'asked', atNs: 0 },
  { participant: 'holder', what: 'got-in', atNs: 10 },
  { participant: 'waiter', what: 'failed', atNs: 20, error: 'EIO: input/output error' },
  { participant: 'holder', what: 'leaves', atNs: 30 },
];
const errors = [{ participant: 'waiter', error: 'EIO: input/output error' }];
const met = { firstIn: 'waiter', afterNs: 5e6, heldTwiceNs: 0, served: 1, number, errors, timeline };

export const madeCrash = (): CrashResult => ({
  ...{ ...head, schemaVersion: 2, directory, unavailable, patienceNs: 1e9 },
  scenarios: [
    { ...lock, event: 'kill', state: 'played', outcome: 'stuck', eventNs: 15, alone: true, ...met },
    { ...lock, event: 'unlink', state: 'played', outcome: 'overtaken', eventNs: 15, alone: true, ...met },
    { ...lock, event: 'stop', ...notPlayed },
  ],
  brokenClaims: [{ strategy: 'excl', claim: 'holderDies', claimed: 'released', observed: 'stuck' }],
});

export const madeOrder = (): OrderResult => ({
  ...{ ...head, schemaVersion: 2, directory, unavailable, times: 1 },
  cases: [
    ...QUESTIONS.map((question) => ({
      ...{ ...lock, question, state: 'played' as const },
      plays: [{ answer: 'together' as const, heldTwiceNs: 5, timeline }],
    })),
    { strategy: 'other', wait: 'block', question: 'two-readers', ...notPlayed },
  ],
});

export const madeFaults = (): FaultsResult => ({
  ...{ ...head, schemaVersion: FAULTS_SCHEMA_VERSION, unavailable, accelerator: 'tcg' },
  ...{ leaseNs: 1e9, roundTripNs: 0 },
  scenarios: [
    {
      ...{ ...lock, version: 'v3', fault: 'client-dies', state: 'played', outcome: 'stuck', ...met },
      ...{ faultNs: 15, mendedNs: null, watchedNs: 1e9, recoveredNs: null, freeLockNs: null },
    },
    { ...lock, version: 'v4.2', fault: 'client-dies', ...notPlayed },
  ],
});
