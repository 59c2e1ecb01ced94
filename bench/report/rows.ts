/**
 * Plots with a row for each lock: the names at the left, and facets, side by side where there is room, else one below the
 * other.
 */
import { roomFor } from './axes.js';
import { isNarrow, Plot, type PlotOptions } from './chart.js';
import { familyScales } from './families.js';
import { fitting } from './names.js';
import type { Lock } from './run/run-view.js';

const MOST_CHARACTERS = { wide: 30, narrow: 19 };
const FACET_GAP = 24;
const FOOT = 40;

export interface RowsSpec {
  readonly locks: readonly Lock[];
  /** In this order; a line break parts the lines of a heading. */
  readonly facets: readonly string[];
  readonly rowHeight: number;
  /** Above the rows where there are no facets. */
  readonly head?: number;
}

export interface Rows {
  /** Everything but x and marks. */
  readonly frame: PlotOptions;
  /** The names and the headings. */
  readonly marks: NonNullable<PlotOptions['marks']>;
  /** How a mark says in which facet it stands: its data have a `facet`. */
  readonly channel: { readonly fx?: 'facet'; readonly fy?: 'facet' };
  /** In pixels, of one facet. */
  readonly across: number;
}

export function rowsOf({ locks, facets, rowHeight, head = 28 }: RowsSpec, width: number): Rows {
  const narrow = isNarrow(width);
  const most = narrow ? MOST_CHARACTERS.narrow : MOST_CHARACTERS.wide;
  const all = locks.map(({ name }) => name);
  const names = new Map(locks.map(({ key, name }) => [key, fitting(name, all, most)]));
  const marginLeft = roomFor([...names.values()]);
  const headings =
    facets.length === 0
      ? []
      : narrow
        ? [
            Plot.axisFy({ text: null, ticks: [] }),
            Plot.text(facets, {
              fy: (facet: string) => facet,
              text: (facet: string) => facet.replace('\n', ', '),
              ...{
                frameAnchor: 'top-left',
                dy: -14,
                dx: 2 - marginLeft,
                textAnchor: 'start',
                fontWeight: 600,
              },
            }),
          ]
        : [Plot.axisFx({ anchor: 'top', label: null, fontWeight: 600, tickSize: 0, lineHeight: 1.25 })];
  const lines = Math.max(0, ...facets.map((facet) => facet.split('\n').length));
  const marginTop = facets.length === 0 ? head : narrow ? FACET_GAP : 16 + 16 * lines;
  const down = narrow ? Math.max(1, facets.length) : 1;
  return {
    frame: {
      height: down * names.size * rowHeight + marginTop + FOOT + (down - 1) * FACET_GAP,
      marginLeft,
      marginRight: 16,
      marginTop,
      marginBottom: 38,
      ...familyScales,
      y: {
        ...{ type: 'band', domain: [...names.keys()], label: null, tickSize: 0, padding: 0.2 },
        tickFormat: (key: string) => names.get(key) ?? '',
      },
      fx: { domain: [...facets], label: null, padding: 0.08 },
      // The same room for a heading, however few rows stand below it.
      fy: {
        domain: [...facets],
        label: null,
        paddingOuter: 0,
        paddingInner: FACET_GAP / (FACET_GAP + names.size * rowHeight),
      },
    },
    marks: headings,
    channel: facets.length === 0 ? {} : narrow ? { fy: 'facet' } : { fx: 'facet' },
    across: (width - marginLeft) / (narrow ? 1 : Math.max(1, facets.length)),
  };
}
