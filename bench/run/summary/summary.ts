/**
 * A run in 25 lines: what was measured, the finding, the tables that tell most, what to know before trusting them, and where
 * the rest is. What is left out stands behind `--all` and `--verbose`.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChalkInstance } from 'chalk';
import { allNames, registered } from '../../../strategies/index.js';
import { duration, plural } from '../../base/format.js';
import { visible } from '../../base/visible.js';
import { quoteWord } from '../../command-line/command-line.js';
import { noiseVerdict, QUIET } from '../../machine/noise-warnings.js';
import type { Group } from '../../measure/result/groups.js';
import { isMeasured, timingRounds } from '../../measure/result/result.js';
import type { Cell, Result } from '../../measure/result/result-schema.js';
import { noiseOf } from '../../measure/verdict/trust.js';
import { shortened, wrapped } from '../../text/words.js';
import { runtimeSentences } from '../runtime-sentences.js';
import { groupTables } from './group-table.js';
import { headline } from './headline.js';
import { caveats, notes } from './notes.js';
import { costliest, isStuck, type Subject } from './subject.js';

/** How a summary shall look. */
export interface Look {
  /** Characters. */
  readonly width: number;
  readonly chalk: ChalkInstance;
  /** Whether to show every group and every note. */
  readonly all: boolean;
}

/** What stands below a summary, from who made the run. */
export interface Footing {
  /** By what name the result can be read again; null if it was not kept. */
  readonly savedAs: string | null;
  /** Whether there is an earlier run to compare it with. */
  readonly hasEarlier: boolean;
}

/** Below what is shown, and not kept. */
export const NOT_KEPT: Footing = { savedAs: null, hasEarlier: false };

const MOST_LINES = 25;
const MOST_NOTES = 4;

/** "Intel(R) Xeon(R) Processor @ 2.80GHz" is a "Intel Xeon". */
const shortModel = (model: string): string =>
  visible(model)
    .replace(/\((?:R|TM)\)|@.*|\b\d+-Core\b|\b(?:CPU|Processor)\b/gi, '')
    .replace(/\s+/g, ' ')
    .trim();

/** "Linux 6.18.44-fc-v782" is Linux 6.18.44. */
const shortKernel = (kernel: string): string => visible(kernel).replace(/-.*/, '');

/** Rounds that every cell has, of those that were asked for. */
function roundsOf({ cells, blocks }: Result): string {
  const counts = cells.filter(isMeasured).map((cell) => timingRounds(cell).length);
  if (counts.length === 0) return 'no round';
  const least = Math.min(...counts);
  // --until may have added some.
  return least >= blocks ? plural(least, 'round') : `${least} of ${blocks} rounds`;
}

function header(result: Result, width: number): string {
  const { environment, startedAt, finishedAt } = result;
  const isQuiet = noiseVerdict(noiseOf(result)) === QUIET;
  const { lockbench, cpuModel, cpus, kernel } = environment;
  const tail = [`${plural(cpus, 'CPU')} · ${shortKernel(kernel)}`, roundsOf(result)];
  if (finishedAt !== null) tail.push(duration((Date.parse(finishedAt) - Date.parse(startedAt)) * 1e6));
  if (isQuiet) tail.push(QUIET);
  const start = `lockbench ${visible(lockbench)} · `;
  const end = `, ${tail.join(' · ')}`;
  const model = shortModel(cpuModel);
  const room = Math.max(8, width - start.length - end.length);
  return `${start}${shortened(model, room)}${end}`;
}

/** "/tmp 1 process, /dev/shm 1 and 2 processes" */
function namesOf(groups: readonly Group[]): string {
  const byPath = new Map<string, number[]>();
  for (const { conditions } of groups) {
    const path = visible(conditions.directory.path);
    byPath.set(
      path,
      [...(byPath.get(path) ?? []), conditions.processes].sort((a, b) => a - b),
    );
  }
  return [...byPath]
    .map(([path, counts]) => {
      const each = [...new Set(counts)];
      return `${path} ${each.join(' and ')} ${each.join() === '1' ? 'process' : 'processes'}`;
    })
    .join(', ');
}

