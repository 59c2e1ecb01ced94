/**
 * What the lab needs of a machine: programs, a kernel, privileges; what is missing, and the one line that installs it.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { release } from 'node:os';
import { delimiter, join } from 'node:path';
import { BUSYBOX, isStatic } from './initramfs.js';
import { findKernel, type Kernel } from './kernel.js';
import { answerFor, runningKernel } from './kernel-features.js';
import { HOST_MODULES } from './modules.js';
import { systemPath } from './scripts.js';
import { QEMU } from './virtual-machine.js';

/** Debian's packages by the programs that the lab runs out of them. */
const HOSTS: Readonly<Record<string, string>> = {
  'rpc.nfsd': 'nfs-kernel-server',
  exportfs: 'nfs-kernel-server',
  nfsdcld: 'nfs-kernel-server',
  'mount.nfs': 'nfs-common',
  'rpc.statd': 'nfs-common',
  'sm-notify': 'nfs-common',
  rpcbind: 'rpcbind',
  ip: 'iproute2',
  tc: 'iproute2',
  bridge: 'iproute2',
  'mkfs.ext4': 'e2fsprogs',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  bash: 'bash',
};
const MACHINE: Readonly<Record<string, string>> = { [QEMU]: 'qemu-system-x86' };
const STATIC_BUSYBOX = 'busybox-static';

export type Way = 'vm' | 'host';

/** What keeps the lab from working, in words, and the packages that would help. */
export interface Missing {
  readonly reasons: readonly string[];
  readonly packages: readonly string[];
}

function isInstalled(program: string): boolean {
  return systemPath()
    .split(delimiter)
    .some((directory) => {
      try {
        accessSync(join(directory, program), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function missingPrograms(programs: Readonly<Record<string, string>>): Missing {
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program));
  return {
    reasons: missing.map(([program, name]) => `the program ${program} (package ${name})`),
    packages: [...new Set(missing.map(([, name]) => name))],
  };
}

function joined(...parts: readonly Missing[]): Missing {
  return {
    reasons: parts.flatMap(({ reasons }) => reasons),
    packages: [...new Set(parts.flatMap(({ packages }) => packages))],
  };
}

const lacking = (...reasons: string[]): Missing => ({ reasons, packages: [] });
const NOTHING: Missing = lacking();

function busyboxFlaw(): Missing {
  if (existsSync(BUSYBOX) && isStatic(BUSYBOX)) return NOTHING;
  return {
    reasons: [`a ${BUSYBOX} that needs no libraries (package ${STATIC_BUSYBOX})`],
    packages: [STATIC_BUSYBOX],
  };
}

/** Those of the modules of which the running kernel says that it has none; what nothing tells is tried by the lab itself. */
function missingHere(): readonly string[] {
  const evidence = runningKernel();
  return HOST_MODULES.filter((name) => answerFor(name, evidence) === 'missing');
}

/** What the lab lacks on this kernel. */
function missingOnHost(): Missing {
  const root = process.getuid?.() === 0;
  const modules = missingHere();
  const namespaces =
    !root || spawnSync('unshare', ['--net', '--mount', '--uts', '--pid', '--fork', 'true']).status === 0;
  return joined(
    missingPrograms(HOSTS),
    root ? NOTHING : lacking('the rights of root: use sudo'),
    namespaces ? NOTHING : lacking('the right to make namespaces, which containers withhold'),
    modules.length === 0
      ? NOTHING
      : lacking(`parts of the running kernel (${release()}): ${modules.join(', ')}`),
  );
}

/** What the lab lacks for a virtual machine. `kernel`: null if none was found. */
function missingForMachine(kernel: Kernel | null): Missing {
  return joined(
    process.arch === 'x64' ? NOTHING : lacking(`x86-64: this is ${process.arch}`),
    missingPrograms({ ...MACHINE, ...HOSTS }),
    busyboxFlaw(),
    kernel === null ? lacking('a kernel with NFS and 9p: run "lockbench nfs fetch-kernel"') : NOTHING,
  );
}

/** What the lab lacks on one of the two ways; no reasons if it can be tried. */
export function missingFor(way: Way, kernel: Kernel | null): Missing {
  return way === 'vm' ? missingForMachine(kernel) : missingOnHost();
}

/** The line that installs packages; without what they only recommend, since that is a desktop. */
export const aptLine = (packages: readonly string[]): string =>
  `apt-get install --no-install-recommends ${packages.join(' ')}`;

/** What is missing, in a line. */
export function describeMissing({ reasons, packages }: Missing): string {
  const hint = packages.length === 0 ? '' : `; ${aptLine(packages)}`;
  return `${reasons.join('; ')}${hint}`;
}

/** The kernel that was found, or null. */
export function kernelOrNull(image?: string, modules?: string): Kernel | null {
  const found = findKernel(image, modules);
  return found.found ? found.kernel : null;
}
