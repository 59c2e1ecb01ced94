/**
 * What commands quote of a strategy's page.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStrategyPage } from '../../../bench/catalogue/strategy-page.js';
import { folded } from '../../../bench/text/words.js';

const PAGE = `# name: title

What it is, as [fcntl](fcntl.md) is, with a \`call\` in **bold**
*on two* lines.

| | |

## On lock

Words before.

\`\`\`
lock:  first
         second

       third
\`\`\`

\`\`\`
not this
\`\`\`

## On unlock

\`\`\`
unlock:  last
\`\`\`
`;

test('the first paragraph is one line without marks, the code is as it stands', () => {
  assert.deepEqual(parseStrategyPage(PAGE, 'p.md'), {
    path: 'p.md',
    introduction: 'What it is, as fcntl is, with a call in bold on two lines.',
    onLock: ['lock:  first', '         second', '', '       third'],
    onUnlock: ['unlock:  last'],
  });
});

test('a page without the code is refused, and says where it lacks what', () => {
  const lacking = PAGE.replace('## On unlock', '## Otherwise');
  assert.throws(() => parseStrategyPage(lacking, 'p.md'), /^Error: p\.md: .*"On unlock"/);
  // The code of the next section is not this one's.
  const empty = PAGE.replace(/Words before\.[\s\S]*?(?=\n## On unlock)/, 'Words alone.\n');
  assert.throws(() => parseStrategyPage(empty, 'p.md'), /"On lock"/);
});

test('a text is broken between words, and a long word has a line of its own', () => {
  assert.deepEqual(folded('a bc def', 4), ['a bc', 'def']);
  assert.deepEqual(folded('a toolongword b', 4), ['a', 'toolongword', 'b']);
  assert.deepEqual(folded('', 4), ['']);
});
