/**
 * A process that looks at a directory as a worker of its host would: under the same identity, and in a process of its own,
 * since a file system may not answer. It writes one file and reads others, and says what is the matter.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { now, sleep } from '../../strategies/posix/clock.js';
import { ENOENT, SystemError } from '../../strategies/posix/errno.js';
import { dieWithParent } from '../../strategies/posix/own-process.js';
import { messageOf } from '../base/error-message.js';
import { runProgram, sayJson } from '../base/program.js';
import { drop, type Identity } from '../machine/identity.js';
import type { RoundDirectoryJob } from '../measure/worker/job.js';
import { openLockSite } from '../measure/worker/lock-site.js';
import { NUMBER_NAME } from '../measure/worker/number-file.js';

export interface WitnessFile {
  readonly name: string;
  readonly text: string;
}

export interface WitnessJob {
  readonly parentPid: number;
  readonly identity: Identity | null;
  readonly job: RoundDirectoryJob;
  readonly write: WitnessFile;
  /** What others have written. */
  readonly read: readonly WitnessFile[];
}

/**
 * `missing`: the files that are not as they were written, by name; `problem`: why nothing can be looked at; `isAbsent`: since it is
 * not there.
 */
export interface WitnessMessage {
  readonly at: 'seen' | 'error';
  readonly missing: readonly string[];
  readonly problem: string | null;
  readonly isAbsent: boolean;
}

/** As long as a client of NFS may go on believing that a name is not there: acregmin and acdirmin are 3 s and 30 s. */
const PATIENCE_NS = 5e9;
const LOOK_NS = 100e6;

const isThere = (dir: string, { name, text }: WitnessFile): boolean => {
  try {
    return readFileSync(join(dir, name), 'utf8') === text;
  } catch {
    return false;
  }
};

await runProgram<WitnessJob>(async ({ parentPid, identity, job, write, read }) => {
  drop(identity);
  dieWithParent(parentPid);
  const say = (message: WitnessMessage): void => sayJson(message);
  try {
    // Refuses another directory of the same name.
    openLockSite(job, 0, NUMBER_NAME);
    writeFileSync(join(job.dir, write.name), write.text, { flag: 'wx', flush: true });
  } catch (error) {
    const isAbsent = error instanceof SystemError && error.errno === ENOENT;
    say({ at: 'seen', missing: [], problem: messageOf(error), isAbsent });
    return;
  }
  const begun = now();
  let missing = read;
  for (;;) {
    missing = missing.filter((file) => !isThere(job.dir, file));
    if (missing.length === 0 || Number(now() - begun) > PATIENCE_NS) break;
    sleep(LOOK_NS);
  }
  say({ at: 'seen', missing: missing.map(({ name }) => name), problem: null, isAbsent: false });
});
