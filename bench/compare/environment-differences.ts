/**
 * What differs between the machines of two sides of runs, and whether costs may be compared all the same.
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

/** What the runs of a side say of it; each answer once. */
const answers = (side: readonly Facts[], what: string): string[] => [
  ...new Set(side.flatMap((facts) => facts[what] ?? [])),
];

/** Of what both sides know: where not all runs say the same, of which side they ever are. */
function differing(earlier: readonly Facts[], later: readonly Facts[], costsDiffer: boolean): Difference[] {
  const names = new Set(earlier.flatMap((facts) => Object.keys(facts)));
  return [...names].flatMap((what) => {
    const [before, after] = [answers(earlier, what), answers(later, what)];
    const areOne = after.length === 0 || new Set([...before, ...after]).size === 1;
    return areOne ? [] : [{ what, earlier: before.join(' and '), later: after.join(' and '), costsDiffer }];
  });
}

export const environmentDifferences = (
  earlier: readonly Result[],
  later: readonly Result[],
): Difference[] => [
  ...differing(earlier.map(machineOf), later.map(machineOf), true),
  ...differing(earlier.map(directoriesOf), later.map(directoriesOf), true),
  ...differing(earlier.map(programOf), later.map(programOf), false),
];
