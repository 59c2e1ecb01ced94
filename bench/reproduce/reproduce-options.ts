/**
 * The options of `reproduce`, from text to types.
 */
import { tmpdir } from 'node:os';
import { suggestion } from '../base/suggestion.js';
import { UsageError } from '../base/usage-error.js';
import { parseCount, parseRecordName, parseSeed, requireStrategy } from '../command-line/parse.js';
import { existingDirectory } from '../measure/parent/preflight.js';
import { parseStrategySpec } from '../measure/worker/strategy-spec.js';
import type { Experiment, Roles } from './experiment/experiment.js';
import { experimentNames, loadExperiment } from './experiments.js';

/** As commander hands them over. */
export interface RawReproduceOptions {
  readonly dir?: string;
  readonly rounds: string;
  readonly with?: readonly string[];
  readonly nfs?: string;
  readonly filesystems?: boolean;
  readonly seed?: string;
  readonly json?: string;
  readonly record?: string;
  readonly quiet?: boolean;
}

/** An experiment, and who plays in it. */
export interface Production {
  readonly experiment: Experiment;
  readonly roles: Roles<string>;
}

export interface ReproduceOptions {
  readonly productions: readonly Production[];
  /** Whether they were named: then one that cannot be done here leaves the wish unfulfilled. */
  readonly named: boolean;
  readonly disk: string;
  readonly nfs: string | null;
  readonly filesystems: boolean;
  readonly rounds: number;
  readonly seed: number;
  readonly json: string | null;
  readonly record: string | null;
  readonly quiet: boolean;
}

const MOST_ROUNDS = 100;

function requireExperiment(name: string): string {
  if (experimentNames.includes(name)) return name;
  throw new UsageError(
    `reproduce: an experiment was expected, got "${name}"`,
    suggestion(name, experimentNames) ?? `there are ${experimentNames.join(', ')}`,
  );
}

/** The cast with the replacements `PART=STRATEGY`. Throws UsageError. */
function recast({ name, roles }: Experiment, replacements: readonly string[]): Roles<string> {
  const changed: Record<string, string> = { ...roles };
  for (const replacement of replacements) {
    const [part = '', ...rest] = replacement.split('=');
    const parts = Object.keys(roles);
    if (!parts.includes(part)) {
      throw new UsageError(
        `--with: PART=STRATEGY was expected, ${name} having the parts ${parts.join(', ')}, got "${replacement}"`,
        `for example --with ${parts[0]}=${roles[parts[0] ?? '']}`,
      );
    }
    const way = rest.join('=');
    requireStrategy(parseStrategySpec(way).strategy, '--with');
    changed[part] = way;
  }
  return changed;
}

/** Throws UsageError. */
export async function parseReproduceOptions(
  names: readonly string[],
  raw: RawReproduceOptions,
): Promise<ReproduceOptions> {
  const chosen = names.length === 0 ? experimentNames : [...new Set(names.map(requireExperiment))];
  const replacements = raw.with ?? [];
  const [only] = chosen;
  if (replacements.length > 0 && (chosen.length > 1 || only === undefined)) {
    throw new UsageError(
      `--with: one experiment was expected, since each has parts of its own, got ${chosen.length}`,
      'for example lockbench reproduce race --with locked=flock',
    );
  }
  if (raw.filesystems === true && process.getuid?.() !== 0) {
    throw new UsageError(
      '--filesystems: root was expected, since file systems are made and mounted',
      'use sudo, or leave it out',
    );
  }
  const experiments = await Promise.all(chosen.map(loadExperiment));
  return {
    productions: experiments.map((experiment) => ({ experiment, roles: recast(experiment, replacements) })),
    named: names.length > 0,
    disk: existingDirectory(raw.dir ?? tmpdir()),
    nfs: raw.nfs === undefined ? null : existingDirectory(raw.nfs),
    filesystems: raw.filesystems ?? false,
    rounds: parseCount('--rounds', raw.rounds, 1, MOST_ROUNDS),
    seed: parseSeed(raw.seed),
    json: raw.json ?? null,
    record: parseRecordName(raw.record),
    quiet: raw.quiet ?? false,
  };
}
