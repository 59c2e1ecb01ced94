/**
 * commander, with the typings that infer from a command's flags what its action gets. They are types alone, and are not
 * loaded: every program that starts would pay for it.
 */
import type * as typed from '@commander-js/extra-typings';
import * as commander from 'commander';

export const { Command, Option } = commander as unknown as Pick<typeof typed, 'Command' | 'Option'>;

/** A command that has been given its arguments and no options yet. */
export type BareCommand<Arguments extends unknown[] = []> = typed.Command<Arguments>;

/** What the action of a command gets for its options. */
export type OptionsOf<Declare extends (...given: never[]) => { opts(): unknown }> = Readonly<
  ReturnType<ReturnType<Declare>['opts']>
>;
