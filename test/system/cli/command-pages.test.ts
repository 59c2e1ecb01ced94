/**
 * Each command has a page in docs/commands/, which together with the page on what commands share names all its options.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../bench/machine/project.js';
import { carriedOut } from '../../support/many-commands.js';

const pageOf = (name: string): string => readFileSync(join(projectRoot, 'docs', 'commands', name), 'utf8');

async function helpOf(command: readonly string[]): Promise<string> {
  const { code, stdout } = await carriedOut([...command, '--help']);
  assert.equal(code, 0);
  return stdout;
}

const commandsIn = (help: string): string[] =>
  [...(/\nCommands:\n([\s\S]*?)\n\n/.exec(help)?.[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].flatMap(
    ([, name = '']) => (name === 'help' ? [] : name),
  );

/** The lab's own commands share a page. */
const LAB: readonly string[] = ['doctor', 'fetch-kernel', 'shell', 'exec'];

test('every command has a page that names its options', async () => {
  const outer = commandsIn(await helpOf([])).filter((name) => name !== 'nfs');
  const inner = commandsIn(await helpOf(['nfs']));
  assert.ok(outer.includes('run') && inner.includes('compare'), 'the help was not understood');
  const pages = [
    ...outer.map((name) => ({ command: [name], files: [`${name}.md`] })),
    ...inner.map((name) => ({
      command: ['nfs', name],
      files: LAB.includes(name) ? ['nfs.md'] : [`nfs-${name}.md`, 'nfs.md'],
    })),
  ];
  const shared = pageOf('README.md');
  await Promise.all(
    pages.map(async ({ command, files }) => {
      const text = [shared, ...files.map(pageOf)].join('\n');
      const options = [...(await helpOf(command)).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)];
      for (const [, option = ''] of options) {
        assert.match(text, new RegExp(`${option}(?![\\w-])`), `${command.join(' ')}: ${option}`);
      }
    }),
  );
});
