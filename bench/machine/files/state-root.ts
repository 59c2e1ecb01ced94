/**
 * Where the folder of `state-folder.ts` lies: apart from it, since every start asks whether that answers.
 */

export type Variables = Readonly<Record<string, string | undefined>>;

/** Below which directory it lies; null where the user has none. A relative path is to be ignored, says the specification. */
export const stateRoot = ({ XDG_STATE_HOME: state, HOME: home }: Variables = process.env): string | null =>
  [state, home].find((path) => path?.startsWith('/')) ?? null;
