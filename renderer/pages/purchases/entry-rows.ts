/** Rows of a grid that is typed into: texts by column. */
export type EntryRow<K extends string> = Readonly<Record<K, string>>;

/** Whether a row says nothing yet that the blank one does not. */
export function isBlankRow<K extends string>(row: EntryRow<K>, blank: EntryRow<K>): boolean {
  return (Object.keys(blank) as K[]).every((key) => row[key].trim() === blank[key].trim());
}

/** The rows with exactly one blank one at the end, where the next is typed. */
export function withBlankLast<K extends string>(rows: readonly EntryRow<K>[], blank: EntryRow<K>): EntryRow<K>[] {
  const last = rows.findLastIndex((row) => !isBlankRow(row, blank));
  return [...rows.slice(0, last + 1), blank];
}

/**
 * Rows after cells of a spreadsheet were pasted at one of them: columns to the right, lines downwards, new rows as needed.
 * What stands beyond the last column is left out.
 */
export function pasteRows<K extends string>(
  rows: readonly EntryRow<K>[],
  at: number,
  column: K,
  columns: readonly K[],
  blank: EntryRow<K>,
  text: string,
): EntryRow<K>[] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  const first = columns.indexOf(column);
  const next = [...rows];
  for (const [down, line] of lines.entries()) {
    const row: Record<K, string> = { ...(next[at + down] ?? blank) };
    for (const [right, cell] of line.split('\t').entries()) {
      const key = columns[first + right];
      if (key !== undefined) row[key] = cell.trim();
    }
    next[at + down] = row;
  }
  return withBlankLast(next, blank);
}

/** Whether a pasted text is more than one cell. */
export function isTable(text: string): boolean {
  return /\t|\n./.test(text.replace(/\r/g, ''));
}

/** Where a refusal's path (`lines.2.fob`) points among rows of which only those with something in them were sent. */
export function cellOfPath<K extends string>(
  path: string | undefined,
  rows: readonly EntryRow<K>[],
  blank: EntryRow<K>,
): { readonly row: number; readonly column: string | undefined } | undefined {
  const match = /^lines\.(\d+)(?:\.(\w+))?$/.exec(path ?? '');
  if (match === null) return undefined;
  const sent = rows.flatMap((row, at) => (isBlankRow(row, blank) ? [] : [at]));
  const row = sent[Number(match[1])];
  return row === undefined ? undefined : { row, column: match[2] };
}
