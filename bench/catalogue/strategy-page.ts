/**
 * What commands quote of a strategy's page, so that no way of locking is told in two places: its first paragraph, and the
 * calls under "On lock" and "On unlock".
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StrategyPage {
  /** Its path in the project. */
  readonly path: string;
  /** In one line, without the marks of Markdown. */
  readonly introduction: string;
  /** Lines of pseudo-code. */
  readonly onLock: readonly string[];
  readonly onUnlock: readonly string[];
}

/** The first block of code under a heading. Throws an Error that says what the page lacks. */
function codeUnder(heading: string, page: string, path: string): string[] {
  const [, rest] = page.split(`\n## ${heading}\n`);
  const section = rest?.split('\n## ')[0] ?? '';
  const code = /^```\n([\s\S]*?)^```$/m.exec(section)?.[1];
  if (code === undefined) throw new Error(`${path}: a block of code was expected under "${heading}"`);
  return code.trimEnd().split('\n');
}

const withoutMarks = (markdown: string): string =>
  markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\*(\S[^*]*)\*/g, '$1');

/** Reads a page's text. Throws an Error that says what it lacks. */
export function parseStrategyPage(page: string, path: string): StrategyPage {
  const introduction = page.split('\n\n')[1];
  if (introduction === undefined) throw new Error(`${path}: a title and a paragraph were expected`);
  return {
    path,
    introduction: withoutMarks(introduction).replaceAll('\n', ' '),
    onLock: codeUnder('On lock', page, path),
    onUnlock: codeUnder('On unlock', page, path),
  };
}

/** The page of a strategy. Throws if there is none, or if it lacks what is quoted. `root`: where the project lies. */
export function strategyPage(name: string, root: string): StrategyPage {
  const path = `docs/strategies/${name}.md`;
  return parseStrategyPage(readFileSync(join(root, path), 'utf8'), path);
}
