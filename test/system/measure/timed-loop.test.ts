/**
 * The timed loops of few strategies, one of each kind of call; those of all are in test/long/measure/timed-loops.test.ts.
 */
import { testTimedLoops } from '../../support/timed-loops.js';

await testTimedLoops(['fcntl', 'excl', 'shm-flag', 'sysv-sem']);
