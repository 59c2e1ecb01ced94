export interface Mount {
  readonly id: string;
  /** The mount that this one hangs on. */
  readonly parent: string;
  readonly mountPoint: string;
  /** As the kernel names it: ext4, tmpfs, nfs4, fuse.sshfs … */
  readonly filesystem: string;
  /** Of the mount and of the file system, sorted, each once. */
  readonly options: readonly string[];
  readonly source: string;
  readonly device: string;
}
