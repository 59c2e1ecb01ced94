/**
 * Which kernel the virtual machine boots: the one named, an installed one, or the one that `nfs fetch-kernel` fetched.
 */

import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../base/error-message.js';
import { UsageError } from '../base/usage-error.js';
import { labModules } from './modules.js';

export interface Kernel {
  readonly image: string;
  /** Where its modules.dep lies. */
  readonly modules: string;
  readonly version: string;
  readonly origin: 'named' | 'installed' | 'fetched';
}

/** A kernel, or why none of those that are there will do. */
export type FoundKernel =
  | { readonly found: true; readonly kernel: Kernel }
  | { readonly found: false; readonly reasons: readonly string[] };

/** Each fetched kernel has a directory of its own here, named by its version. */
export function kernelCache(): string {
  const { XDG_CACHE_HOME: cache } = process.env;
  // A relative path is to be ignored: XDG Base Directory Specification.
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'lockbench', 'kernel');
}

export const imageIn = (directory: string): string => join(directory, 'vmlinuz');
export const modulesIn = (directory: string): string => join(directory, 'modules');

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** 6.1.0-9 comes before 6.1.0-10. */
const newestFirst = (a: string, b: string): number => b.localeCompare(a, 'en', { numeric: true });

function fetched(): Kernel[] {
  const cache = kernelCache();
  return namesIn(cache)
    .filter((name) => !name.startsWith('lockbench.'))
    .sort(newestFirst)
    .map((version) => {
      const directory = join(cache, version);
      return { image: imageIn(directory), modules: modulesIn(directory), version, origin: 'fetched' };
    });
}

function installed(): Kernel[] {
  return namesIn('/boot')
    .filter((name) => name.startsWith('vmlinuz-'))
    .map((name) => name.slice('vmlinuz-'.length))
    .sort(newestFirst)
    .map((version) => ({
      image: join('/boot', `vmlinuz-${version}`),
      modules: join('/lib/modules', version),
      version,
      origin: 'installed',
    }));
}

/** Why a kernel will not do, or null if it will. */
export function flawOf({ image, modules }: Kernel): string | null {
  try {
    accessSync(image, constants.R_OK);
    const { missing } = labModules(modules);
    return missing.length === 0 ? null : `${image}: it has no module ${missing.join(', ')}`;
  } catch (error) {
    return `${image}: ${messageOf(error)}`;
  }
}

/**
 * Finds a kernel. `image` and `modules` are what the user named, both or neither; a named one that will not do is an
 * error: throws UsageError.
 */
export function findKernel(image: string | undefined, modules: string | undefined): FoundKernel {
  if (image !== undefined && modules !== undefined) {
    const kernel: Kernel = { image, modules, version: 'named', origin: 'named' };
    const flaw = flawOf(kernel);
    if (flaw === null) return { found: true, kernel };
    throw new UsageError(
      `--kernel: a kernel with the modules of the lab was expected, got ${flaw}`,
      '"lockbench nfs fetch-kernel" fetches one',
    );
  }
  if (image !== undefined || modules !== undefined) {
    throw new UsageError(
      `--kernel and --modules were expected together, got ${image === undefined ? '--modules' : '--kernel'} alone`,
      'for example --kernel /boot/vmlinuz-6.1.0-50-amd64 --modules /lib/modules/6.1.0-50-amd64',
    );
  }
  const reasons: string[] = [];
  for (const kernel of [...installed(), ...fetched()]) {
    const flaw = flawOf(kernel);
    if (flaw === null) return { found: true, kernel };
    reasons.push(flaw);
  }
  return { found: false, reasons };
}
