import type { ImportKind, ImportSource, OnDuplicate } from '../../../shared/contract/imports.ts';
import { catalogue, type RequestName, requestNames } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { SourceRow } from '../../../shared/import/cells.ts';
import { type ColumnSet, columnSetOf, columnsOf } from '../../../shared/import/document-fields.ts';
import { keyNamed, keysOf } from '../../../shared/import/duplicates.ts';
import {
  findHeader,
  HEADER_SEARCH_ROWS,
  headerKey,
  isReasonHeader,
  type Mapping,
  mapHeaders,
  missingFields,
} from '../../../shared/import/headers.ts';
import { accountsShown } from '../../../shared/import/statement.ts';
import { sheetNameOf } from '../exporters/template.ts';
import type { Book } from '../store/book.ts';
import { rememberedMapping, rememberedMessage } from '../store/imports.ts';
import { accountNumbers } from '../store/money/accounts.ts';
import type { SourceFile } from './source.ts';

/** How a file is going to be read: which sheet, from which row, which column is what. */
export interface ImportPlan {
  readonly kind: ImportKind;
  readonly sheet: string;
  /** Number of the header row in the file, from 1. */
  readonly headerRow: number;
  readonly headers: readonly string[];
  readonly mapping: Mapping;
  readonly mappingFrom: 'remembered' | 'recognised' | 'guess';
  /** Currency of prices where the file does not say. */
  readonly currency: string | undefined;
  /** Of a statement: the money account it is of. */
  readonly accountId?: number | undefined;
  /** Of documents. */
  readonly message?: RequestName | undefined;
  /** Of documents and of kinds with a natural key. */
  readonly onDuplicate?: OnDuplicate | undefined;
  /** First field of the key by which rows find their records; undefined: the book's own. */
  readonly key?: string | undefined;
}

/** Whose columns a plan maps. */
export function columnsOfPlan({ kind, message }: Pick<ImportPlan, 'kind' | 'message'>): ColumnSet {
  const set = columnSetOf(kind, message);
  if (set === undefined) throw new Error('documents are read as those of a message');
  return set;
}

/** What the user said of records the book has, or what is usual: documents are left as they are, other records written over. */
function onDuplicateOf({ kind, defaults }: Omit<ImportSource, 'file'>): Pick<ImportPlan, 'onDuplicate'> {
  if (kind === 'documents') return { onDuplicate: defaults.onDuplicate ?? 'skip' };
  return keysOf(kind).length === 0 ? {} : { onDuplicate: defaults.onDuplicate ?? 'update' };
}

/** A key other than the book's own. */
function keyOf(set: ColumnSet, first: string | undefined): Pick<ImportPlan, 'key'> {
  const key = keyNamed(set, first)?.[0];
  return key === undefined || key === keyNamed(set, undefined)?.[0] ? {} : { key };
}

const previewRows = 20;

interface Candidate {
  readonly sheet: string;
  readonly rows: readonly SourceRow[];
  readonly header: SourceRow;
  readonly mapping: Mapping;
  readonly key?: string | undefined;
  readonly from: ImportPlan['mappingFrom'];
  readonly score: number;
}

/**
 * Finds sheet, header row and mapping, as far as `input` does not name them. A mapping the user once confirmed for the
 * same headers wins over what the names say. Refusals: `SHEET_UNKNOWN`, `HEADER_ROW_EMPTY`, `HEADER_NOT_FOUND`,
 * `IMPORT_FIELD_UNKNOWN`.
 */
