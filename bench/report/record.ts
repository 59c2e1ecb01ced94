/**
 * The README of a recorded run, in Markdown, made from its result alone.
 */
import { columns } from './columns.js';
import { plural } from './format.js';
import { describeConditions, groupsOf } from './groups.js';
import { nfsSections } from './nfs-overview.js';
import { cellName, isMeasured, type Result } from './result.js';

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function tables(result: Result): string[] {
  return groupsOf(result, new Set()).flatMap(({ conditions, cells }) => [
    `## ${describeConditions(conditions, result.environment.cpus)}`,
    '',
    row(columns.map(({ heading }) => heading)),
    row(columns.map(({ align }) => (align === 'right' ? '--:' : ':--'))),
    ...cells.map((cell) =>
      isMeasured(cell)
        ? row(columns.map(({ text }) => text(cell)))
        : row([cellName(cell), `${cell.state}: ${cell.reason}`, ...columns.slice(2).map(() => '')]),
    ),
    '',
  ]);
}

export function recordReadme(name: string, result: Result): string {
  const { environment } = result;
  const packages = Object.entries(environment.packages).map(
    ([key, version]) => `${key} ${version ?? 'not installed'}`,
  );
  return [
    `# ${name}`,
    '',
    `Recorded ${result.startedAt} by`,
    '',
    '```sh',
    result.command,
    '```',
    '',
    `- ${environment.cpuModel}, ${plural(environment.cpus, 'CPU')}, ${environment.kernel}, ${environment.architecture}`,
    `- Node ${environment.node}, ${packages.join(', ')}`,
    `- lockbench ${environment.lockbench}, revision ${environment.gitRevision ?? 'unknown'}, seed ${result.seed}`,
    `- workers: uid ${environment.workers?.uid ?? environment.uid}`,
    '',
    ...(result.cells.some(({ conditions }) => conditions.nfs !== undefined)
      ? nfsSections(result)
      : tables(result)),
    'All samples are in [result.json](result.json); docs/result-format.md says what its fields mean.',
    '',
  ].join('\n');
}
