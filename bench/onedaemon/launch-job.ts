/**
 * What the process that becomes a daemon's command is told, and by which descriptors.
 */

/** Where the command finds the lock's descriptor, if it shall have it. */
export const INHERITED = 3;
/** The parent says by a byte that it may go; it says why it failed, or closes it by becoming the command. */
export const REPORT = 4;

export interface LaunchJob {
  /** Whose death shall end the command, too; null for a command that has the lock itself. */
  readonly parentPid: number | null;
  readonly inherit: boolean;
  /** What was kept from the process, since it would act on it, and is meant for the command. */
  readonly environment: Readonly<Record<string, string>>;
}
