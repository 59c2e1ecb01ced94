/**
 * A pid that cannot be written or removed, whichever way the daemon is locked.
 */
import { wayNames } from '../../support/daemons.js';
import { testFailedWrites } from '../../support/failed-writes.js';

testFailedWrites(wayNames);
