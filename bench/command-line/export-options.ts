/**
 * The options that write a result in another form, named as hyperfine names them, and what opens their files.
 */
import { asText, drawingOutput, type Outputs, openAll } from '../text/outputs.js';
import { Option } from './commander.js';

/** `row`: what is a row of it. */
export const exportCsvOption = (row: string) =>
  new Option('--export-csv <file>', `write every ${row} as a row of CSV (RFC 4180)`);
export const exportMarkdownOption = () =>
  new Option('--export-markdown <file>', 'write the summary as Markdown, to paste into an issue');
export const exportJsonOption = () => new Option('--export-json <file>', 'same as --json FILE');

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

/** What makes texts of a result. */
export interface Formats<Result> {
  csv(result: Result): string;
  markdown(result: Result): string;
}

/** Opens what was asked for, before the time is spent. Throws UsageError; then nothing is left. */
export function openExports<Result>(
  { csv, markdown, json }: Exports,
  formats: Formats<Result>,
): Outputs<Result> {
  const wanted = [
    ['--export-csv', csv, formats.csv],
    ['--export-markdown', markdown, formats.markdown],
    ['--export-json', json, asText],
  ] as const;
  return openAll<Result>(
    wanted.flatMap(([option, path, format]) =>
      path === null ? [] : [() => drawingOutput<Result>(option, path, format)],
    ),
  );
}
