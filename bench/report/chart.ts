/**
 * Plots of a page: as wide as the page, and another for telephones, of which the page shows one; in the page's colours, light
 * or dark. Drawn before anybody reads the page, so that it needs no script.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { visible } from '../base/visible.js';
import { Html, html, NOTHING, type Part } from './html.js';

export { Plot };

const WIDE = 920;
const NARROW = 330;
/** Room for the line below a plot that says where its figures are from. */
const FOOT = 20;
const SVG = 'http://www.w3.org/2000/svg';

export type PlotOptions = Omit<Plot.PlotOptions, 'document' | 'style' | 'width' | 'className'>;

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Attributes of geometry, in which ten decimals are two too many by eight. */
const GEOMETRY = ['transform', 'd', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'width', 'height'];

/** What is needed of the elements of a document that no browser has. */
interface Drawn {
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
}

function round(svg: { querySelectorAll(selector: string): Iterable<Drawn> }): void {
  for (const element of svg.querySelectorAll('*')) {
    for (const name of GEOMETRY) {
      const value = element.getAttribute(name);
      if (value !== null && /\.\d{3}/.test(value))
        element.setAttribute(
          name,
          value.replace(/\d+\.\d{3,}/g, (figure: string) => String(Number(Number(figure).toFixed(2)))),
        );
    }
  }
}

interface Text {
  textContent: string | null;
  readonly childElementCount: number;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
}

/** By which a mark is found that a row of a table names: there it is made visible, too. */
const LOCK = 'data-lock';

/** What would not be seen, or would turn the reading order around, is shown escaped. */
function showAll(svg: { querySelectorAll(selector: string): Iterable<Text> }): void {
  for (const element of svg.querySelectorAll(`[${LOCK}]`))
    element.setAttribute(LOCK, visible(element.getAttribute(LOCK) ?? ''));
  for (const element of svg.querySelectorAll('text, tspan, title')) {
    const text = element.textContent ?? '';
    if (element.childElementCount === 0 && text !== visible(text)) element.textContent = visible(text);
  }
}

/** An SVG element. `says`: what it shows, for those who do not see it. */
export function svg(says: string, width: number, options: PlotOptions, foot: string): Html {
  const chart = Plot.plot({
    document,
    width,
    className: 'plot',
    ...options,
  });
  for (const style of [...chart.querySelectorAll('style')]) style.remove();
  // Readers that read aloud get one sentence, and the table behind the plot.
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', visible(says));
  chart.setAttribute('style', `max-width:${width}px`);
  round(chart);
  showAll(chart);
  if (foot !== '') {
    const height = Number(chart.getAttribute('height')) + FOOT;
    chart.setAttribute('height', String(height));
    chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const line = document.createElementNS(SVG, 'text');
    for (const [name, value] of Object.entries({ x: width - 2, y: height - 5, class: 'foot' }))
      line.setAttribute(name, String(value));
    line.setAttribute('text-anchor', 'end');
    line.textContent = visible(foot);
    chart.append(line);
  }
  return new Html(chart.outerHTML);
}

export interface FigureSpec {
  readonly title: string;
  /** One sentence: how to read it. */
  readonly how: Part;
  /** What it shows, in a sentence that needs no eyes. */
  readonly says: string;
  /** Machine and date. */
  readonly foot: string;
  readonly draw: (width: number) => PlotOptions;
  /** The figures of the plot. */
  readonly table?: Html;
  readonly wide?: number;
  readonly legend?: Html;
}

/** A figure with its plot, twice, and the table behind it. */
export function figure({ title, how, says, foot, draw, table, legend, wide = WIDE }: FigureSpec): Html {
  return html`<figure class="chart${wide > WIDE ? ' spread' : ''}">
<figcaption><h3>${title}</h3><p class="how">${how}</p></figcaption>
${legend ?? NOTHING}
<div class="wide">${svg(says, wide, draw(wide), foot)}</div>
<div class="narrow">${svg(says, NARROW, draw(NARROW), foot)}</div>
${table === undefined ? NOTHING : html`<details><summary>The figures</summary>${table}</details>`}
</figure>
`;
}

/** Whether it is the plot for telephones. */
export const isNarrow = (width: number): boolean => width <= NARROW;

/** Marks the elements of a mark, one for each datum, with the lock that they tell of. */
export const ofLock =
  <Datum>(data: readonly Datum[], keyOf: (datum: Datum) => string): Plot.RenderFunction =>
  (index, scales, values, dimensions, context, next) => {
    const group = next?.(index, scales, values, dimensions, context) ?? null;
    if (group === null) return group;
    [...group.children].forEach((element, i) => {
      const datum = data[index[i] ?? -1];
      if (datum !== undefined) element.setAttribute('data-lock', keyOf(datum));
    });
    return group;
  };
