/**
 * Sequence diagrams drawn: lanes as far apart as the longest text between them needs, so that no text stands on another, nor
 * on a line that is not its own. In the colours of the page.
 */
import { Html, html } from '../../report/html.js';
import { type Message, type Note, parseSequence, type Sequence } from './sequence-text.js';

const CHARACTER = 7.2;
const PADDING = 22;
const LINE = 16;
const HEAD = 34;
const [LEAST, EDGE] = [110, 12];
const WIDEST = 40;

const width = (text: string): number =>
  Math.max(0, ...text.split('\n').map(({ length }) => length)) * CHARACTER;

/** In lines of at most this many characters, broken at words. */
function wrapped(text: string, most: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

const said = (text: string): string => wrapped(text.replace(/<br\s*\/?>/g, ' '), WIDEST);

/** What a message to oneself, or a note, needs beside its lane. */
const beside = (text: string): number => width(text) / 2 + PADDING;

/** The places of the lanes, and the width of all. */
function lanesOf({ participants, parts }: Sequence): { at: number[]; total: number } {
  const gaps = participants
    .slice(1)
    .map((name, i) => Math.max(LEAST, (width(name) + width(participants[i] ?? '')) / 2 + 2 * PADDING));
  let [left, right] = [
    width(participants[0] ?? '') / 2 + PADDING,
    width(participants.at(-1) ?? '') / 2 + PADDING,
  ];
  const last = participants.length - 1;
  const spread = (from: number, to: number, needed: number): void => {
    const present = gaps.slice(from, to).reduce((sum, gap) => sum + gap, 0);
    for (let i = from; i < to; i++) gaps[i] = (gaps[i] ?? 0) + Math.max(0, needed - present) / (to - from);
  };
  for (const part of parts) {
    if (part.kind === 'message') {
      const [from, to] = [Math.min(part.from, part.to), Math.max(part.from, part.to)];
      const needed = width(said(part.text)) + 2 * PADDING;
      if (from < to) spread(from, to, needed);
      else if (to < last) spread(to, to + 1, needed + PADDING);
      else right = Math.max(right, needed + PADDING);
    } else if (part.kind === 'note') {
      const text = said(part.text);
      if (part.first < part.last) spread(part.first, part.last, width(text) + 2 * PADDING);
      else {
        if (part.first === 0) left = Math.max(left, beside(text));
        else spread(part.first - 1, part.first, beside(text) + PADDING);
        if (part.last === last) right = Math.max(right, beside(text));
        else spread(part.last, part.last + 1, beside(text) + PADDING);
      }
    }
  }
  const at = [EDGE + left];
  for (const gap of gaps) at.push((at.at(-1) ?? 0) + gap);
  return { at, total: Math.ceil((at.at(-1) ?? 0) + right + EDGE) };
}

const texts = (text: string, x: number, y: number, anchor: 'start' | 'middle'): Html =>
  html`<text x="${x}" y="${y}" text-anchor="${anchor}">${text
    .split('\n')
    .map((line, i) => html`<tspan x="${x}" y="${y + i * LINE}">${line}</tspan>`)}</text>`;

const linesIn = (text: string): number => text.split('\n').length;

/** The text stands above its arrow. */
function messageAt(
  { from, to, text, dashed, lost }: Message,
  at: readonly number[],
  y: number,
): { mark: Html; height: number } {
  const [x1, x2] = [at[from] ?? 0, at[to] ?? 0];
  const lines = said(text);
  const height = linesIn(lines) * LINE;
  const dash = dashed ? '5 4' : 'none';
  if (from === to) {
    const below = y + Math.max(height, LINE) + 4;
    const mark = html`<path d="M${x1},${y + 2}h18V${below}H${x1 + 7}" class="arrow" stroke-dasharray="${dash}" /><path d="M${x1 + 1},${below}l7,-4v8z" class="tip" />${texts(lines, x1 + 26, y + 14, 'start')}`;
    return { mark, height: height + 18 };
  }
  const direction = Math.sign(x2 - x1);
  const line = y + height + 4;
  const tip = lost
    ? html`<path d="M${x2 - direction * 12},${line - 5}l10,10m0,-10l-10,10" class="arrow" />`
    : html`<path d="M${x2},${line}l${-direction * 8},-4v8z" class="tip" />`;
  const mark = html`${texts(lines, (x1 + x2) / 2, y + 12, 'middle')}<path d="M${x1},${line}H${x2 - direction * 7}" class="arrow" stroke-dasharray="${dash}" />${tip}`;
  return { mark, height: height + 16 };
}

function noteAt(
  { first, last, text }: Note,
  at: readonly number[],
  y: number,
): { mark: Html; height: number } {
  const [from, to] = [at[first] ?? 0, at[last] ?? 0];
  const lines = said(text);
  const wide = Math.max(width(lines) + PADDING, to - from + (first < last ? PADDING : 0));
  const middle = (from + to) / 2;
  const height = linesIn(lines) * LINE + 8;
  const mark = html`<rect x="${middle - wide / 2}" y="${y}" width="${wide}" height="${height}" rx="3" class="note" />${texts(lines, middle, y + 16, 'middle')}`;
  return { mark, height: height + 10 };
}

/** An SVG element. Throws an Error for what is no sequence diagram. */
export function drawSequence(text: string): Html {
  const sequence = parseSequence(text);
  const { participants, parts } = sequence;
  const { at, total } = lanesOf(sequence);
  let y = EDGE + HEAD + 14;
  const marks: Html[] = [];
  const blocks: Html[] = [];
  const begun: number[] = [];
  for (const part of parts) {
    if (part.kind === 'block') {
      begun.push(y);
      y += 10;
    } else if (part.kind === 'end') {
      const from = begun.pop() ?? y;
      blocks.push(
        html`<rect x="${EDGE / 2}" y="${from}" width="${total - EDGE}" height="${y - from}" rx="4" class="block" />`,
      );
      y += 12;
    } else {
      const { mark, height } = part.kind === 'message' ? messageAt(part, at, y) : noteAt(part, at, y);
      marks.push(mark);
      y += height + 4;
    }
  }
  const bottom = y + 6;
  const heads = participants.map((name, i) => {
    const [x, wide] = [at[i] ?? 0, width(name) + PADDING];
    return html`<rect x="${x - wide / 2}" y="${EDGE}" width="${wide}" height="${HEAD}" rx="4" class="head" />${texts(name, x, EDGE + 22, 'middle')}`;
  });
  const lanes = at.map((x) => html`<path d="M${x},${EDGE + HEAD}V${bottom}" class="lane" />`);
  return html`<svg class="sequence" role="img" aria-label="${saidAloud(sequence)}" viewBox="0 0 ${total} ${bottom + EDGE}" style="max-width:${total}px" width="${total}" xmlns="http://www.w3.org/2000/svg">${blocks}${lanes}${heads}${marks}</svg>`;
}

/** "A to file: read; file to A: 41": the same for those who do not see it. */
function saidAloud({ participants, parts }: Sequence): string {
  const lines = parts.flatMap((part) => {
    if (part.kind === 'message')
      return [`${participants[part.from]} to ${participants[part.to]}: ${part.text}`];
    return part.kind === 'note' ? [part.text] : [];
  });
  return lines.join('; ');
}

/** Nothing in it ends a block of HTML in Markdown. */
export const onOneLine = ({ text }: Html): Html => new Html(text.replace(/\s*\n\s*/g, ' '));
