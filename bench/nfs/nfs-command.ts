/**
 * `lockbench nfs`: an NFS server and its clients, on any machine that can run QEMU, or on this kernel. Each of its commands
 * has a file of its own, but for the short ones of the lab itself.
 */
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import type { BareCommand } from '../command-line/commander.js';
import { STRATEGIES } from '../command-line/subjects.js';

const EXAMPLES = `
Examples:
  lockbench nfs --quick                                 are locks safe between clients? in some minutes
  lockbench nfs fcntl excl --rtt 200us                  the same for two, with the delay of a network
  lockbench nfs compat                                  which locks see each other, between clients?
  lockbench nfs roundtrip                               when does NFS take 80 times as long as a local file?
  lockbench nfs doctor                                  what is missing here, and how to get it
  lockbench nfs fetch-kernel                            Debian's stock kernel, unpacked, not installed
  lockbench nfs shell                                   a shell on the server
  lockbench nfs exec --host client1 -- cat /proc/mounts
  lockbench nfs exec --rtt 1ms -- 'on client1 touch /lab/v3/ext4/x && ls /lab/v4.2/ext4'

Exit codes: that of the command; 2 bad usage; 3 the lab did not start; 130, 143, 129 ended by a signal.`;

type Adder = (nfs: BareCommand) => void;

/** By name, in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<Adder>>> = {
  compare: async () => (await import('./compare/nfs-compare-command.js')).addCompareCommand,
  doctor: async () => (await import('./lab-commands.js')).addNfsDoctorCommand,
  'fetch-kernel': async () => (await import('./lab-commands.js')).addFetchKernelCommand,
  compat: async () => (await import('./compat/compat-clients-command.js')).addCompatClientsCommand,
  options: async () => (await import('./options/mount-options-command.js')).addMountOptionsCommand,
  roundtrip: async () => (await import('./roundtrip/roundtrip-command.js')).addRoundTripCommand,
  shell: async () => (await import('./lab-commands.js')).addShellCommand,
  exec: async () => (await import('./lab-commands.js')).addExecCommand,
  faults: async () => (await import('./faults/faults-command.js')).addNfsFaultsCommand,
};

/** What is neither a command of `nfs` nor, for the default one, a strategy or an option. Throws UsageError. */
function requireKnown(word: string): void {
  const names = Object.keys(COMMANDS);
  if (word.startsWith('-') || STRATEGIES.isOne(word) || [...names, 'help'].includes(word)) return;
  throw new UsageError(
    `nfs: a command (${names.join(', ')}) or a strategy of the catalogue was expected, got "${word}"`,
    suggestion(word, [...names, ...STRATEGIES.names]) ??
      'see "lockbench nfs --help", and "lockbench list" for the strategies',
  );
}

/** `named`: the word after "nfs". Of the other commands only the names are known then. Throws UsageError. */
export async function addNfsCommand(program: BareCommand, named: string | undefined): Promise<void> {
  if (named !== undefined) requireKnown(named);
  const nfs = program.command('nfs').addHelpText('after', EXAMPLES);
  const all = named === undefined || !Object.hasOwn(COMMANDS, named);
  for (const [name, load] of Object.entries(COMMANDS)) {
    if (all || name === named) (await load())(nfs);
    else nfs.command(name);
  }
}
