/**
 * The README of a record, in Markdown: how and on what the result was made, then what the command that made it shows.
 */
import { plural } from '../base/format.js';
import { inMarkdown, visible } from '../base/visible.js';
import type { Environment } from '../machine/host.js';
import { markdownList } from './markdown.js';

/** What every result says of its making. */
interface Made {
  readonly command: string;
  readonly startedAt: string;
  readonly seed: number;
  readonly environment: Omit<Environment, 'workers' | 'machine'> & {
    readonly workers: { readonly uid: number } | null;
  };
}

/** How and on what it was made: the head of every record's README. */
export function recordHead(name: string, { command, startedAt, seed, environment }: Made): string[] {
  const packages = Object.entries(environment.packages).map(
    ([key, version]) => `${key} ${version ?? 'not installed'}`,
  );
  return [
    `# ${inMarkdown(name)}`,
    '',
    `Recorded ${startedAt} by`,
    '',
    '```sh',
    visible(command),
    '```',
    '',
    ...markdownList([
      `${environment.cpuModel}, ${plural(environment.cpus, 'CPU')}, ${environment.kernel}, ${environment.architecture}`,
      `Node ${environment.node}, ${packages.join(', ')}`,
      `lockbench ${environment.lockbench}, revision ${environment.gitRevision ?? 'unknown'}, seed ${seed}`,
      `workers: uid ${environment.workers?.uid ?? environment.uid}`,
    ]),
    '',
  ];
}

/** The README of a record whose samples lie beside it in result.json. */
export const recordedReadme = (name: string, made: Made, sections: readonly string[]): string =>
  [
    ...recordHead(name, made),
    ...sections,
    'All samples are in [result.json](result.json); docs/result-format.md says what its fields mean.',
    '',
  ].join('\n');
