/**
 * What a machine is, and how fast it was, in words.
 */
import { digits, duration } from '../base/format.js';
import { visible } from '../base/visible.js';
import type { MachineFacts } from './machine-facts.js';

const isOpen = (says: string): boolean => says.startsWith('Vulnerable');

function ofMitigations(all: Readonly<Record<string, string>>): string {
  const names = (open: boolean): string[] =>
    Object.entries(all).flatMap(([name, says]) => (isOpen(says) === open ? [name] : []));
  const [closed, open] = [names(false), names(true)];
  if (closed.length + open.length === 0) return 'no mitigation of a fault of the processor';
  const parts = [closed.length === 0 ? 'no mitigation' : `mitigations: ${closed.join(', ')}`];
  if (open.length > 0) parts.push(`vulnerable: ${open.join(', ')}`);
  return parts.join('; ');
}

const MIB = 2 ** 20;

/** What changes timing, in sentences without periods. */
export function machineWords(facts: MachineFacts): string[] {
  const { virtualMachine, hardwareThreads, mitigations, kernelParameters, clockSource, memoryLimitBytes } =
    facts;
  const threads = {
    true: 'two hardware threads or more a core',
    false: 'one hardware thread a core',
  } as const;
  const what = [
    virtualMachine === null ? 'no hypervisor seen' : `virtual machine (${virtualMachine})`,
    ...(hardwareThreads === null ? [] : [threads[`${hardwareThreads}`]]),
    ...(clockSource === null ? [] : [`clock ${clockSource}`]),
    ofMitigations(mitigations),
    ...(memoryLimitBytes === null ? [] : [`memory limited to ${Math.floor(memoryLimitBytes / MIB)} MiB`]),
    ...(kernelParameters.length === 0 ? [] : [`kernel parameters: ${kernelParameters.join(' ')}`]),
  ];
  return [visible(what.join('; ')), ...counterWords(facts)];
}

/** Said once, where nothing is counted. */
const counterWords = ({ noCounters }: MachineFacts): string[] =>
  noCounters === null ? [] : [`instructions, cycles and cache misses are not counted: ${noCounters}`];

interface Calibrated {
  readonly chainNs: number;
  readonly fourChainsNs: number;
  readonly emptyCallNs: number;
  readonly mhz: number | null;
  readonly flushes: readonly { readonly directory: string; readonly ns: number | null }[];
}

/** What is fixed, before a run and after it, without a period. `after`: null if nothing was measured any more. */
export function calibrationWords(before: Calibrated, after: Calibrated | null): string {
  const both = (name: string, of: (one: Calibrated) => number | null, text = duration): string[] => {
    const [first, second] = [of(before), after === null ? null : of(after)];
    if (first === null) return [];
    return [`${name} ${text(first)}${second === null ? '' : ` and ${text(second)}`}`];
  };
  const parts = [
    ...both('one chain of steps', ({ chainNs }) => chainNs),
    ...both('four side by side', ({ fourChainsNs }) => fourChainsNs),
    ...both('an empty system call', ({ emptyCallNs }) => emptyCallNs),
    ...both(
      'clock',
      ({ mhz }) => mhz,
      (mhz) => `${digits(mhz)} MHz`,
    ),
    ...before.flushes.flatMap(({ directory, ns }, i) =>
      ns === null
        ? [`no flush in ${visible(directory)}`]
        : both(`a flush in ${visible(directory)}`, ({ flushes }) => flushes[i]?.ns ?? null),
    ),
  ];
  return `${after === null ? 'Before the run' : 'Before and after the run'}: ${parts.join('; ')}`;
}
