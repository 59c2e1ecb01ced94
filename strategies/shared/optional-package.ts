/**
 * An npm package that may be missing, or not built: it is an optional dependency, so that a strategy which needs it
 * takes nothing from those who do not.
 */
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Availability } from '../strategy.js';

const COMPILER = 'install a compiler (apt-get install g++ make python3)';

export interface OptionalPackage<Exports> {
  /** The package. Throws what `require` throws. */
  load(): Exports;
  /** Looks whether the package can be loaded, and says what to do if not. */
  probe(): Availability;
}

/** What Node says of an add-on that was compiled for a Node of another version. */
const OTHER_NODE = /was compiled against .*?NODE_MODULE_VERSION (?<built>\d+)/s;
/** What Node says of a file that node-gyp would have made. */
const OWN_ADDON = /Cannot find module '\.\/build\//;

const hasCode = (code: string) => (error: unknown) => (error as NodeJS.ErrnoException).code === code;
const isNotFound = hasCode('MODULE_NOT_FOUND');
/** The add-on is there, and dlopen(3) does not take it: made for another machine or another C library. */
const isRefusedByLoader = hasCode('ERR_DLOPEN_FAILED');

/** The directory of ours that this user may not look into; null if there is none. */
function whereClosed(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  try {
    accessSync(here, constants.R_OK | constants.X_OK);
    return null;
  } catch {
    return here;
  }
}

/** `compiled`: whether npm builds it on this machine when it installs it. */
export function optionalPackage<Exports>(
  name: string,
  { compiled }: { readonly compiled: boolean },
): OptionalPackage<Exports> {
  const require = createRequire(import.meta.url);
  const unavailable = (reason: string): Availability => ({ available: false, reason });
  const load = (): Exports => require(name) as Exports;
  const whyNotLoaded = (error: unknown): string => {
    const why = String(error);
    const built = OTHER_NODE.exec(why)?.groups?.built;
    if (built !== undefined) {
      const [has, is] = [process.versions.modules, process.version];
      return `${name} was built for another Node (modules version ${built}, Node ${is} has ${has}): run "npm rebuild ${name}"`;
    }
    if (compiled && isNotFound(error) && OWN_ADDON.test(why))
      return `${name} is installed but not built: ${COMPILER} and run "npm rebuild ${name}"`;
    const [line] = why.split('\n');
    const hint = compiled && isRefusedByLoader(error) ? `npm rebuild ${name}` : 'npm ci';
    return `${name} is installed but cannot be loaded (${line}): run "${hint}"`;
  };
  return {
    load,
    probe() {
      try {
        require.resolve(name);
      } catch (error) {
        if (!isNotFound(error)) return unavailable(whyNotLoaded(error));
        const closed = whereClosed();
        if (closed !== null) {
          const us = process.getuid?.();
          return unavailable(
            `${name} is looked for in ${closed}, which uid ${us} may not enter: open it to that user, or use --stay-root`,
          );
        }
        // npm takes an optional package away again when its build fails, and then there is nothing to rebuild.
        return unavailable(`${name} is not installed: ${compiled ? `${COMPILER} and ` : ''}run "npm ci"`);
      }
      try {
        load();
        return { available: true };
      } catch (error) {
        return unavailable(whyNotLoaded(error));
      }
    },
  };
}
