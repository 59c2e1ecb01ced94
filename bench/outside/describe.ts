/**
 * A process that imports a module and says what strategy it exports: what importing does besides, such as to end its process
 * or to wait for ever, is done to this one.
 */
import { readdirSync, writeSync } from 'node:fs';
import { strategyOfModule } from '../../strategies/index.js';
import { dieWithParent } from '../../strategies/posix/own-process.js';
import { messageOf } from '../base/error-message.js';
import { type Description, descriptionOf, problemsOf } from './contract-check.js';

export interface DescriberJob {
  readonly parentPid: number;
  readonly url: string;
}

/** `failure`: it cannot be imported; `problems`: it does not fit the contract, a clause for each reason. */
export type Described =
  | { readonly description: Description }
  | { readonly failure: string }
  | { readonly problems: readonly string[] };

/** The descriptor for the answer: what a module prints is not taken for it. */
const ANSWER_FD = 3;
/** Libraries keep a few files open. */
const MOST_FILES = 100;

const openFiles = (): number => readdirSync('/proc/self/fd').length;

async function describe(url: string): Promise<Described> {
  const before = openFiles();
  try {
    const strategy = await strategyOfModule(url);
    const opened = openFiles() - before;
    if (opened > MOST_FILES) return { failure: `importing it left ${opened} files open` };
    const problems = problemsOf(strategy ?? undefined);
    if (strategy === null || problems.length > 0) return { problems };
    return { description: descriptionOf(strategy) };
  } catch (error) {
    return { failure: `importing it failed: ${messageOf(error)}` };
  }
}

const { parentPid, url } = JSON.parse(process.argv[2] ?? '{}') as DescriberJob;
dieWithParent(parentPid);
writeSync(ANSWER_FD, JSON.stringify(await describe(url)));
process.exit(0);
