/**
 * What an error says to a person, in one line.
 */
import { named } from './errno-names.js';
import { visible } from './visible.js';

/** The message of what was thrown, names of files in it made visible. */
export const messageOf = (error: unknown): string =>
  visible(named(error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' '));

/** What was thrown, as an Error. */
export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
