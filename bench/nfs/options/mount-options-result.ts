/**
 * The result of `lockbench nfs options`: its types, which are read off its schema.
 */
import type { z } from 'zod';
import type { mountOptionsSchema } from './mount-options-schema.js';

export const MOUNT_OPTIONS_SCHEMA_VERSION = 1;

export type MountOptionsResult = z.infer<typeof mountOptionsSchema>;
export type OptionMount = MountOptionsResult['mounts'][number];
export type MountedOption = Extract<OptionMount, { state: 'mounted' }>;
export type OptionCell = MountedOption['cells'][number];
export type ProvenCell = Extract<OptionCell, { state: 'proven' }>;
