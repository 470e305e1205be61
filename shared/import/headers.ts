import { type ColumnSet, columnsOf } from './document-fields.ts';
import { isRequiredUnder } from './duplicates.ts';
import { eitherOf, type FieldDef, reasonHeaders, templateHeader } from './fields.ts';

/** Field id -> column from 0. */
export type Mapping = Readonly<Record<string, number>>;

/** Rows from the top among which the header is looked for: title lines, addresses and blank rows may stand above it. */
export const HEADER_SEARCH_ROWS = 30;

/** A header without case, blanks and punctuation; a unit in brackets at the end goes too: `净重(kg)` is `净重`. */
export function foldHeader(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().trim();
  const bare = folded.replace(/[([【][^)\]】]*[)\]】]\s*$/, '');
  return strip(bare) || strip(folded);
}

/** As {@link foldHeader} with the bracket kept: `中间价（100外币）` is not `中间价`. */
function foldWhole(text: string): string {
  return strip(text.normalize('NFKC').toLowerCase());
}

function strip(text: string): string {
  return text.replace(/[\s_\-./\\:：*#()[\]【】'"]+/g, '');
}

const ownHeaders = new Set([foldWhole(reasonHeaders.reason), foldWhole(reasonHeaders.remedy)]);

/** Whether a column is one that our failed-rows files add. */
export function isReasonHeader(header: string): boolean {
  return ownHeaders.has(foldWhole(header));
}

/**
 * The key under which a mapping is remembered: the set of headers in their order. A failed-rows file of ours has the key
 * of the file it came from.
 */
export function headerKey(headers: readonly string[]): string {
  const kept = headers.filter((header) => !isReasonHeader(header)).map(foldWhole);
  while (kept.at(-1) === '') kept.pop();
  return kept.join('|');
}

interface NameTable {
  readonly exact: ReadonlyMap<string, string>;
  readonly bare: ReadonlyMap<string, string>;
}
const tables = new Map<ColumnSet, NameTable>();

function namesOf(kind: ColumnSet): NameTable {
  const known = tables.get(kind);
  if (known !== undefined) return known;
  const exact = new Map<string, string>();
  const bare = new Map<string, string>();
  const put = (map: Map<string, string>, key: string, id: string) => {
    if (key !== '' && !map.has(key)) map.set(key, id);
  };
  const own = (field: FieldDef) => [templateHeader(field), field.zh, field.en, field.id];
  // The fields' own names first: `商品名称` of one field may be a synonym of another.
  for (const field of columnsOf(kind)) for (const name of own(field)) put(exact, foldWhole(name), field.id);
  for (const field of columnsOf(kind)) {
    for (const name of field.names) put(exact, foldWhole(name), field.id);
    for (const name of [...own(field), ...field.names]) put(bare, foldHeader(name), field.id);
  }
  const made = { exact, bare };
  tables.set(kind, made);
  return made;
}

/** The field a header names, or undefined. */
export function fieldOfHeader(kind: ColumnSet, header: string): string | undefined {
  if (header.trim() === '' || isReasonHeader(header)) return undefined;
  const { exact, bare } = namesOf(kind);
  return exact.get(foldWhole(header)) ?? bare.get(foldHeader(header));
}

/** Columns by the names of their headers. A field named twice keeps its first column. */
export function mapHeaders(kind: ColumnSet, headers: readonly string[]): Record<string, number> {
  const mapping: Record<string, number> = {};
  for (const [column, header] of headers.entries()) {
    const field = fieldOfHeader(kind, header);
    if (field !== undefined && mapping[field] === undefined) mapping[field] = column;
  }
  return mapping;
}

/** Required fields without a column; of a group of which one is enough, the first. `key`: first field of the key that rows go by. */
export function missingFields(kind: ColumnSet, mapping: Mapping, key?: string): string[] {
  const missing = columnsOf(kind)
    .filter((field) => isRequiredUnder(kind, key, field) && mapping[field.id] === undefined)
    .map(({ id }) => id);
  for (const group of eitherOf[kind] ?? []) {
    const first = group[0];
    if (first !== undefined && group.every((id) => mapping[id] === undefined)) missing.push(first);
  }
  return missing;
}

export interface HeaderFound {
  /** Index into the rows that were given. */
  readonly index: number;
  readonly mapping: Record<string, number>;
  readonly from: 'recognised' | 'guess';
  /** For comparing sheets; higher is better. */
  readonly score: number;
}

/**
 * Finds the header among the first rows of a sheet: the row whose cells name the most fields, required ones first. With
 * no such row the first one with several filled cells is offered as a guess.
 */
export function findHeader(kind: ColumnSet, rows: readonly (readonly string[])[]): HeaderFound | undefined {
  let best: HeaderFound | undefined;
  for (const [index, row] of rows.slice(0, HEADER_SEARCH_ROWS).entries()) {
    const mapping = mapHeaders(kind, row);
    const named = Object.keys(mapping).length;
    const missing = missingFields(kind, mapping).length;
    const isComplete = missing === 0;
    // A data row may hold a word that is also a header; two such words in one row are a header.
    if (named < 2 && !isComplete) continue;
    const score = (isComplete ? 1000 : 0) + named * 10 - missing;
    if (best === undefined || score > best.score)
      best = { index, mapping, from: isComplete ? 'recognised' : 'guess', score };
  }
  if (best !== undefined) return best;
  const filled = rows.findIndex((row) => row.filter((cell) => cell.trim() !== '').length >= 2);
  return filled < 0
    ? undefined
    : { index: filled, mapping: mapHeaders(kind, rows[filled] ?? []), from: 'guess', score: 0 };
}
