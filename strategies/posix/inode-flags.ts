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
/** Directories that are made in it lie far from each other on the disk; chattr +T. */
const FS_TOPDIR_FL = 0x20000;

const argument = allocate(8);
const word = new Uint32Array(argument.bytes.buffer, argument.bytes.byteOffset, 1);

function addFlag(fd: number, flag: number, path: string): void {
  check(ioctl(fd, FS_IOC_GETFLAGS, argument.address), 'ioctl', `FS_IOC_GETFLAGS of ${path}`);
  word[0] = (word[0] as number) | flag;
  check(ioctl(fd, FS_IOC_SETFLAGS, argument.address), 'ioctl', `FS_IOC_SETFLAGS of ${path}`);
}

/**
 * Has all changes of the directory that `fd` is open on, and of those that will be made in it, written at once. Its owner
 * may do so. `path`: its name in messages. Throws SystemError, ENOTTY or EOPNOTSUPP where the file system knows no such flag.
 */
export const makeDirectorySynchronous = (fd: number, path: string): void => addFlag(fd, FS_DIRSYNC_FL, path);

/**
 * Has directories that will be made in this one lie in other parts of the disk, with inodes from there: ext4's block groups.
 * Otherwise the same.
 */
export const spreadDirectories = (fd: number, path: string): void => addFlag(fd, FS_TOPDIR_FL, path);
