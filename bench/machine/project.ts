/**
 * The program itself: where it lies, and what its package.json says. Loaded by every start, so it loads nothing.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the program's package.json lies. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** The program of this build, for processes that shall be of our version whatever becomes of the sources meanwhile. */
export const ownProgram = fileURLToPath(new URL('../cli.js', import.meta.url));

interface OwnPackage {
  readonly version: string;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

export const ownPackage = (): OwnPackage =>
  createRequire(import.meta.url)(join(projectRoot, 'package.json')) as OwnPackage;

export const ownVersion = (): string => ownPackage().version;
