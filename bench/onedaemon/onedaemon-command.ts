/**
 * `lockbench onedaemon`: runs a command, once: a second start ends at once, and says who is running.
 */
import { loadStrategy, whyUnfit } from '../../strategies/index.js';
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import { quoted, visible } from '../base/visible.js';
import type { BareCommand, OptionsOf } from '../command-line/commander.js';
import { parseCount, requireStrategy } from '../command-line/parse.js';
import { isSilent } from '../machine/answering.js';
import { isModuleWord } from '../outside/module-words.js';
import { endWithCodeOf, say } from '../text/standard-streams.js';
import { type DaemonRequest, runDaemon } from './daemon.js';
import { wayNames, wayOf } from './ways.js';

/** EX_TEMPFAIL of sysexits.h: try again later. */
const ALREADY_RUNNING = '75';
const LARGEST_CODE = 255;

const EXAMPLES = `
Examples:
  lockbench onedaemon --pidfile /run/user/1000/sync.pid -- rsync -a src/ dst/
  lockbench onedaemon --pidfile /tmp/x.pid                        hold the lock until a signal comes
  lockbench onedaemon --pidfile /tmp/x.pid --exit-code 0 -- job   for cron: a second start is not a failure
  lockbench onedaemon --pidfile /tmp/x.pid --by flock --inherit -- job

Ways (--by): ${wayNames.join(', ')}; docs/commands/onedaemon.md says how they differ.
Exit codes: the command's; 128 and the signal's number if a signal ended it; 75 another start has the lock;
127 the command was not found, 126 it cannot be executed; 2 bad usage.`;

const declare = (program: BareCommand) =>
  program
    .command('onedaemon [command...]')
    .usage('--pidfile <file> [options] [-- command...]')
    .option('--pidfile <file>', 'file that holds the pid; starts that name the same file exclude each other')
    .option('--by <way>', `how to lock: ${wayNames.join(', ')}, or ./my-lock.mjs`, 'fcntl')
    .option('--exit-code <number>', 'exit code of a second start', ALREADY_RUNNING)
    .option('--inherit', 'give the lock to the command too, which then may outlive this process (flock only)')
    .addHelpText('after', EXAMPLES);

export function addOneDaemonCommand(program: BareCommand): void {
  declare(program).action(async (words, raw) =>
    oneDaemon(await parseRequest(words, raw), parseCount('--exit-code', raw.exitCode, 0, LARGEST_CODE)),
  );
}

/** A lock from outside that can be a way. Throws UsageError. */
async function ownWay(word: string): Promise<string> {
  const name = requireStrategy(word, '--by');
  const unfit = whyUnfit(name);
  if (unfit !== null) throw new UsageError(`--by: ${quoted(word)} ${unfit}`);
  const { calls } = await loadStrategy(name);
  if (calls === 'synchronous') return name;
  throw new UsageError(
    `--by: a lock with synchronous calls was expected, those of ${name} return promises`,
    'a start tries once, before it does anything else',
  );
}

async function parseWay(text: string): Promise<string> {
  const way = wayNames.find((name) => name === text);
  if (way !== undefined) return way;
  if (isModuleWord(text)) return ownWay(text);
  const hint = suggestion(text, wayNames) ?? 'for example --by fcntl';
  throw new UsageError(
    `--by: one of ${wayNames.join(', ')}, or a module that exports a lock, was expected, got "${text}"`,
    hint,
  );
}

function requireInheritable(way: string, words: readonly string[]): void {
  const { withoutRecovery } = wayOf(way);
  if (withoutRecovery !== null) {
    throw new UsageError(
      `--inherit: a lock that a child can have was expected, that of ${way} cannot be inherited: ${withoutRecovery}`,
      'use --by flock',
    );
  }
  if (words.length > 0) return;
  throw new UsageError('--inherit: a command was expected, to which to give the lock', 'name it after "--"');
}

async function parseRequest(
  words: readonly string[],
  raw: OptionsOf<typeof declare>,
): Promise<DaemonRequest> {
  const example = 'for example lockbench onedaemon --pidfile /tmp/name.pid -- sleep 60';
  if (raw.pidfile === undefined) {
    throw new UsageError('onedaemon: --pidfile and the name of a file were expected, got none', example);
  }
  // Without it an option of the command's would be taken for one of ours.
  const [first] = words;
  if (first !== undefined && !process.argv.includes('--')) {
    throw new UsageError(
      `onedaemon: the command was expected after "--", got "${first}" without it`,
      example,
    );
  }
  if (isSilent(raw.pidfile)) {
    throw new UsageError(
      `--pidfile: the file system of ${JSON.stringify(raw.pidfile)} does not answer`,
      'name another file, or see what serves this one',
    );
  }
  const way = await parseWay(raw.by);
  const inherit = raw.inherit ?? false;
  if (inherit) requireInheritable(way, words);
  return { pidFile: raw.pidfile, way, inherit, command: first === undefined ? null : words };
}

async function oneDaemon(request: DaemonRequest, secondStart: number): Promise<void> {
  const outcome = await runDaemon(request);
  if (outcome.ran) {
    for (const problem of outcome.problems) say(visible(`lockbench: ${problem}`));
    endWithCodeOf(outcome.code);
  } else {
    say(visible(`lockbench: ${outcome.refusal}`));
    endWithCodeOf(secondStart);
  }
}
