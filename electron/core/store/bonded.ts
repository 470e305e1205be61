/**
 * 保税账册. What lists draw is never entered: it is read off them by triggers (`bonded_draw`), and their states say whether it is proposed, booked or
 * given back. So a receipt that comes twice, or takes an earlier one back, changes nothing but the state.
 */
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { BondedEntry } from '../../../shared/import/bonded.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { type DayChange, freeFrom } from '../../../shared/stock/bonded.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';

type BookInput = ParsedInputOf<'bonded.saveBook'>;
type ItemInput = ParsedInputOf<'bonded.saveItem'>;
type MoveInput = ParsedInputOf<'bonded.move'>;
type Kind = MoveInput['kind'];

const entries: readonly Kind[] = ['import', 'domestic', 'transfer-in', 'returned'];
/** Which way goods of a kind go. */
export const directionOf = (kind: Kind): 'in' | 'out' => (entries.includes(kind) ? 'in' : 'out');

export interface BondedBook extends Omit<BookInput, 'id'> {
  readonly id: number;
  readonly items: number;
}

const bookColumns = `k.id, k.record_no AS recordNo, k.place_kind AS placeKind, k.place, k.customs, k.firm_code AS firmCode, k.firm_name AS firmName, k.state,
  k.note, (SELECT count(*) FROM bonded_item i WHERE i.book_id = k.id) AS items`;

/** Ledgers, open ones first. */
export function bondedBooks(book: Book): BondedBook[] {
  return book
    .prepare(`SELECT ${bookColumns} FROM bonded_book k ORDER BY k.state DESC, k.record_no`)
    .all() as BondedBook[];
}

/** The ledger of a record number. */
export function bondedBookOf(book: Book, recordNo: string): BondedBook | undefined {
  return book.prepare(`SELECT ${bookColumns} FROM bonded_book k WHERE k.record_no = ?`).get(recordNo) as
    | BondedBook
    | undefined;
}

/** Refusal: `BONDED_BOOK_UNKNOWN` {id}. */
export function requireBondedBook(book: Book, id: number): BondedBook {
  const row = book.prepare(`SELECT ${bookColumns} FROM bonded_book k WHERE k.id = ?`).get(id) as BondedBook | undefined;
  if (row === undefined) throw new PortbookError('BONDED_BOOK_UNKNOWN', { id });
  return row;
}

/** Whether the firm keeps a ledger at all. */
export const keepsBonded = (book: Book): boolean =>
  book.prepare('SELECT 1 FROM bonded_book LIMIT 1').get() !== undefined;

/** See the contract for its refusals. */
export function saveBondedBook(book: Book, input: BookInput, now: string): number {
  const { id, ...of } = input;
  const { recordNo } = of;
  const other = bondedBookOf(book, recordNo);
  if (other !== undefined && other.id !== id) throw new PortbookError('BONDED_BOOK_USED', { recordNo }, 'recordNo');
  if (id === undefined)
    return Number(
      book
        .prepare(
          `INSERT INTO bonded_book (record_no, place_kind, place, customs, firm_code, firm_name, state, note, created_at, updated_at)
           VALUES (:recordNo, :placeKind, :place, :customs, :firmCode, :firmName, :state, :note, :now, :now)`,
        )
        .run({ ...of, now }).lastInsertRowid,
    );
  const before = requireBondedBook(book, id);
  if (before.recordNo !== recordNo && isDrawnOn(book, before.recordNo))
    throw new PortbookError('BONDED_BOOK_FIXED', { recordNo: before.recordNo }, 'recordNo');
  book
    .prepare(
      `UPDATE bonded_book SET record_no = :recordNo, place_kind = :placeKind, place = :place, customs = :customs, firm_code = :firmCode,
         firm_name = :firmName, state = :state, note = :note, updated_at = :now WHERE id = :id`,
    )
    .run({ ...of, id, now });
  return id;
}

