/**
 * Directories that a round or an experiment is given, exchanged while they are made and removed.
 */
import { attackRemoval, attackRoundDirectories, attackSynchronous } from '../support/attacks.js';
import { TRIES, testAsRoot } from './tries.js';

testAsRoot('round directories', (t) => attackRoundDirectories(t, TRIES));
testAsRoot('what is in round directories', (t) => attackRemoval(t, TRIES));
testAsRoot('synchronous directories', (t) => attackSynchronous(t, TRIES));