export async function planImport(
  book: Book,
  file: SourceFile,
  input: Omit<ImportSource, 'file'>,
): Promise<{ plan: ImportPlan; preview: string[][] }> {
  const { kind } = input;
  if (input.sheet !== undefined && !file.rows.sheets.includes(input.sheet)) {
    throw new PortbookError('SHEET_UNKNOWN', { sheet: input.sheet }, 'sheet');
  }
  const message =
    kind === 'documents' ? (input.message ?? (await messageOf(book, file, input.sheet))?.message) : undefined;
  const set = columnSetOf(kind, message);
  if (set === undefined) throw new PortbookError('HEADER_NOT_FOUND', { name: file.name });
  for (const field of Object.keys(input.mapping ?? {})) {
    if (!columnsOf(set).some(({ id }) => id === field))
      throw new PortbookError('IMPORT_FIELD_UNKNOWN', { field }, `mapping/${field}`);
  }
  const asked = input.defaults.key;
  if (asked !== undefined && keyNamed(set, asked) === undefined)
    throw new PortbookError('IMPORT_KEY_UNKNOWN', { field: asked }, 'defaults/key');
  let best: Candidate | undefined;
  for (const sheet of input.sheet === undefined ? file.rows.sheets : [input.sheet]) {
    const rows = await firstRows(file, sheet, input.headerRow);
    const found =
      input.headerRow === undefined ? search(book, set, sheet, rows) : named(book, set, sheet, rows, input.headerRow);
    if (found !== undefined && (best === undefined || found.score > best.score)) best = found;
  }
  if (best === undefined) {
    if (input.headerRow !== undefined)
      throw new PortbookError('HEADER_ROW_EMPTY', { row: input.headerRow }, 'headerRow');
    throw new PortbookError('HEADER_NOT_FOUND', { name: file.name });
  }
  const { header } = best;
  const after = best.rows.filter(({ no }) => no > header.no).slice(0, previewRows);
  const headers = header.texts.map((text) => text.trim());
  return {
    plan: {
      kind,
      sheet: best.sheet,
      headerRow: header.no,
      headers,
      mapping: input.mapping ?? best.mapping,
      mappingFrom: best.from,
      currency: input.defaults.currency,
      ...(kind === 'statement' ? { accountId: input.defaults.accountId ?? accountOf(book, best) } : {}),
      ...(message === undefined ? {} : { message }),
      ...onDuplicateOf(input),
      ...keyOf(set, asked ?? best.key),
    },
    preview: after.map(({ texts }) => [...texts]),
  };
}

/** What speaks for a message: its share of the columns of file and template together, twice as much where the row is of field codes. */
function likeness(message: RequestName, row: readonly string[]): number {
  const fields = columnsOf(message);
  const filled = row.filter((text) => text.trim() !== '' && !isReasonHeader(text));
  const mapped = Object.keys(mapHeaders(message, row));
  const number = fields.find(({ required }) => required);
  if (mapped.length < 2 || number === undefined || !mapped.includes(number.id)) return 0;
  const asked = fields.filter(({ id, isExtra }) => isExtra !== true || mapped.includes(id)).length;
  const share = mapped.length / (asked + filled.length - mapped.length);
  return isCodeRow(message, row) ? share * 2 : share;
}

/** Enough of a message's columns for a file to be its table, though not all. */
export const likeEnough = 0.5;

/** The message whose table a file is most like; of equal ones that after which the sheet is named. */
export async function messageOf(
  book: Book,
  file: SourceFile,
  sheet?: string,
): Promise<{ readonly message: RequestName; readonly likeness: number } | undefined> {
  let best: { message: RequestName; likeness: number; rank: number } | undefined;
  for (const name of sheet === undefined ? file.rows.sheets : [sheet]) {
    const rows = (await firstRows(file, name, undefined)).slice(0, HEADER_SEARCH_ROWS);
    for (const { texts } of rows) {
      const remembered = rememberedMessage(book, headerKey(texts));
      if (remembered !== undefined) return { message: remembered, likeness: 1 };
    }
    for (const { texts } of rows) {
      for (const message of requestNames) {
        const found = likeness(message, texts);
        const rank = found + (found > 0 && sheetNameOf(catalogue[message]) === name ? 1 : 0);
        if (found > 0 && (best === undefined || rank > best.rank)) best = { message, likeness: found, rank };
      }
    }
  }
  return best;
}

/** Whether a row names fields of the set, as the second row of our templates does. */
function isCodeRow(set: ColumnSet, texts: readonly string[]): boolean {
  const ids = new Set(columnsOf(set).map(({ id }) => id));
  const filled = texts.map((text) => text.trim()).filter((text) => text !== '' && !isReasonHeader(text));
  return filled.length > 1 && filled.every((text) => ids.has(text));
}

