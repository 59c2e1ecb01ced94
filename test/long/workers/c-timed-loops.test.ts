/**
 * The timed loop of a worker in C makes the same system calls as that of Node's, for every lock that is written in both:
 * what the two are compared by is what runs around the calls.
 */
import { existsSync } from 'node:fs';
import { sourceInC } from '../../../bench/measure/parent/c-worker.js';
import { testTimedLoops } from '../../support/timed-loops.js';
import { TURNS } from '../../support/traced-turns.js';

await testTimedLoops(
  Object.keys(TURNS).filter((name) => existsSync(sourceInC(name))),
  'c',
);
