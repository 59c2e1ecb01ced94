/**
 * The lab's exports as test directories: one directory, seen as an NFS mount by this many clients.
 */

import { readFileSync } from 'node:fs';
import { mountOf, parseMountinfo } from '../machine/file-system.js';
import type { Mount } from '../machine/mount.js';
import type { TestDirectory } from '../measure/parent/plan.js';
import type { Export, Lab, Version } from './lab.js';
import { ownAccelerator } from './virtual-machine.js';

/** What a host has mounted at a path. */
export function mountOn(pid: number, path: string): Mount | null {
  return mountOf(path, parseMountinfo(readFileSync(`/proc/${pid}/mountinfo`, 'utf8')));
}

export interface DirectoryRequest {
  readonly version: Version;
  readonly export: Export;
  /** How many of the lab's clients take part, the first ones. */
  readonly clients: number;
  readonly roundTripNs: number;
}

/** An export, mounted by some of the clients. */
export function testDirectoryOnClients(lab: Lab, request: DirectoryRequest): TestDirectory {
  const { version, clients, roundTripNs } = request;
  const directory = lab.paths[version][request.export];
  const hosts = lab.clients.slice(0, clients);
  return {
    directory,
    mount: mountOn(hosts[0]?.pid ?? process.pid, directory),
    hosts: hosts.map(({ prefix }) => prefix),
    nfs: { version, clients, roundTripNs, export: request.export, machine: ownAccelerator() ?? 'host' },
  };
}
