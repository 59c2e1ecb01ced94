/**
 * The gallery: each record of results/ a page, and its report.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { footOf } from '../../report/environment.js';
import { Html, html } from '../../report/html.js';
import type { ResultPart } from '../../report/page.js';
import { type Reported, readReported } from '../../report/read-report.js';
import { partOf, reportOn } from '../../report/report.js';
import { onOneLine } from './sequence-diagram.js';

export interface Machine {
  readonly name: string;
  readonly reported: Reported;
  readonly part: ResultPart;
  /** The report, a page by itself. */
  readonly report: string;
}

/** Every record, by name. */
export async function recordedMachines(root: string): Promise<Machine[]> {
  const names = readdirSync(join(root, 'results'))
    .filter((name) => existsSync(join(root, 'results', name, 'result.json')))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const reported = readReported(join(root, 'results', name, 'result.json'));
      return { name, reported, part: await partOf(reported, new Map()), report: await reportOn([reported]) };
    }),
  );
}

/** Where its report stands in the site. */
export const reportPlace = (name: string): string => `reports/${name}.html`;

/** "AMD EPYC, 2 CPUs · Linux 6.18 · 2026-11-25"; of a comparison, which is of several, nothing. */
export const machineLine = ({ reported: { kind, result } }: Machine): string =>
  kind === 'comparison' ? '' : footOf(result);

const PLOT = /^<!-- plot ([\w.-]+) ([\w-]+) -->$/gm;

/**
 * A page with plots of reports: in place of a line `<!-- plot RECORD SECTION -->` stands the first plot of that section of the
 * record's report. Throws an Error for one that is not there.
 */
export const withPlots = (page: string, machines: readonly Machine[]): string =>
  page.replace(PLOT, (line, name: string, id: string) => {
    const section = machines
      .find((machine) => machine.name === name)
      ?.part.sections.find((one) => one.id === id);
    const [figure] = /<figure class="chart\b[^"]*">[\s\S]*?<\/figure>/.exec(section?.body.text ?? '') ?? [];
    if (figure === undefined)
      throw new Error(`a record and a section with a plot were expected, got "${line}"`);
    return `<div v-pre class="report">${onOneLine(new Html(figure)).text}</div>`;
  });

/** The README of a record, a page of the site by now, with the first screen of its report above it. */
export function withReport({ name, part, reported }: Machine, readme: string): string {
  const [title = '', ...rest] = readme.split('\n');
  // What a reproduction's first screen has is in its README.
  const first =
    reported.kind === 'reproduction'
      ? ''
      : `\n<div v-pre class="report">${onOneLine(part.first).text}</div>\n`;
  const link = html`<p class="to-report"><a href="../${reportPlace(name)}" target="_self">The whole report</a>: all plots and tables on one page that can be saved and printed.</p>`;
  return [title, '', link.text, first, ...rest].join('\n');
}
