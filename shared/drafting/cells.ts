/** Cells as they travel through the clipboard, and what is typed or pasted into one becomes in the document. */
import type { FieldSpec } from '../documents/spec.ts';

/**
 * A block of cells from the clipboard as Excel and WPS write it: tabs between cells, line breaks between rows, a cell that holds either in
 * double quotes with its own quotes doubled. The line break at the end is no row.
 */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"' && closesQuote(text, at)) {
      at += 1;
      while (at < text.length) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') {
          cell += '"';
          at += 1;
        } else break;
        at += 1;
      }
      at += 1;
    } else {
      const end = text.slice(at).search(/[\t\r\n]/);
      cell = end < 0 ? text.slice(at) : text.slice(at, at + end);
      at += cell.length;
    }
    row.push(cell);
    const separator = text[at];
    if (separator === '\t') {
      at += 1;
      if (at === text.length) row.push('');
    } else {
      at += separator === '\r' && text[at + 1] === '\n' ? 2 : 1;
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

/** A quote that opens a cell is one only when another ends the cell: `"` alone is the inch of a size. */
function closesQuote(text: string, from: number): boolean {
  return /^"(?:[^"]|"")*"(?=[\t\r\n]|$)/.test(text.slice(from));
}

/** The block as text for the clipboard; {@link parseBlock} reads it back. */
export function writeBlock(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join('\t')).join('\r\n');
}

/**
 * What was typed or pasted, as the document holds it: full-width figures and thousands commas of numbers become plain, days lose their
 * dashes, a value that is given by its name becomes its code. Anything that is not understood stays as it is, for the check to name.
 */
export function enteredValue(field: FieldSpec, typed: string): string {
  const text = typed.replaceAll(/[\r\n\t]+/g, ' ').trim();
  if (text === '') return '';
  if (field.kind !== 'text') return text.normalize('NFKC').replaceAll(/[,\s]/g, '').replace('\u2212', '-');
  if (field.format === 'date8') {
    const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/.exec(text.normalize('NFKC'));
    return parts === null ? text : `${parts[1]}${parts[2]?.padStart(2, '0')}${parts[3]?.padStart(2, '0')}`;
  }
  if (field.values !== undefined && !Object.hasOwn(field.values, text)) {
    const wanted = text.toLowerCase();
    const found = Object.entries(field.values).find(
      ([code, { zh, en }]) => zh === text || en.toLowerCase() === wanted || `${code} ${zh}` === text,
    );
    return found?.[0] ?? text;
  }
  if (field.format === 'guid' || field.table !== undefined) return text.normalize('NFKC');
  return text;
}
