/**
 * The options that mean the same wherever a command has them. Each is made anew for each command, since its default is the
 * command's own.
 */
import { Option } from './commander.js';
import { collect } from './directories.js';

/** `usual`: what is taken if none are named. */
export const strategiesOption = (usual: string) =>
  new Option(
    '--strategies <list>',
    `strategies, or strategy/policy; "all" for every one; ./my-lock.mjs for one of your own (default: ${usual})`,
  );

/** May be repeated: the command works in one directory after the other. */
export const directoriesOption = (usual: string) =>
  new Option('--dir <directory>', `directory to work in; repeatable (default: ${usual})`).argParser(collect);

export const directoryOption = (usual: string) =>
  new Option('--dir <directory>', `directory to work in (default: ${usual})`);

export const processesOption = (usual: string) =>
  new Option('--processes <list>', `number of contending processes (default: ${usual})`);

export const jsonOption = () =>
  new Option('--json [file]', 'write the result as JSON; "-" or no name is standard output');

export const seedOption = () =>
  new Option('--seed <n>', 'repeat the order of an earlier run (default: random, kept in the result)');

export const recordOption = () =>
  new Option('--record <name>', 'keep the result, with a README, in results/<name>');

export const quietOption = () => new Option('--quiet', 'suppress progress and messages');

export const verboseOption = () =>
  new Option('--verbose', 'report each step on a line of its own').conflicts('quiet');

export const stayRootOption = () => new Option('--stay-root', 'do not drop privileges when run as root');
