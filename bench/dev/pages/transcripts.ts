/**
 * Transcripts in pages: a block of the language `console` has commands, each after "$ ", and under each what it printed.
 * The commands of a block run after each other in one shell, in the project's folder, `npx lockbench` being this program.
 * A test plays them again; `npm run transcripts` writes their output anew. What the program says of its progress is not part
 * of it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../base/error-message.js';
import { projectRoot } from '../../machine/project.js';
import { folded } from '../../text/words.js';

export interface Command {
  /** As it stands in the page, "$ " included; a command of several lines goes on after "> ", a backslash or in quotes. */
  readonly typed: readonly string[];
  readonly output: readonly string[];
}

/** What the page says of a block, in a comment above: `<!-- transcript needs=root,ext4 replayed-with="--rounds 1" by-times -->`. */
export interface Remarks {
  /** What a machine must have, for this output to be expected. */
  readonly needs: readonly string[];
  /** Why it is played for the page only, and never again; empty otherwise. */
  readonly notReplayed: string;
  /** Options that make the replay shorter, and leave the shape of what is printed. */
  readonly replayedWith: string;
  /** Its answer depends on how fast this machine is, so that no test may expect it. */
  readonly byTimes: boolean;
}

export interface Transcript {
  readonly remarks: Remarks;
  readonly commands: readonly Command[];
}

/** What a command printed, on both outputs, and its exit code. */
export interface Played {
  readonly output: readonly string[];
  readonly code: number;
}

const WIDTH = 120;
/** The longest takes a quarter of an hour; a loop that waits for what never comes would go on for ever. */
const LIMIT_S = 1800;
const BLOCK = /(?:<!-- transcript (.*?)-->\n)?```console\n([\s\S]*?)```\n/g;
const PROGRESS = /^(round )?\d+ of \d+\b|^no KVM: |^Linux \S+ runs after /;
/** What a non-interactive shell prints when a background process was killed. */
const JOB = /^(bash|environment): (line \d+: +)?\d+ (Killed|Terminated) /;
/** Shows the exit code of the command before it. */
export const ECHO_CODE = '$ echo $?';

function remarksOf(comment: string): Remarks {
  const [, needs = ''] = /needs=([\w,-]+)/.exec(comment) ?? [];
  const [, notReplayed = ''] = /not-replayed="([^"]*)"/.exec(comment) ?? [];
  const [, replayedWith = ''] = /replayed-with="([^"]*)"/.exec(comment) ?? [];
  return {
    needs: needs.split(',').filter((need) => need !== ''),
    notReplayed,
    replayedWith,
    byTimes: /\bby-times\b/.test(comment),
  };
}

/** Whether a quotation of a shell's line does not end in it. */
function isQuoteOpen(text: string): boolean {
  let open = '';
  for (let i = 0; i < text.length; i++) {
    const one = text[i] ?? '';
    if (one === '\\' && open !== "'") i++;
    else if (open === '' && (one === "'" || one === '"')) open = one;
    else if (one === open) open = '';
  }
  return open !== '';
}

const goesOn = (typed: readonly string[], line: string): boolean =>
  typed.at(-1)?.endsWith('\\') === true || line.startsWith('> ') || isQuoteOpen(typed.join('\n'));

function commandsOf(block: string): Command[] {
  const commands: { typed: string[]; output: string[] }[] = [];
  for (const line of block.trimEnd().split('\n')) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ typed: [line], output: [] });
    else if (last === undefined)
      throw new Error(`a transcript that begins with "$ " was expected, got "${line}"`);
    else if (last.output.length === 0 && goesOn(last.typed, line)) last.typed.push(line);
    else last.output.push(line);
  }
  return commands;
}

/** The transcripts of a page, in its order. */
export const transcriptsOf = (page: string): Transcript[] =>
  [...page.matchAll(BLOCK)].map(([, comment = '', block = '']) => ({
    remarks: remarksOf(comment),
    commands: commandsOf(block),
  }));

/** The command as a shell reads it. */
const script = ({ typed }: Command): string => typed.map((line) => line.replace(/^[$>] /, '')).join('\n');

/** A character that nobody prints begins the line that stands behind each command's output. */
const MARK = '\u0001';

