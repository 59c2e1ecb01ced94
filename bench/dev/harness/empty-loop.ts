/**
 * The loop by itself: what a turn costs when it neither locks nor reads nor writes.
 */
import { bounds, duration } from '../../base/format.js';
import { look } from '../../measure/parent/preflight.js';
import type { LoopCost } from '../../measure/worker/prober.js';
import { estimateMedian, median } from '../../statistics/median.js';
import { plainTable } from '../../text/table.js';
import type { Context, Section } from './section.js';

const INSTRUMENTS_GOAL_NS = 150;

async function typescriptLoop({ identity }: Context): Promise<LoopCost> {
  const { loop } = await look([], [], identity);
  if (loop === null) throw new Error('the process that measures the empty loop gave no answer');
  return loop;
}

function row(name: string, costs: readonly number[]): string[] {
  const estimate = estimateMedian(costs);
  return [name, duration(estimate.median), bounds(estimate.low, estimate.high, estimate.median)];
}

export const emptyLoop: Section = {
  name: 'loop',
  title: 'The loop by itself',
  async measure(context) {
    const typescript: LoopCost[] = [];
    for (let i = 0; i < context.pairs; i++) typescript.push(await typescriptLoop(context));
    const loops = typescript.map(({ loopNs }) => loopNs);
    const instruments = typescript.map(({ instrumentsNs }) => instrumentsNs);
    const goal = `${duration(INSTRUMENTS_GOAL_NS)} ${median(instruments) < INSTRUMENTS_GOAL_NS ? 'met' : 'not met'}`;
    const rows = [
      [...row('loop', loops), '-'],
      [...row('instruments of a trace round', instruments), goal],
    ];
    return (
      `${plainTable(['per turn', 'median', 'low–high', 'goal'], rows)}\n` +
      'Instruments: three stamps and the owner word, in addition to the loop. No lock, and the number in memory: the calls of the functions, the stop flag and ' +
      'keeping the number.\n'
    );
  },
};