/** Columns by the row of field codes under the header, which is exact where headers are changed or translated. */
function mappingByCodes(set: ColumnSet, rows: readonly SourceRow[], header: SourceRow): Mapping | undefined {
  const next = rows[rows.indexOf(header) + 1];
  if (next === undefined || !isCodeRow(set, next.texts)) return undefined;
  const ids = new Set(columnsOf(set).map(({ id }) => id));
  const named = next.texts.map((text, column): [string, number] => [text.trim(), column]).filter(([id]) => ids.has(id));
  // A field named twice keeps its first column.
  return Object.fromEntries(named.reverse());
}

/** The one account in use that a statement shows the number of, above its header or in a column for it. */
function accountOf(book: Book, { rows, header, mapping }: Candidate): number | undefined {
  const accounts = accountNumbers(book);
  const above = rows.filter(({ no }) => no < header.no).flatMap(({ texts }) => texts);
  const below = rows.filter(({ no }) => no > header.no);
  const own = mapping['ownAccount'];
  const cells = own === undefined ? [] : below.map(({ texts }) => texts[own] ?? '');
  const shown = [
    ...above.flatMap((text) => accountsShown(text, accounts, false)),
    ...cells.flatMap((text) => accountsShown(text, accounts, true)),
  ];
  const found = [...new Set(shown.map(({ id }) => id))];
  return found.length === 1 ? found[0] : undefined;
}

async function firstRows(file: SourceFile, sheet: string, headerRow: number | undefined): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  let after = 0;
  const wanted = (headerRow === undefined ? HEADER_SEARCH_ROWS : 1) + previewRows;
  await file.rows.read(sheet, (row) => {
    if (headerRow !== undefined && row.no < headerRow) return true;
    rows.push(row);
    after += 1;
    return after < wanted;
  });
  return rows;
}

function remembered(book: Book, kind: ColumnSet, header: SourceRow): ReturnType<typeof rememberedMapping> {
  const key = headerKey(header.texts);
  return key === '' ? undefined : rememberedMapping(book, kind, key);
}

/** Beats every recognised header: the user has said so. */
const rememberedScore = 10_000;

function search(book: Book, kind: ColumnSet, sheet: string, rows: readonly SourceRow[]): Candidate | undefined {
  for (const header of rows.slice(0, HEADER_SEARCH_ROWS)) {
    const known = remembered(book, kind, header);
    if (known !== undefined) return { sheet, rows, header, ...known, from: 'remembered', score: rememberedScore };
  }
  const found = findHeader(
    kind,
    rows.map(({ texts }) => texts),
  );
  const header = found === undefined ? undefined : rows[found.index];
  if (found === undefined || header === undefined) return undefined;
  const mapping = mappingByCodes(kind, rows, header) ?? found.mapping;
  const from = missingFields(kind, mapping).length === 0 ? 'recognised' : found.from;
  return { sheet, rows, header, mapping, from, score: found.score };
}

function named(
  book: Book,
  kind: ColumnSet,
  sheet: string,
  rows: readonly SourceRow[],
  headerRow: number,
): Candidate | undefined {
  const header = rows.find(({ no }) => no === headerRow);
  if (header === undefined) return undefined;
  const known = remembered(book, kind, header);
  const mapping = known?.mapping ?? mappingByCodes(kind, rows, header) ?? mapHeaders(kind, header.texts);
  const from = known !== undefined ? 'remembered' : missingFields(kind, mapping).length === 0 ? 'recognised' : 'guess';
  return { sheet, rows, header, mapping, key: known?.key, from, score: Object.keys(mapping).length };
}

/**
 * Refuses to read a file of which something that is needed is not known: `IMPORT_COLUMNS_MISSING`, `IMPORT_CURRENCY_MISSING`,
 * `IMPORT_ACCOUNT_MISSING`.
 */
export function requireComplete(plan: ImportPlan): void {
  const missing = missingFields(columnsOfPlan(plan), plan.mapping, plan.key);
  if (missing.length > 0)
    throw new PortbookError('IMPORT_COLUMNS_MISSING', { fields: missing.join(', ') }, `mapping/${missing[0] ?? ''}`);
  if (plan.kind === 'orders' && plan.mapping['currency'] === undefined && plan.currency === undefined) {
    throw new PortbookError('IMPORT_CURRENCY_MISSING', {}, 'defaults/currency');
  }
  if (plan.kind === 'statement' && plan.accountId === undefined)
    throw new PortbookError('IMPORT_ACCOUNT_MISSING', {}, 'defaults/accountId');
}
