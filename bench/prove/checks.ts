/**
 * The contract as questions to real processes: what a lock claims, what was seen, and whether that is the same. Questions
 * that do not apply to a lock do not exist.
 */
import { type Check, type ProofSpec, seen } from './check.js';
import { companyChecks } from './company-checks.js';
import { LockCompany } from './lock-company.js';
import { exclusionChecks, updatesCheck } from './round-checks.js';
import { deathChecks, storyChecks } from './story-checks.js';

/** How many processes are asked what a second and a third one can do. */
const COMPANY = 3;

/** What root may do that others may not. */
function rootChecks(spec: ProofSpec): Check[] {
  const { claims, family } = spec.strategy;
  if (family === 'control' || !spec.members.tryLock) return [];
  return [
    {
      claim: 'excludesAsRoot',
      promise: `${claims.excludesAsRoot ? 'excludes' : 'does not exclude'} between processes of root`,
      observe: async () => {
        if (process.getuid?.() !== 0) return { isSo: null, observed: 'only root can check what root may do' };
        const pair = await LockCompany.of({ ...spec, identity: null }, 2);
        try {
          const got = await pair.ask(async (one, two) => {
            await one.acquire();
            return two.tries();
          });
          return seen(
            got !== claims.excludesAsRoot,
            got ? 'a second one got in' : 'a second one was refused',
          );
        } finally {
          await pair.end();
        }
      },
    },
  ];
}

/** All that is to be proven of a lock; `begin` comes before the first check, and `end` after the last. */
export class Checks {
  #company: LockCompany | null = null;
  /** What every lock is asked first; in the order in which it must be asked. */
  readonly first: readonly Check[];
  /** What takes longer, or root. */
  readonly further: readonly Check[];

  constructor(private readonly spec: ProofSpec) {
    const started = (): LockCompany => {
      if (this.#company === null) throw new Error('no process was started');
      return this.#company;
    };
    this.first = [...companyChecks(started, spec), updatesCheck(spec), ...deathChecks(spec)];
    this.further = [...exclusionChecks(spec), ...storyChecks(spec), ...rootChecks(spec)];
  }

  /** Starts the processes that the first questions are asked of. Throws an Error if they cannot be started. */
  async begin(): Promise<void> {
    this.#company = await LockCompany.of(this.spec, COMPANY);
  }

  async end(): Promise<void> {
    await this.#company?.end();
  }
}
