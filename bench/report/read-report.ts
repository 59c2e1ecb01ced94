/**
 * Results of any kind that a page can be made of: which kind a file is, by the one field that no other kind has; then it is
 * read through that kind's schema.
 */
import { UsageError } from '../base/usage-error.js';
import { quoted } from '../base/visible.js';
import { type Comparisons, compareSchema } from '../compare/compare-schema.js';
import { COMPARE_VERSION } from '../compare/compare-version.js';
import { type CompatResult, compatSchema } from '../compat/compat-schema.js';
import { COMPAT_SCHEMA_VERSION } from '../compat/compat-version.js';
import { CRASH_SCHEMA_VERSION } from '../crash/crash-events.js';
import { type CrashResult, crashSchema } from '../crash/crash-schema.js';
import { type HostsResult, hostsSchema } from '../hosts/hosts-schema.js';
import { HOSTS_SCHEMA_VERSION } from '../hosts/hosts-version.js';
import { parseResult, type ResultKind, readText } from '../measure/result/read-result.js';
import { RESULT_OF_RUN } from '../measure/result/recorded-run.js';
import type { Result } from '../measure/result/result-schema.js';
import { FAULTS_SCHEMA_VERSION } from '../nfs/faults/fault-names.js';
import { type FaultsResult, faultsSchema } from '../nfs/faults/faults-schema.js';
import { type MountOptionsResult, mountOptionsSchema } from '../nfs/options/mount-options-schema.js';
import { MOUNT_OPTIONS_SCHEMA_VERSION } from '../nfs/options/mount-options-version.js';
import { type RoundTripResult, roundTripSchema } from '../nfs/roundtrip/roundtrip-schema.js';
import { ROUND_TRIP_SCHEMA_VERSION } from '../nfs/roundtrip/sweep-ways.js';
import { type OrderResult, orderSchema } from '../order/order-schema.js';
import { ORDER_SCHEMA_VERSION } from '../order/questions.js';
import { type PairsResult, pairsSchema } from '../pairs/pairs-schema.js';
import { PAIRS_SCHEMA_VERSION } from '../pairs/pairs-version.js';
import { type Reproduction, reproductionSchema } from '../reproduce/experiment/reproduction-schema.js';
import { REPRODUCTION_SCHEMA_VERSION } from '../reproduce/experiment/reproduction-version.js';

export type Reported =
  | { readonly kind: 'run'; readonly result: Result }
  | { readonly kind: 'crash'; readonly result: CrashResult }
  | { readonly kind: 'order'; readonly result: OrderResult }
  | { readonly kind: 'hosts'; readonly result: HostsResult }
  | { readonly kind: 'faults'; readonly result: FaultsResult }
  | { readonly kind: 'roundtrip'; readonly result: RoundTripResult }
  | { readonly kind: 'options'; readonly result: MountOptionsResult }
  | { readonly kind: 'comparison'; readonly result: Comparisons }
  | { readonly kind: 'compat'; readonly result: CompatResult }
  | { readonly kind: 'pairs'; readonly result: PairsResult }
  | { readonly kind: 'reproduction'; readonly result: Reproduction };

const kind = <Result>(
  command: string,
  version: number,
  schema: ResultKind<Result>['schema'],
): ResultKind<Result> => ({ what: `a result of ${command}`, version, schema });

const CRASH = kind<CrashResult>('crash', CRASH_SCHEMA_VERSION, crashSchema);
const ORDER = kind<OrderResult>('order', ORDER_SCHEMA_VERSION, orderSchema);
const HOSTS = kind<HostsResult>('hosts', HOSTS_SCHEMA_VERSION, hostsSchema);
const FAULTS = kind<FaultsResult>('nfs faults', FAULTS_SCHEMA_VERSION, faultsSchema);
const ROUND_TRIP = kind<RoundTripResult>('nfs roundtrip', ROUND_TRIP_SCHEMA_VERSION, roundTripSchema);
const OPTIONS = kind<MountOptionsResult>('nfs options', MOUNT_OPTIONS_SCHEMA_VERSION, mountOptionsSchema);
const COMPARISON = kind<Comparisons>('compare', COMPARE_VERSION, compareSchema);
const COMPAT = kind<CompatResult>('compat', COMPAT_SCHEMA_VERSION, compatSchema);
const PAIRS = kind<PairsResult>('pairs', PAIRS_SCHEMA_VERSION, pairsSchema);
const REPRODUCTION = kind<Reproduction>('reproduce', REPRODUCTION_SCHEMA_VERSION, reproductionSchema);

const ALL =
  'a result of run, nfs, crash, order, compat, pairs, hosts, nfs faults, nfs roundtrip, nfs options, compare or reproduce';

/** The members of the text's outermost object; none if it is no object. */
function membersOf(text: string): ReadonlySet<string> {
  try {
    const value: unknown = JSON.parse(text);
    return new Set(
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [],
    );
  } catch {
    return new Set();
  }
}

/** Throws UsageError. */
export function reported(text: string, path: string): Reported {
  const members = membersOf(text);
  if (members.has('patienceNs') && members.has('scenarios'))
    return { kind: 'crash', result: parseResult(text, path, CRASH) };
  if (members.has('cases')) return { kind: 'order', result: parseResult(text, path, ORDER) };
  if (members.has('scenarios')) return { kind: 'faults', result: parseResult(text, path, FAULTS) };
  if (members.has('figures')) return { kind: 'roundtrip', result: parseResult(text, path, ROUND_TRIP) };
  if (members.has('mounts')) return { kind: 'options', result: parseResult(text, path, OPTIONS) };
  if (members.has('comparisons')) return { kind: 'comparison', result: parseResult(text, path, COMPARISON) };
  if (members.has('places')) return { kind: 'compat', result: parseResult(text, path, COMPAT) };
  if (members.has('pairs')) return { kind: 'pairs', result: parseResult(text, path, PAIRS) };
  if (members.has('outcomes')) return { kind: 'reproduction', result: parseResult(text, path, REPRODUCTION) };
  if (members.has('mpi')) return { kind: 'hosts', result: parseResult(text, path, HOSTS) };
  if (members.has('cells') || members.size === 0)
    return {
      kind: 'run',
      result: parseResult(text, path, members.has('cells') ? RESULT_OF_RUN : { ...RESULT_OF_RUN, what: ALL }),
    };
  throw new UsageError(
    `${quoted(path)}: ${ALL} was expected, got an object of another kind`,
    'name another file, or measure again and write a new one with --json',
  );
}

/** Throws UsageError. */
export const readReported = (path: string): Reported => reported(readText(path, ALL), path);
