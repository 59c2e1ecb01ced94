/**
 * What a command that only looks has found: as text on standard output, as JSON where `--json` says, which with "-" is
 * instead of the text.
 */

import { jsonOutput } from '../text/outputs.js';
import { print } from '../text/standard-streams.js';

/** `find` begins once the file is open. Throws UsageError for a file that cannot be written, and what `find` throws. */
export async function deliver<Found>(
  json: string | null,
  find: () => Promise<Found>,
  textOf: (found: Found) => string,
): Promise<void> {
  const output = json === null ? null : jsonOutput(json);
  try {
    const found = await find();
    if (json !== '-') print(textOf(found));
    output?.finish(found);
  } finally {
    output?.close();
  }
}
