/**
 * The page on a result that was made just now, read as its file would be.
 */
import { reported } from './read-report.js';
import { reportOn } from './report.js';

/** `result`: of any kind that a page can be made of. */
export const pageOnResult = (result: unknown): Promise<string> =>
  reportOn([reported(JSON.stringify(result), 'the result')]);
