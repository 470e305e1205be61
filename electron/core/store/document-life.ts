import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import type { Book } from './book.ts';
import { filedListsLeaving } from './departures.ts';

/** What documents are about each other, what customs sent about them beside receipts, and the user's notes on receipt codes. */

export type AboutPurpose = 'amend' | 'withdraw' | 'return' | 'tally' | 'waybills' | 'arrival' | 'departure' | 'summary';

/**
 * Notes that a document is about others. Withdrawals, returns and summaries that name a list by customs' number of it are about that list by
 * themselves, as long as they name it (migration 0820). Must run in the transaction that stored it.
 */
export function linkAbout(book: Book, documentId: number, aboutIds: readonly number[], purpose: AboutPurpose): void {
  const insert = book.prepare('INSERT OR IGNORE INTO document_about (document_id, about_id, purpose) VALUES (?, ?, ?)');
  for (const about of aboutIds) insert.run(documentId, about, purpose);
}

/** A document and why it stands beside another. */
export interface LinkedDocument {
  readonly id: number;
  readonly kind: RequestName;
  readonly businessKey: string;
  readonly state: DocumentState;
  readonly purpose: AboutPurpose;
}

const linkedColumns = 'd.id, d.kind, d.business_key AS businessKey, d.state, a.purpose';

/** What a document is about, at most a hundred of them. */
export function documentsAbout(book: Book, id: number): LinkedDocument[] {
  return book
    .prepare(
      `SELECT ${linkedColumns} FROM document_about a JOIN document d ON d.id = a.about_id WHERE a.document_id = ? ORDER BY d.id LIMIT 100`,
    )
    .all(id) as LinkedDocument[];
}

/** The one document that another changes or deletes (amend); undefined for one that changes none. */
export function amendedBy(book: Book, id: number): { readonly id: number } | undefined {
  return book
    .prepare(
      `SELECT max(about_id) AS id FROM document_about WHERE document_id = ? AND purpose = 'amend' HAVING max(about_id) IS NOT NULL`,
    )
    .get(id) as { id: number } | undefined;
}

/** Ids of a document, of all that it changes or deletes (amend) and of all that changes or deletes it, however many steps away: one paper at customs. */
export function amendmentChain(book: Book, id: number): number[] {
  const rows = book
    .prepare(
      `WITH RECURSIVE chain(id) AS (SELECT ?
         UNION SELECT iif(a.document_id = c.id, a.about_id, a.document_id) FROM chain c
           JOIN document_about a ON a.purpose = 'amend' AND c.id IN (a.document_id, a.about_id))
       SELECT id FROM chain ORDER BY id`,
    )
    .all(id) as { id: number }[];
  return rows.map((row) => row.id);
}

/** What is about a document, the newest last. */
export function documentsAboutIt(book: Book, id: number): LinkedDocument[] {
  return book
    .prepare(
      `SELECT ${linkedColumns} FROM document_about a JOIN document d ON d.id = a.document_id WHERE a.about_id = ? ORDER BY d.id`,
    )
    .all(id) as LinkedDocument[];
}

/**
 * Bodies of the standing return applications of a list, the newest version of each: all but those given up, sent back or superseded. One
 * that is being changed counts as it will be.
 */
export function standingReturns(book: Book, listId: number): { kind: RequestName; body: Record<string, unknown> }[] {
  const rows = book
    .prepare(
      `SELECT d.kind, d.body FROM document_about a JOIN document d ON d.id = a.document_id
       WHERE a.about_id = ? AND a.purpose = 'return' AND d.state NOT IN ('withdrawn','superseded','rejected')
         AND NOT EXISTS (SELECT 1 FROM document n WHERE n.kind = d.kind AND n.business_key = d.business_key AND n.version > d.version
           AND n.state NOT IN ('withdrawn','superseded','rejected'))`,
    )
    .all(listId) as { kind: RequestName; body: string }[];
  return rows.map(({ kind, body }) => ({ kind, body: JSON.parse(body) as Record<string, unknown> }));
}

/** Export lines of a released list, by line number. */
export function exportLinesOf(book: Book, listId: number): Map<string, number> {
  const rows = book.prepare('SELECT line_no AS lineNo, id FROM export_line WHERE document_id = ?').all(listId) as {
    lineNo: number;
    id: number;
  }[];
  return new Map(rows.map(({ lineNo, id }) => [String(lineNo), id]));
}

/** The newest document of a kind, as it was entered: what the next one begins with. */
export function latestBody(book: Book, kind: RequestName): Record<string, unknown> | undefined {
  const row = book.prepare('SELECT body FROM document WHERE kind = ? ORDER BY id DESC LIMIT 1').get(kind) as
    | { body: string }
    | undefined;
  return row === undefined ? undefined : (JSON.parse(row.body) as Record<string, unknown>);
}

