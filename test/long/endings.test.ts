/**
 * However a command ends, nothing of it is left, and what was finished can be read: with those of
 * system/endings.test.ts forty endings; many-endings.ts plays as many as one likes.
 */
import { testEndings } from '../support/endings.js';

testEndings(7, 34);
