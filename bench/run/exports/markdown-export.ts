/**
 * A result as Markdown to paste into an issue: the findings, a table for each group, and on what it was measured.
 */
import { plural } from '../../base/format.js';
import { inMarkdown, visible } from '../../base/visible.js';
import type { Result } from '../../measure/result/result-schema.js';
import { resultTables } from '../run-readme.js';

const list = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [...lines.map((line) => `- ${inMarkdown(line)}`), ''];

export function resultAsMarkdown(result: Result): string {
  const { environment, findings = [], command, startedAt } = result;
  const { cpuModel, cpus, kernel, node, lockbench, gitRevision } = environment;
  return [
    ...list(findings),
    ...resultTables(result),
    `\`${visible(command).replaceAll('`', "'")}\``,
    '',
    `lockbench ${inMarkdown(lockbench)} (${gitRevision ?? 'no revision'}), ${inMarkdown(cpuModel)}, ` +
      `${plural(cpus, 'CPU')}, ${inMarkdown(kernel)}, Node ${inMarkdown(node)}, ${startedAt}`,
    '',
  ].join('\n');
}
