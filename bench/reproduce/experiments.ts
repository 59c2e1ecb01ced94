/**
 * The registry: one line an experiment, in the order in which `reproduce` does them, the famous two first. Each is loaded
 * when it is asked for.
 */
import type { Experiment } from './experiment/experiment.js';

const registry: Readonly<Record<string, () => Promise<{ experiment: Experiment }>>> = {
  '75x': () => import('./75x/75x.js'),
  '80x': () => import('./80x/80x.js'),
  race: () => import('./race/race.js'),
  crash: () => import('./crash/crash-experiment.js'),
  polling: () => import('./polling/polling.js'),
  root: () => import('./root/root.js'),
  exdev: () => import('./exdev/exdev.js'),
  scaling: () => import('./scaling/scaling.js'),
  appendix: () => import('./appendix/appendix.js'),
  daemon: () => import('./daemon/daemon-experiment.js'),
};

export const experimentNames: readonly string[] = Object.keys(registry);

/** Throws if there is none of that name. */
export async function loadExperiment(name: string): Promise<Experiment> {
  const load = registry[name];
  if (load === undefined) throw new Error(`an experiment of the registry was expected, got "${name}"`);
  return (await load()).experiment;
}
