/**
 * What stands below a table in Markdown: the command that made it, and on what.
 */
import { plural } from '../base/format.js';
import { inMarkdown, visible } from '../base/visible.js';
import type { Environment } from '../machine/host.js';

/** Lines, an empty one first and last. */
export function exportFoot(result: {
  readonly command: string;
  readonly startedAt: string;
  readonly environment: Pick<
    Environment,
    'cpuModel' | 'cpus' | 'kernel' | 'node' | 'lockbench' | 'gitRevision'
  >;
}): string[] {
  const { command, startedAt, environment } = result;
  const { cpuModel, cpus, kernel, node, lockbench, gitRevision } = environment;
  return [
    '',
    `\`${visible(command).replaceAll('`', "'")}\``,
    '',
    `lockbench ${inMarkdown(lockbench)} (${inMarkdown(gitRevision ?? 'no revision')}), ${inMarkdown(cpuModel)}, ` +
      `${plural(cpus, 'CPU')}, ${inMarkdown(kernel)}, Node ${inMarkdown(node)}, ${startedAt}`,
    '',
  ];
}
