/**
 * One word of shared memory for a place, 0 at first: what the shared-memory strategies of the article share.
 * It has a name, derived from the token, since a worker is no child of the process that made it in every set-up.
 */
import { createNamed, openNamed, removeNamed } from './posix/shared-memory.js';
import type { Place } from './strategy.js';

const BYTES = 4096;

export const prepareFlag = (place: Place): void => createNamed(`${place.token}.flag`, BYTES);
export const openFlag = (place: Place): Int32Array =>
  new Int32Array(openNamed(`${place.token}.flag`, BYTES).buffer);
export const destroyFlag = (place: Place): void => removeNamed(`${place.token}.flag`);
