/**
 * Fetches Debian's stock kernel for the virtual machine, without installing it: the package comes through apt, which
 * checks it against the signed lists, and only what the lab may need of it is kept.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkDirectory } from '../machine/files/work-directory.js';
import { BUSYBOX } from './initramfs.js';
import { flawOf, imageIn, type Kernel, kernelCache, modulesIn } from './kernel.js';
import { LabError } from './lab-error.js';

/** The stock kernel; the flavour `cloud` lacks 9p. */
const META_PACKAGE = 'linux-image-amd64';

/** The package has 400 MB of drivers; these have all file systems and what a virtual machine of ours is made of. */
const WANTED = [
  '*/boot/vmlinuz-*',
  '*/modules.builtin',
  '*/modules.order',
  ...['arch', 'crypto', 'fs', 'lib', 'net', 'drivers/block', 'drivers/char', 'drivers/virtio'].map(
    (part) => `*/kernel/${part}/*`,
  ),
  '*/kernel/drivers/net/veth.*',
];

/** What a program says. Throws LabError when it cannot be run or fails. */
function output(what: string, cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new LabError(`${what}: ${command}: ${error?.message ?? stderr.trim()}`);
}

/** The package that the stock kernel is in, such as linux-image-6.1.0-50-amd64. */
function packageName(): string {
  const what = `Debian's ${META_PACKAGE} was expected in apt's lists; "apt-get update" fills them`;
  const said = output(what, '/', 'apt-cache', 'depends', '--important', META_PACKAGE);
  const name = /Depends: (linux-image-\d\S*)/.exec(said)?.[1];
  if (name === undefined) throw new LabError(what);
  return name;
}

/**
 * Fetches the kernel that apt's lists have into the cache, unless it is there. All or nothing: it is unpacked beside and
 * put in place by one rename. Throws LabError when apt, the network or the disk refuses.
 */
export function fetchKernel(say: (text: string) => void): Kernel {
  if (process.arch !== 'x64') throw new LabError(`x86-64 was expected, this is ${process.arch}`);
  const name = packageName();
  const version = name.replace('linux-image-', '');
  const cache = kernelCache();
  const directory = join(cache, version);
  const kernel: Kernel = {
    image: imageIn(directory),
    modules: modulesIn(directory),
    version,
    origin: 'fetched',
  };
  if (existsSync(directory)) {
    if (flawOf(kernel) === null) return kernel;
    rmSync(directory, { recursive: true });
  }
  mkdirSync(cache, { recursive: true });
  const { path: work, remove } = makeWorkDirectory(cache, 'kernel');
  try {
    say(`downloading ${name}, some 70 MB`);
    output('downloading the kernel', work, 'apt-get', 'download', '--quiet', name);
    const archive = readdirSync(work).find((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new LabError(`apt-get download ${name} left no package`);
    say('unpacking');
    const script =
      'set -o pipefail; archive=$0; dpkg-deb --fsys-tarfile "$archive" | tar -x --wildcards "$@"';
    output('unpacking the kernel', work, 'bash', '-c', script, archive, ...WANTED);
    // Debian 13 has its modules below usr.
    const root = existsSync(join(work, 'usr')) ? join(work, 'usr') : work;
    output('listing the modules', work, BUSYBOX, 'depmod', '-b', root, version);
    const ready = join(work, 'ready');
    mkdirSync(ready);
    renameSync(join(work, 'boot', `vmlinuz-${version}`), imageIn(ready));
    renameSync(join(root, 'lib', 'modules', version), modulesIn(ready));
    const flaw = flawOf({ ...kernel, image: imageIn(ready), modules: modulesIn(ready) });
    if (flaw !== null) throw new LabError(`the fetched kernel will not do: ${flaw}`);
    renameSync(ready, directory);
  } finally {
    remove();
  }
  return kernel;
}
