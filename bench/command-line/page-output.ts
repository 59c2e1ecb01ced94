/**
 * `--html`: a result as a page, once it is finished. What makes it is loaded then, so that nothing measured waits for it.
 */
import { UsageError } from '../base/usage-error.js';
import { drawingOutput, type Outputs } from '../text/outputs.js';
import { Option } from './commander.js';
import { pageOn } from './page-maker.js';

export const htmlOption = () =>
  new Option('--html <file>', 'also write the result as a page to look at in a browser');

export interface PageOutput {
  /** Makes the page, and writes it. */
  finish(result: unknown): Promise<void>;
  /** Leaves nothing half-made behind, whatever happened. */
  close(): void;
}

const NOWHERE: PageOutput = { async finish() {}, close() {} };

/** Opens the file, before the time is spent. `path`: undefined for none. Throws UsageError; then nothing is left. */
export function openPage(path: string | undefined): PageOutput {
  if (path === undefined) return NOWHERE;
  if (path === '-') {
    throw new UsageError(
      '--html: a file was expected, got "-"',
      'name a file, or write --json FILE and then "lockbench report FILE -o -"',
    );
  }
  const file = drawingOutput<string>('--html', path, (page) => page);
  return {
    async finish(result) {
      file.finish(await pageOn(result));
    },
    close: () => file.close(),
  };
}

/** Where a result goes, its page among it. */
export interface PagedOutputs<Result> {
  save(result: Result): void;
  finish(result: Result): Promise<void>;
  close(): void;
}

/** Opens both, before the time is spent. Throws UsageError; then nothing is left. */
export function openWithPage<Result>(
  open: () => Outputs<Result>,
  html: string | undefined,
): PagedOutputs<Result> {
  const page = openPage(html);
  try {
    const outputs = open();
    return {
      save: (result) => outputs.save(result),
      async finish(result) {
        outputs.finish(result);
        await page.finish(result);
      },
      close() {
        outputs.close();
        page.close();
      },
    };
  } catch (error) {
    page.close();
    throw error;
  }
}
