/**
 * Flags that a file system keeps with an inode, as chattr sets them. Source: ioctl_iflags(2).
 */
import { check } from './errno.js';
import { allocate, ioctl } from './libc.js';

// _IOR('f', 1, long) and _IOW('f', 2, long), though the kernel reads and writes an int.
const FS_IOC_GETFLAGS = 0x80086601;
const FS_IOC_SETFLAGS = 0x40086602;
/** Every change of the directory is on the disk when the call that made it returns; chattr +D. */
const FS_DIRSYNC_FL = 0x10000;

const argument = allocate(8);
const word = new Uint32Array(argument.bytes.buffer, argument.bytes.byteOffset, 1);

/**
 * Has all changes of the directory that `fd` is open on, and of those that will be made in it, written at once. Its owner
 * may do so. `path`: its name in messages. Throws SystemError, ENOTTY or EOPNOTSUPP where the file system knows no such flag.
 */
export function makeDirectorySynchronous(fd: number, path: string): void {
  check(ioctl(fd, FS_IOC_GETFLAGS, argument.address), 'ioctl', `FS_IOC_GETFLAGS of ${path}`);
  word[0] = (word[0] as number) | FS_DIRSYNC_FL;
  check(ioctl(fd, FS_IOC_SETFLAGS, argument.address), 'ioctl', `FS_IOC_SETFLAGS of ${path}`);
}
