/**
 * Completion for shells, made from the commands: names of commands, options, the words that an option knows, strategies, and
 * paths where none of these is meant.
 */
import type { CommandEntry, OptionEntry } from './command-tree.js';

/** In single quotes, for bash and zsh. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** In single quotes, for fish, which knows two escapes in them. */
const fishQuoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

const keyOf = ({ path }: CommandEntry): string => path.join('/');

/** What can stand after a command, besides paths. */
const wordsOf = (entry: CommandEntry, strategies: readonly string[]): string[] => [
  ...entry.commands,
  ...entry.options.map(({ long }) => long),
  ...(entry.takesWords ? strategies : []),
];

/** What may follow an option: its choices, or strategies, or a path, which is null. */
function valuesOf({ long, choices }: OptionEntry, strategies: readonly string[]): readonly string[] | null {
  if (choices.length > 0) return choices;
  return long === '--strategies' ? strategies : null;
}

/** Lines of a `case` that set `words` by the command and by the option before the cursor, and `paths` to 0 where none is meant. */
function cases(tree: readonly CommandEntry[], strategies: readonly string[]): string[] {
  return tree.flatMap((entry) => {
    const key = keyOf(entry);
    const options = entry.options.filter(({ takesWord }) => takesWord);
    return [
      ...options.map((option) => {
        const values = valuesOf(option, strategies);
        const known = values === null ? "words=''" : `words=${quoted(values.join(' '))} paths=0`;
        return `    ${quoted(`${key} ${option.long}`)}) ${known} ;;`;
      }),
      `    ${quoted(`${key} `)}*) words=${quoted(wordsOf(entry, strategies).join(' '))} ;;`,
    ];
  });
}

/** The line of a `case` in which a word leads to a command. */
const steps = (tree: readonly CommandEntry[]): string =>
  tree
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => quoted([path.slice(0, -1).join('/'), path.at(-1)].join(' ')))
    .join('|');

/** Where both shells go along the words that were typed, to the command, and choose what may follow. */
const choice = (typed: string, tree: readonly CommandEntry[], strategies: readonly string[]): string[] => [
  `  for word in "${typed}"; do`,
  '    case "$command $word" in',
  `      ${steps(tree)}) command="\${command:+$command/}$word" ;;`,
  '    esac',
  '  done',
  '  case "$command $before" in',
  ...cases(tree, strategies),
  '  esac',
];

function bash(tree: readonly CommandEntry[], strategies: readonly string[]): string {
  return [
    '# lockbench completion bash',
    '_lockbench() {',
    "  local command='' word words paths=1 current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}",
    ...choice('${COMP_WORDS[@]:1:COMP_CWORD-1}', tree, strategies),
    '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; [[ $paths == 0 || $current == -* ]] || compgen -f -- "$current")',
    '}',
    'complete -o filenames -F _lockbench lockbench',
    '',
  ].join('\n');
}

function zsh(tree: readonly CommandEntry[], strategies: readonly string[]): string {
  return [
    '#compdef lockbench',
    '# lockbench completion zsh',
    '_lockbench() {',
    // The name that the completion system has for the words of the line is a special one.
    "  local command='' word paths=1 before=$words[CURRENT-1]",
    '  local -a typed=("${(@)words[2,CURRENT-1]}")',
    '  local words=',
    ...choice('${typed[@]}', tree, strategies),
    '  compadd -- ${=words}',
    '  [[ $paths == 0 || $PREFIX == -* ]] || _files',
    '}',
    'compdef _lockbench lockbench',
    '',
  ].join('\n');
}

/** That all names of a path were typed; for the program itself, that no command was. */
const conditionOf = ({ path }: CommandEntry, all: readonly string[]): string =>
  path.length === 0
    ? `not __fish_seen_subcommand_from ${all.join(' ')}`
    : path.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');

function fish(tree: readonly CommandEntry[], strategies: readonly string[]): string {
  const outer = tree[0]?.commands ?? [];
  const lines = tree.flatMap((entry) => {
    const start = `complete -c lockbench -n ${fishQuoted(conditionOf(entry, outer))}`;
    const described = entry.commands.map((name) => {
      const inner = tree.find(({ path }) => path.join() === [...entry.path, name].join());
      return `${start} -a ${fishQuoted(name)} -d ${fishQuoted(inner?.description ?? '')}`;
    });
    const options = entry.options.map((option) => {
      const values = valuesOf(option, strategies);
      const word = !option.takesWord
        ? ''
        : values === null
          ? ' -r'
          : ` -x -a ${fishQuoted(values.join(' '))}`;
      return `${start} -l ${option.long.slice(2)}${word} -d ${fishQuoted(option.description)}`;
    });
    const words = entry.takesWords ? [`${start} -a ${fishQuoted(strategies.join(' '))}`] : [];
    return [...described, ...options, ...words];
  });
  return ['# lockbench completion fish', ...lines, ''].join('\n');
}

/** By the shell's name. */
export const SCRIPTS = { bash, zsh, fish } as const;
export type Shell = keyof typeof SCRIPTS;
export const SHELLS = Object.keys(SCRIPTS) as Shell[];
