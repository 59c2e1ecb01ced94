/**
 * Results in which every text tries to be more than that, in every form that is made of them: the terminal's, Markdown, CSV and
 * pages. No text begins a line of its own, and none is markup.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Chalk } from 'chalk';
import { parseHTML } from 'linkedom';
import { compareRuns } from '../../../bench/compare/compare-runs.js';
import { asCsv, asMarkdown, asText } from '../../../bench/compare/compare-table.js';
import { COMPAT_FORMATS } from '../../../bench/compat/compat-exports.js';
import { crashCsv, crashMarkdown } from '../../../bench/crash/crash-exports.js';
import { crashPictures } from '../../../bench/crash/crash-pictures.js';
import type { CrashResult } from '../../../bench/crash/crash-schema.js';
import { crashFindings } from '../../../bench/crash/crash-sentences.js';
import { crashTables } from '../../../bench/crash/crash-table.js';
import { hostsRecordFiles } from '../../../bench/hosts/hosts-readme.js';
import type { HostsResult } from '../../../bench/hosts/hosts-schema.js';
import { hostsFindings, hostsMethod } from '../../../bench/hosts/hosts-sentences.js';
import { hostsTables } from '../../../bench/hosts/hosts-table.js';
import { projectRoot } from '../../../bench/machine/project.js';
import { namedRun } from '../../../bench/measure/result/named-run.js';
import { recordedRun } from '../../../bench/measure/result/recorded-run.js';
import type { Result } from '../../../bench/measure/result/result-schema.js';
import type { FaultsResult } from '../../../bench/nfs/faults/faults-schema.js';
import { faultFindings } from '../../../bench/nfs/faults/faults-sentences.js';
import { faultsTable, faultsTimeLines } from '../../../bench/nfs/faults/faults-table.js';
import { mountOptionsTables } from '../../../bench/nfs/options/mount-options-table.js';
import { orderCsv, orderMarkdown } from '../../../bench/order/order-exports.js';
import type { OrderResult } from '../../../bench/order/order-schema.js';
import { orderFindings, orderPictures, orderTable } from '../../../bench/order/order-text.js';
import { PAIRS_FORMATS } from '../../../bench/pairs/pairs-exports.js';
import type { Reported } from '../../../bench/report/read-report.js';
import { reportOn } from '../../../bench/report/report.js';
import { recordedReproduction } from '../../../bench/reproduce/recorded-reproduction.js';
import { reproductionReadme } from '../../../bench/reproduce/reproduction-readme.js';
import { columnsWithin } from '../../../bench/run/columns.js';
import { RUN_FORMATS } from '../../../bench/run/exports/run-formats.js';
import { latencyTables } from '../../../bench/run/latency-table.js';
import { resultTable } from '../../../bench/run/result-table.js';
import { recordFiles } from '../../../bench/run/run-readme.js';
import { findings } from '../../../bench/run/sentences.js';
import { subjectOf } from '../../../bench/run/summary/subject.js';
import { NOT_KEPT, summary } from '../../../bench/run/summary/summary.js';
import { hostile, withHostile } from '../../support/hostile-result.js';
import { madeHostsResult, measuredHostsCell } from '../../support/made-hosts.js';
import { madeCrash, madeFaults, madeOrder } from '../../support/made-scenarios.js';
import { compatResult, pairsResult } from '../../support/reported-pairs.js';
import { mountOptionsResult } from '../../support/reported-results.js';

/** What the machine, its mounts and other hosts are called: nobody of ours has chosen that. */
const FOUND = [
  ...['path', 'filesystem', 'options', 'kernel', 'cpuModel', 'architecture', 'node', 'governor'],
  ...['host', 'version', 'inForce', 'file'],
];
/** In a file every text is somebody else's; what the schema chooses from, such as verdicts, is left out. */
const WRITTEN = [
  ...[...FOUND, 'strategy', 'wait', 'command', 'interruptedBy', 'reason', 'error', 'participant', 'firstIn'],
  ...[
    'lockbench',
    'gitRevision',
    'claimed',
    'observed',
    'warnings',
    'title',
    'claim',
    'source',
    'book',
    'where',
    'name',
    'directory',
    'holder',
    'other',
  ],
  ...['method', 'here', 'why', 'under', 'head', 'rows', 'option'],
];
const written = <Value>(value: Value): Value => withHostile(value, WRITTEN);
const found = <Value>(value: Value): Value => withHostile(value, FOUND);

