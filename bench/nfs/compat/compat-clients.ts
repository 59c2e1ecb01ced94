/**
 * Which locks see each other over NFS: between two clients, and within one.
 */

import { gatheredFrom } from '../../compat/compat-locks.js';
import type { CompatEvents } from '../../compat/compat-play.js';
import { playCompat } from '../../compat/compat-play.js';
import type { CompatPlace, CompatResult } from '../../compat/compat-schema.js';
import type { ContentionLimits } from '../../compat/contend.js';
import { mountOn } from '../../lab/client-directories.js';
import type { Experiment } from '../../lab/in-lab.js';
import { EXPORTS, type Version } from '../../lab/lab.js';
import { describeEnvironment } from '../../machine/host.js';
import type { Identity } from '../../machine/identity.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { lookEverywhere } from '../../measure/parent/look-everywhere.js';
import type { StrategySpec } from '../../measure/worker/strategy-spec.js';

/** Which locks meet, and how long they contend. */
export interface CompatRequest {
  readonly specs: readonly StrategySpec[];
  readonly limits: ContentionLimits;
}

/** An export as two clients have it mounted; `clients`: commands that run a process on each. */
export interface Mounted {
  readonly version: Version;
  readonly directory: string;
  readonly filesystem: string;
  readonly clients: readonly [readonly string[], readonly string[]];
}

const LAYOUTS = ['two clients', 'one client'] as const;

/** All pairs, between two clients and then within one. */
export async function compatOver(
  { version, directory, filesystem, clients }: Mounted,
  { specs, limits }: CompatRequest,
  identity: Identity | null,
  events: CompatEvents,
): Promise<CompatPlace[]> {
  const [first] = clients;
  const found = await lookEverywhere(specs, [directory], identity, first);
  const { participants, unavailable } = gatheredFrom(found, specs, directory);
  const places: CompatPlace[] = [];
  // An emulated machine starts processes slowly: what catches it is the same between clients and within one.
  let controlCaught: boolean | null | undefined;
  for (const layout of LAYOUTS) {
    if (events.isOver()) break;
    const where = `NFS ${version}, ${layout === 'one client' ? 'within one client' : 'between two clients'}`;
    const hosts = layout === 'one client' ? [first] : clients;
    const played = await playCompat(
      {
        ...{ participants, directory, identity, filesystem, limits, hosts },
        ...(controlCaught !== undefined && { controlCaught }),
      },
      { ...events, begins: (pair, done, total) => events.begins(`${pair}, ${where}`, done, total) },
    );
    ({ controlCaught } = played);
    const nfs = { version, layout };
    places.push({ where, directory, filesystem, nfs, unavailable: [...unavailable], ...played });
  }
  return places;
}

/** What is known of a result in the lab. */
export type CompatFindings = Pick<CompatResult, 'environment' | 'handoffs' | 'places'>;

/** In the lab, version by version. What is known is told after each. */
export const compatInLab =
  (request: CompatRequest, versions: readonly Version[]): Experiment<CompatFindings> =>
  async (lab, listener, signal) => {
    const identity = unprivilegedIdentity();
    const [exported] = EXPORTS;
    const [one, two] = lab.clients;
    if (one === undefined || two === undefined) throw new Error('two clients were expected');
    const places: CompatPlace[] = [];
    for (const version of versions) {
      const directory = lab.paths[version][exported];
      const filesystem = mountOn(one.pid, directory)?.filesystem ?? 'unknown';
      const mounted: Mounted = { version, directory, filesystem, clients: [one.prefix, two.prefix] };
      places.push(
        ...(await compatOver(mounted, request, identity, {
          begins: listener.progress,
          isOver: () => signal.aborted,
        })),
      );
      listener.result({
        environment: describeEnvironment(identity),
        handoffs: request.limits.handoffs,
        places: [...places],
      });
    }
  };
