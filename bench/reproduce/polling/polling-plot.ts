/**
 * Waiting as a drawing, SVG: what each way of waiting burns, against how long it keeps its waiter waiting.
 */
import { apart, BLANK, drawing, FRAME, Plot } from '../../text/drawing.js';

const HEIGHT = 420;
const LABEL_WIDTH = 150;
const FOOT = 45;
const INSET = 15;

/** One way of waiting; `cpuNs` for each acquisition. */
export interface Waiting {
  readonly name: string;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly cpuNs: number;
}

/** The drawing, a text that is a file. */
export function pollingPlot(ways: readonly Waiting[]): string {
  const cpu = ways.map(({ cpuNs }) => cpuNs / 1e3);
  const heights = apart(cpu, cpu, HEIGHT);
  const marks = ways.map(({ name, p50Ns, p99Ns }, i) => ({
    ...{ name, p50: p50Ns / 1e6, p99: p99Ns / 1e6 },
    ...{ cpu: cpu[i], label: heights[i] },
  }));
  return drawing('Processor time that an acquisition burns, by how long it waits', {
    height: HEIGHT,
    marginLeft: 70,
    marginRight: LABEL_WIDTH,
    marginBottom: FOOT,
    inset: INSET,
    grid: true,
    x: {
      type: 'log',
      tickFormat: '~g',
      label: 'waiting for the lock, from the median (hollow) to the 99th percentile (ms) →',
    },
    y: { type: 'log', tickFormat: '~g', label: '↑ processor time burnt per acquisition (µs)' },
    marks: [
      Plot.frame({ stroke: FRAME }),
      Plot.link(marks, { x1: 'p50', x2: 'p99', y1: 'cpu', y2: 'cpu', stroke: 'name' }),
      Plot.dot(marks, { x: 'p50', y: 'cpu', stroke: 'name', fill: BLANK, r: 4 }),
      Plot.dot(marks, { x: 'p99', y: 'cpu', fill: 'name', r: 5 }),
      Plot.text(marks, { x: 'p99', y: 'label', text: 'name', fill: 'name', textAnchor: 'start', dx: 9 }),
    ],
  });
}
