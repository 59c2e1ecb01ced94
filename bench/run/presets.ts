/**
 * Names for workloads that people have, and for how much time they have. Each is a set of options; what is said besides wins.
 * docs/commands/run.md says why each figure is what it is.
 */
import { availableParallelism } from 'node:os';

/** Options as they are written. */
export interface PresetValues {
  readonly hold?: string;
  readonly think?: string;
  readonly processes?: string;
  readonly readers?: string;
  readonly writers?: string;
  readonly increments?: string;
  readonly rounds?: string;
  readonly until?: string;
  readonly handoffs?: string;
  readonly budget?: string;
  readonly maxTime?: string;
}

const company = (): number => Math.max(2, availableParallelism());

/** By name: what the processes do with the lock, and between two turns. */
const PRESETS: Readonly<Record<string, () => PresetValues>> = {
  textbook: () => ({}),
  'job-runner': () => ({
    ...{ hold: '100us', think: 'sleep:1ms', processes: String(2 * company()) },
    ...{ increments: '200', budget: '1s' },
  }),
  busy: () => ({
    ...{ hold: '10us', think: '10us', processes: String(2 * company()) },
    ...{ increments: '2000', budget: '1s' },
  }),
  readers: () => ({
    ...{ hold: '10us', think: '10us', readers: String(Math.max(3, company() - 1)), writers: '1' },
    ...{ increments: '2000', budget: '1s' },
  }),
};

export const presetNames: readonly string[] = Object.keys(PRESETS);

interface Asked extends PresetValues {
  readonly preset?: string;
  readonly quick?: true;
  readonly thorough?: true;
}

/** Of a name that is one of them. */
const presetOf = (name: string | undefined): PresetValues =>
  (name === undefined ? undefined : PRESETS[name])?.() ?? {};

/** Ten seconds on two cores: no cell of one process, few rounds, no trace. */
const quick = (): PresetValues => ({
  ...{ processes: String(company()), rounds: '3', handoffs: '300', budget: '50ms', maxTime: '10s' },
});

/** The textbook's ways and the controls, if none are named. */
export const QUICK_STRATEGIES: readonly string[] = ['none', 'fcntl', 'flock', 'excl', 'shm-flag', 'broken'];

/** Until bounds are narrow, for a quarter of an hour at most. */
const THOROUGH: PresetValues = { rounds: '12', until: '5%', handoffs: '10000', maxTime: '15min' };

/** Who takes part is said once: by what was asked for, else by the preset. */
function withoutProcesses({ processes: _, readers: _r, writers: _w, ...rest }: PresetValues): PresetValues {
  return rest;
}

const saysWho = ({ processes, readers, writers }: PresetValues): boolean =>
  processes !== undefined || readers !== undefined || writers !== undefined;

/** The second over the first. */
const over = <Above extends PresetValues>(below: PresetValues, above: Above): PresetValues & Above => ({
  ...(saysWho(above) ? withoutProcesses(below) : below),
  ...above,
});

/** What was asked for, with what presets add to it. */
export function withPresets<Raw extends Asked>(raw: Raw): Raw & PresetValues {
  const pace = raw.quick === true ? quick() : raw.thorough === true ? THOROUGH : {};
  const preset = presetOf(raw.preset);
  // A preset knows how many there must be for its contention, and --quick only that there is any.
  return over(over(pace, preset), raw);
}
