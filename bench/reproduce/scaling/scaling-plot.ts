/**
 * Locks under more and more processes as a drawing, SVG: what an increment costs, and what it would cost if a waiting
 * process cost nothing.
 */
import { apart, drawing, FRAME, Plot } from '../../text/drawing.js';

const HEIGHT = 460;
const LABEL_WIDTH = 140;
const INSET = 15;
/** For the axis, whose label stands under its numbers. */
const FOOT = 45;

/** What an increment costs under one lock, in wall time of all processes together; `points` ascending. */
export interface Scaling {
  readonly name: string;
  readonly points: readonly { readonly processes: number; readonly ns: number }[];
}

/** The drawing, a text that is a file. */
export function scalingPlot(locks: readonly Scaling[]): string {
  const marks = locks.flatMap(({ name, points }) =>
    points.map(({ processes, ns }) => ({ name, processes, us: ns / 1e3 })),
  );
  const counts = [...new Set(marks.map(({ processes }) => processes))];
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const alone = marks.filter(({ processes }) => processes === fewest);
  const ends = marks.filter(({ processes }) => processes === most);
  const heights = apart(
    ends.map(({ us }) => us),
    marks.map(({ us }) => us),
    HEIGHT,
  );
  const roundDirectory = { x: 'processes', y: 'us' };
  return drawing('What an increment costs, by the number of processes that contend for the lock', {
    height: HEIGHT,
    marginLeft: 70,
    marginRight: LABEL_WIDTH,
    marginBottom: FOOT,
    insetTop: INSET,
    insetBottom: INSET,
    grid: true,
    x: {
      ...{ type: 'log', base: 2, ticks: counts, tickFormat: String, label: 'processes →' },
      ...{ labelAnchor: 'center', labelOffset: FOOT - 8 },
    },
    y: {
      type: 'log',
      tickFormat: '~g',
      label: '↑ wall time per increment (µs); dashed: as long as with one process',
    },
    marks: [
      Plot.frame({ stroke: FRAME }),
      Plot.link(alone, {
        ...{ x1: fewest, x2: most, y1: 'us', y2: 'us' },
        ...{ stroke: 'name', strokeDasharray: '3 5', strokeOpacity: 0.8 },
      }),
      Plot.line(marks, { ...roundDirectory, z: 'name', stroke: 'name' }),
      Plot.dot(marks, { ...roundDirectory, fill: 'name', r: 4 }),
      Plot.text(
        ends.map((mark, i) => ({ ...mark, us: heights[i] ?? mark.us })),
        { ...roundDirectory, text: 'name', fill: 'name', textAnchor: 'start', dx: 9 },
      ),
    ],
  });
}
