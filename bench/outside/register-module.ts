/**
 * A strategy from outside of the catalogue, made known to this process: its facts and claims, as a process of its own told
 * them. Nothing of the module runs here; the processes that lock load it by its URL.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { register, registered } from '../../strategies/index.js';
import type { Strategy } from '../../strategies/strategy.js';
import { UsageError } from '../base/usage-error.js';
import { quoted, visible } from '../base/visible.js';
import { environment, flagsForChildren } from '../measure/parent/child.js';
import { MARKED } from '../measure/parent/strays.js';
import type { Description } from './contract-check.js';
import type { Described, DescriberJob } from './describe.js';
import { moduleUrl } from './module-words.js';

const DESCRIBER = fileURLToPath(new URL('describe.js', import.meta.url));
/** For an import: libraries read many files, maybe over a network. */
const PATIENCE_MS = 60_000;
const MOST_OUTPUT = 1_000_000;
const SHOWN = 60;
/** Where people read what is expected. */
const CONTRACT_PAGE = 'docs/your-own-lock.md, "The contract"';

/** What the module at this URL exports; while it is imported, nothing else happens here. */
function describe(url: string): Described {
  const job: DescriberJob = { parentPid: process.pid, url };
  const flags = flagsForChildren(process.execArgv, process.env.NODE_OPTIONS);
  const { error, status, signal, output } = spawnSync(
    process.execPath,
    ['--no-warnings', ...flags, DESCRIBER, JSON.stringify(job)],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      ...{ cwd: '/', env: { ...environment(), ...MARKED }, encoding: 'utf8' },
      ...{ timeout: PATIENCE_MS, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT },
    },
  );
  const [, printed = '', complaint = '', answer = ''] = (output ?? []).map((text) => text ?? '');
  const failed = (failure: string): Described => ({ failure });
  if (printed !== '')
    return failed(`importing it printed ${quoted(printed.slice(0, SHOWN))} to standard output`);
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT')
    return failed(`importing it was not finished after ${PATIENCE_MS / 1000} s`);
  if (answer !== '') return JSON.parse(answer) as Described;
  if (signal !== null) return failed(`importing it was ended by ${signal}`);
  const [line = ''] = complaint.trim().split('\n').slice(-1);
  return failed(
    `importing it ended the process with exit code ${status}${line === '' ? '' : ` (${visible(line)})`}`,
  );
}

const noLockHere = (): never => {
  throw new Error('a lock from outside is opened by the processes that contend for it');
};

const asStrategy = ({ calls, ...facts }: Description, module: string): Strategy =>
  calls === 'synchronous'
    ? { ...facts, calls, module, open: noLockHere }
    : { ...facts, calls, module, open: noLockHere };

/** Stands for a module that exports no strategy: by the word that named it, and it claims nothing. */
const unfitStrategy = (word: string, module: string): Strategy =>
  asStrategy(
    {
      ...{ name: word, title: 'does not fit the contract', family: 'name in a directory', source: 'none' },
      claims: {
        ...{ excludes: false, excludesAsRoot: false, excludesAcrossNfs: 'not applicable' },
        ...{ holderDies: 'stuck', owner: 'nobody' },
      },
      calls: 'synchronous',
    },
    module,
  );

/**
 * Makes the strategy known that the module exports which `word` names. Returns the name by which it is known from then on.
 * One that does not fit the contract is known by `word`, and `whyUnfit` says why. Throws UsageError if there is no such
 * module, or if it calls its lock as another one does.
 */
export function registerModule(word: string, option: string): string {
  const url = moduleUrl(word, option);
  const described = describe(url);
  if (!('description' in described)) {
    const why =
      'failure' in described
        ? described.failure
        : `does not fit the contract: ${described.problems.join('; ')}; see ${CONTRACT_PAGE}`;
    register(unfitStrategy(word, url), why);
    return word;
  }
  const { name } = described.description;
  const other = registered(name)?.module;
  if (other !== undefined && other !== url) {
    throw new UsageError(
      `${option}: locks with names of their own were expected, two are called "${name}": ${quoted(word)} and ${quoted(fileURLToPath(other))}`,
      'give one of them another name',
    );
  }
  register(asStrategy(described.description, url), null);
  return name;
}
