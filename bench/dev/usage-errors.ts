/**
 * How programs for those who work on lockbench refuse bad usage.
 */
import { BAD_USAGE } from '../base/exit-codes.js';
import { UsageError } from '../base/usage-error.js';
import { say } from '../text/standard-streams.js';

/** Does `main`; what was wrong with its words is one line, and exit code 2. Throws whatever else `main` throws. */
export async function sayingUsage(main: () => void | Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${error.message}; ${error.hint ?? ''}`);
    process.exitCode = BAD_USAGE;
  }
}
