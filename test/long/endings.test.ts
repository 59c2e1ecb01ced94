/**
 * However a command ends, nothing of it is left, and what was finished can be read: many endings of many commands.
 */
import { testEndings } from '../support/endings.js';

testEndings(7, 60);
