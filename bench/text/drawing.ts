/**
 * Drawings, SVG: what all of them share. This is the one file that knows Observable Plot; what a drawing is made of is
 * its own.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { INK, LINE, PAPER, SERIES } from './palette.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 960;
const LABEL_HEIGHT = 15;

export { Plot };
/** Of frames, of rules, and of what shall not be seen through. */
export const [FRAME, RULE, BLANK] = [LINE.light, INK.light, PAPER.light];

/**
 * Heights for labels of these values on a scale of powers of ten that covers `extent` within `pixels`: each at its value,
 * or moved up where another label stands.
 */
export function apart(values: readonly number[], extent: readonly number[], pixels: number): number[] {
  const step = (Math.max(...extent) / Math.min(...extent)) ** (LABEL_HEIGHT / pixels);
  const heights = [...values];
  let free = 0;
  for (const i of [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))) {
    const height = Math.max(values[i] ?? 0, free);
    heights[i] = height;
    free = height * step;
  }
  return heights;
}

/** Colours stand in the drawing as they are on white paper, for readers that know nothing else; a screen may be dark. */
const DARK = [PAPER, INK, LINE, ...SERIES.slice(0, -1)]
  .map(({ light, dark }) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`)
  .join('');
const STYLE = `.drawing text{white-space:pre}@media screen and (prefers-color-scheme:dark){.drawing{color:${INK.dark}}${DARK}}`;

/** The one that ink has is not told from it. */
const RANGE = SERIES.slice(0, -1).map(({ light }) => light);

/**
 * A drawing that is a file: ink on paper, or the other way round where the screen is dark. `title`: what readers are told who
 * cannot see it.
 */
export function drawing(
  title: string,
  options: Omit<Plot.PlotOptions, 'document' | 'style' | 'className'>,
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({
    document,
    width: WIDTH,
    className: 'drawing',
    color: { range: RANGE },
    ...options,
  });
  chart.removeAttribute('style');
  for (const [name, value] of Object.entries({ 'font-size': '12px', color: INK.light }))
    chart.setAttribute(name, value);
  for (const style of [...chart.querySelectorAll('style')]) style.remove();
  const style = document.createElementNS(SVG, 'style');
  style.textContent = STYLE;
  // Not every reader of SVG knows backgrounds.
  const paper = document.createElementNS(SVG, 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: PAPER.light }))
    paper.setAttribute(name, value);
  const heading = document.createElementNS(SVG, 'title');
  heading.textContent = title;
  chart.prepend(heading, style, paper);
  // The library sets it in a way that this document forgets; without it a file is no drawing.
  chart.setAttribute('xmlns', SVG);
  return `${chart.outerHTML}\n`;
}
