/**
 * Participants in another language: what such a worker is told, and what it says, looked at before it is believed.
 * bench/workers/PROTOCOL.md says the same under "obey".
 */
import { quoted } from '../base/visible.js';
import { requireMembers } from '../measure/parent/foreign-messages.js';
import { PROTOCOL, type RoundDirectoryJob } from '../measure/worker/job.js';
import type { ParticipantJob, ParticipantMessage } from './participant.js';
import { stepNames } from './step-names.js';

/** The job of a worker that takes orders. */
export interface ObeyJob extends Omit<ParticipantJob, 'roundDirectory'> {
  readonly protocol: typeof PROTOCOL;
  readonly task: 'obey';
  readonly timed: RoundDirectoryJob;
}

export const obeyJob = ({ roundDirectory, ...rest }: ParticipantJob): ObeyJob => ({
  ...{ protocol: PROTOCOL, task: 'obey', timed: roundDirectory },
  ...rest,
});

/** What is no error of the whole program. */
type Said = Exclude<ParticipantMessage, { readonly at: 'error' }>;

const wrong = (expected: string, message: object): Error =>
  new Error(`the worker: ${expected} was expected, got ${quoted(JSON.stringify(message))}`);

/** What a worker said, if it is something that one may say that takes orders. Throws an Error. */
export function requireParticipantMessage(message: Said): Said {
  switch (message.at) {
    case 'ready':
      return message;
    case 'step': {
      const { what, atNs } = message.step ?? {};
      if (!stepNames.includes(what) || typeof atNs !== 'number' || !Number.isFinite(atNs))
        throw wrong('a step with "what" and "atNs"', message);
      return message;
    }
    case 'done':
      if (message.members !== undefined) requireMembers(message.members);
      return message;
    case 'failed':
      if (typeof message.message !== 'string') throw wrong('a text "message"', message);
      return message;
    default:
      throw wrong('"ready", "step", "done" or "failed"', message);
  }
}
