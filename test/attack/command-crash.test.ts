/**
 * `crash` in a directory in which names are exchanged.
 */
import { attackCommand, COMMANDS } from '../support/attacks.js';
import { TRIES, testSlowly } from './tries.js';

testSlowly('crash', (t) => attackCommand(t, TRIES, COMMANDS.crash));
