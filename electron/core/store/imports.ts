import type { ImportCounts, ImportKind, OnDuplicate, RowReason } from '../../../shared/contract/imports.ts';
import { type RequestName, requestNames } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { ColumnSet } from '../../../shared/import/document-fields.ts';
import type { KnownDocument } from '../../../shared/import/documents.ts';
import type { Mapping } from '../../../shared/import/headers.ts';
import type { TaxBillEntry } from '../../../shared/import/tax-bills.ts';
import type { RateKind } from '../../../shared/ledger/index.ts';
import { editableStates } from '../../../shared/sync/document-states.ts';
import type { Book } from './book.ts';

/** How a file was read, kept with the run so that the commit reads it the same way. */
export interface RunOptions {
  readonly headerRow: number;
  readonly headers: readonly string[];
  readonly mapping: Mapping;
  readonly currency?: string;
  readonly accountId?: number;
  readonly message?: RequestName;
  readonly onDuplicate?: OnDuplicate;
  readonly key?: string;
}

export interface ImportRun {
  readonly id: number;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly sha256: string;
  readonly sheet: string;
  readonly options: RunOptions;
  readonly state: 'dry-run' | 'committed' | 'abandoned';
  readonly counts: ImportCounts;
}

export interface NewRun {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly sha256: string;
  readonly sheet: string;
  readonly options: RunOptions;
}

/** A row that was refused: its cells as text, as read or as mended so far. */
export interface Failure {
  readonly rowNo: number;
  readonly cells: readonly string[];
  readonly reasons: readonly RowReason[];
}

interface RunRow {
  id: number;
  kind: ImportKind;
  file_name: string;
  file_sha256: string;
  sheet: string;
  options: string;
  state: ImportRun['state'];
  counts: string;
}

interface FailureRow {
  row_no: number;
  cells: string;
  reasons: string;
}

/** The run of an id. Refusal: `IMPORT_RUN_UNKNOWN`. */
export function requireRun(book: Book, id: number): ImportRun {
  const row = book
    .prepare('SELECT id, kind, file_name, file_sha256, sheet, options, state, counts FROM import_run WHERE id = ?')
    .get(id) as RunRow | undefined;
  if (row === undefined) throw new PortbookError('IMPORT_RUN_UNKNOWN', { id });
  return {
    id: row.id,
    kind: row.kind,
    fileName: row.file_name,
    sha256: row.file_sha256,
    sheet: row.sheet,
    options: JSON.parse(row.options) as RunOptions,
    state: row.state,
    counts: JSON.parse(row.counts) as ImportCounts,
  };
}

/** When these very bytes were last committed as this kind. */
export function committedBefore(book: Book, kind: ImportKind, sha256: string): string | undefined {
  const row = book
    .prepare(
      `SELECT committed_at AS at FROM import_run WHERE file_sha256 = ? AND kind = ? AND state = 'committed' ORDER BY id DESC LIMIT 1`,
    )
    .get(sha256, kind) as { at: string } | undefined;
  return row?.at;
}

