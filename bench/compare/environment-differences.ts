/**
 * What differs between the machines of two runs, and whether costs may be compared all the same.
 */
import type { Result } from '../measure/result/result-schema.js';
import type { Difference } from './compare-schema.js';

type Facts = Readonly<Record<string, string>>;

/** Another machine in one of these, and a time there is no time here. */
const machineOf = ({ environment: { cpuModel, cpus, architecture, kernel, governor } }: Result): Facts => ({
  processor: cpuModel,
  processors: String(cpus),
  architecture,
  kernel,
  'frequency governor': governor ?? 'unknown',
});

/** What may make the difference that is looked for. */
const programOf = ({ environment: { node, lockbench, gitRevision, workers, uid } }: Result): Facts => ({
  Node: node,
  lockbench,
  revision: gitRevision ?? 'unknown',
  'uid of the workers': String(workers?.uid ?? uid),
});

/** How large a memory file system may grow follows the machine's memory, and costs nothing. */
const isSize = (option: string): boolean => /^(size|nr_inodes)=/.test(option);

const directoriesOf = ({ cells }: Result): Facts =>
  Object.fromEntries(
    cells.map(({ conditions: { directory } }) => [
      `file system of ${directory.path}`,
      [directory.filesystem, ...directory.options.filter((option) => !isSize(option))].join(','),
    ]),
  );

/** Of what both know. */
function differing(earlier: Facts, later: Facts, costsDiffer: boolean): Difference[] {
  return Object.entries(earlier).flatMap(([what, before]) => {
    const after = later[what];
    return after === undefined || after === before
      ? []
      : [{ what, earlier: before, later: after, costsDiffer }];
  });
}

export const environmentDifferences = (earlier: Result, later: Result): Difference[] => [
  ...differing(machineOf(earlier), machineOf(later), true),
  ...differing(directoriesOf(earlier), directoriesOf(later), true),
  ...differing(programOf(earlier), programOf(later), false),
];
