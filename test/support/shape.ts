/**
 * The shape of what a command printed: its sentences and the rows of its tables, without what differs from run to run and
 * from machine to machine. Figures become "#"; a bare 0 stays, since "0 lost" is a verdict. Left out are warnings of noise
 * and of the file system, ranks, the folding of lines, the widths and the borders of tables, the scale of drawings.
 */
import type { Remarks } from '../../bench/dev/pages/transcripts.js';

const UNIT = '(?:\\s?(?:ns|µs|ms|s|min|%|×|x)(?!\\w))?';
/** No part of a name: 75x, sleep:1s, backoff:1us-1ms, v4.2. */
const FIGURE = new RegExp(`(?:< )?(?<![\\w:/-]|\\w\\.)\\d+(?:[ .]\\d+)*(?!\\w)${UNIT}`, 'g');

/** The disk's file system is the machine's, not the page's. */
const DISK = /\b(overlay|xfs|btrfs)\b/g;

/** A replay may be shorter: "6 times" and "1 time" are the same. */
const PLURAL = /# (time|process|round|write|flush)(?:e?s)?\b/g;

const TEMPORARY = /\S*\/tmp\.\w{10}\b/g;

const masked = (text: string): string =>
  text
    .replace(TEMPORARY, '#')
    .replace(FIGURE, (figure) => (figure === '0' ? '0' : '#'))
    // What a noisy machine may have made.
    .replace(/#\?/g, '#')
    .replace(PLURAL, '# $1')
    .replace(DISK, 'ext4');

/** Lines that begin so, each with those that go on below it, indented by two. */
function without(lines: readonly string[], unwanted: RegExp): string[] {
  let inside = false;
  return lines.filter((line) => {
    inside = unwanted.test(line) || (inside && /^ {2}\S/.test(line));
    return !inside;
  });
}

// Tables

const isTable = (line: string): boolean => /^[┌├└│]/.test(line);
const cellsOf = (line: string): string[] => line.slice(1, -1).split('│');

/** Names in the first column have figures of their own, and may be wrapped within them: "backoff:1us-1" and "ms". */
const nameText = (pieces: readonly string[]): string =>
  pieces
    .map((piece) => piece.replace(/\s/g, ''))
    .join('')
    .replace(/^\d+$/, '#')
    .replace(DISK, 'ext4');

/** Where a text is wrapped, in the middle of words too, depends on the width of figures: no white space is kept. */
const cellText = (pieces: readonly string[]): string =>
  masked(pieces.map((piece) => piece.trim()).join(' '))
    .replace(/,? (?:≈ )?1st$/, '')
    .replace(/\s/g, '');

/** Columns in which 0 is a figure like others; hand-offs may be too few to tell of, on a busy machine: "-". */
const COUNTS = new Map([
  ['ownerchanges', ['0', '-']],
  ['failedtries', ['0']],
  ['of', ['0']],
  ['hand-offp50', ['-']],
  ['p99', ['-']],
  ['heldinhand-offs', ['-']],
]);

const joinedCells = (lines: readonly (readonly string[])[]): string[] =>
  (lines[0] ?? []).map((_, i, { length }) => {
    const pieces = lines.map((cells) => cells[i] ?? '');
    return i === 0 && length > 1 ? nameText(pieces) : cellText(pieces);
  });

/** Lines of a table's body, by rows: either borders stand between them, or a row begins where all cells have something. */
function rowsOf(body: readonly string[]): string[][] {
  const hasBorders = body.some((line) => line.startsWith('├'));
  const rows: string[][][] = [];
  let begins = true;
  for (const line of body) {
    const cells = cellsOf(line);
    if (!line.startsWith('│')) begins = true;
    else if (begins || (!hasBorders && cells.every((text) => text.trim() !== ''))) {
      rows.push([cells]);
      begins = false;
    } else rows.at(-1)?.push(cells);
  }
  return rows.map(joinedCells);
}

/** A row that is one cell heads a section. Rows may change ranks within theirs. */
function tableShape(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => line.startsWith('├'));
  const head = joinedCells(lines.slice(1, end).map(cellsOf));
  const sections: { heading: string[]; rows: string[] }[] = [{ heading: [], rows: [] }];
  for (const row of rowsOf(lines.slice(end + 1))) {
    const cells = row.map((text, i) => (COUNTS.get(head[i] ?? '')?.includes(text) ? '#' : text));
    const shown = `| ${cells.join(' | ')}`;
    if (cells.length === 1) sections.push({ heading: [shown], rows: [] });
    else sections.at(-1)?.rows.push(shown);
  }
  return [`| ${head.join(' | ')}`, ...sections.flatMap(({ heading, rows }) => [...heading, ...rows.sort()])];
}