/** Whether a live list or a standing move speaks of a ledger or of one of its items. */
function isDrawnOn(book: Book, recordNo: string, itemNo: string | null = null): boolean {
  const row = book
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM bonded_draw w JOIN document d ON d.id = w.document_id WHERE w.record_no = :recordNo
           AND (:itemNo IS NULL OR w.item_no = :itemNo) AND d.state NOT IN ('rejected','withdrawn','superseded'))
         OR EXISTS (SELECT 1 FROM bonded_move m JOIN bonded_item i ON i.id = m.item_id JOIN bonded_book k ON k.id = i.book_id
           WHERE k.record_no = :recordNo AND (:itemNo IS NULL OR i.item_no = :itemNo) AND m.void_reason = '') AS found`,
    )
    .get({ recordNo, itemNo }) as { found: number };
  return row.found === 1;
}

// What lists take -----------------------------------------------------------------------------------------------------
const booked = `('accepted','released','closed')`;
const amended = (which: string): string =>
  `FROM document_about a JOIN document o ON o.id = ${which} AND o.state IN ${booked}`;

/**
 * What each live list takes of an item. A list that changes another takes only what it adds until customs accepts it; from then on the other takes
 * nothing. A list whose number was entered as the paper of an exit is counted there.
 */
const uses = (where: string): string => `
  SELECT w.record_no AS recordNo, w.item_no AS itemNo, d.id AS documentId, d.business_key AS number, d.state, d.platform_no AS platformNo,
    min(w.line_no) AS line, sum(w.qty_e5) AS fullE5,
    CASE WHEN d.state IN ${booked} THEN 'booked' WHEN d.state IN ('draft','checked') THEN 'draft' ELSE 'leaving' END AS stage,
    CASE WHEN length(coalesce(d.released_at, d.status_time)) >= 8
      THEN substr(coalesce(d.released_at, d.status_time), 1, 4) || '-' || substr(coalesce(d.released_at, d.status_time), 5, 2) || '-'
        || substr(coalesce(d.released_at, d.status_time), 7, 2)
      ELSE date(d.updated_at, '+8 hours') END AS onDate,
    CASE
      WHEN d.state NOT IN ${booked} THEN max(0, sum(w.qty_e5) - coalesce((SELECT sum(x.qty_e5) ${amended('a.about_id')}
        JOIN bonded_draw x ON x.document_id = o.id AND x.record_no = w.record_no AND x.item_no = w.item_no
        WHERE a.document_id = d.id AND a.purpose = 'amend'), 0))
      WHEN EXISTS (SELECT 1 ${amended('a.document_id')} WHERE a.about_id = d.id AND a.purpose = 'amend') THEN 0
      ELSE sum(w.qty_e5) END AS qtyE5
  FROM bonded_draw w JOIN document d ON d.id = w.document_id
  WHERE ${where} AND d.state NOT IN ('rejected','withdrawn','superseded')
    AND NOT EXISTS (SELECT 1 FROM bonded_move m JOIN bonded_item i ON i.id = m.item_id JOIN bonded_book k ON k.id = i.book_id
      WHERE m.paper_no IN (d.business_key, d.platform_no) AND m.direction = 'out' AND m.void_reason = ''
        AND i.item_no = w.item_no AND k.record_no = w.record_no)
  GROUP BY w.record_no, w.item_no, d.id`;

interface Use {
  readonly documentId: number;
  readonly number: string;
  readonly state: DocumentState;
  readonly stage: 'booked' | 'draft' | 'leaving';
  readonly fullE5: number;
  readonly qtyE5: number;
}

/** An item with its sums; by 10^5. */
export interface ItemRecord extends Omit<ItemInput, 'id'> {
  readonly id: number;
  readonly recordNo: string;
  readonly isOpen: number;
  readonly inE5: number;
  readonly outE5: number;
  readonly bookedE5: number;
  readonly leavingE5: number;
  readonly draftE5: number;
  readonly showE5: number;
}

/** Items with their sums, of one ledger (`:recordNo`) and, where given, one item (`:itemNo`). */
const itemsSql = (hasItem: boolean): string => `
  SELECT i.id, i.book_id AS bookId, k.record_no AS recordNo, k.state = 'open' AS isOpen, i.seq, i.item_no AS itemNo, i.sku, i.name, i.hs_code AS hsCode,
    i.unit, i.note, coalesce(m.inE5, 0) AS inE5, coalesce(m.outE5, 0) AS outE5, coalesce(u.bookedE5, 0) AS bookedE5,
    coalesce(u.leavingE5, 0) AS leavingE5, coalesce(u.draftE5, 0) AS draftE5, coalesce(s.showE5, 0) AS showE5
  FROM bonded_item i JOIN bonded_book k ON k.id = i.book_id
  LEFT JOIN (SELECT m.item_id, sum(iif(m.direction = 'in', m.qty_e5, 0)) AS inE5, sum(iif(m.direction = 'out', m.qty_e5, 0)) AS outE5
    FROM bonded_move m JOIN bonded_item i ON i.id = m.item_id JOIN bonded_book k ON k.id = i.book_id
    WHERE m.void_reason = '' AND k.record_no = :recordNo ${hasItem ? 'AND i.item_no = :itemNo' : ''} GROUP BY m.item_id) m ON m.item_id = i.id
  LEFT JOIN (SELECT itemNo, sum(iif(stage = 'booked', qtyE5, 0)) AS bookedE5, sum(iif(stage = 'leaving', qtyE5, 0)) AS leavingE5,
      sum(iif(stage = 'draft', qtyE5, 0)) AS draftE5
    FROM (${uses(`w.record_no = :recordNo ${hasItem ? 'AND w.item_no = :itemNo' : ''}`)}) GROUP BY itemNo) u ON u.itemNo = i.item_no
  LEFT JOIN (SELECT item_id, sum(qty_e5) AS showE5 FROM show_goods WHERE ended_on IS NULL AND item_id IS NOT NULL GROUP BY item_id) s
    ON s.item_id = i.id
  WHERE k.record_no = :recordNo ${hasItem ? 'AND i.item_no = :itemNo' : ''}`;

/** Entries less exits; less than zero where customs let out more than the book has. */
export const netOf = ({ inE5, outE5, bookedE5 }: ItemRecord): number => inE5 - outE5 - bookedE5;
const find = {
  all: '1',
  left: 'inE5 > outE5 + bookedE5',
  proposed: 'leavingE5 + draftE5 > 0',
  short: 'inE5 < outE5 + bookedE5',
} as const;

/** Items of a ledger, a page at a time by 备案序号. */
export function listBondedItems(
  book: Book,
  recordNo: string,
  filter: { text: string; find: keyof typeof find; after?: string | undefined; limit: number },
) {
  const text = filter.text.trim();
  const [after] = decodeCursor(filter.after, [0]);
  const like = `(:like = '' OR itemNo LIKE :like ESCAPE '\\' OR name LIKE :like ESCAPE '\\' OR sku LIKE :like ESCAPE '\\'
    OR hsCode LIKE :like ESCAPE '\\' OR CAST(seq AS TEXT) = :text)`;
  const values = { recordNo, text, like: text === '' ? '' : containing(text) };
  const rows = book
    .prepare(
      `SELECT *, count(*) OVER () AS total FROM (${itemsSql(false)}) WHERE ${find[filter.find]} AND ${like} ORDER BY seq`,
    )
    .all(values) as (ItemRecord & { total: number })[];
  const page = rows.filter(({ seq }) => seq > after).slice(0, filter.limit);
  const last = page.at(-1);
  const counts = book
    .prepare(
      `SELECT count(*) AS "all", total(${find.left}) AS "left", total(${find.proposed}) AS proposed, total(${find.short}) AS short
       FROM (${itemsSql(false)})`,
    )
    .get({ recordNo }) as Record<keyof typeof find, number>;
  return {
    rows: page as readonly ItemRecord[],
    total: rows.length,
    counts,
    ...(last !== undefined && last.seq !== rows.at(-1)?.seq ? { nextCursor: encodeCursor([last.seq]) } : {}),
  };
}

/** An item of a ledger by its 料号. */
export function bondedItemOf(book: Book, recordNo: string, itemNo: string): ItemRecord | undefined {
  return book.prepare(itemsSql(true)).get({ recordNo, itemNo }) as ItemRecord | undefined;
}

/** Refusal: `BONDED_ITEM_UNKNOWN` {id}. */
export function requireBondedItem(book: Book, id: number): ItemRecord {
  const key = book
    .prepare(
      'SELECT k.record_no AS recordNo, i.item_no AS itemNo FROM bonded_item i JOIN bonded_book k ON k.id = i.book_id WHERE i.id = ?',
    )
    .get(id) as { recordNo: string; itemNo: string } | undefined;
  const row = key === undefined ? undefined : bondedItemOf(book, key.recordNo, key.itemNo);
  if (row === undefined) throw new PortbookError('BONDED_ITEM_UNKNOWN', { id });
  return row;
}

/** What lists take of an item, oldest first. */
export function usesOfItem(book: Book, { recordNo, itemNo }: Pick<ItemRecord, 'recordNo' | 'itemNo'>): Use[] {
  return book.prepare(`${uses('w.record_no = ? AND w.item_no = ?')} ORDER BY d.id`).all(recordNo, itemNo) as Use[];
}

/** Lists whose number was entered as the paper of an exit of an item, with what that exit took: it stands for the list's own. */
export function exitsOfLists(
  book: Book,
  { recordNo, itemNo }: Pick<ItemRecord, 'recordNo' | 'itemNo'>,
): { readonly documentId: number; readonly qtyE5: number }[] {
  return book
    .prepare(
      `SELECT w.document_id AS documentId, sum(m.qty_e5) AS qtyE5
       FROM (SELECT DISTINCT document_id, record_no, item_no FROM bonded_draw WHERE record_no = :recordNo AND item_no = :itemNo) w
         JOIN document d ON d.id = w.document_id JOIN bonded_book k ON k.record_no = w.record_no
         JOIN bonded_item i ON i.book_id = k.id AND i.item_no = w.item_no
         JOIN bonded_move m ON m.item_id = i.id AND m.direction = 'out' AND m.void_reason = '' AND m.paper_no IN (d.business_key, d.platform_no)
       GROUP BY w.document_id`,
    )
    .all({ recordNo, itemNo }) as { documentId: number; qtyE5: number }[];
}

/** A reader of 料号 by the firm's article in an open ledger: a shipment's orders share most of them. */
export function bondedItemReader(book: Book, bookId: number): (sku: string) => string | undefined {
  const rows = book
    .prepare(`SELECT sku, item_no AS itemNo FROM bonded_item WHERE book_id = ? AND sku <> ''`)
    .all(bookId) as {
    sku: string;
    itemNo: string;
  }[];
  const bySku = new Map(rows.map(({ sku, itemNo }) => [sku, itemNo]));
  return (sku) => bySku.get(sku);
}

/** 备案序号 and articles that a ledger has items of. */
export function takenInLedger(book: Book, bookId: number): { seqs: Set<number>; skus: Set<string> } {
  const rows = book.prepare('SELECT seq, sku FROM bonded_item WHERE book_id = ?').all(bookId) as {
    seq: number;
    sku: string;
  }[];
  return {
    seqs: new Set(rows.map(({ seq }) => seq)),
    skus: new Set(rows.flatMap(({ sku }) => (sku === '' ? [] : [sku]))),
  };
}

/**
 * Whether what documents about to be queued draw is there, beside all that has left or is leaving. Items that no ledger of the book has are none of its
 * concern.
 */
export function hasBondedFor(book: Book, documentIds: readonly number[]): boolean {
  const ids = JSON.stringify(documentIds);
  const among = 'w.document_id IN (SELECT value FROM json_each(:ids))';
  const wanted = book
    .prepare(
      `SELECT recordNo, itemNo, sum(iif(stage = 'draft', qtyE5, 0)) AS qtyE5 FROM (${uses(among)}) GROUP BY recordNo, itemNo`,
    )
    .all({ ids }) as { recordNo: string; itemNo: string; qtyE5: number }[];
  return wanted.every(({ recordNo, itemNo, qtyE5 }) => {
    const item = bondedItemOf(book, recordNo, itemNo);
    return item === undefined || qtyE5 === 0 || netOf(item) - item.leavingE5 - item.showE5 >= qtyE5;
  });
}

// Items and moves -----------------------------------------------------------------------------------------------------
/** See the contract for its refusals. */
export function saveBondedItem(book: Book, { id, ...input }: ItemInput, now: string): number {
  const { recordNo } = requireBondedBook(book, input.bookId);
  const { seq, itemNo, sku, unit, bookId } = input;
  const others = book
    .prepare(
      `SELECT seq, item_no AS itemNo, sku FROM bonded_item WHERE book_id = :bookId AND id <> :id
         AND (seq = :seq OR item_no = :itemNo OR (sku = :sku AND sku <> ''))`,
    )
    .all({ bookId, id: id ?? 0, seq, itemNo, sku }) as Pick<ItemInput, 'seq' | 'itemNo' | 'sku'>[];
  for (const other of others) {
    if (other.seq === seq) throw new PortbookError('BONDED_SEQ_USED', { seq }, 'seq');
    if (other.itemNo === itemNo) throw new PortbookError('BONDED_ITEM_USED', { itemNo }, 'itemNo');
    throw new PortbookError('BONDED_SKU_USED', { sku, itemNo: other.itemNo }, 'sku');
  }
  if (id === undefined)
    return Number(
      book
        .prepare(
          `INSERT INTO bonded_item (book_id, seq, item_no, sku, name, hs_code, unit, note, created_at, updated_at)
           VALUES (:bookId, :seq, :itemNo, :sku, :name, :hsCode, :unit, :note, :now, :now)`,
        )
        .run({ ...input, now }).lastInsertRowid,
    );
  const before = requireBondedItem(book, id);
  if (before.bookId !== bookId) throw new PortbookError('BONDED_ITEM_UNKNOWN', { id });
  if ((before.itemNo !== itemNo || before.unit !== unit) && isDrawnOn(book, recordNo, before.itemNo))
    throw new PortbookError('BONDED_ITEM_FIXED', { itemNo: before.itemNo }, before.unit === unit ? 'itemNo' : 'unit');
  book
    .prepare(
      `UPDATE bonded_item SET seq = :seq, item_no = :itemNo, sku = :sku, name = :name, hs_code = :hsCode, unit = :unit, note = :note,
         updated_at = :now WHERE id = :id`,
    )
    .run({ ...input, id, now });
  return id;
}

/** What entered or left an item by day, with what lists on their way and goods on show hold. */
export function changesOf(book: Book, item: ItemRecord): DayChange[] {
  return book
    .prepare(
      `SELECT on_date AS "on", sum(deltaE5) AS deltaE5 FROM (
         SELECT on_date, iif(direction = 'in', qty_e5, -qty_e5) AS deltaE5 FROM bonded_move WHERE item_id = :id AND void_reason = ''
         UNION ALL SELECT iif(stage = 'booked', onDate, '9999-12-31'), -qtyE5
           FROM (${uses('w.record_no = :recordNo AND w.item_no = :itemNo')}) WHERE stage <> 'draft'
         UNION ALL SELECT since_on, -qty_e5 FROM show_goods WHERE item_id = :id AND ended_on IS NULL)
       GROUP BY on_date`,
    )
    .all({ id: item.id, recordNo: item.recordNo, itemNo: item.itemNo }) as DayChange[];
}

/** @param without a change of the book to leave out. Refusal: `BONDED_SHORT` {itemNo, free, want, on}. */
export function requireFree(book: Book, item: ItemRecord, qtyE5: number, on: string, without?: DayChange): void {
  const back = without === undefined ? [] : [{ on: without.on, deltaE5: -without.deltaE5 }];
  const freeE5 = freeFrom([...changesOf(book, item), ...back], on);
  if (qtyE5 > freeE5)
    throw new PortbookError(
      'BONDED_SHORT',
      { itemNo: item.itemNo, free: storedText(freeE5), want: storedText(qtyE5), on },
      'qty',
    );
}

/** Whether a number is one of a live list that draws on the item: it counts by itself. */
export function isListOfItem(book: Book, item: Pick<ItemRecord, 'recordNo' | 'itemNo'>, paperNo: string): boolean {
  return (
    book
      .prepare(
        `SELECT 1 FROM document d JOIN bonded_draw w ON w.document_id = d.id WHERE d.kind = 'CEB603Message' AND (d.business_key = :paperNo OR d.platform_no = :paperNo)
           AND d.state NOT IN ('rejected','withdrawn','superseded') AND w.record_no = :recordNo AND w.item_no = :itemNo`,
      )
      .get({ paperNo, recordNo: item.recordNo, itemNo: item.itemNo }) !== undefined
  );
}

/** A standing move by its paper. */
export function bondedMoveOf(
  book: Book,
  of: {
    readonly itemId: number;
    readonly direction: 'in' | 'out';
    readonly paperNo: string;
    readonly paperLine: number;
  },
): { readonly kind: Kind; readonly on: string; readonly qtyE5: number } | undefined {
  return book
    .prepare(
      `SELECT kind, on_date AS "on", qty_e5 AS qtyE5 FROM bonded_move
       WHERE item_id = :itemId AND direction = :direction AND paper_no = :paperNo AND paper_line = :paperLine AND void_reason = ''`,
    )
    .get({ ...of }) as { kind: Kind; on: string; qtyE5: number } | undefined;
}

/** Enters a line of a paper; must run in a transaction. See the contract for its refusals. @returns its id */
export function addBondedMove(
  book: Book,
  input: MoveInput,
  today: string,
  now: string,
  runId: number | null = null,
): number {
  const { itemId, kind, on, paperNo, paperLine, qty, paperKind, note } = input;
  const item = requireBondedItem(book, itemId);
  const direction = directionOf(kind);
  if (item.isOpen === 0) throw new PortbookError('BONDED_BOOK_CLOSED', { recordNo: item.recordNo });
  if (on > today) throw new PortbookError('BONDED_AHEAD', { on }, 'on');
  if (bondedMoveOf(book, { itemId, direction, paperNo, paperLine }) !== undefined)
    throw new PortbookError('BONDED_PAPER_USED', { paperNo, line: paperLine }, 'paperNo');
  const qtyE5 = storedValue(qty);
  if (direction === 'out') {
    if (isListOfItem(book, item, paperNo)) throw new PortbookError('BONDED_PAPER_LIST', { paperNo }, 'paperNo');
    requireFree(book, item, qtyE5, on);
  }
  return Number(
    book
      .prepare(
        `INSERT INTO bonded_move (item_id, direction, kind, on_date, paper_kind, paper_no, paper_line, qty_e5, note, import_run_id, created_at)
         VALUES (:itemId, :direction, :kind, :on, :paperKind, :paperNo, :paperLine, :qtyE5, :note, :runId, :now)`,
      )
      .run({ itemId, direction, kind, on, paperKind, paperNo, paperLine, qtyE5, note, runId, now }).lastInsertRowid,
  );
}

/** Makes a move void; must run in a transaction. See the contract for its refusals. @returns the number of its paper */
export function voidBondedMove(book: Book, id: number, reason: string): string {
  const move = book
    .prepare(
      `SELECT item_id AS itemId, direction, on_date AS "on", paper_no AS paperNo, qty_e5 AS qtyE5,
         EXISTS (SELECT 1 FROM show_goods s WHERE s.end_move_id = m.id) AS isShown
       FROM bonded_move m WHERE id = ? AND void_reason = ''`,
    )
    .get(id) as
    | { itemId: number; direction: 'in' | 'out'; on: string; paperNo: string; qtyE5: number; isShown: number }
    | undefined;
  if (move === undefined) throw new PortbookError('BONDED_MOVE_UNKNOWN', { id });
  if (move.direction === 'in') requireFree(book, requireBondedItem(book, move.itemId), move.qtyE5, move.on);
  else if (move.isShown === 1) throw new PortbookError('BONDED_MOVE_SHOWN', { paperNo: move.paperNo });
  book.prepare('UPDATE bonded_move SET void_reason = ? WHERE id = ?').run(reason, id);
  return move.paperNo;
}

export interface BondedStep {
  readonly key: string;
  readonly on: string;
  readonly kind: Kind | 'retail';
  readonly paperKind: MoveInput['paperKind'];
  readonly paperNo: string;
  readonly paperLine: number;
  readonly qtyE5: number;
  readonly balanceE5: number;
  readonly moveId: number | null;
  readonly documentId: number | null;
  readonly note: string;
  readonly voidReason: string;
}

/** Every step of an item with its running balance, newest first, a page at a time. */
export function bondedHistory(book: Book, item: ItemRecord, page: { after?: string | undefined; limit: number }) {
  const [before] = decodeCursor(page.after, [Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(
      `SELECT * FROM (
         SELECT *, row_number() OVER byDay AS n, count(*) OVER () AS total, sum(deltaE5) OVER (byDay ROWS UNBOUNDED PRECEDING) AS balanceE5 FROM (
           SELECT 'm' || id AS key, id AS place, iif(direction = 'in', 0, 1) AS turn, on_date AS "on", kind, paper_kind AS paperKind, paper_no AS paperNo,
             paper_line AS paperLine, qty_e5 AS qtyE5, iif(void_reason <> '', 0, iif(direction = 'in', qty_e5, -qty_e5)) AS deltaE5, id AS moveId,
             NULL AS documentId, note, void_reason AS voidReason
           FROM bonded_move WHERE item_id = :id
           UNION ALL SELECT 'd' || documentId, documentId, 2, onDate, 'retail', 'list', coalesce(platformNo, number), line, qtyE5, -qtyE5, NULL, documentId,
             '', '' FROM (${uses('w.record_no = :recordNo AND w.item_no = :itemNo')}) WHERE stage = 'booked' AND qtyE5 > 0)
         WINDOW byDay AS (ORDER BY "on", turn, place))
       WHERE n < :before ORDER BY n DESC LIMIT :limit`,
    )
    .all({ id: item.id, recordNo: item.recordNo, itemNo: item.itemNo, before, limit: page.limit }) as (BondedStep & {
    n: number;
    total: number;
  })[];
  const last = rows.at(-1);
  return {
    rows: rows as readonly BondedStep[],
    total: rows[0]?.total ?? 0,
    ...(last !== undefined && last.n > 1 ? { nextCursor: encodeCursor([last.n]) } : {}),
  };
}

/** Takes in what a file says: items that are new, then what came in, then what went out, each by its day. Call it in a transaction. */
export function putBonded(book: Book, rows: readonly BondedEntry[], runId: number, today: string, now: string): void {
  for (const { bookId, item } of rows) if (item !== undefined) saveBondedItem(book, { bookId, note: '', ...item }, now);
  const idOf = book.prepare('SELECT id FROM bonded_item WHERE book_id = ? AND item_no = ?');
  const moves = rows.flatMap(({ bookId, itemNo, move }) => (move === undefined ? [] : [{ bookId, itemNo, move }]));
  const isIn = ({ move }: (typeof moves)[number]): boolean => directionOf(move.kind) === 'in';
  const byDay = [...moves].sort((a, b) => Number(isIn(b)) - Number(isIn(a)) || (a.move.on < b.move.on ? -1 : 1));
  for (const { bookId, itemNo, move } of byDay) {
    const { id } = idOf.get(bookId, itemNo) as { id: number };
    addBondedMove(book, { itemId: id, note: '', ...move, qty: storedText(move.qtyE5) }, today, now, runId);
  }
}
