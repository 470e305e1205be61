import { harmlessText } from './text-sheet.ts';

const quoted = (cell: string): string => {
  const text = harmlessText(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows as CSV (RFC 4180) with the byte order mark by which office programs know UTF-8; no cell runs as a formula. */
export function csvText(header: readonly string[], rows: Iterable<readonly string[]>): string {
  const lines = [header.map(quoted).join(',')];
  for (const row of rows) lines.push(row.map(quoted).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}
