/**
 * What of a machine changes what a system call and a lock cost, and stays as it is during a run. Source: proc(5),
 * Documentation/ABI/testing/sysfs-devices-system-cpu and admin-guide/kernel-parameters of the kernel.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { whyNoCounters } from './counters.js';

/** What the kernel hides is null. */
export interface MachineFacts {
  /** Who runs this machine, as it calls itself; "unnamed hypervisor" where only its presence is known; null if it is none. */
  readonly virtualMachine: string | null;
  /** Whether cores run two threads or more. Of a guest's host nobody tells. */
  readonly hardwareThreads: boolean | null;
  /** What the kernel does about each fault of the processor; those that do not affect it are left out. */
  readonly mitigations: Readonly<Record<string, string>>;
  /** Of the kernel's command line, what changes timing: the rest may hold names and secrets. */
  readonly kernelParameters: string[];
  readonly clockSource: string | null;
  /** Bytes that a control group grants, if that is less than the machine has. */
  readonly memoryLimitBytes: number | null;
  /** Why instructions, cycles and cache misses are not counted; null if they are. */
  readonly noCounters: string | null;
}

/**
 * Names of parameters that change how fast the kernel works, how it schedules, or at which speed the processor runs. A name
 * that ends with a dot stands for all parameters of that module.
 */
const TELLING = [
  ...['mitigations', 'pti', 'nopti', 'kpti', 'spectre_v2', 'spectre_v2_user', 'nospectre_v1', 'nospectre_v2'],
  ...[
    'spec_store_bypass_disable',
    'l1tf',
    'mds',
    'tsx',
    'tsx_async_abort',
    'mmio_stale_data',
    'retbleed',
    'srbds',
  ],
  ...[
    'spec_rstack_overflow',
    'gather_data_sampling',
    'reg_file_data_sampling',
    'kvm.',
    'nosmt',
    'maxcpus',
    'nr_cpus',
  ],
  ...[
    'isolcpus',
    'nohz',
    'nohz_full',
    'rcu_nocbs',
    'irqaffinity',
    'threadirqs',
    'preempt',
    'skew_tick',
    'nosoftlockup',
  ],
  ...[
    'idle',
    'nohlt',
    'processor.',
    'intel_idle.',
    'cpuidle.',
    'cpuidle_haltpoll.',
    'haltpoll.',
    'intel_pstate',
  ],
  ...[
    'amd_pstate',
    'cpufreq.',
    'clocksource',
    'tsc',
    'transparent_hugepage',
    'hugepages',
    'numa_balancing',
    'psi',
  ],
  ...[
    'nox2apic',
    'noapic',
    'audit',
    'lockdown',
    'slub_debug',
    'page_poison',
    'init_on_alloc',
    'init_on_free',
  ],
];

/** Of a kernel's command line, the words that change timing. What follows " -- " is for the first program. */
export function tellingParameters(commandLine: string): string[] {
  const [ours = ''] = commandLine.trim().split(/ -- | --$/);
  return ours.split(/\s+/).filter((word) => {
    const [name = ''] = word.split('=');
    const same = name.replaceAll('-', '_');
    return TELLING.some((one) => (one.endsWith('.') ? same.startsWith(one) : same === one));
  });
}

function read(...path: string[]): string | null {
  try {
    return readFileSync(join(...path), 'utf8').trim();
  } catch {
    return null;
  }
}

const CPU = 'sys/devices/system/cpu';

function mitigationsOf(root: string): Record<string, string> {
  let names: string[];
  try {
    names = readdirSync(join(root, CPU, 'vulnerabilities')).sort();
  } catch {
    return {};
  }
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const says = read(root, CPU, 'vulnerabilities', name);
      return says === null || says === '' || says.startsWith('Not affected') ? [] : [[name, says]];
    }),
  );
}

/** Makers whose machines exist in software only, by the name that they give them. */
const VIRTUAL_MAKERS =
  /QEMU|KVM|VMware|VirtualBox|innotek|Xen|Microsoft|Amazon EC2|Google|Parallels|bhyve|OpenStack/i;

function virtualMachineOf(root: string): string | null {
  const type = read(root, 'sys/hypervisor/type');
  if (type !== null) return type;
  const isGuest = /^flags\s*:.*\bhypervisor\b/m.test(read(root, 'proc/cpuinfo') ?? '');
  const maker = read(root, 'sys/class/dmi/id/sys_vendor') ?? '';
  const named = VIRTUAL_MAKERS.test(maker);
  // Microsoft and Google make computers, too: where the processor can tell, it decides.
  if (!isGuest && (process.arch === 'x64' || !named)) return null;
  return named ? maker : 'unnamed hypervisor';
}

function hardwareThreadsOf(root: string): boolean | null {
  const active = read(root, CPU, 'smt/active');
  return active === null ? null : active === '1';
}

function memoryLimit(): number | null {
  const granted = process.constrainedMemory();
  // Without a limit it is 0, or more than any machine has.
  return granted > 0 && granted < totalmem() ? granted : null;
}

/** `root`: where the root of the file system is, for tests. Throws nothing. */
export function readMachineFacts(root = '/'): MachineFacts {
  return {
    virtualMachine: virtualMachineOf(root),
    hardwareThreads: hardwareThreadsOf(root),
    mitigations: mitigationsOf(root),
    kernelParameters: tellingParameters(read(root, 'proc/cmdline') ?? ''),
    clockSource: read(root, 'sys/devices/system/clocksource/clocksource0/current_clocksource'),
    memoryLimitBytes: memoryLimit(),
    noCounters: whyNoCounters(),
  };
}
