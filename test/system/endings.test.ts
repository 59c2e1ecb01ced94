/**
 * However a command ends, nothing of it is left, and what was finished can be read: a few endings; test/long has many.
 */
import { testEndings } from '../support/endings.js';

testEndings(1, 6);
