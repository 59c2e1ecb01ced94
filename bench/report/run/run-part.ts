/**
 * What a page has of a result of `run`, or of a comparison over NFS, which is of the same kind.
 */
import { plural } from '../../base/format.js';
import type { Result } from '../../measure/result/result-schema.js';
import { environmentList, footOf, noiseList, warningList } from '../environment.js';
import { html, NOTHING } from '../html.js';
import type { ResultPart, Section } from '../page.js';
import { scalingSection } from './by-processes.js';
import { costSection } from './cost.js';
import { cpuSection } from './cpu.js';
import { fairnessSection } from './fairness.js';
import { firstScreen } from './first-screen.js';
import { latencySection } from './latency.js';
import { matrixSection } from './matrix.js';
import { ownersSection } from './owners.js';
import { requestsSection } from './requests.js';
import { type SeenDeaths, viewOf } from './run-view.js';

function aboutSections(result: Result): Section[] {
  const { warnings, findings = [] } = result;
  return [
    ...(warnings.length === 0 && findings.length === 0
      ? []
      : [
          {
            id: 'findings',
            heading: 'Findings and warnings',
            body: warningList([...new Set([...findings, ...(findings.length === 0 ? warnings : [])])]),
          },
        ]),
    {
      id: 'environment',
      heading: 'Environment and noise',
      body: html`${environmentList(result, [
        ['seed', result.seed],
        ['rounds', `${plural(result.blocks, 'block')}; how a number is made: docs/methodology.md`],
        ...(result.interruptedBy === null ? [] : [['ended early by', result.interruptedBy] as const]),
      ])}<h3>Noise</h3>${noiseList(result)}`,
    },
  ];
}

export async function runPart(result: Result, seen: SeenDeaths): Promise<ResultPart> {
  const view = await viewOf(result, seen);
  const common = { title: 'run', subtitle: footOf(result), data: result };
  if (view === null) {
    return {
      ...common,
      first: html`<p class="finding">Nothing was measured.</p>`,
      sections: aboutSections(result),
    };
  }
  const sections = [
    ownersSection(view),
    costSection(view),
    scalingSection(view),
    latencySection(view),
    cpuSection(view),
    fairnessSection(view),
    requestsSection(view),
    matrixSection(view),
  ].flatMap((section) => section ?? []);
  const isNfs = view.primary.conditions.nfs !== undefined;
  return {
    ...common,
    title: isNfs ? 'NFS, between clients' : 'locks compared',
    first: html`${firstScreen(view)}${result.finishedAt === null ? html`<p class="warn">This run did not come to its end.</p>` : NOTHING}`,
    sections: [...sections, ...aboutSections(result)],
  };
}
