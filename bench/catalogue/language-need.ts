/**
 * The language in which somebody takes the lock, as a need: it is met where there is a program that shows how.
 */
import { projectRoot } from '../machine/project.js';
import type { Need } from './needs.js';
import { LANGUAGES, type Language, notTaken, takings } from './programs.js';

export const LANGUAGE_OPTION = '--language';

const languages = Object.keys(LANGUAGES) as Language[];

/** As one types it: "node". */
const wordOf = (language: Language): string => language.toLowerCase();

export const LANGUAGE_WORDS: readonly string[] = languages.map(wordOf);

export const LANGUAGE_QUESTION = `Which language takes it: ${LANGUAGE_WORDS.join(', ')}?`;

/** The needs of those who take it in one language each. */
export const LANGUAGE_NEEDS: readonly (Need & { readonly language: Language })[] = languages.map(
  (language) => ({
    language,
    option: `${LANGUAGE_OPTION} ${wordOf(language)}`,
    help: `it is taken in ${language}`,
    question: LANGUAGE_QUESTION,
    words: `can be taken in ${language}`,
    usual: false,
    unmet({ strategy }) {
      if (takings(strategy, projectRoot).some((taking) => taking.language === language)) return null;
      const why = notTaken(strategy, projectRoot).find((one) => one.languages.includes(language));
      return `it cannot be taken in ${language}${why === undefined ? '' : `: ${why.reason}`}`;
    },
  }),
);

/** The need that a word names, in whatever case; undefined if it names no language. */
export const languageNeed = (word: string): Need | undefined =>
  LANGUAGE_NEEDS.find(({ language }) => wordOf(language) === word.toLowerCase());

/** The languages that are asked for; all if none is. */
export function languagesAmong(needs: readonly Need[]): readonly Language[] {
  const named = LANGUAGE_NEEDS.filter((need) => needs.includes(need)).map(({ language }) => language);
  return named.length > 0 ? named : languages;
}
