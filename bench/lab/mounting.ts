/**
 * One more mount of an export of the lab, on each client, with options of one's own. As with the lab's own mounts, its
 * path is the export itself where the parent looks, so that the parent can make directories there for the workers.
 */

import { execFile } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Mount } from '../machine/mount.js';
import { mountOn } from './client-directories.js';
import type { Export, Lab, Version } from './lab.js';
import { LabError } from './lab-error.js';
import { systemPath } from './scripts.js';

const run = promisify(execFile);
/** A server that answers is mounted in less, emulated processors and all. */
const PATIENCE_MS = 60_000;

export interface MountRequest {
  readonly version: Version;
  readonly export: Export;
  /** As mount(8) takes them; none for what is usual. */
  readonly options: readonly string[];
}

/** What exists until `unmount`, which may be called once. */
export interface MountedOnClients {
  /** The path, the same on all clients and here. */
  readonly directory: string;
  /** As the first client's kernel tells it. */
  readonly mount: Mount;
  unmount(): Promise<void>;
}

/** What mount(8) said when it did not mount. */
export class MountRefused extends Error {}

async function command(prefix: readonly string[], words: readonly string[]): Promise<void> {
  const [program = '', ...args] = [...prefix, ...words];
  await run(program, args, { timeout: PATIENCE_MS, env: { ...process.env, PATH: systemPath() } });
}

const saidBy = (error: unknown): string => {
  const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
  return (stderr.trim() === '' ? message : stderr).trim().replaceAll(/\s*\n\s*/g, '; ');
};

/** Mounts. Throws MountRefused if a client's mount(8) says no; then nothing is left. */
export async function mountOnClients(lab: Lab, request: MountRequest): Promise<MountedOnClients> {
  const { version, options } = request;
  const usual = lab.paths[version][request.export];
  const directory = join(lab.environment.LOCKBENCH_LAB ?? '', 'mount');
  // Its own cache and its own options: else the kernel gives it those of the mount of this export that is there already.
  // Tried once: mount(8) would go on for two minutes.
  const all = [`vers=${version.slice(1)}`, 'proto=tcp', 'nosharecache', 'retry=0', ...options].join();
  const mounted: (readonly string[])[] = [];
  const unmount = async (): Promise<void> => {
    await Promise.all(mounted.splice(0).map((prefix) => command(prefix, ['umount', directory])));
    rmdirSync(directory);
  };
  mkdirSync(directory);
  try {
    await command([], ['mount', '--bind', usual, directory]);
    mounted.push([]);
    const outcomes = await Promise.allSettled(
      lab.clients.map(async ({ pid, prefix }) => {
        // Each client has an address of the server for itself.
        const source = mountOn(pid, usual)?.source ?? '';
        await command(prefix, ['mount.nfs', source, directory, '-o', all]);
        mounted.push(prefix);
      }),
    );
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refused !== undefined) throw new MountRefused(saidBy(refused.reason));
    const mount = mountOn(lab.clients[0]?.pid ?? process.pid, directory);
    if (mount === null) throw new LabError(`${directory} was mounted, and is not in the mount table`);
    return { directory, mount, unmount };
  } catch (error) {
    await unmount();
    throw error;
  }
}
