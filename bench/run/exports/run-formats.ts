/** The forms in which a run is exported. */
import type { Formats } from '../../command-line/export-options.js';
import type { Result } from '../../measure/result/result-schema.js';
import { roundsAsCsv } from './csv-export.js';
import { resultAsMarkdown } from './markdown-export.js';

export const RUN_FORMATS: Formats<Result> = { csv: roundsAsCsv, markdown: resultAsMarkdown };
