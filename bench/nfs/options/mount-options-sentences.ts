/**
 * What mount options do to locks, in sentences: one an option, then what one client could not have seen.
 */

import { percent, plural } from '../../base/format.js';
import type { Judgement } from '../../measure/verdict/judgement.js';
import { list } from '../../text/words.js';
import type { MountedOption, MountOptionsResult, OptionMount, ProvenCell } from './mount-options-schema.js';
import { CONTROL, isAcross, outcomeOf } from './mount-options-verdict.js';

const locksOf = ({ cells }: MountedOption): ProvenCell[] =>
  cells.flatMap((cell) => (cell.state === 'proven' && cell.strategy !== CONTROL ? [cell] : []));

/** The same proof on one client. */
const fromInside = (cell: ProvenCell, mount: MountedOption): ProvenCell | undefined =>
  locksOf(mount).find(
    (other) =>
      !isAcross(other) &&
      other.strategy === cell.strategy &&
      other.wait === cell.wait &&
      other.number === cell.number,
  );

const across = (mount: MountedOption): ProvenCell[] => locksOf(mount).filter(isAcross);
const names = (cells: readonly ProvenCell[]): string => list(cells.map(({ strategy }) => strategy));
const verb = (cells: readonly ProvenCell[], one: string, several: string): string =>
  cells.length === 1 ? one : several;

/** Let two in between clients, and looked safe from one. */
const deceiving = (mount: MountedOption): ProvenCell[] =>
  across(mount).filter((cell) => {
    const inside = fromInside(cell, mount);
    return outcomeOf(cell) === 'violated' && inside !== undefined && outcomeOf(inside) === 'safe';
  });

/** "excl held, and 40.1% of its updates were lost to a cache, none with the number reopened on each turn" */
function lossOf(cell: ProvenCell, mount: MountedOption): string {
  const again = across(mount).find(
    ({ strategy, wait, number }) => strategy === cell.strategy && wait === cell.wait && number === 'reopened',
  );
  const held =
    cell.verdict.exclusion === 'held'
      ? 'held'
      : 'changed hands too rarely to tell whether it held (raise --budget)';
  const share = `${cell.strategy} ${held}, and ${percent(cell.verdict.lost / cell.turns)} of its updates were lost to a cache`;
  if (again === undefined) return share;
  const lost = again.verdict.lost === 0 ? 'none' : percent(again.verdict.lost / again.turns);
  return `${share}, ${lost} with the number reopened on each turn`;
}

function clauseOf(mount: OptionMount): string {
  if (mount.state === 'refused') return `mount refused it (${mount.reason})`;
  if (mount.state === 'same') return `it was taken, and the mount is that of ${mount.as}`;
  const kept = across(mount).filter(({ number }) => number === 'kept-open');
  const by = (outcome: ReturnType<typeof outcomeOf>) => kept.filter((cell) => outcomeOf(cell) === outcome);
  const [safe, unchecked] = [by('safe'), by('unchecked')];
  const hidden = deceiving(mount).filter(({ number }) => number === 'kept-open');
  const others = by('violated').filter((cell) => !hidden.includes(cell));
  const parts: string[] = [];
  if (hidden.length > 0)
    parts.push(`${names(hidden)} looked perfect from one client, and let two in between clients`);
  if (others.length > 0) parts.push(`${names(others)} let two in between clients`);
  parts.push(...by('stale').map((cell) => lossOf(cell, mount)));
  if (safe.length > 0) parts.push(`${names(safe)} ${verb(safe, 'is', 'are')} safe`);
  if (unchecked.length > 0)
    parts.push(`${names(unchecked)} changed hands too rarely to tell (raise --budget)`);
  return parts.length === 0 ? 'nothing was proven' : parts.join('; ');
}

/** "nolock: v3: …; v4.2: …." */
function optionSentences({ mounts }: MountOptionsResult): string[] {
  return [...new Set(mounts.map(({ option }) => option))].map((option) => {
    const clauses = mounts
      .filter((mount) => mount.option === option)
      .map((mount) => `On ${mount.version}, ${clauseOf(mount)}.`);
    return `${option}: ${clauses.join(' ')}`;
  });
}

/** Whether anything would have been noticed; of a control that was not caught the judgement tells. */
function controlSentence({ mounts }: MountOptionsResult): string[] {
  const caught = mounts.flatMap((mount) =>
    mount.state !== 'mounted'
      ? []
      : mount.cells
          .filter(
            (cell) => cell.strategy === CONTROL && cell.state === 'proven' && outcomeOf(cell) === 'violated',
          )
          .map(({ clients }) => `${mount.version} ${clients === 1 ? 'on 1 client' : `between ${clients}`}`),
  );
  return caught.length === 0 ? [] : [`The control, no lock at all, let two in: ${list(caught)}.`];
}

/** What the whole is for. */
function lesson({ mounts }: MountOptionsResult): string[] {
  const mounted = mounts.flatMap((mount) => (mount.state === 'mounted' ? [mount] : []));
  const pairs = mounted.flatMap((mount) =>
    across(mount).flatMap((cell) => {
      const inside = fromInside(cell, mount);
      return inside === undefined || outcomeOf(inside) !== 'safe' ? [] : [{ cell, inside }];
    }),
  );
  if (pairs.length === 0) return [];
  const hidden = pairs.filter(({ cell }) => outcomeOf(cell) === 'violated');
  const stale = pairs.filter(({ cell }) => outcomeOf(cell) === 'stale');
  const handoffs = hidden.reduce((sum, { inside }) => sum + inside.verdict.handoffs, 0);
  const found =
    hidden.length === 0
      ? 'none of them let two in between clients'
      : `${hidden.length} of them let two in between clients, after ${plural(handoffs, 'hand-off')} on one client without a fault`;
  return [
    `From one client ${plural(pairs.length, 'lock')} looked safe. ${found[0]?.toUpperCase()}${found.slice(1)}; ` +
      `${stale.length} lost updates there. One client cannot tell what a mount is worth.`,
  ];
}

const MACHINES = {
  tcg: 'emulated processors (TCG)',
  kvm: 'a virtual machine (KVM)',
  host: 'this kernel',
} as const;

function methodSentence({ machine, handoffs, export: exported }: MountOptionsResult): string {
  return (
    `Each proof: three processes, pauses at random inside and outside of the lock, until it had changed hands ${handoffs} times; ` +
    `on ${MACHINES[machine]}, an export of ${exported}. All hosts share one kernel: two inside are seen exactly.`
  );
}

/** Sentences under the tables, a line each. */
export function mountOptionsFindings(result: MountOptionsResult, judgement: Judgement): string[] {
  const lines = [
    ...optionSentences(result),
    ...lesson(result),
    ...controlSentence(result),
    methodSentence(result),
  ];
  const tell = (what: string, cells: readonly string[]): void => {
    if (cells.length > 0) lines.push(`${what}: ${cells.join('; ')}.`);
  };
  tell('A CLAIM WAS BROKEN, a lock that should exclude did not', judgement.brokenClaims);
  tell('NOT CAUGHT, although it does not lock there', judgement.uncaughtControls);
  tell('Did not finish', judgement.incomplete);
  if (result.interruptedBy !== null)
    lines.push(`Ended early by ${result.interruptedBy}; what was finished is shown.`);
  return lines;
}
