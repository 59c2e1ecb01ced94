/**
 * What a question to a lock is made of: the promise, and what was seen.
 */
import type { Claims } from '../../strategies/strategy.js';
import type { Members } from '../measure/worker/policy.js';
import type { CompanySpec } from './lock-company.js';

/** What was seen; `isSo`: it is what was claimed; null if it could not be looked at. */
export interface Observation {
  readonly isSo: boolean | null;
  readonly observed: string;
}

export interface Check {
  /** The member of the claims that it is about; `contract`: what every lock promises. */
  readonly claim: keyof Claims | 'contract';
  /** A clause that "it" begins. */
  readonly promise: string;
  observe(): Promise<Observation>;
}

export interface ProofSpec extends CompanySpec {
  readonly members: Members;
  /** Where what is only for warming up goes. */
  readonly memory: string;
  /** Hand-offs between processes that are delayed at random; 0 for none. */
  readonly handoffs: number;
  /** So long is waited for what is claimed to happen, ns; never less than a lease. */
  readonly limitNs: number;
}

export const seen = (isSo: boolean, observed: string): Observation => ({ isSo, observed });
