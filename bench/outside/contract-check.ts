/**
 * Whether what a module exports is a strategy as the contract has it: all that is missing or wrong is told, not the first.
 * What its lock does when it is opened is looked at by the prober.
 */
import { z } from 'zod';
import { allNames } from '../../strategies/index.js';
import type { Claims, Facts, Strategy } from '../../strategies/strategy.js';
import { visible } from '../base/visible.js';

const NAME = /^[A-Za-z0-9][\w.-]{0,39}$/;
/** What stands in a list of strategies for all of them. */
const ALL = 'all';

const text = z.string().min(1);
const method = z.custom<() => void>((value) => typeof value === 'function', 'a function');

const claimsSchema: z.ZodType<Claims> = z.object({
  excludes: z.boolean(),
  excludesAsRoot: z.boolean(),
  excludesAcrossNfs: z.union([z.literal('not applicable'), z.object({ v3: z.boolean(), v4: z.boolean() })], {
    error: '"not applicable" or { v3, v4 }, each true or false,',
  }),
  holderDies: z.enum(['released', 'stuck', 'owner-died', 'taken-over']),
  leaseNs: z.number().positive().exactOptional(),
  owner: z.enum(['process', 'thread', 'open-file-description', 'name', 'connection', 'holder', 'nobody']),
});

const factsShape = {
  name: z.string().regex(NAME, 'a name of at most 40 letters, digits, "-", "_" and "."'),
  title: text,
  family: z.enum([
    ...(['control', 'kernel file lock', 'name in a directory', 'shared memory'] as const),
    ...(['semaphore', 'socket', 'database'] as const),
  ]),
  source: text,
  closedToOthers: text.exactOptional(),
};

const strategySchema = z.object({
  ...factsShape,
  claims: claimsSchema,
  calls: z.enum(['synchronous', 'asynchronous']),
  inherited: z.undefined('nothing: only locks of the catalogue hand on descriptors').optional(),
  probe: method.optional(),
  prepare: method.optional(),
  destroy: method.optional(),
  open: method,
});

/** What of a strategy travels from the process that loaded it. */
export type Description = Facts & Pick<Strategy, 'claims' | 'calls'>;

/** The members that have a value of no type; all else is told by its value. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  return visible(JSON.stringify(value) ?? String(value));
}

/** What zod expected at a place, in words. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'boolean' ? 'true or false' : `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'a text' : `more than ${issue.minimum}`;
    default:
      return issue.message;
  }
}

const valueAt = (whole: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], whole);

/** All that does not fit, a clause each; empty for a strategy that does. */
export function problemsOf(exported: unknown): string[] {
  if (typeof exported !== 'object' || exported === null)
    return [`an export named "strategy", an object, was expected, got ${shown(exported)}`];
  const { error } = strategySchema.safeParse(exported);
  const problems = (error?.issues ?? []).map(
    (issue) =>
      `${issue.path.join('.')}: ${expectation(issue)} was expected, got ${shown(valueAt(exported, issue.path))}`,
  );
  const { name } = exported as { readonly name?: unknown };
  if (typeof name === 'string' && [...allNames, ALL].includes(name))
    problems.push(`name: one that the catalogue does not have was expected, got ${shown(name)}`);
  return problems;
}

/** What a strategy that fits says of itself. */
export function descriptionOf(strategy: Strategy): Description {
  const { name, title, family, source, closedToOthers, claims, calls } = strategy;
  const facts = { name, title, family, source, claims, calls };
  return closedToOthers === undefined ? facts : { ...facts, closedToOthers };
}