/** Ties a draft to the shipment it was made for. */
export function setShipment(book: Book, documentId: number, shipmentId: number): void {
  book.prepare('UPDATE document SET shipment_id = ? WHERE id = ?').run(shipmentId, documentId);
}

/** A list as filed, with the number customs gave it. */
export interface StoredList {
  readonly id: number;
  readonly kind: RequestName;
  readonly body: Record<string, unknown>;
  readonly invtNo: string;
}

interface ListRow {
  id: number;
  kind: RequestName;
  body: string;
  platform_no: string | null;
}

const listOf = ({ id, kind, body, platform_no }: ListRow): StoredList => ({
  id,
  kind,
  body: JSON.parse(body) as Record<string, unknown>,
  invtNo: platform_no ?? '',
});

/** Export lists that leave with a shipment and have been filed and not sent back, oldest first: what may travel. */
export function listsOfShipment(book: Book, shipmentId: number): StoredList[] {
  const rows = book
    .prepare(`SELECT id, kind, body, platform_no FROM document WHERE id IN (${filedListsLeaving}) ORDER BY id`)
    .all({ shipment: shipmentId }) as ListRow[];
  return rows.map(listOf);
}

/** The number of the standing waybill list, arrival or departure that names a list by its waybill; undefined: none does. */
export function gatheredAs(
  book: Book,
  as: 'waybills' | 'arrival' | 'departure',
  logisticsNo: string,
): string | undefined {
  const row = book
    .prepare(
      `SELECT s.business_key AS number FROM document_named n JOIN document s ON s.id = n.document_id
       WHERE n.number = ? AND n.purpose = ? AND s.state NOT IN ('withdrawn','superseded','rejected') ORDER BY s.id DESC LIMIT 1`,
    )
    .get(logisticsNo, as) as { number: string } | undefined;
  return row?.number;
}

/** Whether an application that stands names the list `d`. */
const isNamed = `EXISTS (SELECT 1 FROM document_about a JOIN document s ON s.id = a.document_id
         WHERE a.about_id = d.id AND a.purpose = 'summary' AND s.state NOT IN ('withdrawn','superseded','rejected'))`;
/** Or the time of its release: which time a period means is not written, so that this is an assumption that the desk tells. */
const isApplied = `(${isNamed}
       OR EXISTS (SELECT 1 FROM summary_period p JOIN document s ON s.id = p.document_id
         WHERE substr(d.released_at, 1, 14) BETWEEN p.start_at AND p.end_at
           AND p.ebc_code = coalesce(json_extract(d.body, '$.InventoryHead.ebcCode'), '')
           AND s.state NOT IN ('withdrawn','superseded','rejected')))`;
/** Lists `d` of modes whose lists are summed up; the bound text is a JSON array of those whose are not. */
const isSummed = `coalesce(json_extract(d.body, '$.InventoryHead.tradeMode'), '') NOT IN (SELECT value FROM json_each(?))`;

/** Whether customs gave the list `d` its number (清单编号), not only the e-port its own. */
const hasListNumber = `d.platform_no IS NOT NULL AND d.platform_no_field IS NOT 'preNo'`;

/** Lists that are still to be summed up (汇总申报), by the month of their release (`yyyy-mm`), from a month on. */
export function listsToSumByMonth(
  book: Book,
  from: string,
  states: readonly DocumentState[],
  notSummed: readonly string[],
): Map<string, number> {
  const rows = book
    .prepare(
      `SELECT substr(d.released_at, 1, 4) || '-' || substr(d.released_at, 5, 2) AS month, count(*) AS lists FROM document d
       WHERE d.kind = 'CEB603Message' AND d.released_at >= ? AND d.state IN (${states.map(() => '?').join(',')})
         AND ${hasListNumber} AND coalesce(json_extract(d.body, '$.InventoryHead.statisticsFlag'), '') <> 'A'
         AND ${isSummed} AND NOT ${isApplied} GROUP BY 1`,
    )
    .all(from.replace('-', ''), ...states, JSON.stringify(notSummed)) as { month: string; lists: number }[];
  return new Map(rows.map(({ month, lists }) => [month, lists]));
}

/**
 * Export lists released in a month (`yyyy-mm`, by the receipt that released them) in one of the states, of modes whose lists are summed
 * up, and whether an application that stands names them already, or only its period does.
 */