const folder = mkdtempSync(join(tmpdir(), 'lockbench-test-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'result.json');
const hostileRun = hostile(recordedRun('default-2-cpus', projectRoot));
writeFileSync(file, JSON.stringify(hostileRun));

const run: Result = namedRun(file);
const subject = subjectOf(run, new Map());
const compared = compareRuns([{ name: '<b>\n# x', result: run }], [{ name: '`|\r\n=1', result: run }], null);
const crash = madeCrash();
const order = madeOrder();
const faults = madeFaults();
const reproduction = recordedReproduction('two-cpus-reproduced', projectRoot);
const hosts = madeHostsResult([
  measuredHostsCell('fcntl', {}),
  { strategy: 'excl', wait: 'block', ranks: [1, 2], state: 'unavailable', reason: 'it is not built' },
]);

const WIDTH = 100;
const look = { width: WIDTH, chalk: new Chalk({ level: 0 }), all: true };

const textOfCrash = (result: CrashResult): string =>
  [crashTables(result, true, WIDTH), ...crashFindings(result), crashPictures(result, true)].join('\n');
const textOfOrder = (result: OrderResult): string =>
  [orderTable(result, WIDTH), ...orderFindings(result), orderPictures(result, true)].join('\n');
const textOfFaults = (result: FaultsResult): string =>
  [faultsTable(result), ...faultFindings(result), faultsTimeLines(result)].join('\n');
const textOfHosts = (result: HostsResult): string =>
  [hostsTables(result, WIDTH), ...hostsFindings(result), hostsMethod(result)].join('\n');

const TERMINAL: Readonly<Record<string, () => string>> = {
  'the summary of a run': () => summary(subject, look, NOT_KEPT),
  'the table of a run': () => resultTable(run, new Set(), WIDTH),
  'the sentences of a run': () =>
    findings(run, subject.judgement, new Set(), columnsWithin(WIDTH, run.cells)).join('\n'),
  'the latencies of a run': () => latencyTables(run, new Set()),
  'a comparison': () => asText(compared),
  crash: () => textOfCrash(found(crash)),
  order: () => textOfOrder(found(order)),
  'nfs faults': () => textOfFaults(found(faults)),
  'nfs options': () => mountOptionsTables(found(mountOptionsResult())),
  hosts: () => textOfHosts(found(hosts)),
};

/** In a cell of a table a text may go on in the next line; the border before it tells. */
const FORGED = /^[ \t]*forged: /m;

describe('in the terminal no text begins a line of its own', () => {
  for (const [what, make] of Object.entries(TERMINAL)) {
    test(what, () => assert.doesNotMatch(stripVTControlCharacters(make()), FORGED));
  }
});

const MARKDOWN: Readonly<Record<string, () => string>> = {
  'the export of a run': () => RUN_FORMATS.markdown(hostileRun),
  'the record of a run': () => recordFiles(hostileRun, 'x')['README.md'] ?? '',
  'a comparison': () => asMarkdown(compared),
  crash: () => crashMarkdown(written(crash)),
  order: () => orderMarkdown(written(order)),
  compat: () => COMPAT_FORMATS.markdown(written(compatResult())),
  pairs: () => PAIRS_FORMATS.markdown(written(pairsResult())),
  'the record of hosts': () => hostsRecordFiles(found(hosts), 'x')['README.md'] ?? '',
  'the record of reproduce': () =>
    reproductionReadme('x', written(reproduction), new Map([['75x', '75x.svg']])),
};

const UNSEEN = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;
/** Code is not markup: its fences, and what stands between backquotes. */
const withoutCode = (text: string): string =>
  text.replace(/^```[\s\S]*?^```$/gm, '').replace(/(?<!\\)`[^`\n]*`/g, '');

const cellsOf = (row: string): number => row.split(/(?<!\\)\|/).length;
/** Lines that follow each other and begin with a bar. */
const tablesIn = (text: string): string[][] =>
  (text.match(/(?:^\|.*\n?)+/gm) ?? []).map((table) => table.trimEnd().split('\n'));

describe('in Markdown no text is markup, or begins a line of its own', () => {
  for (const [what, make] of Object.entries(MARKDOWN)) {
    test(what, () => {
      const text = make();
      assert.doesNotMatch(text, FORGED);
      assert.doesNotMatch(text, UNSEEN);
      const markup = withoutCode(text);
      assert.doesNotMatch(markup, /</);
      for (const [head = '', , ...rows] of tablesIn(markup))
        for (const row of rows) assert.equal(cellsOf(row), cellsOf(head), row);
    });
  }
});

const CSV: Readonly<Record<string, () => string>> = {
  'the export of a run': () => RUN_FORMATS.csv(hostileRun),
  'a comparison': () => asCsv([compared]),
  compat: () => COMPAT_FORMATS.csv(written(compatResult())),
  pairs: () => PAIRS_FORMATS.csv(written(pairsResult())),
  crash: () => crashCsv(written(crash)),
  order: () => orderCsv(written(order)),
};

describe('in CSV each record is a line, of as many fields as the first', () => {
  for (const [what, make] of Object.entries(CSV)) {
    test(what, () => {
      const lines = make().split('\r\n').slice(0, -1);
      const fields = (line: string): number => line.replace(/"(?:[^"]|"")*"/g, '').split(',').length;
      for (const line of lines) {
        assert.equal(fields(line), fields(lines[0] ?? ''), line);
        assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    });
  }
});

const PAGES: readonly Reported[] = [
  { kind: 'crash', result: written(crash) },
  { kind: 'order', result: written(order) },
  { kind: 'faults', result: written(faults) },
  { kind: 'compat', result: written(compatResult()) },
  { kind: 'pairs', result: written(pairsResult()) },
  { kind: 'reproduction', result: written(reproduction) },
];

describe('in a page no text makes an element or an attribute', () => {
  for (const made of PAGES) {
    test(made.kind, async () => {
      const text = await reportOn([made]);
      assert.doesNotMatch(text.replaceAll('\n', ' '), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      const { document } = parseHTML(text);
      assert.equal(document.querySelectorAll('script').length, 2);
      assert.equal(document.querySelectorAll('iframe, b, i, title ~ title').length, 0);
      for (const image of document.querySelectorAll('img'))
        assert.match(image.getAttribute('src') ?? '', /^data:image\/svg/);
      for (const element of document.querySelectorAll('*'))
        for (const { name } of element.attributes) assert.doesNotMatch(name, /^on/);
    });
  }
});
