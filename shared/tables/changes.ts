/** What differs between two states of a code table. */

export interface CodeChange {
  readonly code: string;
  readonly kind: 'added' | 'gone' | 'renamed';
  /** Name before; empty for an added code. */
  readonly before: string;
  /** Name after; empty for one that is gone. */
  readonly after: string;
}

/** Blanks and full-width forms are no other name. */
const same = (a: string, b: string): boolean =>
  a === b || a.normalize('NFKC').replace(/\s+/g, '') === b.normalize('NFKC').replace(/\s+/g, '');

/** Compares names by code; the order is that of the codes. */
export function codeChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): CodeChange[] {
  const changes: CodeChange[] = [];
  for (const [code, name] of before) {
    const now = after.get(code);
    if (now === undefined) changes.push({ code, kind: 'gone', before: name, after: '' });
    else if (!same(name, now)) changes.push({ code, kind: 'renamed', before: name, after: now });
  }
  for (const [code, name] of after)
    if (!before.has(code)) changes.push({ code, kind: 'added', before: '', after: name });
  return changes.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}
