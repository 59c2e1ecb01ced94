/**
 * One page of shared memory for a place, zeros at first: what the strategies share that keep their lock in memory.
 * It has a name, derived from the token, since a worker is no child of the process that made it in every set-up.
 */
import { createNamed, type Mapping, openNamed, removeNamed, shmPath } from '../posix/shared-memory.js';
import type { Place } from '../strategy.js';

const BYTES = 4096;

const nameOf = ({ token }: Place): string => `${token}.page`;

/** Where a place's page lies: whoever removes that file has removed the lock. */
export const pagePath = (place: Place): string => shmPath(nameOf(place));
export const preparePage = (place: Place): void => createNamed(nameOf(place), BYTES);
export const openPage = (place: Place): Mapping => openNamed(nameOf(place), BYTES);
/** The same as words. */
export const openWords = (place: Place): Int32Array => new Int32Array(openPage(place).buffer);
export const destroyPage = (place: Place): void => removeNamed(nameOf(place));
