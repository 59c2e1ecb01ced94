/**
 * Exit codes: the same for every command. `onedaemon` and `nfs exec` add those of the command that they run.
 */
import { constants } from 'node:os';

export const ALL_WELL = 0;
/** A claim was broken: of a lock, or of the textbook. */
export const BROKEN = 1;
/** What was asked for cannot be done; nothing was started. */
export const BAD_USAGE = 2;
/** Something did not finish, or the result is inconclusive. Not 1, which Node would choose for an error. */
export const INCOMPLETE = 3;

/** Signals that ask a program to end, and that it may answer by cleaning up first. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ended by a signal, as shells say it: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP. */
export const endedBy = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];
