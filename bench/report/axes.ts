/**
 * Axes whose marks are all named: Plot leaves out the names of some on an axis of powers of ten.
 */
import { Plot, type PlotOptions } from './chart.js';

type Marks = NonNullable<PlotOptions['marks']>;

export interface AxisSpec {
  readonly ticks: readonly number[];
  readonly tick: (value: number) => string;
  readonly label: string | null;
}

const GRID = { stroke: 'var(--line)', strokeOpacity: 1 } as const;
const LABEL_BELOW = 34;

/** The line below, with the label in its middle, and lines upwards. */
export const axisX = ({ ticks, tick, label }: AxisSpec): Marks => [
  Plot.gridX([...ticks], GRID),
  Plot.axisX([...ticks], {
    ...{ text: (value: number) => tick(value), label },
    ...{ labelAnchor: 'center', labelArrow: 'none', labelOffset: LABEL_BELOW },
  }),
];

/** The line to the left, with the label above it. */
export const axisY = ({ ticks, tick, label }: AxisSpec): Marks => [
  Plot.gridY([...ticks], GRID),
  Plot.axisY([...ticks], { text: (value: number) => tick(value), label, labelArrow: 'none' }),
];

const CHARACTER = 6.8;
const TICK = 12;

/** Room for these names, at the left or the right of a plot. */
export const roomFor = (names: readonly string[]): number =>
  Math.ceil(Math.max(0, ...names.map(({ length }) => length)) * CHARACTER) + TICK;
