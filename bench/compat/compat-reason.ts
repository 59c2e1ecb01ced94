/**
 * Why two locks exclude each other, or do not: by what was seen of each while it was held.
 */
import { plural } from '../base/format.js';
import { withoutOwner } from '../machine/owner-name.js';
import type { Seen } from './compat-schema.js';
import type { CompatVerdict, PairSeen } from './compat-verdict.js';

export interface ReasonQuestion {
  readonly verdict: CompatVerdict;
  readonly seen: readonly [Seen | null, Seen | null];
  readonly pair: PairSeen;
  readonly filesystem: string;
  /** Whether both are the same strategy. */
  readonly same: boolean;
}

/** Of a pair that was not to contend. */
export const NO_ROUND = 'a held lock is refused; there was no contended round';

/** How the reason begins, or all of it, of two that make names. */
export const DIFFERENT_NAMES = 'different names';

const NOTHING: Seen = { names: [], kernel: [], lslocks: null };
const RECORD_LOCKS = ['POSIX', 'OFDLCK'];
const isRecordLock = (type: string): boolean => RECORD_LOCKS.includes(type);

const isNfs = (filesystem: string): boolean => /^nfs/.test(filesystem);
const isSmb = (filesystem: string): boolean => /^(cifs|smb)/.test(filesystem);

/** Types of kernel locks that both have on one file. */
function onOneFile(one: Seen, two: Seen): [string[], string[]] | null {
  const file = one.kernel.find((lock) => two.kernel.some((other) => other.file === lock.file))?.file;
  if (file === undefined) return null;
  const typesOf = ({ kernel }: Seen): string[] =>
    kernel.filter((lock) => lock.file === file).map(({ type }) => type);
  return [typesOf(one), typesOf(two)];
}

/** What begins a name that ends with who made it: its process, by numbers that say nothing here. */
const quotedNames = ({ names }: Seen): string => names.map((name) => `"${withoutOwner(name)}"`).join(', ');

function whyExcludes(one: Seen, two: Seen, { filesystem, same }: ReasonQuestion): string {
  const types = onOneFile(one, two);
  if (types !== null) {
    const [mine, theirs] = types;
    if (
      mine.some(isRecordLock) &&
      theirs.some(isRecordLock) &&
      !(mine.includes('FLOCK') || theirs.includes('FLOCK'))
    )
      return mine.join() === theirs.join()
        ? 'record locks of one file conflict'
        : 'record locks of processes and of open file descriptions conflict';
    if (mine.includes('FLOCK') && theirs.includes('FLOCK')) return 'flock(2) locks of one file conflict';
    if (isNfs(filesystem)) return 'over NFS the client turns flock(2) into a record lock';
    if (isSmb(filesystem)) return 'over SMB the server has one kind of lock for both';
    return 'this file system makes flock(2) and record locks conflict';
  }
  const common = one.names.filter((name) => two.names.includes(name));
  if (common.length > 0) return `both make the name ${quotedNames({ ...one, names: common })}`;
  return same ? 'it is the same lock' : 'what they share is in no file of the directory';
}

function whyUnseen(one: Seen, two: Seen, { filesystem, same }: ReasonQuestion): string {
  const types = onOneFile(one, two);
  if (types !== null) {
    if (types[0].some(isRecordLock) === types[1].some(isRecordLock))
      return 'each host keeps these locks to itself';
    return isNfs(filesystem)
      ? 'this mount keeps flock(2) or record locks on the client: see its option local_lock'
      : 'the kernel keeps flock(2) and record locks apart';
  }
  if (same) return 'it does not exclude';
  const [kernel, other] = one.kernel.length > 0 ? [one, two] : [two, one];
  if (kernel.kernel.length > 0 && other.kernel.length > 0) return 'they are kernel locks of different files';
  if (kernel.kernel.length > 0 && other.names.length > 0) return 'one is a kernel lock, the other a name';
  const common = one.names.filter((name) => two.names.includes(name));
  if (common.length > 0)
    return `both make the name ${quotedNames({ ...one, names: common })}, but one takes it even if it exists`;
  // Names of one process alone, which hold its number, are no names that others could look for.
  if (one.names.length > 0 && two.names.length > 0)
    return `${DIFFERENT_NAMES}: ${[one, two].map(quotedNames).sort().join(' and ')}`;
  return 'neither looks at what the other leaves';
}

/** A clause, or what went wrong. */
export function reasonOf(question: ReasonQuestion): string {
  const { verdict, seen, pair } = question;
  const [one, two] = [seen[0] ?? NOTHING, seen[1] ?? NOTHING];
  const { forth, back, contention } = pair;
  switch (verdict) {
    case 'excludes':
      return whyExcludes(one, two, question);
    case 'does-not-see-it':
      return whyUnseen(one, two, question);
    case 'one-way':
      return 'only one of them looks at what the other leaves';
    case 'lets-two-in':
      return contention === null || 'failure' in contention
        ? ''
        : `a held lock is refused, but both were inside ${plural(contention.violations, 'time')} in ${plural(contention.handoffs, 'hand-off')}`;
    case 'not-proven':
      if ('failure' in back) return `the other way round: ${back.failure}`;
      if (contention === null) return NO_ROUND;
      return 'failure' in contention
        ? `a held lock is refused; in the round: ${contention.failure}`
        : `a held lock is refused; ${plural(contention.handoffs, 'hand-off')} in the round, too few`;
    case 'failed':
      return 'failure' in forth ? forth.failure : '';
  }
}
