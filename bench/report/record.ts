/**
 * The README of a recorded run, in Markdown, made from its result alone.
 */
import { columns } from './columns.js';
import { plural } from './format.js';
import { describeConditions, groupsOf } from './groups.js';
import { markdownRow } from './markdown.js';
import { nfsSections } from './nfs-overview.js';
import type { Companions } from './outputs.js';
import { cellName, isMeasured, type Result } from './result.js';

function tables(result: Result): string[] {
  return groupsOf(result, new Set()).flatMap(({ conditions, cells }) => [
    `## ${describeConditions(conditions, result.environment.cpus)}`,
    '',
    markdownRow(columns.map(({ heading }) => heading)),
    markdownRow(columns.map(({ align }) => (align === 'right' ? '--:' : ':--'))),
    ...cells.map((cell) =>
      isMeasured(cell)
        ? markdownRow(columns.map(({ text }) => text(cell)))
        : markdownRow([cellName(cell), `${cell.state}: ${cell.reason}`, ...columns.slice(2).map(() => '')]),
    ),
    '',
  ]);
}

/** How and on what it was made: the head of every record's README. */
export function recordHead(
  name: string,
  { command, startedAt, seed, environment }: Pick<Result, 'command' | 'startedAt' | 'seed' | 'environment'>,
): string[] {
  const packages = Object.entries(environment.packages).map(
    ([key, version]) => `${key} ${version ?? 'not installed'}`,
  );
  return [
    `# ${name}`,
    '',
    `Recorded ${startedAt} by`,
    '',
    '```sh',
    command,
    '```',
    '',
    `- ${environment.cpuModel}, ${plural(environment.cpus, 'CPU')}, ${environment.kernel}, ${environment.architecture}`,
    `- Node ${environment.node}, ${packages.join(', ')}`,
    `- lockbench ${environment.lockbench}, revision ${environment.gitRevision ?? 'unknown'}, seed ${seed}`,
    `- workers: uid ${environment.workers?.uid ?? environment.uid}`,
    '',
  ];
}

/** What lies beside the result of a run. */
export const recordFiles: Companions<Result> = (result, name) => ({
  'README.md': recordReadme(name, result),
});

export function recordReadme(name: string, result: Result): string {
  return [
    ...recordHead(name, result),
    ...(result.cells.some(({ conditions }) => conditions.nfs !== undefined)
      ? nfsSections(result)
      : tables(result)),
    'All samples are in [result.json](result.json); docs/result-format.md says what its fields mean.',
    '',
  ].join('\n');
}
