/**
 * The result of `hosts --pair` for the terminal.
 */
import { visible } from '../../base/visible.js';
import { lockReach } from '../../machine/lock-reach.js';
import { fileSystemName } from '../../machine/mount-description.js';
import { wrappedTable } from '../../text/table.js';
import { list } from '../../text/words.js';
import type { PairHost, PairLock, PairResult, TriedLock } from './pair-schema.js';
import { controlWorks, inconclusive, type PairVerdict, verdictOf } from './pair-verdict.js';

const WORDS: Readonly<Record<PairVerdict, string>> = {
  excludes: 'excludes',
  stale: 'excludes; updates lost',
  'not exclusive': 'NOT EXCLUSIVE',
  'never freed': 'never freed',
  'not tried': 'not tried',
};

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

function rowOf(lock: PairLock): string[] {
  const verdict = WORDS[verdictOf(lock)];
  if (lock.state === 'not-tried') return [lock.strategy, verdict, '-', '-', '-', '-'];
  const { held, contended } = lock;
  const turns = sum(contended.turns);
  return [
    lock.strategy,
    verdict,
    `refused ${held.filter(({ got }) => !got).length} of ${held.length}`,
    String(contended.handoffs),
    `${sum(contended.twoInside)} of ${turns}`,
    `${contended.lost} of ${turns}`,
  ];
}

/** Containers and machines made from one image may have one name. */
function namesOf({ hosts }: PairResult): [string, string] {
  const [one = '', two = ''] = hosts.map(({ name }) => visible(name));
  return one === two ? [`${one} (1)`, `${two} (2)`] : [one, two];
}

const heading = (result: PairResult): string => {
  const kinds = [...new Set(result.hosts.map(fileSystemName))];
  return `${namesOf(result).join(' and ')}, ${JSON.stringify(visible(result.directory.path))} (${list(kinds)})`;
};

/** Who got in beside whom. */
function offence({ strategy, held, contended }: TriedLock, names: readonly [string, string]): string {
  const got = held.flatMap(({ got }, holder) =>
    got ? [`${names[1 - holder]} got it while ${names[holder]} held it`] : [],
  );
  const inside = contended.twoInside.flatMap((times, who) =>
    times > 0 ? [`${names[who]} came in ${times} times while ${names[1 - who]} was inside`] : [],
  );
  return `${strategy}: ${list([...got, ...inside])}.`;
}

/** What the mount tables of both tell about it. */
const reachOf = (mount: PairHost, name: string): string => `${name}: ${lockReach(mount).sentence}.`;

/** The table, what was broken and why, and what is not to be relied on. */
export function pairText(result: PairResult): string {
  const names = namesOf(result);
  const table = wrappedTable(
    'figures',
    ['lock', 'between these hosts', 'while held', 'hand-offs', 'two inside', 'updates lost'],
    result.locks.map(rowOf),
  );
  const broken = result.locks.filter(
    (lock): lock is TriedLock => lock.state === 'tried' && verdictOf(lock) === 'not exclusive',
  );
  const stale = result.locks.filter((lock) => verdictOf(lock) === 'stale').map(({ strategy }) => strategy);
  const why = inconclusive(result);
  return [
    heading(result),
    ...(result.locks.length > 0 ? [table] : []),
    ...(controlWorks(result)
      ? ['The check works: without a lock, each host came in while the other was inside.']
      : []),
    ...broken.map((lock) => offence(lock, names)),
    ...(broken.length > 0 ? result.hosts.map((host, i) => reachOf(host, names[i] ?? '')) : []),
    ...(stale.length > 0
      ? [
          `${list(stale)}: never two inside, and still a cache showed the next holder an old number: what it guards is not safe.`,
        ]
      : []),
    ...(why === null ? [] : [`INCONCLUSIVE: ${why}.`]),
  ].join('\n');
}
