/**
 * Drawings, SVG: what all of them share. This is the one file that knows Observable Plot; what a drawing is made of is
 * its own.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 960;
const LABEL_HEIGHT = 15;

export { Plot };

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

/** A drawing in black on white paper, a text that is a file. `title`: what readers are told who cannot see it. */
export function drawing(title: string, options: Omit<Plot.PlotOptions, 'document' | 'style'>): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const chart = Plot.plot({
    document,
    width: WIDTH,
    style: { background: 'white', color: 'black', fontSize: '12px' },
    ...options,
  });
  // Not every reader of SVG knows backgrounds.
  const paper = document.createElementNS(SVG, 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: 'white' }))
    paper.setAttribute(name, value);
  const heading = document.createElementNS(SVG, 'title');
  heading.textContent = title;
  chart.prepend(heading, paper);
  // The library sets it in a way that this document forgets; without it a file is no drawing.
  chart.setAttribute('xmlns', SVG);
  return `${chart.outerHTML}\n`;
}
