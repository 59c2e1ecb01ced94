/**
 * The shell scripts of this room, and where they find their programs. They lie beside the sources only: the compiled tree has JavaScript alone.
 */
import { join } from 'node:path';
import { projectRoot } from '../machine/project.js';

const room = join(projectRoot, 'bench', 'lab');

export const scriptPath = (name: string): string => join(room, name);

/** Holds `on`, which runs a command on a host of the lab; for PATH. */
export const toolsDirectory = join(room, 'bin');

/** PATH with the administrator's programs, which it often lacks: mkfs.ext4, exportfs, tc. */
export const systemPath = (): string => `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
