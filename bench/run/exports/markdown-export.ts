/**
 * A result as Markdown to paste into an issue: the findings, a table for each group, and on what it was measured.
 */
import type { Result } from '../../measure/result/result-schema.js';
import { exportFoot } from '../../text/export-foot.js';
import { markdownList } from '../../text/markdown.js';
import { resultTables } from '../run-readme.js';

const list = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : [...markdownList(lines), '']);

export function resultAsMarkdown(result: Result): string {
  return [...list(result.findings ?? []), ...resultTables(result).slice(0, -1), ...exportFoot(result)].join(
    '\n',
  );
}
