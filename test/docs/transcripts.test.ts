/**
 * The transcripts of the lessons, played again: the same sentences, rows, verdicts and exit codes, whatever the figures.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  codeFlaw,
  ECHO_CODE,
  play,
  type Transcript,
  transcriptsOf,
} from '../../bench/dev/pages/transcripts.js';
import { fileSystemOf } from '../../bench/machine/file-system.js';
import { projectRoot } from '../../bench/machine/project.js';
import { shape } from '../support/shape.js';
import { hasCommand, isRoot, needs } from '../support/support.js';

/** What a transcript may need: whether it is here, and what to do if not. */
const NEEDS: Readonly<Record<string, readonly [boolean, string]>> = {
  root: [isRoot, 'only root can show what root may do'],
  ext4: [
    fileSystemOf(tmpdir())?.filesystem === 'ext4',
    'the temporary directory is not on ext4; set TMPDIR to a directory that is',
  ],
  flock: [hasCommand('flock'), 'flock(1) is missing; apt-get install util-linux'],
};

const folder = join(projectRoot, 'docs', 'lessons');
const lessons = readdirSync(folder).filter((name) => /^\d-.*\.md$/.test(name));

const nameOf = ({ commands }: Transcript): string => commands[0]?.typed[0]?.slice(2) ?? '';

for (const lesson of lessons) {
  describe(lesson, () => {
    for (const transcript of transcriptsOf(readFileSync(join(folder, lesson), 'utf8'))) {
      const { commands, remarks } = transcript;
      if (remarks.notReplayed !== '') continue;
      test(nameOf(transcript), (t) => {
        for (const need of remarks.needs) {
          const [met, reason] = NEEDS[need] ?? assert.fail(`a need was expected, got "${need}"`);
          if (!needs(t, met, reason)) return;
        }
        const played = play(transcript, remarks.replayedWith);
        assert.equal(codeFlaw(transcript, played), null, played.flatMap(({ output }) => output).join('\n'));
        for (const [i, { typed, output }] of commands.entries()) {
          const now = played[i]?.output ?? [];
          if (typed[0] === ECHO_CODE) assert.deepEqual(now, output, 'exit code');
          assert.deepEqual(
            shape(now, remarks),
            shape(output, remarks),
            `${typed.join('\n')}\nprinted\n${now.join('\n')}\nIf that is right, run "npm run transcripts" and read what changed.`,
          );
        }
      });
    }
  });
}

test('there are four lessons, each with transcripts', () => {
  assert.equal(lessons.length, 4);
  for (const lesson of lessons) {
    assert.ok(transcriptsOf(readFileSync(join(folder, lesson), 'utf8')).length > 0, lesson);
  }
});
