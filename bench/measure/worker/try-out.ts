/**
 * A lock tried once, nobody else being there: whether it does what the contract says of its members. What a strategy from
 * outside gets wrong is told here, before it is measured.
 */
import { readdirSync } from 'node:fs';
import type { AsyncLock, Lock, LockSite, Strategy } from '../../../strategies/strategy.js';
import { messageOf } from '../../base/error-message.js';
import { type Members, membersOf } from './policy.js';

/** A lock needs a few; each worker has this many at most, and the kernel gives a process a thousand where nobody asks for more. */
const MOST_FILES = 100;

const openFiles = (): number => readdirSync('/proc/self/fd').length;

const METHODS = ['unlock', 'close'] as const;
const OPTIONAL_METHODS = [
  ...(['lock', 'tryLock', 'lockShared', 'tryLockShared'] as const),
  ...(['beginAcquire', 'recovery', 'renew'] as const),
];

/** What is missing or wrong; empty for a lock. */
function problemsOf(lock: Lock | AsyncLock): string[] {
  if (typeof lock !== 'object' || lock === null) return [`open: a lock was expected, got ${typeof lock}`];
  const problems: string[] = [];
  const require = (name: keyof Lock, optional: boolean): void => {
    const type = typeof lock[name];
    if (type === 'function' || (optional && type === 'undefined')) return;
    problems.push(`${name}: a function was expected, got ${type === 'undefined' ? 'nothing' : type}`);
  };
  for (const name of METHODS) require(name, false);
  for (const name of OPTIONAL_METHODS) require(name, true);
  if (lock.lock === undefined && lock.tryLock === undefined)
    problems.push('lock or tryLock, or both, were expected, got neither');
  if ((lock.lockShared === undefined) !== (lock.tryLockShared === undefined))
    problems.push('lockShared and tryLockShared were expected together, got one of them');
  return problems;
}

/** What is thrown where `member` threw it: who wrote a lock from outside has to know which one that was. */
function thrownBy({ module }: Strategy, member: string, error: unknown): unknown {
  return module === undefined ? error : new Error(`${member} threw: ${messageOf(error)}`);
}

/** Calls a member. Throws what it throws. */
function called<T>(strategy: Strategy, member: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw thrownBy(strategy, member, error);
  }
}

/**
 * Calls a member, and waits for what it returns. Throws what it throws, and an Error if that is a promise, or none, against
 * what `calls` says.
 */
async function awaited<T>(strategy: Strategy, member: string, call: () => T | Promise<T>): Promise<T> {
  const value = called(strategy, member, call);
  const isPromise = typeof value === 'object' && value !== null && 'then' in value;
  if (isPromise !== (strategy.calls === 'asynchronous')) {
    const [expected, came] = isPromise
      ? ['a strategy that says calls: "asynchronous"', 'a promise']
      : ['a promise', 'none'];
    throw new Error(`${member}: ${expected} was expected, got ${came}`);
  }
  try {
    return await value;
  } catch (error) {
    throw thrownBy(strategy, member, error);
  }
}

function requireFewFiles(before: number, when: string): void {
  const more = openFiles() - before;
  if (more > MOST_FILES)
    throw new Error(
      `${when} ${more} files are open that were not before; at most ${MOST_FILES} were expected`,
    );
}

/** One acquisition and one release. Throws an Error that says what the lock got wrong, and what the lock throws. */
export async function tryOut(strategy: Strategy, site: LockSite): Promise<Members> {
  const before = openFiles();
  const lock = called<Lock | AsyncLock>(strategy, 'open', () => strategy.open(site));
  const problems = problemsOf(lock);
  if (problems.length > 0) throw new Error(`does not fit the contract: ${problems.join('; ')}`);
  requireFewFiles(before, 'after open');
  const members = membersOf(lock);
  if (lock.beginAcquire !== undefined) await awaited(strategy, 'beginAcquire', () => lock.beginAcquire?.());
  if (lock.tryLock !== undefined) {
    const got = await awaited<boolean | undefined>(strategy, 'tryLock', () => lock.tryLock?.());
    if (typeof got !== 'boolean') throw new Error(`tryLock: true or false was expected, got ${typeof got}`);
    if (!got) throw new Error('a lock that nobody holds is said to be held');
  } else if (lock.lock !== undefined) await awaited(strategy, 'lock', () => lock.lock?.());
  await awaited(strategy, 'unlock', () => lock.unlock());
  called(strategy, 'close', () => lock.close());
  requireFewFiles(before, 'after close');
  return members;
}
