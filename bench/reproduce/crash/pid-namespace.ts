/**
 * A process that is the first of a pid namespace, and lets a pid come again there. It says what became of each lock, a line of
 * JSON each.
 */
import { loadStrategy } from '../../../strategies/index.js';
import { messageOf } from '../../base/error-message.js';
import { runProgram, sayJson } from '../../base/program.js';
import type { Identity } from '../../machine/identity.js';
import type { Policy } from '../../measure/worker/policy.js';
import { again, playReusedPid, type ReusedPid, tellLastPid } from './reused-pid.js';

/** A lock to play with. `label`: its name for people. */
export interface NamespaceLock {
  readonly label: string;
  readonly strategy: string;
  readonly policy: Policy;
}

export interface NamespaceJob {
  readonly identity: Identity | null;
  /** Where to play; what a kill leaves there is its owner's to remove. */
  readonly directory: string;
  readonly locks: readonly NamespaceLock[];
  readonly patienceNs: number;
}

export type NamespaceMessage =
  | { readonly at: 'permitted' }
  | { readonly at: 'forbidden'; readonly reason: string }
  | { readonly at: 'played'; readonly played: ReusedPid }
  | { readonly at: 'error'; readonly message: string };

const say: (message: NamespaceMessage) => void = sayJson;

/** Any pid that is none of ours will do: the next process takes the next one. */
const SOME_PID = 300;

function isPermitted(): boolean {
  try {
    tellLastPid(SOME_PID);
    say({ at: 'permitted' });
    return true;
  } catch (error) {
    say({ at: 'forbidden', reason: messageOf(error) });
    return false;
  }
}

await runProgram<NamespaceJob>(async ({ locks, patienceNs, directory, identity }) => {
  if (!isPermitted()) return;
  for (const { label, strategy: name, policy } of locks) {
    const spec = { strategy: await loadStrategy(name), policy, directory, identity };
    say({ at: 'played', played: await playReusedPid(spec, label, patienceNs, again) });
  }
});
