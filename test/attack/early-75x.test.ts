/**
 * `reproduce 75x`, ended by Ctrl-C at a moment of its own each time: whole, it takes a minute and more.
 */
import { attackCommand, WHOLE_75X } from '../support/attacks.js';
import { TRIES, testSlowly } from './tries.js';

const ENDED_WITHIN_MS = 8_000;

for (const more of [[], ['--filesystems']]) {
  const args = [...WHOLE_75X, ...more];
  testSlowly(`${args.join(' ')}, ended early`, (t) => attackCommand(t, TRIES, args, ENDED_WITHIN_MS));
}
