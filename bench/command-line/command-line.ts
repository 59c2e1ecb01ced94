/**
 * The command line, so that a result can say how it was made and a shell can make it again.
 */
const PLAIN = /^[\w./:,=+@%-]+$/;

/** As a shell reads it. */
export const quoteWord = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

export function commandLine(words: readonly string[] = process.argv.slice(2)): string {
  return ['lockbench', ...words].map(quoteWord).join(' ');
}
