/**
 * Mounting a file system that lies in a file. The commands mount(8) and losetup(8) take paths, and turn a path of a
 * descriptor into the file's name again; a user who can rename it would have another file mounted. Source: loop(4), mount(2),
 * umount2(2); <linux/loop.h>.
 */
import { closeSync, openSync } from 'node:fs';
import { check, EBUSY, fail, SystemError } from './errno.js';
import { errno, libc } from './libc.js';

const mount: (source: string, target: string, type: string, flags: number, data: null) => number = libc.func(
  'int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data)',
);
const umount2: (target: string, flags: number) => number = libc.func(
  'int umount2(const char *target, int flags)',
);
const ioctlNumber: (fd: number, request: number, argument: number) => number = libc.func(
  'int ioctl(int fd, unsigned long request, unsigned long argument)',
);
const ioctlBytes: (fd: number, request: number, argument: Buffer) => number = libc.func(
  'int ioctl(int fd, unsigned long request, uint8_t *argument)',
);

const LOOP_CONTROL = '/dev/loop-control';
const LOOP_CTL_GET_FREE = 0x4c82;
const LOOP_CONFIGURE = 0x4c0a;
/** `struct loop_config`: the descriptor u32, the block size u32, `struct loop_info64`, 64 bytes for later. */
const CONFIG_BYTES = 8 + 232 + 64;
const FLAGS_AT = 8 + 52;
/** The device is free again when the last one closes it. */
const LO_FLAGS_AUTOCLEAR = 4;
/** Others take free devices, too. */
const TRIES = 20;

const MS_DIRSYNC = 128;
const MNT_DETACH = 2;

const pathOf = (fd: number): string => `/proc/self/fd/${fd}`;

/** Makes a block device of a file; it is gone when nobody has it open or mounted. Throws SystemError, or of `open`. */
function attachLoop(file: number): { readonly device: number; readonly path: string } {
  const config = Buffer.alloc(CONFIG_BYTES);
  config.writeUInt32LE(file, 0);
  config.writeUInt32LE(LO_FLAGS_AUTOCLEAR, FLAGS_AT);
  const control = openSync(LOOP_CONTROL, 'r+');
  try {
    for (let tries = 1; ; tries++) {
      const path = `/dev/loop${check(ioctlNumber(control, LOOP_CTL_GET_FREE, 0), 'ioctl', 'LOOP_CTL_GET_FREE')}`;
      const device = openSync(path, 'r+');
      if (ioctlBytes(device, LOOP_CONFIGURE, config) === 0) return { device, path };
      const why = errno();
      closeSync(device);
      if (why !== EBUSY || tries === TRIES) throw new SystemError('ioctl', why, `LOOP_CONFIGURE of ${path}`);
    }
  } finally {
    closeSync(control);
  }
}

/**
 * Mounts the file system in the file of a descriptor on the directory of another. `synchronous`: changes of directories are
 * written at once. Throws SystemError; then nothing is mounted.
 */
export function mountFile(file: number, directory: number, type: string, synchronous: boolean): void {
  const { device, path } = attachLoop(file);
  try {
    const flags = synchronous ? MS_DIRSYNC : 0;
    if (mount(path, pathOf(directory), type, flags, null) === -1) fail('mount', `${type} on ${path}`);
  } finally {
    closeSync(device);
  }
}

/** Unmounts what a descriptor is the root of: at once by name, and for those who still use it when they end. */
export function unmount(root: number): void {
  check(umount2(pathOf(root), MNT_DETACH), 'umount2', `descriptor ${root}`);
}