/** Opens a run. Its counts and failed rows are written by {@link saveOutcome}. */
export function insertRun(book: Book, run: NewRun, counts: ImportCounts, now: string): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO import_run (kind, file_name, file_sha256, sheet, options, state, counts, started_at)
       VALUES (?, ?, ?, ?, ?, 'dry-run', ?, ?)`,
    )
    .run(run.kind, run.fileName, run.sha256, run.sheet, JSON.stringify(run.options), JSON.stringify(counts), now);
  return Number(lastInsertRowid);
}

/** Trial runs of the same file that a new one replaces: their failed rows are of no use any more. */
export function abandonTrials(book: Book, kind: ImportKind, sha256: string): void {
  const where = `file_sha256 = ? AND kind = ? AND state = 'dry-run'`;
  book
    .prepare(`DELETE FROM import_failure WHERE run_id IN (SELECT id FROM import_run WHERE ${where})`)
    .run(sha256, kind);
  book.prepare(`UPDATE import_run SET state = 'abandoned' WHERE ${where}`).run(sha256, kind);
}

/** Writes what became of a run's rows. With `committedAt` the run is closed for good. */
export function saveOutcome(
  book: Book,
  runId: number,
  outcome: { readonly counts: ImportCounts; readonly failures: readonly Failure[] },
  committedAt?: string,
): void {
  book.prepare('DELETE FROM import_failure WHERE run_id = ?').run(runId);
  const insert = book.prepare('INSERT INTO import_failure (run_id, row_no, cells, reasons) VALUES (?, ?, ?, ?)');
  for (const { rowNo, cells, reasons } of outcome.failures) {
    insert.run(runId, rowNo, JSON.stringify(cells), JSON.stringify(reasons));
  }
  book
    .prepare(
      `UPDATE import_run SET counts = ?, state = CASE WHEN ? IS NULL THEN state ELSE 'committed' END, committed_at = ? WHERE id = ?`,
    )
    .run(JSON.stringify(outcome.counts), committedAt ?? null, committedAt ?? null, runId);
}

// A mended row that passes keeps its place with no reasons left, for the commit to find.
const stillFailed = `reasons <> '[]'`;

function fromRow(row: FailureRow): Failure {
  return {
    rowNo: row.row_no,
    cells: JSON.parse(row.cells) as string[],
    reasons: JSON.parse(row.reasons) as RowReason[],
  };
}

/** Failed rows after a row number, in the order of the file. */
export function listFailures(book: Book, runId: number, afterRow: number, limit: number): Failure[] {
  const rows = book
    .prepare(
      `SELECT row_no, coalesce(mended, cells) AS cells, reasons FROM import_failure
       WHERE run_id = ? AND row_no > ? AND ${stillFailed} ORDER BY row_no LIMIT ?`,
    )
    .all(runId, afterRow, limit) as FailureRow[];
  return rows.map(fromRow);
}

export function countFailures(book: Book, runId: number): number {
  const row = book
    .prepare(`SELECT count(*) AS n FROM import_failure WHERE run_id = ? AND ${stillFailed}`)
    .get(runId) as { n: number };
  return row.n;
}

/** The failed rows of a run named by number, mended or not. */
export function failuresOf(book: Book, runId: number, rowNos: readonly number[]): Map<number, Failure> {
  const get = book.prepare(
    'SELECT row_no, coalesce(mended, cells) AS cells, reasons FROM import_failure WHERE run_id = ? AND row_no = ?',
  );
  const found = new Map<number, Failure>();
  for (const rowNo of rowNos) {
    const row = get.get(runId, rowNo) as FailureRow | undefined;
    if (row !== undefined) found.set(rowNo, fromRow(row));
  }
  return found;
}

/** Failed rows of a run in which a text stands, mended or not, in the order of the file. */
export function failuresWith(book: Book, runId: number, text: string): (Failure & { readonly isMended: boolean })[] {
  const rows = book
    .prepare(
      `SELECT row_no, coalesce(mended, cells) AS cells, reasons, mended IS NOT NULL AS isMended FROM import_failure
       WHERE run_id = ? AND instr(coalesce(mended, cells), ?) > 0 ORDER BY row_no`,
    )
    .all(runId, JSON.stringify(text)) as (FailureRow & { isMended: number })[];
  return rows.map((row) => ({ ...fromRow(row), isMended: row.isMended === 1 }));
}

/** What is still wrong with a row that the user has not touched. */
export function saveReasons(book: Book, runId: number, rowNo: number, reasons: readonly RowReason[]): void {
  book
    .prepare('UPDATE import_failure SET reasons = ? WHERE run_id = ? AND row_no = ?')
    .run(JSON.stringify(reasons), runId, rowNo);
}

/** What the user typed for a row, and what is still wrong with it. */
export function saveMended(book: Book, runId: number, failure: Failure): void {
  book
    .prepare('UPDATE import_failure SET mended = ?, reasons = ? WHERE run_id = ? AND row_no = ?')
    .run(JSON.stringify(failure.cells), JSON.stringify(failure.reasons), runId, failure.rowNo);
}

/** Every row the user has touched, by its number. */
export function mendedRows(book: Book, runId: number): Map<number, readonly string[]> {
  const rows = book
    .prepare('SELECT row_no, mended AS cells FROM import_failure WHERE run_id = ? AND mended IS NOT NULL')
    .all(runId) as {
    row_no: number;
    cells: string;
  }[];
  return new Map(rows.map((row) => [row.row_no, JSON.parse(row.cells) as string[]]));
}

/** The message that a file with these headers was read as the last time. */
export function rememberedMessage(book: Book, headerKey: string): RequestName | undefined {
  const rows = book
    .prepare('SELECT kind FROM import_mapping WHERE header_key = ? ORDER BY used_at DESC')
    .all(headerKey) as { kind: string }[];
  return rows.map(({ kind }) => requestNames.find((name) => name === kind)).find((name) => name !== undefined);
}

/** The newest version of the document with a number, whatever became of it. */
export function knownDocument(book: Book, kind: RequestName, number: string): KnownDocument | undefined {
  const row = book
    .prepare(
      `SELECT d.id, d.state, d.body, EXISTS (SELECT 1 FROM review_approval a WHERE a.document_id = d.id) AS isApproved
       FROM document d WHERE d.kind = ? AND d.business_key = ? ORDER BY d.version DESC LIMIT 1`,
    )
    .get(kind, number) as { id: number; state: KnownDocument['state']; body: string; isApproved: number } | undefined;
  if (row === undefined) return undefined;
  const { id, state, body, isApproved } = row;
  const known: KnownDocument = { id, number, state, body: JSON.parse(body) as Record<string, unknown> };
  if (!editableStates.includes(state)) return { ...known, fixed: 'frozen' };
  return isApproved === 1 ? { ...known, fixed: 'approved' } : known;
}

/** No other document stands for these: given up, or replaced. */
const gone: readonly KnownDocument['state'][] = ['withdrawn', 'superseded'];

/**
 * Numbers of the documents of a kind by their value in a field of the head, or as customs gave it under that name. Of several with one value
 * those that are over count only where all are.
 */
export function documentNumbersBy(
  book: Book,
  kind: RequestName,
  field: string,
): ReadonlyMap<string, readonly string[]> {
  const path = `$.${field.replaceAll('/', '.')}`;
  const name = field.slice(field.lastIndexOf('/') + 1);
  const rows = book
    .prepare(
      `SELECT number, value, state FROM (
         SELECT d.business_key AS number, d.state,
           coalesce(nullif(json_extract(d.body, ?), ''), iif(coalesce(d.platform_no_field, 'invtNo') = ?, d.platform_no, NULL)) AS value
         FROM document d WHERE d.kind = ? AND NOT EXISTS (
           SELECT 1 FROM document n WHERE n.kind = d.kind AND n.business_key = d.business_key AND n.version > d.version)
         ORDER BY d.id)
       WHERE value IS NOT NULL`,
    )
    .all(path, name, kind) as { number: string; value: string; state: KnownDocument['state'] }[];
  const live = new Map<string, string[]>();
  const over = new Map<string, string[]>();
  for (const { number, value, state } of rows) {
    const into = gone.includes(state) ? over : live;
    into.set(value, [...(into.get(value) ?? []), number]);
  }
  for (const [value, numbers] of over) if (!live.has(value)) live.set(value, numbers);
  return live;
}

/** Whose columns are remembered: of an import, or of a temperature logger's file. */
type Remembered = ColumnSet | 'cold-log';

/** The mapping used the last time for a file with these headers, and the first field of the key its rows went by, where not the book's own. */
export function rememberedMapping(
  book: Book,
  kind: Remembered,
  headerKey: string,
): { readonly mapping: Mapping; readonly key: string | undefined } | undefined {
  const row = book
    .prepare('SELECT mapping, key_field AS key FROM import_mapping WHERE kind = ? AND header_key = ?')
    .get(kind, headerKey) as { mapping: string; key: string | null } | undefined;
  return row === undefined ? undefined : { mapping: JSON.parse(row.mapping) as Mapping, key: row.key ?? undefined };
}

export function rememberMapping(
  book: Book,
  kind: Remembered,
  headerKey: string,
  { mapping, key }: { readonly mapping: Mapping; readonly key?: string | undefined },
  now: string,
): void {
  book
    .prepare(
      `INSERT INTO import_mapping (kind, header_key, mapping, key_field, used_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (kind, header_key) DO UPDATE SET mapping = excluded.mapping, key_field = excluded.key_field, used_at = excluded.used_at`,
    )
    .run(kind, headerKey, JSON.stringify(mapping), key ?? null, now);
}

/** The rate of a kind that the book has for a currency on exactly this day. */
export function rateOn(book: Book, kind: RateKind, currency: string, date: string): string | undefined {
  const row = book
    .prepare('SELECT cny_per_unit AS rate FROM rate WHERE kind = ? AND currency = ? AND date = ?')
    .get(kind, currency, date) as { rate: string } | undefined;
  return row?.rate;
}

/** The tax bill of a number, as far as an import asks. */
export function knownTaxBill(
  book: Book,
  number: string,
): (Pick<TaxBillEntry, 'kind' | 'amountFen' | 'dueOn'> & { readonly paidOn: string | undefined }) | undefined {
  const row = book
    .prepare('SELECT kind, amount_fen AS amountFen, due_on AS dueOn, paid_on AS paidOn FROM tax_bill WHERE number = ?')
    .get(number) as (Pick<TaxBillEntry, 'kind' | 'amountFen' | 'dueOn'> & { paidOn: string | null }) | undefined;
  return row === undefined ? undefined : { ...row, paidOn: row.paidOn ?? undefined };
}

/** Writes tax bills as customs' list has them; of a known one only its payment. */
export function applyTaxBills(book: Book, entries: readonly TaxBillEntry[], now: string): void {
  const insert = book.prepare(
    `INSERT INTO tax_bill (number, kind, declaration_no, authority, amount_fen, issued_on, due_on, paid_on, paid_fen, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (number) DO UPDATE SET paid_on = excluded.paid_on, paid_fen = excluded.paid_fen, updated_at = excluded.updated_at`,
  );
  for (const { number, kind, declarationNo, authority, amountFen, issuedOn, dueOn, paidOn } of entries) {
    const paidFen = paidOn === undefined ? null : amountFen;
    insert.run(number, kind, declarationNo, authority, amountFen, issuedOn, dueOn, paidOn ?? null, paidFen, now, now);
  }
}
