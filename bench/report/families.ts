/**
 * Families of locks in plots: a colour and a shape each, so that either alone tells them apart.
 */
import { Plot, svg } from './chart.js';
import { type Html, html } from './html.js';
import { FAMILIES, type Family } from './run/run-view.js';

const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'star', 'wye', 'cross', 'circle'] as const;

const COLOURS = FAMILIES.map((_, i) => `var(--f${i + 1})`);

/** For lines, of which none may look like those that are not told apart. */
export const LINE_COLOURS = [1, 2, 3, 4, 5, 8, 6].map((i) => `var(--f${i})`);

export const familyScales = {
  color: { type: 'ordinal', domain: FAMILIES, range: COLOURS },
  symbol: { domain: FAMILIES, range: SHAPES },
} as const;

const sample = (family: Family): Html =>
  svg(
    '',
    14,
    {
      ...{ height: 14, margin: 0, axis: null, ...familyScales },
      marks: [
        Plot.dot([{ family }], {
          ...{ frameAnchor: 'middle', symbol: 'family', fill: 'family', r: 5 },
        }),
      ],
    },
    '',
  );

/** Those families that occur. */
export const familyLegend = (occurring: readonly Family[]): Html =>
  html`<ul class="legend">${FAMILIES.filter((family) => occurring.includes(family)).map(
    (family) => html`<li>${sample(family)}${family}</li>`,
  )}</ul>`;
