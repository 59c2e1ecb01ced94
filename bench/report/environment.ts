/**
 * Where the figures of a page are from: the machine, what else went on there, and what to keep in mind.
 */
import { duration, percent, plural } from '../base/format.js';
import { visible } from '../base/visible.js';
import type { MachineFacts } from '../machine/machine-facts.js';
import { calibrationWords, machineWords } from '../machine/machine-words.js';
import { noiseVerdict } from '../machine/noise-warnings.js';
import type { Result } from '../measure/result/result-schema.js';
import { noiseOf } from '../measure/verdict/trust.js';
import { type Html, html, NOTHING, type Part } from './html.js';

interface Measured {
  readonly startedAt: string;
  readonly environment: Result['environment'];
}

const dayOf = ({ startedAt }: Pick<Measured, 'startedAt'>): string => startedAt.slice(0, 10);

/** "AMD EPYC, 2 CPUs · Linux 6.18 · 2026-11-25". */
export function footOf(measured: Measured): string {
  const { cpuModel, cpus, kernel } = measured.environment;
  return visible(`${cpuModel}, ${plural(cpus, 'CPU')} · ${kernel} · ${dayOf(measured)}`);
}

const GIB = 2 ** 30;

const definitions = (rows: readonly (readonly [Part, Part])[]): Html =>
  html`<dl>${rows.map(([term, what]) => html`<dt>${term}</dt><dd>${what}</dd>\n`)}</dl>`;

const machineRows = (machine: MachineFacts): [string, string][] =>
  machineWords(machine).map((words) => ['machine', words]);

export function environmentList(
  { startedAt, environment }: Measured,
  more: readonly (readonly [Part, Part])[] = [],
): Html {
  const {
    cpuModel,
    cpus,
    memoryBytes,
    kernel,
    architecture,
    governor,
    node,
    lockbench,
    gitRevision,
    workers,
    uid,
  } = environment;
  const packages = Object.entries(environment.packages).filter(([, version]) => version !== null);
  return definitions([
    ['processor', `${cpuModel}, ${plural(cpus, 'CPU')}, ${architecture}`],
    ['memory', `${(memoryBytes / GIB).toFixed(1)} GiB`],
    ['kernel', kernel],
    ['governor', governor ?? 'not reported'],
    ['Node', node],
    ['lockbench', `${lockbench}${gitRevision === null ? '' : `, commit ${gitRevision}`}`],
    ['packages', packages.map(([name, version]) => `${name} ${version}`).join(', ')],
    [
      'user',
      workers === null ? `uid ${uid}` : `uid ${uid}; the processes that lock ran as uid ${workers.uid}`,
    ],
    ['started', `${startedAt}`],
    ...(environment.machine === undefined ? [] : machineRows(environment.machine)),
    ...more,
  ]);
}

const NOISE_PAGE = 'docs/noise.md';

const share = (value: number | null | undefined): string => (value == null ? 'not reported' : percent(value));

export function noiseList({ noise, calibration }: Pick<Result, 'noise' | 'calibration'>): Html {
  return html`<p class="how">What else happened on the machine meanwhile; <code>${NOISE_PAGE}</code> explains each.</p>
${definitions([
  ['verdict', noiseVerdict(noiseOf({ noise })) ?? 'not known'],
  ['lasted', duration(noise.spanNs)],
  ['speed of the processor', `a fixed computation differed by ${share(noise.spinSpread)} between blocks`],
  ['waited for a processor', share(noise.spinWaitShare)],
  ['other programs', `${share(noise.otherLoadShare)} of all processor time`],
  ['hypervisor', `${share(noise.stealShare)} given to others`],
  [
    'pressure',
    `processor ${share(noise.cpuPressure)}, disk ${share(noise.ioPressure)}, memory ${share(noise.memoryPressure)}`,
  ],
  ...(calibration === undefined
    ? []
    : [['fixed work', calibrationWords(calibration.before, calibration.after)] as const]),
])}`;
}

export const warningList = (warnings: readonly string[]): Html =>
  warnings.length === 0
    ? NOTHING
    : html`<ul class="warnings">${warnings.map((line) => html`<li>${line}</li>\n`)}</ul>`;
