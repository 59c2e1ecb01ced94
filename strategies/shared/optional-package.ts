/**
 * An npm package that may be missing, or not built: it is an optional dependency, so that a strategy which needs it takes
 * nothing from those who do not.
 */
import { createRequire } from 'node:module';
import type { Availability } from '../strategy.js';

const COMPILER = 'install a compiler (apt-get install g++ make python3)';

export interface OptionalPackage<Exports> {
  /** The package. Throws what `require` throws. */
  load(): Exports;
  /** Looks whether the package can be loaded, and says what to do if not. */
  probe(): Availability;
}

/** `compiled`: whether npm builds it on this machine when it installs it. */
export function optionalPackage<Exports>(
  name: string,
  { compiled }: { readonly compiled: boolean },
): OptionalPackage<Exports> {
  const require = createRequire(import.meta.url);
  const unavailable = (reason: string): Availability => ({ available: false, reason });
  const load = (): Exports => require(name) as Exports;
  return {
    load,
    probe() {
      try {
        require.resolve(name);
      } catch {
        // npm takes an optional package away again when its build fails, and then there is nothing to rebuild.
        return unavailable(`${name} is not installed: ${compiled ? `${COMPILER} and ` : ''}run "npm ci"`);
      }
      try {
        load();
        return { available: true };
      } catch (error) {
        if (compiled)
          return unavailable(`${name} is installed but not built: ${COMPILER} and run "npm rebuild ${name}"`);
        const [why] = String(error).split('\n');
        return unavailable(`${name} is installed but cannot be loaded (${why}): run "npm ci"`);
      }
    },
  };
}
