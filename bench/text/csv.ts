/**
 * Lines of CSV, as RFC 4180 has them.
 */
import { visible } from '../base/visible.js';

/** A text as a field: in quotation marks where it must be; what would not be seen, or breaks a line, is escaped as in JSON. */
export function csvField(text: string): string {
  const shown = visible(text);
  return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/** A row, with its end. */
export const csvLine = (values: readonly (string | number)[]): string =>
  `${values.map((value) => csvField(String(value))).join(',')}\r\n`;
