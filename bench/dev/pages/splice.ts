/**
 * Figures of recorded runs in README and docs/: between a line `<!-- run NAME -->` or `<!-- run NAME STRATEGY -->` and the
 * line `<!-- end -->` stands the overview of results/NAME, and nothing else; between `<!-- reproduce NAME -->`,
 * `<!-- reproduce NAME EXPERIMENT -->` or `<!-- reproduce NAME EXPERIMENT table -->` and the end, what `reproduce` recorded
 * there: the answers, all of one experiment, or its first table alone. `npm run splice` writes them anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedRun } from '../../measure/result/recorded-run.js';
import { recordedReproduction } from '../../reproduce/recorded-reproduction.js';
import { firstTableLines, outcomeLines, summaryLines } from '../../reproduce/reproduction-readme.js';
import { overview } from './overview.js';

const PART = /(<!-- (run|reproduce) ([\w.-]+)(?: ([\w-]+))?( table)? -->\n)[\s\S]*?(<!-- end -->)/g;

function reproduced(name: string, experiment: string | null, tableOnly: boolean, root: string): string[] {
  const result = recordedReproduction(name, root);
  if (experiment === null) return summaryLines(result);
  const outcome = result.outcomes.find((one) => one.name === experiment);
  if (outcome === undefined)
    throw new Error(`results/${name}: the experiment ${experiment} was expected in it`);
  return tableOnly ? firstTableLines(outcome) : outcomeLines(outcome);
}

/** A page with its figures as they stand in results/. Throws if a run it names is not there or not readable. */
export function spliced(page: string, root: string): string {
  return page.replace(
    PART,
    (
      _,
      begin: string,
      kind: string,
      name: string,
      only: string | undefined,
      table: string | undefined,
      end: string,
    ) => {
      const lines =
        kind === 'run'
          ? overview(recordedRun(name, root), only ?? null)
          : reproduced(name, only ?? null, table !== undefined, root);
      return [begin.trimEnd(), '', ...lines, '', end].join('\n');
    },
  );
}

/** README and every page of docs/, as paths. */
export function pages(root: string): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return [
    join(root, 'README.md'),
    ...docs.filter((name) => name.endsWith('.md')).map((name) => join(root, 'docs', name)),
  ];
}

/** Rewrites the pages whose figures are not current; returns their paths. */
export function splicePages(root: string): string[] {
  return pages(root).filter((path) => {
    const before = readFileSync(path, 'utf8');
    const after = spliced(before, root);
    if (after !== before) writeFileSync(path, after);
    return after !== before;
  });
}
