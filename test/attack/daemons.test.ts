/**
 * A daemon's pid file, exchanged while starts open it.
 */
import { wayNames } from '../../bench/onedaemon/ways.js';
import { attackDaemons } from '../support/attacks.js';
import { TRIES, testSlowly } from './tries.js';

for (const way of wayNames) testSlowly(`onedaemon --by ${way}`, (t) => attackDaemons(t, TRIES, way));
