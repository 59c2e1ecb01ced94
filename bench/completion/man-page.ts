/**
 * The manual page, made from the commands. Source of the macros: man(7).
 */
import type { CommandEntry, OptionEntry } from './command-tree.js';

/** As text: no line is a request, and a minus stays one. */
const text = (words: string): string =>
  words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');

const bold = (words: string): string => `\\fB${text(words)}\\fR`;

const option = ({ flags, description }: OptionEntry): string[] => ['.TP', bold(flags), text(description)];

function section({ path, description, usage, options }: CommandEntry): string[] {
  return [
    `.SS ${bold(path.join(' '))} ${text(usage)}`,
    text(description),
    ...options.filter(({ long }) => long !== '--help').flatMap(option),
  ];
}

const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'all well'],
  ['1', 'a claim was broken, or what was required is not so'],
  ['2', 'bad usage: the message says what was expected, what came and what to do'],
  ['3', 'incomplete or inconclusive'],
  ['130, 143, 129', 'ended by SIGINT, SIGTERM, SIGHUP'],
];

const FILES: readonly (readonly [path: string, what: string])[] = [
  ['$XDG_STATE_HOME/lockbench/last.json', 'the latest run; without the variable, in ~/.local/state'],
];

const list = (entries: readonly (readonly [string, string])[]): string[] =>
  entries.flatMap(([term, meaning]) => ['.TP', bold(term), text(meaning)]);

/** `tree`: the program first. */
export function manPage([program, ...commands]: readonly CommandEntry[], version: string): string {
  const description = program?.description ?? '';
  return [
    `.TH LOCKBENCH 1 "" "lockbench ${text(version)}" "User Commands"`,
    '.SH NAME',
    'lockbench \\- compare ways of locking between processes',
    '.SH SYNOPSIS',
    `${bold('lockbench')} ${text(program?.usage ?? '')}`,
    '.SH DESCRIPTION',
    text(description),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH EXIT STATUS',
    ...list(EXIT_CODES),
    '.SH FILES',
    ...list(FILES),
    '',
  ].join('\n');
}
