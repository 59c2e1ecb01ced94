/**
 * The whole of `reproduce 75x`, which takes a minute and more: some times.
 */
import { attackCommand, WHOLE_75X } from '../support/attacks.js';
import { testSlowly } from './tries.js';

const WHOLE_TRIES = 5;

for (const more of [[], ['--filesystems']]) {
  const args = [...WHOLE_75X, ...more];
  testSlowly(args.join(' '), (t) => attackCommand(t, WHOLE_TRIES, args));
}
