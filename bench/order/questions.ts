/**
 * The questions of `lockbench order` and their answers, by name.
 */
export const ORDER_SCHEMA_VERSION = 2;

export const QUESTIONS = [
  'two-readers',
  'reader-past-writer',
  'reader-asked-first',
  'writer-asked-first',
] as const;
export const ANSWERS = [
  'together',
  'one by one',
  'let in',
  'queues',
  'reader first',
  'writer first',
] as const;

export type Question = (typeof QUESTIONS)[number];
export type Answered = (typeof ANSWERS)[number];
