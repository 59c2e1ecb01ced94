import { Told } from '../base/told.js';

/**
 * What the system, not the user, kept the lab from doing: a machine that does not start, a server that does not come up.
 * The message is for people, and says it all: where in the program it happened would tell them nothing.
 */
export class LabError extends Told {
  override readonly name = 'LabError';
}