/** From the working directory, unless it lies outside of it. */
function shortPath(path: string): string {
  const inside = relative(process.cwd(), path);
  return inside.startsWith('..') ? path : `./${inside}`;
}

/** The words by which `crash` finds a cell's lock; null where a result does not tell them. */
function crashWords({ strategy, runtime }: Cell): string | null {
  const { module } = registered(strategy) ?? {};
  if (module !== undefined) return quoteWord(shortPath(fileURLToPath(module)));
  if (!allNames.includes(strategy)) return null;
  return runtime === undefined ? strategy : `${strategy} --runtime ${runtime}`;
}

/** What one would ask next. */
function next(subject: Subject, hasEarlier: boolean): string {
  const [group] = subject.groups;
  const slowest = costliest(subject, group?.ranked.filter((cell) => isStuck(subject, cell)) ?? []);
  const words = slowest === undefined ? null : crashWords(slowest);
  const first = words === null ? 'lockbench choose' : `lockbench crash ${words}`;
  return [first, ...(hasEarlier ? ['lockbench compare last'] : []), 'lockbench report last'].join(' · ');
}

function footer(subject: Subject, hidden: readonly Group[], { savedAs, hasEarlier }: Footing): string[] {
  const lines =
    hidden.length === 0
      ? []
      : [`Also measured: ${namesOf(hidden)} (${savedAs === null ? '' : 'show last '}--all).`];
  if (savedAs === null) return lines;
  return [...lines, `Saved: ${savedAs}`, `Next: ${next(subject, hasEarlier)}`];
}

const lineCount = (lines: readonly string[], width: number): number =>
  lines.reduce((sum, line) => sum + wrapped(line, width).split('\n').length, 0);

/** The notes that there is room for. */
function shownNotes(lines: readonly string[], all: boolean): string[] {
  if (all || lines.length <= MOST_NOTES) return lines.map((line) => `! ${line}`);
  const shown = lines.slice(0, MOST_NOTES - 1);
  return [...shown, `${lines.length - shown.length} more warnings (--verbose)`].map((line) => `! ${line}`);
}

/** The tables, in their order, for which there is room beside this many lines; the first always. */
function withinRoom(tables: readonly (readonly string[])[], others: number, look: Look): number {
  if (look.all) return tables.length;
  let lines = others;
  let shown = 0;
  for (const table of tables) {
    lines += 1 + lineCount(table, look.width);
    if (shown > 0 && lines > MOST_LINES) break;
    shown++;
  }
  return shown;
}

/** What each runtime costs over C, in the group that tells most. */
const runtimeCosts = ({ groups, result }: Subject): string[] =>
  runtimeSentences(groups.slice(0, 1), result.environment.cpus);

/** The summary's sentences, for a record, whose warnings tell of the file systems: what was found, and how far to trust it. */
export const saidInBrief = (subject: Subject): string[] => [
  ...headline(subject).lines,
  ...runtimeCosts(subject),
  ...caveats(subject).map((line) => `${line}.`),
];

/** The summary as text, whose lines may still be longer than the terminal is wide. */
export function summary(subject: Subject, look: Look, footing: Footing): string {
  const { chalk, width } = look;
  const { lines, isAlarm, recommended } = headline(subject);
  const [first = '', ...rest] = lines;
  const paint = isAlarm ? chalk.red.bold : chalk.bold;
  const finding = [paint(first), ...rest, ...runtimeCosts(subject)];
  const notable = shownNotes(notes(subject), look.all);
  const tables = groupTables(subject, subject.groups, { width, chalk, recommended });
  const around = [header(subject.result, width), ...finding, ...notable, ...footer(subject, [], footing)];
  // Three empty lines, and one that tells what is hidden.
  const count = withinRoom(tables, lineCount(around, width) + 4, look);
  const shown =
    count === tables.length
      ? tables
      : groupTables(subject, subject.groups.slice(0, count), { width, chalk, recommended });
  const hidden = subject.groups.slice(count);
  const parts = [
    [chalk.dim(header(subject.result, width))],
    finding,
    ...shown,
    [...notable, ...footer(subject, hidden, footing)],
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}
