/**
 * What lies beside the result of a run on many hosts that is kept with --record: what it printed, in Markdown.
 */
import { markdownList } from '../text/markdown.js';
import type { Companions } from '../text/outputs.js';
import { recordedReadme } from '../text/recorded-readme.js';
import type { HostsResult } from './hosts-schema.js';
import { hostsFindings, hostsMethod } from './hosts-sentences.js';
import { hostsTables } from './hosts-table.js';

const RECORDED_WIDTH = 120;

export const hostsRecordFiles: Companions<HostsResult> = (result, name) => ({
  'README.md': recordedReadme(name, result, [
    ...markdownList(hostsFindings(result)),
    '',
    '```',
    hostsTables(result, RECORDED_WIDTH),
    '```',
    '',
    ...markdownList(hostsMethod(result).split('\n')),
    '',
  ]),
});
