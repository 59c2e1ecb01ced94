/**
 * The commands of a program with their options, read from commander: what completion and the manual page are made of.
 */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';

export interface OptionEntry {
  /** "--dir" */
  readonly long: string;
  /** As the help has it: "--dir <directory>". */
  readonly flags: string;
  readonly description: string;
  /** Whether a word follows it. */
  readonly takesWord: boolean;
  /** The words that may follow; empty if there are too many to name. */
  readonly choices: readonly string[];
}

export interface CommandEntry {
  /** Without the program's name: ["nfs", "compare"]; empty for the program. */
  readonly path: readonly string[];
  readonly description: string;
  readonly usage: string;
  /** Whether words follow that are no options. */
  readonly takesWords: boolean;
  readonly options: readonly OptionEntry[];
  /** Names of its own commands. */
  readonly commands: readonly string[];
}

function optionsOf(command: CommandUnknownOpts): OptionEntry[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap((option): OptionEntry[] => {
      const { long, flags, description, argChoices } = option;
      if (long == null) return [];
      const takesWord = option.required || option.optional;
      return [{ long, flags, description, takesWord, choices: argChoices ?? [] }];
    });
}

/** The command and all below it, the outer before the inner. */
export function commandTree(command: CommandUnknownOpts, path: readonly string[] = []): CommandEntry[] {
  const inner = command.commands.filter((one) => one.name() !== 'help');
  return [
    {
      path,
      description: command.description(),
      usage: command.usage(),
      takesWords: command.registeredArguments.length > 0,
      options: optionsOf(command),
      commands: inner.map((one) => one.name()),
    },
    ...inner.flatMap((one) => commandTree(one, [...path, one.name()])),
  ];
}
