/**
 * The timed loops of all strategies whose calls are known.
 */
import { testTimedLoops } from '../../support/timed-loops.js';
import { TURNS } from '../../support/traced-turns.js';

await testTimedLoops(Object.keys(TURNS));
