/**
 * What may happen in a scenario, by name.
 */
export const STEPS = [
  'asked',
  'got-in',
  'read',
  'wrote',
  'leaves',
  'unlocked',
  'touches',
  'failed',
  'threw',
  'exited',
  'returned',
  'killed',
  'stopped',
  'continued',
  'removed-names',
  'cut',
  'healed',
  'halted',
  'booted',
  'server-stopped',
  'server-started',
  'ended',
] as const;

export const stepNames: readonly string[] = STEPS;
