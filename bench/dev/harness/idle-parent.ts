/**
 * The parent during a round: it shall sleep, since every processor that it keeps busy is one that the workers lack.
 */
import { duration, percent } from '../../base/format.js';
import { Round } from '../../measure/parent/round.js';
import { baseline, wellRun } from './harness-rounds.js';
import { atMost, type Section } from './section.js';

const ROUND_NS = 3e9;
const MOST_SHARE = 0.01;

export const parent: Section = {
  name: 'parent',
  title: 'The parent during a round',
  async measure(context) {
    const { parentCpuNs, wallNs, workers } = await wellRun(
      await Round.launch(baseline(context, { limits: { atLeastNs: ROUND_NS } })),
    );
    const share = parentCpuNs / wallNs;
    return (
      `Used ${duration(parentCpuNs)} of processor time while ${workers.length} workers took turns for ` +
      `${duration(wallNs)}: ${percent(share)} of one processor.\n` +
      `Goal: ${atMost(MOST_SHARE, share, percent(MOST_SHARE))}.\n` +
      'All threads of the parent, from the gate until the last worker had reported. Starting, warming up and ' +
      'judging the ledgers afterwards are not in it: nothing is timed then.\n'
    );
  },
};
