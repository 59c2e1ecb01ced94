/**
 * Strategies over NFS, between clients: does the lock exclude, and are the updates that it guards seen by the next
 * holder? Two verdicts, since a client's cache may lose what a perfect lock guarded.
 */

import { testDirectoryOnClients } from '../../lab/client-directories.js';
import type { Experiment } from '../../lab/in-lab.js';
import type { Export, Version } from '../../lab/lab.js';
import { describeEnvironment } from '../../machine/host.js';
import { unprivilegedIdentity } from '../../machine/unprivileged.js';
import { lookEverywhere } from '../../measure/parent/look-everywhere.js';
import { type Method, measureCells } from '../../measure/parent/measure-cells.js';
import { type PlannedCell, plan } from '../../measure/parent/plan.js';
import { PLAIN } from '../../measure/parent/request.js';
import type { NumberMode, Result } from '../../measure/result/result-schema.js';
import type { Policy } from '../../measure/worker/policy.js';
import type { StrategySpec } from '../../measure/worker/strategy-spec.js';
import { POLLING } from '../frame/client-strategies.js';

/** Processes spread over clients: one on a client has nobody beside it; three on one share its cache. */
export interface ClientLayout {
  readonly clients: number;
  readonly processes: number;
}

export interface CompareRequest {
  readonly specs: readonly StrategySpec[];
  readonly policies: readonly Policy[];
  readonly versions: readonly Version[];
  readonly export: Export;
  readonly layouts: readonly ClientLayout[];
  readonly numbers: readonly NumberMode[];
  readonly increments: number;
  /** What the lab's network was told to add. */
  readonly roundTripNs: number;
  readonly method: Method;
  readonly command: string;
}

/** Plans and measures the cells in the lab. A result is told as soon as there is one, and after each block. */
export function compare(request: CompareRequest): Experiment<Result> {
  const { versions, numbers, layouts, roundTripNs, specs, policies, increments } = request;
  return async (lab, listener, signal) => {
    const startedAt = new Date();
    const identity = unprivilegedIdentity();
    const directories = versions.map((version) => lab.paths[version][request.export]);
    listener.progress('trying each strategy on a client', 0, 1);
    const found = await lookEverywhere(specs, directories, identity, lab.clients[0]?.prefix);
    const cells = versions.flatMap((version) =>
      layouts.flatMap(({ clients, processes }) =>
        numbers.flatMap((number): PlannedCell[] => {
          const testDirectory = testDirectoryOnClients(lab, {
            version,
            export: request.export,
            clients,
            roundTripNs,
          });
          return plan(
            {
              specs,
              policies,
              polling: POLLING,
              testDirectories: [testDirectory],
              processes: [processes],
              conditions: { ...PLAIN, increments, number },
            },
            found,
          );
        }),
      ),
    );
    const result = await measureCells(
      {
        cells,
        loop: found.loop,
        command: request.command,
        startedAt,
        environment: describeEnvironment(identity),
        identity,
        warnings: [],
      },
      request.method,
      {
        onRound({ strategy, wait, conditions }, kind, done, total) {
          const { number, nfs, processes } = conditions;
          const where = `${nfs?.version}, ${processes} processes on ${nfs?.clients} clients, number ${number}`;
          listener.progress(`${kind} ${strategy.name}/${wait}, ${where}`, done, total);
        },
        onFigures() {},
        onBlock: (soFar) => listener.result(soFar),
        // A block takes minutes, and one may be all there is.
        duringFirstBlock: (soFar) => listener.result(soFar),
      },
      // A signal ends the machine, or reaches the outer program, which says so.
      { signal, by: () => null },
    );
    listener.result(result);
  };
}
