/**
 * What was proven of a lock, for people: the verdict first, then a line for each claim.
 */
import { strategyNames } from '../../strategies/index.js';
import { plural } from '../base/format.js';
import { lockName } from '../measure/result/result.js';
import { nextLine } from '../text/next-line.js';
import { chalkForStdout, fits, plainTable, tableWidth } from '../text/table.js';
import { folded } from '../text/words.js';
import type { CheckResult, Proof, ProveResult } from './prove-schema.js';

const VERDICTS: Readonly<Record<CheckResult['verdict'], string>> = {
  holds: 'holds',
  broken: 'BROKEN',
  'not-proven': 'not proven',
  failed: 'FAILED',
};

const NARROWEST = 40;

function verdictOf({ verdict }: CheckResult): string {
  const chalk = chalkForStdout();
  const paint = verdict === 'holds' ? chalk.green : verdict === 'not-proven' ? chalk.yellow : chalk.red;
  return paint(VERDICTS[verdict]);
}

/** "my-lock: all 9 claims hold"; "my-lock: 1 of 9 claims is broken". */
export function proofSentence({ checks, ...lock }: Proof): string {
  const count = (verdict: CheckResult['verdict']): number =>
    checks.filter((check) => check.verdict === verdict).length;
  const [broken, failed, unproven] = [count('broken'), count('failed'), count('not-proven')];
  const clauses = [
    ...(broken > 0
      ? [`${broken} of ${plural(checks.length, 'claim')} ${broken === 1 ? 'is' : 'are'} broken`]
      : []),
    ...(failed > 0 ? [`${failed} could not be checked to the end`] : []),
    ...(broken + failed === 0 ? [`${count('holds')} of ${plural(checks.length, 'claim')} proven`] : []),
    ...(unproven > 0 ? [`${unproven} cannot be proven here`] : []),
  ];
  return `${lockName(lock)}: ${clauses.join('; ')}.`;
}

/** Claims and what was seen stand side by side where both fit, else under each other. */
function tableOf({ checks }: Proof, width: number): string {
  const head = ['claim', 'observed', 'verdict'];
  const wide = plainTable(
    head,
    checks.map((check) => [check.promise, check.observed, verdictOf(check)]),
  );
  if (fits(wide, width)) return wide;
  const room = Math.max(NARROWEST, width - 20);
  return plainTable(
    ['claim, and what was observed', 'verdict'],
    checks.map((check) => [
      [...folded(check.promise, room), ...folded(check.observed, room - 2).map((line) => `  ${line}`)].join(
        '\n',
      ),
      verdictOf(check),
    ]),
  );
}

/** What one would ask next: what becomes of those who wait, and what it costs. */
function next(proofs: readonly Proof[]): string[] {
  const [first] = proofs;
  if (first === undefined) return [];
  const { strategy } = first;
  // How one from outside was named is not known here.
  const name = strategyNames.includes(strategy) && first.runtime === undefined ? strategy : null;
  return [
    nextLine(
      name === null
        ? ['lockbench crash or lockbench run, naming this lock as here']
        : [
            `lockbench crash ${name}`,
            `lockbench compat ${name} ${name === 'fcntl' ? 'flock' : 'fcntl'}`,
            `lockbench run ${name}${name === 'fcntl' ? '' : ' fcntl'}`,
          ],
    ),
  ];
}

export function proveText(
  { proofs, unavailable }: Pick<ProveResult, 'proofs' | 'unavailable'>,
  width: number = tableWidth(),
): string {
  return [
    ...proofs.flatMap((proof) => [proofSentence(proof), tableOf(proof, width)]),
    ...unavailable.map((one) => folded(`${lockName(one)} is unavailable: ${one.reason}`, width).join('\n')),
    ...next(proofs),
  ].join('\n');
}
