/**
 * The result of `lockbench order`: its questions and answers, and its types, which are read off its schema.
 */
import type { z } from 'zod';
import type { orderSchema } from './order-schema.js';

export const ORDER_SCHEMA_VERSION = 1;

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

export type OrderResult = z.infer<typeof orderSchema>;
export type Game = OrderResult['games'][number];
export type PlayedGame = Extract<Game, { state: 'played' }>;
export type Play = PlayedGame['plays'][number];
export type Question = (typeof QUESTIONS)[number];
export type Answered = (typeof ANSWERS)[number];
