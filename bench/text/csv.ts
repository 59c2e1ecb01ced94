/**
 * Lines of CSV, as RFC 4180 has them.
 */

/** A text as a field: in quotation marks where it must be. */
export const csvField = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** A row, with its end. */
export const csvLine = (values: readonly (string | number)[]): string =>
  `${values.map((value) => csvField(String(value))).join(',')}\r\n`;
