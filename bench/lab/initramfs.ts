/**
 * The initramfs: an archive of a few files that the kernel unpacks in memory and starts `/init` of. Ours holds busybox,
 * the modules that reach the host's root, and what is to be run there. Some 14 MB, not compressed: that would cost more
 * than it saves, where processors are emulated.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { labModules, moduleBytes } from './modules.js';
import { scriptPath } from './scripts.js';

export const BUSYBOX = '/bin/busybox';
const PT_INTERP = 3;
const MOST_BYTES = 256e6;

/**
 * Whether a program runs with no library beside it: no header of its ELF file names an interpreter. Source: elf(5),
 * for 64 bits: e_phoff u64 at 32, e_phentsize u16 at 54, e_phnum u16 at 56; each header begins with p_type u32.
 */
export function isStatic(path: string): boolean {
  const elf = readFileSync(path);
  const start = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  const types = Array.from({ length: elf.readUInt16LE(56) }, (_, i) => elf.readUInt32LE(start + i * size));
  return !types.includes(PT_INTERP);
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** A shell's words for what runs on the host's root. */
export function jobScript(command: readonly string[], environment: Readonly<Record<string, string>>): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  return `${exports.join('')}set -- ${command.map(quoted).join(' ')}\n`;
}

/**
 * Makes the archive at `path`, by means of the directory `scratch`, which must not be there yet. `modules`: the kernel's
 * module directory; `job`: from `jobScript`. Throws what the file system or busybox throws.
 */
export function makeInitramfs(path: string, scratch: string, modules: string, job: string): void {
  mkdirSync(join(scratch, 'bin'), { recursive: true });
  mkdirSync(join(scratch, 'modules'));
  copyFileSync(BUSYBOX, join(scratch, 'bin', 'busybox'));
  copyFileSync(scriptPath('guest-init.sh'), join(scratch, 'init'));
  writeFileSync(join(scratch, 'job'), job);
  const plainName = (module: string): string => basename(module).replace(/\.ko\..*/, '.ko');
  const { paths } = labModules(modules);
  for (const module of paths) {
    writeFileSync(join(scratch, 'modules', plainName(module)), moduleBytes(join(modules, module)));
  }
  writeFileSync(join(scratch, 'modules', 'order'), paths.map((module) => `${plainName(module)}\n`).join(''));
  const names = readdirSync(scratch, { recursive: true, encoding: 'utf8' });
  const { status, stdout, stderr, error } = spawnSync(BUSYBOX, ['cpio', '-o', '-H', 'newc'], {
    cwd: scratch,
    input: names.map((name) => `${name}\n`).join(''),
    maxBuffer: MOST_BYTES,
  });
  if (status !== 0) throw new Error(`busybox cpio: ${error?.message ?? stderr.toString().trim()}`);
  writeFileSync(path, stdout);
}
