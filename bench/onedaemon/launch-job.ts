/**
 * What the process that becomes a daemon's command is told, and by which descriptors.
 */

/** Where the command finds the lock's descriptor, if it shall have it. */
export const INHERITED = 3;
/** The launcher says by it that it is ready, and then waits for a byte; it says why it failed, or closes it by becoming
 * the command. */
export const REPORT = 4;
/** What becomes the command's standard error: until then, whatever Node itself complains about goes to the report. */
export const LATER_STDERR = 5;

/** What was said before it is not ours: Node's complaints. What comes after it is the name of an error. */
export const READY = '\0ready\0';

export interface LaunchJob {
  /** Whose death shall end the command, too; null for a command that has the lock itself. */
  readonly parentPid: number | null;
  readonly inherit: boolean;
  /** What was kept from the process, since it would act on it, and is meant for the command. */
  readonly environment: Readonly<Record<string, string>>;
}
