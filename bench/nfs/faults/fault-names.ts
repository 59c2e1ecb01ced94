/**
 * The faults of `lockbench nfs faults`. A new one is a line here and its play in fault-plays.ts.
 */
import type { What } from '../../scenario/steps-schema.js';

export const FAULTS_SCHEMA_VERSION = 2;

interface Fault {
  readonly whatHappened: string;
  /** The step by which it strikes. */
  readonly strikesBy: What;
}

/** In the order in which they are played: who survives one goes on in the next. */
const CATALOGUE = {
  'cut-short': { whatHappened: "the holder's network was cut for a moment", strikesBy: 'cut' },
  'server-restart': { whatHappened: 'the server was restarted', strikesBy: 'server-stopped' },
  'client-killed': { whatHappened: "the holder's process was killed", strikesBy: 'killed' },
  'cut-long': { whatHappened: "the holder's network was cut for longer than the lease", strikesBy: 'cut' },
  'client-rebooted': { whatHappened: "the holder's machine was restarted", strikesBy: 'cut' },
  'client-dies': { whatHappened: "the holder's machine died without a word", strikesBy: 'cut' },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof CATALOGUE;

export const FAULTS = Object.keys(CATALOGUE) as FaultName[];

export const faultOf = (name: FaultName): Fault => CATALOGUE[name];
