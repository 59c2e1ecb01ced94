/**
 * `lockbench completion` and `lockbench man`: what is made from the commands themselves, so that it never lacks one.
 */
import { allNames } from '../../strategies/index.js';
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand } from '../command-line/commander.js';
import { ownVersion } from '../machine/project.js';
import { writeOut } from '../text/standard-streams.js';
import { commandTree } from './command-tree.js';
import { SCRIPTS, SHELLS } from './completion-scripts.js';
import { manPage } from './man-page.js';

const EXAMPLES = `
Examples:
  lockbench completion bash > ~/.local/share/bash-completion/completions/lockbench
  lockbench completion zsh > ~/.zfunc/_lockbench         (with ~/.zfunc in fpath)
  lockbench completion fish > ~/.config/fish/completions/lockbench.fish`;

/** All commands must have been added to the program. */
export function addCompletionCommand(program: BareCommand): void {
  program
    .command('completion <shell>')
    .addHelpText('after', EXAMPLES)
    .action((word) => {
      const shell = SHELLS.find((one) => one === word);
      if (shell === undefined) {
        throw new UsageError(
          `completion: one of ${SHELLS.join(', ')} was expected, got "${word}"`,
          suggestion(word, SHELLS) ?? 'name your shell',
        );
      }
      writeOut(SCRIPTS[shell](commandTree(program), ['all', ...allNames]));
    });
}

export function addManCommand(program: BareCommand): void {
  program
    .command('man')
    .addHelpText('after', '\nExamples:\n  lockbench man | man -l -')
    .action(() => writeOut(manPage(commandTree(program), ownVersion())));
}