// Summaries of runs

const isSummaryHead = (line: string): boolean => /\bper op\b.*\bexcludes$/.test(line);
/** Powers of ten above the bars. */
const isAxis = (line: string): boolean => /^ +(?:\d+ (?:ns|µs|ms|s) *)+$/.test(line);

/** A row without its bar; what goes on below one belongs to it. A machine may be too busy to prove a lock. */
function summaryShape(lines: readonly string[]): string[] {
  const rows: string[] = [];
  for (const line of lines) {
    if (isAxis(line)) continue;
    if (/^ {3}/.test(line) && rows.length > 0) rows.push(`${rows.pop()} ${line.trim()}`);
    else rows.push(line.trim());
  }
  return rows
    .map((row) => masked(row.replace(/[█▌]+/, '').replace(/ {2,}/g, ' ')).replace(/not proven$/, 'yes'))
    .map((row) => row.replace(/ per op .*/, ''))
    .sort();
}

/** What a run says that follows from times, from the machine, or from how busy it was. */
const OF_THIS_RUN =
  /^(Warning: |! |Doubtful, |Drifting, |Machine: |Before (?:and after )?the run: |lockbench \d|Use |Proven, |No recommendation: |No order: |No lock could be told |Next: |\S+( \([^)]+\))? costs |\S+( and \S+)? (is|are) faster|\S+ excluded in )/;

// Drawings of time

const TIME_ROW = /^(\w+(?: \d+)?) {2,}([.#X!=/ErW ]+)$/;
const isScale = (line: string): boolean => /^ +\|\d/.test(line);

/** Who it is, and the states in their order. Whether the first holder's wait of a moment shows depends on the scale. */
function timeRowShape([, who = '', drawn = '']: RegExpExecArray): string {
  const states = drawn.replaceAll(' ', '').replace(/(.)\1+/g, '$1');
  return `${who}: ${who === 'holder' ? states.replace(/^\./, '') : states}`;
}

// Sentences

/** Who is slowest, and who cannot be told from whom, follows from times; so do the first of two inside, and too few. */
const RANKS: readonly [RegExp, string][] = [
  [/(?:; )?[\w/:-]+ took # times? as long as [\w/:-]+(?: \(# to #\))?/g, ''],
  [/(?:In [^:]+: )?(?:; )?[Nn]ot distinguishable: [^.;]+\.?/g, ''],
  [/its cost is not distinguishable from that of the 1st; /g, ''],
  [/In [^:]+: \. ?/g, ''],
  [/Exclusion unchecked, [^.;]+; raise --budget or --handoffs\. ?/g, ''],
  [/: ; /g, ': '],
  [/\(first (?:process|rogue) # beside (?:process|rogue) #, # after the start\)/g, '(first)'],
];

function sentences(lines: readonly string[]): string[] {
  const text = lines.join(' ').replace(/\s+/g, ' ');
  const told = RANKS.reduce((rest, [rank, instead]) => rest.replace(rank, instead), masked(text));
  return told
    .split(/(?<=[.:;]) /)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

const ANSWER = /^(holds|does not hold|undecided|not here)\b.*: /;

/**
 * The shape of printed lines, folded as in a page or not. Where times decide, the answer and its reason are left out, and
 * so is the order of what is told.
 */
export function shape(printed: readonly string[], { byTimes }: Pick<Remarks, 'byTimes'>): string[] {
  const told = without(printed, OF_THIS_RUN);
  const lines = (byTimes ? without(told, ANSWER) : told).filter((line) => !isScale(line));
  const parts: string[] = [];
  let text: string[] = [];
  let table: string[] = [];
  let summary: string[] = [];
  const close = (): void => {
    parts.push(...sentences(text), ...(table.length > 0 ? tableShape(table) : []), ...summaryShape(summary));
    text = [];
    table = [];
    summary = [];
  };
  for (const line of lines) {
    const timeRow = TIME_ROW.exec(line);
    if (isSummaryHead(line)) {
      close();
      summary.push(line);
    } else if (summary.length > 0 && line.startsWith(' ')) {
      summary.push(line);
    } else if (isTable(line)) {
      if (table.length === 0) close();
      table.push(line);
      if (line.startsWith('└')) close();
    } else if (timeRow !== null) {
      close();
      parts.push(timeRowShape(timeRow));
    } else {
      if (summary.length > 0) close();
      text.push(line);
    }
  }
  close();
  return byTimes ? parts.sort() : parts;
}
