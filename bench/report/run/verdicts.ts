/**
 * What is said of a lock beside its cost, in a word and in a colour that says the same.
 */
import { percent } from '../../base/format.js';
import { isMeasured, needsProof, turnsOf } from '../../measure/result/result.js';
import type { Cell } from '../../measure/result/result-schema.js';
import { type Html, html } from '../html.js';
import type { Death, Outcome } from './run-view.js';

export type Tone = 'good' | 'warn' | 'bad' | 'soft';

export interface Word {
  readonly text: string;
  readonly tone: Tone;
}

const SIGNS: Readonly<Record<Tone, string>> = { good: '✓\u00a0', warn: '▲\u00a0', bad: '✗\u00a0', soft: '' };

/** A word with its sign: the colour says nothing that the sign does not. */
export const spoken = ({ text, tone }: Word): Html =>
  html`<span class="${tone}"><span aria-hidden="true">${SIGNS[tone]}</span>${text}</span>`;

/** Whether the lock kept others out, and no update was lost. */
export function exclusionWord(cell: Cell): Word {
  if (!isMeasured(cell)) return { text: cell.state, tone: 'soft' };
  const { verdict, conditions } = cell;
  if (verdict.exclusion === 'violated') return { text: 'NO: two inside', tone: 'bad' };
  if (verdict.sequence === 'lost-updates') {
    const share = verdict.lost === 0 ? 'wrong number' : `${percent(verdict.lost / turnsOf(cell))} lost`;
    return verdict.exclusion === 'held' && conditions.nfs !== undefined
      ? { text: `yes, but ${share}`, tone: 'warn' }
      : { text: `NO: ${share}`, tone: 'bad' };
  }
  if (verdict.changedReads > 0) return { text: 'NO: changed reads', tone: 'bad' };
  if (!needsProof(conditions)) return { text: 'alone', tone: 'soft' };
  if (verdict.exclusion === 'held') return { text: 'yes', tone: 'good' };
  return { text: 'unchecked', tone: 'soft' };
}

const DEATHS: Readonly<Record<Outcome, Word>> = {
  released: { text: 'released', tone: 'good' },
  'owner-died': { text: 'handed on', tone: 'good' },
  'taken-over': { text: 'taken over', tone: 'good' },
  stuck: { text: 'STUCK', tone: 'bad' },
};

/** What becomes of the lock when its holder is killed. */
export function deathWord(death: Death | null): Word {
  if (death === null) return { text: '–', tone: 'soft' };
  return death.byLease ? { text: 'lease ends', tone: 'warn' } : DEATHS[death.outcome];
}