/** Plays a transcript; `more` is added to each `npx lockbench`. Throws if the shell does not come to its end. */
export function play({ commands }: Transcript, more = ''): Played[] {
  const program = fileURLToPath(new URL('../../../../bin/lockbench.mjs', import.meta.url));
  const prelude = [
    'exec 2>&1',
    // Only `npx lockbench` is used, and not through npm: another version of the program might answer.
    `npx() { shift; "${process.execPath}" "${program}" "$@" ${more}; }`,
    'code=0',
  ];
  const lines = commands.flatMap((command) => [
    '(exit $code)',
    script(command),
    'code=$?',
    `printf '${MARK}%d\\n' $code`,
  ]);
  const { COLUMNS: _columns, FORCE_COLOR: _colour, ...env } = process.env;
  // The latest run of a transcript is not that of who plays it.
  const state = mkdtempSync(join(tmpdir(), 'lockbench-transcript-'));
  // By timeout(1), which ends what the shell started, too: node would end the shell alone.
  const limited = ['--signal=KILL', String(LIMIT_S), 'bash', '-c', [...prelude, ...lines].join('\n')];
  const { stdout, error } = spawnSync('timeout', limited, {
    ...{ cwd: projectRoot, encoding: 'utf8', maxBuffer: 2 ** 26 },
    env: { ...env, XDG_STATE_HOME: state },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  rmSync(state, { recursive: true, force: true });
  if (error !== undefined) throw error;
  const parts = stdout.split(new RegExp(`${MARK}(\\d+)\\n`));
  if (parts.length !== 2 * commands.length + 1) {
    throw new Error(`the shell was expected to come to the transcript's end, it printed:\n${stdout}`);
  }
  return commands.map((_, i) => {
    const lines = (parts[2 * i] ?? '').split('\n').filter((line) => !PROGRESS.test(line) && !JOB.test(line));
    const printed = lines.join('\n').trimEnd();
    return { output: printed === '' ? [] : printed.split('\n'), code: Number(parts[2 * i + 1]) };
  });
}

/**
 * What is wrong with the exit codes: a command ends with 0 unless the page shows another one after it. Null if nothing is.
 */
export function codeFlaw({ commands, remarks }: Transcript, played: readonly Played[]): string | null {
  for (const [i, { code }] of played.entries()) {
    const shown = commands[i + 1]?.typed[0] === ECHO_CODE;
    if (code !== 0 && !shown && !remarks.byTimes) {
      return `exit code 0 was expected, got ${code}, of ${commands[i]?.typed.join(' ')}`;
    }
  }
  return null;
}

/** A line in lines of 120 characters at most; what goes on is indented by two more. Tables and drawings are not that wide. */
function foldedLine(line: string): string[] {
  if (line.length <= WIDTH) return [line];
  const [indent = ''] = /^ */.exec(line) ?? [];
  const [first = '', ...rest] = folded(line.slice(indent.length), WIDTH - indent.length - 2);
  return [`${indent}${first}`, ...rest.map((one) => `${indent}  ${one}`)];
}

/** A page whose transcripts were played, and of those that were left as they are what went wrong. */
export interface Replayed {
  readonly page: string;
  readonly flaws: readonly string[];
}

/**
 * The page with what its transcripts print now. One that does not end as it should, on a machine that lacks what it needs,
 * stays as it is, and costs no other. `part`: only those with this text in a command.
 */
export function replayed(page: string, part = ''): Replayed {
  const flaws: string[] = [];
  const rewritten = page.replace(BLOCK, (all) => {
    const [transcript] = transcriptsOf(all);
    if (transcript === undefined || !transcript.commands.some((one) => script(one).includes(part)))
      return all;
    try {
      return withOutput(all, transcript, play(transcript));
    } catch (error) {
      flaws.push(messageOf(error));
      return all;
    }
  });
  return { page: rewritten, flaws };
}

/** A block with what its commands printed. Throws, with the command, where one ended as it should not. */
function withOutput(block: string, transcript: Transcript, played: readonly Played[]): string {
  const flaw = codeFlaw(transcript, played);
  if (flaw !== null) throw new Error(`${flaw}:\n${played.flatMap(({ output }) => output).join('\n')}`);
  const lines = transcript.commands.flatMap(({ typed }, i) => [
    ...typed,
    ...(played[i]?.output ?? []).flatMap(foldedLine),
  ]);
  return block.replace(/```console\n[\s\S]*```\n/, () => `\`\`\`console\n${lines.join('\n')}\n\`\`\`\n`);
}
