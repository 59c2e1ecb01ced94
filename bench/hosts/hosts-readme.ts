/**
 * What lies beside the result of a run on many hosts that is kept with --record: what it printed, in Markdown.
 */
import { inMarkdown } from '../base/visible.js';
import type { Companions } from '../text/outputs.js';
import { recordedReadme } from '../text/recorded-readme.js';
import type { HostsResult } from './hosts-schema.js';
import { hostsFindings, hostsMethod } from './hosts-sentences.js';
import { hostsTables } from './hosts-table.js';

const RECORDED_WIDTH = 120;

export const hostsRecordFiles: Companions<HostsResult> = (result, name) => ({
  'README.md': recordedReadme(name, result, [
    ...hostsFindings(result).map((line) => `- ${inMarkdown(line)}`),
    '',
    '```',
    hostsTables(result, RECORDED_WIDTH),
    '```',
    '',
    ...hostsMethod(result)
      .split('\n')
      .map((line) => `- ${inMarkdown(line)}`),
    '',
  ]),
});
