/**
 * The picture of `75x`: how the ratio grows with the time that one wait for the disk takes, by the model; and where this
 * machine's disk lies on that line.
 */
import { apart, drawing, FRAME, Plot, RULE } from '../../text/drawing.js';
import { BOOK, type MeasuredDirectory, type Model, ratioAt, ratioOf } from './75x-model.js';

const HEIGHT = 420;
/** For the axis, whose label stands under its numbers: beside them, the last one would stand in it. */
const FOOT = 45;
const [SHORTEST_NS, LONGEST_NS] = [1e3, 20e6];
const STEPS = 80;

export interface Modelled {
  readonly testDirectory: MeasuredDirectory;
  readonly model: Model;
}

/** Powers, so that the steps are even on a scale of powers of ten. */
const waits = Array.from(
  { length: STEPS + 1 },
  (_, i) => SHORTEST_NS * (LONGEST_NS / SHORTEST_NS) ** (i / STEPS),
);

export function draw75x(roundDirectories: readonly Modelled[]): string {
  const lines = roundDirectories.flatMap(({ testDirectory, model }) =>
    waits.map((ns) => ({ name: testDirectory.name, us: ns / 1e3, ratio: ratioAt(model, ns) })),
  );
  const dots = roundDirectories.flatMap(({ testDirectory, model }) => {
    const ratio = ratioOf(testDirectory.alone, 1);
    return ratio === null ? [] : [{ name: testDirectory.name, us: model.eachNs / 1e3, ...ratio }];
  });
  const ratios = [BOOK, ...lines.map(({ ratio }) => ratio), ...dots.map(({ high }) => high)];
  const ends = lines.filter(({ us }) => us === (waits.at(-1) ?? 0) / 1e3);
  const heights = apart(
    ends.map(({ ratio }) => ratio),
    ratios,
    HEIGHT,
  );
  const labels = ends.map((end, i) => ({ ...end, ratio: heights[i] ?? end.ratio }));
  return drawing(
    'How many times as long as a record lock a lock file takes, by the time of one wait for the disk',
    {
      height: HEIGHT,
      marginLeft: 60,
      marginRight: 160,
      marginBottom: FOOT,
      grid: true,
      x: { type: 'log', label: 'one wait for the disk (µs) →', labelAnchor: 'center', labelOffset: FOOT - 8 },
      y: { type: 'log', label: '↑ times as long as the record lock' },
      marks: [
        Plot.frame({ stroke: FRAME }),
        Plot.ruleY([BOOK], { stroke: RULE, strokeDasharray: '5 4' }),
        Plot.text([BOOK], {
          y: (ratio: number) => ratio,
          text: () => `${BOOK} times`,
          frameAnchor: 'left',
          dx: 4,
          dy: -7,
        }),
        Plot.line(lines, { x: 'us', y: 'ratio', stroke: 'name' }),
        Plot.ruleX(dots, { x: 'us', y1: 'low', y2: 'high', stroke: 'name', strokeWidth: 2 }),
        Plot.dot(dots, { x: 'us', y: 'median', fill: 'name', r: 5 }),
        Plot.text(labels, { x: 'us', y: 'ratio', text: 'name', fill: 'name', textAnchor: 'start', dx: 8 }),
      ],
    },
  );
}
