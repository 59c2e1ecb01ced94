/**
 * What a page has of a result of `nfs options`: a matrix for each version of NFS, what one client sees beside what happens
 * between clients.
 */
import { loadStrategy, strategyNames } from '../../../strategies/index.js';
import { percent, plural } from '../../base/format.js';
import { cellName } from '../../measure/result/result.js';
import type {
  MountedOption,
  MountOptionsResult,
  OptionCell,
  OptionMount,
} from '../../nfs/options/mount-options-schema.js';
import { mountOptionsFindings } from '../../nfs/options/mount-options-sentences.js';
import { CONTROL, isAcross, judgeMountOptions, outcomeOf } from '../../nfs/options/mount-options-verdict.js';
import { environmentList, footOf, warningList } from '../environment.js';
import { type Html, html, type Part } from '../html.js';
import { table } from '../html-table.js';
import type { ResultPart } from '../page.js';
import { spoken, type Word } from '../run/verdicts.js';

function wordOf(cell: OptionCell): Word {
  if (cell.state !== 'proven') return { text: cell.state, tone: 'soft' };
  switch (outcomeOf(cell)) {
    case 'safe':
      return { text: 'safe', tone: 'good' };
    case 'violated':
      return { text: 'NO: two inside', tone: 'bad' };
    case 'stale':
      return { text: `yes, but ${percent(cell.verdict.lost / cell.turns)} lost`, tone: 'warn' };
    case 'unchecked':
      return { text: 'unchecked', tone: 'soft' };
  }
}

/** What was found with the number kept open, and with it reopened on each turn where the first lost updates. */
const found = (cells: readonly OptionCell[]): Part =>
  cells.map(
    (cell, i) =>
      html`${i === 0 ? '' : html`<br>`}${cell.number === 'kept-open' ? '' : html`<span class="note">reopened:</span> `}${spoken(wordOf(cell))}`,
  );

interface Column {
  readonly name: string;
  readonly clients: number;
}

function matrix(version: string, mounts: readonly OptionMount[]): Html {
  // The control is not a candidate: a sentence tells of it.
  const cells = mounts
    .flatMap((mount) => (mount.state === 'mounted' ? mount.cells : []))
    .filter(({ strategy }) => strategy !== CONTROL);
  const clients = [...new Set(cells.map((cell) => cell.clients))].sort((a, b) => a - b);
  const names = [...new Set(cells.map(cellName))];
  const columns = names.flatMap((name) => clients.map((count): Column => ({ name, clients: count })));
  const cellOf = ({ cells }: MountedOption, { name, clients }: Column): Part =>
    found(cells.filter((cell) => cellName(cell) === name && cell.clients === clients));
  const stateOf = (mount: OptionMount): Part =>
    mount.state === 'mounted' ? 'mounted' : mount.state === 'same' ? `as ${mount.as}` : 'refused';
  return html`<h3>NFS${version}</h3>${table({
    label: `Locks by mount option, NFS${version}`,
    columns: [
      {
        heading: 'option',
        cell: ({ option }: OptionMount) => html`<bdi>${option}</bdi>`,
        sortBy: ({ option }) => option,
      },
      { heading: 'mount', cell: stateOf },
      ...columns.map((column) => ({
        heading: html`<bdi>${column.name}</bdi><br>${plural(column.clients, 'client')}`,
        cell: (mount: OptionMount) => (mount.state === 'mounted' ? cellOf(mount, column) : ''),
      })),
    ],
    rows: mounts,
  })}`;
}

/** Locks that looked safe from one client, and let two in between clients. */
function headline({ mounts }: MountOptionsResult): { text: string; isAlarm: boolean } {
  const across = mounts.flatMap((mount) =>
    mount.state !== 'mounted'
      ? []
      : mount.cells.flatMap((cell) =>
          cell.state === 'proven' && cell.strategy !== CONTROL && isAcross(cell) ? [{ mount, cell }] : [],
        ),
  );
  if (across.length === 0) return { text: 'Nothing was proven between clients.', isAlarm: false };
  const broken = across.filter(({ cell }) => outcomeOf(cell) === 'violated');
  const options = new Set(broken.map(({ mount }) => `${mount.version} ${mount.option}`));
  return broken.length === 0
    ? { text: 'Under none of these options a lock let two in between clients.', isAlarm: false }
    : {
        text: `Under ${[...options].join(', ')} a lock let two in between clients.`,
        isAlarm: true,
      };
}

export async function optionsPart(result: MountOptionsResult): Promise<ResultPart> {
  const used = new Set(
    result.mounts.flatMap((mount) =>
      mount.state === 'mounted' ? mount.cells.map(({ strategy }) => strategy) : [],
    ),
  );
  const known = [...used].filter((name) => strategyNames.includes(name));
  const strategies = new Map(
    await Promise.all(known.map(async (name) => [name, await loadStrategy(name)] as const)),
  );
  const versions = [...new Set(result.mounts.map(({ version }) => version))];
  const { text, isAlarm } = headline(result);
  const inForce = result.mounts.flatMap((mount) => (mount.state === 'mounted' ? [mount] : []));
  return {
    title: 'mount options of NFS',
    subtitle: footOf(result),
    data: result,
    first: html`<p class="finding${isAlarm ? ' bad' : ''}">${text}</p>
<code class="command" aria-label="The command that repeats it">${result.command}</code>
<p class="how">Two columns for each lock: what one client sees by itself, and what happens between clients. Safe: two were never inside at once, and no update was lost.</p>
${versions.map((version) =>
  matrix(
    version,
    result.mounts.filter((mount) => mount.version === version),
  ),
)}`,
    sections: [
      {
        id: 'findings',
        heading: 'Findings',
        body: warningList(mountOptionsFindings(result, judgeMountOptions(result, strategies))),
      },
      {
        id: 'mounts',
        heading: 'Options in force',
        body: table({
          label: 'Options in force, from the client’s mount table',
          columns: [
            { heading: 'asked for', cell: ({ version, option }) => `NFS${version} ${option}` },
            { heading: 'in force', cell: ({ inForce }) => inForce.join(', ') },
          ],
          rows: inForce,
          className: 'words',
        }),
      },
      { id: 'environment', heading: 'Environment', body: environmentList(result) },
    ],
  };
}
