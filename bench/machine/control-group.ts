/**
 * The control groups that this process is in, from its own up to the root: what limits one of them limits us. Where a
 * container sees a part of the hierarchy only, what it sees. Source: cgroups(7), Documentation/admin-guide/cgroup-v2.rst.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Version = 1 | 2;
/** Where the hierarchies of each version may be mounted. */
export type Roots = Readonly<Record<Version, readonly string[]>>;

interface Membership {
  readonly version: Version;
  /** As seen from the root of its hierarchy. */
  readonly path: string;
}

/** A group by its directory. */
interface Group {
  readonly directory: string;
  readonly version: Version;
}

/** The text of a file; null if it cannot be read. */
export function readGroupFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The groups of this controller among the lines of /proc/PID/cgroup. */
export function parseMembership(text: string, controller: string): Membership[] {
  return text.split('\n').flatMap((line): Membership[] => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    if (controllers === '') return [{ version: 2, path }];
    return controllers.split(',').includes(controller) ? [{ version: 1, path }] : [];
  });
}

function* upwards(root: string, path: string): Generator<string> {
  for (let at = path; ; at = dirname(at)) {
    yield join(root, at);
    if (at === '/') return;
  }
}

const rootsOf = (controller: string): Roots => ({
  1: [`/sys/fs/cgroup/${controller}`, '/sys/fs/cgroup/cpu,cpuacct'],
  2: ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'],
});

/** All groups of a controller, "cpu" or "pids", that this process is in. Throws nothing. */
export const groupsAbove = (controller: string, proc = '/proc', roots = rootsOf(controller)): Group[] =>
  parseMembership(readGroupFile(join(proc, 'self/cgroup')) ?? '', controller).flatMap(({ version, path }) =>
    roots[version].flatMap((root) => [...upwards(root, path)].map((directory) => ({ directory, version }))),
  );