export function releasedLists(
  book: Book,
  month: string,
  states: readonly DocumentState[],
  notSummed: readonly string[],
): (StoredList & { readonly isApplied: boolean; readonly isByPeriod: boolean })[] {
  const rows = book
    .prepare(
      `SELECT d.id, d.kind, d.body, d.platform_no, ${isApplied} AS applied, ${isNamed} AS named
       FROM document d WHERE d.kind = 'CEB603Message' AND d.state IN (${states.map(() => '?').join(',')})
         AND substr(d.released_at, 1, 6) = ? AND ${hasListNumber} AND ${isSummed}
       ORDER BY d.id`,
    )
    .all(...states, month.replace('-', ''), JSON.stringify(notSummed)) as (ListRow & {
    applied: number;
    named: number;
  })[];
  return rows.map((row) => ({
    ...listOf(row),
    isApplied: row.applied === 1,
    isByPeriod: row.applied === 1 && row.named === 0,
  }));
}

/** The newest live document of a kind by the number the authority gave it. */
export function documentByPlatformNo(book: Book, kind: RequestName, number: string): { id: number } | undefined {
  return book
    .prepare(
      `SELECT id FROM document WHERE kind = ? AND platform_no = ? AND state <> 'superseded' ORDER BY id DESC LIMIT 1`,
    )
    .get(kind, number) as { id: number } | undefined;
}

/** A result as it is stored, one row a business node. */
export interface DocumentResult {
  readonly id: number;
  readonly kind: string;
  readonly number: string;
  readonly at: string;
  readonly body: Record<string, unknown>;
}

/** Stores a node of a result; the same one again is ignored. @returns its id, undefined when it was there */
export function addResult(
  book: Book,
  result: {
    receiptId: number;
    position: number;
    kind: string;
    documentId: number | undefined;
    number: string;
    at: string;
    body: Record<string, unknown>;
  },
): number | undefined {
  const { changes, lastInsertRowid } = book
    .prepare(
      `INSERT INTO document_result (receipt_id, position, kind, document_id, number, at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (receipt_id, position) DO NOTHING`,
    )
    .run(
      result.receiptId,
      result.position,
      result.kind,
      result.documentId ?? null,
      result.number,
      result.at,
      JSON.stringify(result.body),
    );
  return changes === 0 ? undefined : Number(lastInsertRowid);
}

/** Notes which list stands in which item of a declaration. */
export function addSummaryMatch(
  book: Book,
  resultId: number,
  position: number,
  match: { invtNo: string; listId: number | undefined; entryId: string; itemNo: number; lineNo: number },
): void {
  book
    .prepare(
      'INSERT INTO summary_match (result_id, position, invt_no, list_id, entry_id, item_no, line_no) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(resultId, position, match.invtNo, match.listId ?? null, match.entryId, match.itemNo, match.lineNo);
}

/** Results about a document: of its own, and of summaries that name it as a list. */
export function resultsOf(book: Book, id: number): DocumentResult[] {
  const rows = book
    .prepare(
      `SELECT r.id, r.kind, r.number, r.at, r.body FROM document_result r
       WHERE r.document_id = ? OR r.id IN (SELECT result_id FROM summary_match WHERE list_id = ?) ORDER BY r.id`,
    )
    .all(id, id) as { id: number; kind: string; number: string; at: string; body: string }[];
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) as Record<string, unknown> }));
}

/** Lists that a summary result names, at most five hundred. */
export function matchesOf(book: Book, resultId: number): { invtNo: string; listId: number | null; itemNo: number }[] {
  return book
    .prepare(
      'SELECT invt_no AS invtNo, list_id AS listId, item_no AS itemNo FROM summary_match WHERE result_id = ? ORDER BY position LIMIT 500',
    )
    .all(resultId) as { invtNo: string; listId: number | null; itemNo: number }[];
}

/** The user's notes by code. */
export function receiptNotes(book: Book, codes: readonly string[]): Map<string, string> {
  if (codes.length === 0) return new Map();
  const rows = book
    .prepare(`SELECT code, note FROM receipt_note WHERE code IN (${codes.map(() => '?').join(',')})`)
    .all(...codes) as { code: string; note: string }[];
  return new Map(rows.map(({ code, note }) => [code, note]));
}

/** Keeps a note about a code; an empty one is taken away. */
export function saveReceiptNote(book: Book, code: string, note: string, now: string): void {
  if (note === '') book.prepare('DELETE FROM receipt_note WHERE code = ?').run(code);
  else
    book
      .prepare(
        `INSERT INTO receipt_note (code, note, updated_at) VALUES (?, ?, ?)
         ON CONFLICT (code) DO UPDATE SET note = excluded.note, updated_at = excluded.updated_at`,
      )
      .run(code, note, now);
}
