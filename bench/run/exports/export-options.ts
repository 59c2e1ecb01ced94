/**
 * The options that write a result in another form, named as hyperfine names them, and what opens their files.
 */
import { Option } from '../../command-line/commander.js';
import type { Result } from '../../measure/result/result-schema.js';
import { asText, drawingOutput, type Outputs, openAll } from '../../text/outputs.js';
import { roundsAsCsv } from './csv-export.js';
import { resultAsMarkdown } from './markdown-export.js';

export const exportCsvOption = () =>
  new Option('--export-csv <file>', 'write every round as a row of CSV (RFC 4180)');
export const exportMarkdownOption = () =>
  new Option('--export-markdown <file>', 'write the summary as Markdown, to paste into an issue');
export const exportJsonOption = () => new Option('--export-json <file>', 'as --json FILE');

/** A file each, or null. */
export interface Exports {
  readonly csv: string | null;
  readonly markdown: string | null;
  readonly json: string | null;
}

export const exportsOf = (raw: {
  readonly exportCsv?: string;
  readonly exportMarkdown?: string;
  readonly exportJson?: string;
}): Exports => ({
  csv: raw.exportCsv ?? null,
  markdown: raw.exportMarkdown ?? null,
  json: raw.exportJson ?? null,
});

/** Opens what was asked for, before the time is spent. Throws UsageError; then nothing is left. */
export function openExports({ csv, markdown, json }: Exports): Outputs<Result> {
  const wanted = [
    ['--export-csv', csv, roundsAsCsv],
    ['--export-markdown', markdown, resultAsMarkdown],
    ['--export-json', json, asText],
  ] as const;
  return openAll(
    wanted.flatMap(([option, path, format]) =>
      path === null ? [] : [() => drawingOutput(option, path, format)],
    ),
  );
}
