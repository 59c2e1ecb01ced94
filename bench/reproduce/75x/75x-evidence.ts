/**
 * What `75x` measured, as its result keeps it, and what the model makes of it.
 */
import { z } from 'zod';
import type { Modelled } from './75x-drawing.js';
import { type MeasuredDirectory, measuredDirectorySchema, modelOf } from './75x-model.js';

export const evidenceSchema = z.strictObject({
  testDirectories: z.array(measuredDirectorySchema),
  missing: z
    .array(z.strictObject({ name: z.string(), reason: z.string() }))
    .describe('what could not be measured'),
  emptyCallNs: z.number().positive().describe('a system call that does nothing, getppid(2)'),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** Each synchronous place, and how the plain one before it explains it. */
export function modelled({ testDirectories }: Evidence): Modelled[] {
  return testDirectories.flatMap((testDirectory, i) => {
    const plain = testDirectories[i - 1];
    const model =
      testDirectory.kind === 'synchronous' && plain !== undefined ? modelOf(testDirectory, plain) : null;
    return model === null ? [] : [{ testDirectory, model }];
  });
}

/** What a result's evidence says, for pages that set machines side by side; null if it is of another kind. */
export function readEvidence(
  evidence: unknown,
): { directories: MeasuredDirectory[]; models: Modelled[] } | null {
  const read = evidenceSchema.safeParse(evidence);
  return read.success ? { directories: read.data.testDirectories, models: modelled(read.data) } : null;
}
