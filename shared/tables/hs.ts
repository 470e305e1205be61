/** The commodity table: ten-digit codes with names and declaration elements. No units, licences or rates are in it. */
import type { CodeTable, TableSet } from './table.ts';

/** Required declaration elements of a code, in the table's (not official) order; undefined when the code is not in the table. */
export function elementsOf(table: CodeTable, code: string): readonly string[] | undefined {
  const entry = table.lookup(code);
  if (entry === undefined) return undefined;
  return listOf(entry.more['elements']);
}

/** Optional declaration elements (选填) of a code, e.g. CAS and GTIN; undefined when the code is not in the table. */
export function optionalElementsOf(table: CodeTable, code: string): readonly string[] | undefined {
  const entry = table.lookup(code);
  return entry === undefined ? undefined : listOf(entry.more['optional']);
}

/**
 * What a code, or a beginning of codes, has in the table: how many ten-digit codes, and the required declaration elements that all of
 * them ask for, in the order of the first.
 */
export function commonElements(
  table: CodeTable,
  digits: string,
): { readonly codes: number; readonly elements: readonly string[] } {
  const under = table.entries
    .filter(({ code }) => code.startsWith(digits))
    .map(({ code }) => elementsOf(table, code) ?? []);
  const [first = [], ...others] = under;
  return { codes: under.length, elements: first.filter((name) => others.every((names) => names.includes(name))) };
}

const listOf = (text = ''): readonly string[] => (text === '' ? [] : text.split(';'));

// Headings are asked for by every line of every check; made once a table.
const headings = new WeakMap<CodeTable, Map<number, ReadonlySet<string>>>();

/** Whether some code of the table begins with this text (4, 6, 8 or 10 digits): a heading that really exists. */
export function hasHeading(table: CodeTable, digits: string): boolean {
  let byLength = headings.get(table);
  if (byLength === undefined) {
    byLength = new Map();
    headings.set(table, byLength);
  }
  let set = byLength.get(digits.length);
  if (set === undefined) {
    set = new Set(table.entries.map((entry) => entry.code.slice(0, digits.length)));
    byLength.set(digits.length, set);
  }
  return set.has(digits);
}

/** The commodity table of a set, if it is loaded. */
export function hsTable(tables: TableSet): CodeTable | undefined {
  return tables.get('hs');
}
