/**
 * The loop by itself: what a turn costs when it neither locks nor reads nor writes, in TypeScript and in C.
 */
import { bounds, duration } from '../report/format.js';
import { plainTable } from '../report/table.js';
import { look } from '../run/preflight.js';
import { estimateMedian } from '../statistics/median.js';
import { CannotMeasure, type Context, type Section } from './section.js';
import { EMPTY, withTwin } from './twin.js';

const RUN_NS = 50e6;

async function typescriptLoop({ identity }: Context): Promise<number> {
  const { emptyLoopNs } = await look([], [], identity);
  if (emptyLoopNs === null) throw new Error('the process that measures the empty loop gave no answer');
  return emptyLoopNs;
}

function row(name: string, costs: readonly number[]): string[] {
  const { median, low, high } = estimateMedian(costs);
  return [name, duration(median), bounds(low, high, median)];
}

export const emptyLoop: Section = {
  name: 'loop',
  title: 'The loop by itself',
  async measure(context) {
    const typescript: number[] = [];
    const c: number[] = [];
    let withoutC = '';
    for (let i = 0; i < context.pairs; i++) typescript.push(await typescriptLoop(context));
    try {
      await withTwin(context, async (twin) => {
        const turns = await twin.turnsLasting(EMPTY, RUN_NS);
        for (let i = 0; i < context.pairs; i++) c.push((await twin.run(EMPTY, turns)).wallNs / turns);
      });
    } catch (error) {
      if (!(error instanceof CannotMeasure)) throw error;
      withoutC = `C: not measured: ${error.message}\n`;
    }
    const rows = [row('TypeScript', typescript), ...(c.length === 0 ? [] : [row('C', c)])];
    return (
      `${plainTable(['per turn', 'median', 'low–high'], rows)}\n${withoutC}` +
      'No lock, and the number in memory: the calls of the functions, the stop flag (TypeScript alone has one) and ' +
      'keeping the number.\n'
    );
  },
};
