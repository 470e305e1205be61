/** Netting sheets (轧差核对表) and their fees. Amounts in minor units of the sheet's currency. */

import { PortbookError } from '../../../../shared/errors.ts';
import { parseMoney } from '../../../../shared/money/index.ts';
import { groupOf, type PayoutCategory } from '../../../../shared/payouts/categories.ts';
import type { FeeType } from '../../../../shared/rules/forex/netting.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';

export type NettingState = 'draft' | 'confirmed' | 'void';

export interface Netting {
  readonly id: number;
  readonly number: string;
  readonly date: string;
  readonly partyId: number | null;
  readonly counterparty: string;
  readonly counterpartyCountry: string;
  readonly store: string | null;
  readonly currency: string;
  readonly goodsCode: string;
  readonly goodsEvidence: string;
  readonly goodsPaperId: number | null;
  readonly grossMinor: number;
  readonly feesMinor: number;
  readonly netMinor: number;
  readonly recordId: number | null;
  readonly payoutId: number | null;
  readonly note: string;
  readonly state: NettingState;
  readonly reason: string;
  readonly version: number;
}

export interface NettingFee {
  readonly id: number;
  readonly type: FeeType;
  readonly code: string;
  readonly payee: string;
  readonly payeeCountry: string;
  readonly invoiceNo: string;
  readonly paperId: number | null;
  readonly minor: number;
  readonly text: string;
  readonly documentId: number | null;
  readonly documentNo: string | null;
  readonly made: boolean;
}

const columns = `n.id, n.number, n.date, n.party_id AS partyId, n.counterparty, n.counterparty_country AS counterpartyCountry, n.store, n.currency,
  n.goods_code AS goodsCode, n.goods_evidence AS goodsEvidence, n.goods_paper_id AS goodsPaperId, n.gross_minor AS grossMinor,
  n.fees_minor AS feesMinor, n.net_minor AS netMinor, n.record_id AS recordId, n.payout_id AS payoutId, n.note, n.state, n.reason, n.version`;

/** Refusal: `NETTING_UNKNOWN` {id}. */
export function requireNetting(book: Book, id: number): Netting {
  const row = book.prepare(`SELECT ${columns} FROM netting n WHERE n.id = ?`).get(id) as Netting | undefined;
  if (row === undefined) throw new PortbookError('NETTING_UNKNOWN', { id }, 'id');
  return row;
}

/** Fees of a sheet in their order; a paper put on file no more and a document taken back count as none. */
export function feesOf(book: Book, nettingId: number): NettingFee[] {
  const rows = book
    .prepare(
      `SELECT f.id, f.type, f.code, f.payee, f.payee_country AS payeeCountry, f.invoice_no AS invoiceNo,
         (SELECT p.id FROM archive_paper p WHERE p.id = f.paper_id AND p.removed_at IS NULL) AS paperId, f.amount_minor AS minor, f.text,
         iif(d.state = 'void', NULL, f.source_document_id) AS documentId, iif(d.state = 'void', NULL, d.number) AS documentNo, f.made
       FROM netting_fee f LEFT JOIN source_document d ON d.id = f.source_document_id WHERE f.netting_id = ? ORDER BY f.position`,
    )
    .all(nettingId) as (Omit<NettingFee, 'made'> & { made: number })[];
  return rows.map((row) => ({ ...row, made: row.made === 1 }));
}

export interface NettingListRow {
  readonly id: number;
  readonly number: string;
  readonly date: string;
  readonly counterparty: string;
  readonly currency: string;
  readonly grossMinor: number;
  readonly feesMinor: number;
  readonly netMinor: number;
  readonly fees: number;
  readonly recordNo: string | null;
  readonly state: NettingState;
}

/** Sheets of a filter, newest first; `text` is looked for in number, counterparty, payees and invoice numbers. */
export function listNetting(
  book: Book,
  filter: { readonly state?: NettingState | undefined; readonly text?: string | undefined },
  page: { readonly after?: string | undefined; readonly limit: number },
): { rows: NettingListRow[]; total: number; nextCursor?: string } {
  const [date, id] = decodeCursor(page.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const bind = { state: filter.state ?? '', like: containing(filter.text?.trim() ?? '') };
  const where = `(:state = '' OR n.state = :state) AND (:like = '%%' OR n.number LIKE :like ESCAPE '\\' OR n.counterparty LIKE :like ESCAPE '\\'
    OR EXISTS (SELECT 1 FROM netting_fee f WHERE f.netting_id = n.id AND (f.payee LIKE :like ESCAPE '\\' OR f.invoice_no LIKE :like ESCAPE '\\')))`;
  const rows = book
    .prepare(
      `SELECT n.id, n.number, n.date, n.counterparty, n.currency, n.gross_minor AS grossMinor, n.fees_minor AS feesMinor, n.net_minor AS netMinor,
         (SELECT count(*) FROM netting_fee f WHERE f.netting_id = n.id) AS fees, r.number AS recordNo, n.state
       FROM netting n LEFT JOIN money_record r ON r.id = n.record_id WHERE ${where} AND (n.date, n.id) < (:lastDate, :lastId)
       ORDER BY n.date DESC, n.id DESC LIMIT :limit`,
    )
    .all({ ...bind, lastDate: date, lastId: id, limit: page.limit }) as NettingListRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM netting n WHERE ${where}`).get(bind) as { n: number };
  const last = rows.at(-1);
  return {
    rows,
    total: n,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

export type NettingHead = Omit<
  Netting,
  'id' | 'number' | 'goodsPaperId' | 'feesMinor' | 'netMinor' | 'state' | 'reason' | 'version'
>;
export type NettingFeeDraft = Omit<NettingFee, 'id' | 'paperId' | 'documentNo' | 'made'> & {
  readonly id: number | undefined;
};

/**
 * Writes a draft sheet with its fees, whole; fees that keep their id keep their paper. Fees and net follow by trigger, so that gross
 * less fees is net whatever was written. Refusal: `NETTING_FIXED` {number} for one that is no draft.
 */
export function writeNetting(
  book: Book,
  id: number | undefined,
  head: NettingHead,
  fees: readonly NettingFeeDraft[],
  now: string,
): { readonly id: number; readonly number: string } {
  const before = id === undefined ? undefined : requireNetting(book, id);
  if (before !== undefined && before.state !== 'draft')
    throw new PortbookError('NETTING_FIXED', { number: before.number }, 'id');
  const papers = new Map(before === undefined ? [] : feesOf(book, before.id).map((fee) => [fee.id, fee.paperId]));
  let savedId = before?.id;
  let number = before?.number ?? '';
  if (savedId === undefined) {
    const year = head.date.slice(0, 4);
    number = `轧-${year}-${String(book.nextNumber(`netting:${year}`)).padStart(4, '0')}`;
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO netting (number, date, party_id, counterparty, counterparty_country, store, currency, goods_code, goods_evidence, gross_minor,
           net_minor, record_id, payout_id, note, state, created_at, updated_at)
         VALUES (:number, :date, :partyId, :counterparty, :counterpartyCountry, :store, :currency, :goodsCode, :goodsEvidence, :grossMinor,
           :grossMinor, :recordId, :payoutId, :note, 'draft', :now, :now)`,
      )
      .run({ ...head, number, now });
    savedId = Number(lastInsertRowid);
  } else {
    book.prepare('DELETE FROM netting_fee WHERE netting_id = ?').run(savedId);
    book
      .prepare(
        `UPDATE netting SET date = :date, party_id = :partyId, counterparty = :counterparty, counterparty_country = :counterpartyCountry,
           store = :store, currency = :currency, goods_code = :goodsCode, goods_evidence = :goodsEvidence, gross_minor = :grossMinor,
           net_minor = :grossMinor, record_id = :recordId, payout_id = :payoutId, note = :note, version = version + 1, updated_at = :now
         WHERE id = :id`,
      )
      .run({ ...head, id: savedId, now });
  }
  const insert = book.prepare(
    `INSERT INTO netting_fee (id, netting_id, position, type, code, payee, payee_country, invoice_no, paper_id, amount_minor, text, source_document_id)
     VALUES (:id, :nettingId, :position, :type, :code, :payee, :payeeCountry, :invoiceNo, :paperId, :minor, :text, :documentId)`,
  );
  for (const [at, { documentId, ...fee }] of fees.entries()) {
    const known = fee.id !== undefined && papers.has(fee.id) ? fee.id : null;
    const paperId = known === null ? null : (papers.get(known) ?? null);
    insert.run({ ...fee, id: known, nettingId: savedId, position: at + 1, paperId, documentId });
  }
  return { id: savedId, number };
}

/** The paper of a fee, or without one of the goods. */
export function setNettingPaper(book: Book, nettingId: number, feeId: number | undefined, paperId: number): void {
  if (feeId === undefined) book.prepare('UPDATE netting SET goods_paper_id = ? WHERE id = ?').run(paperId, nettingId);
  else
    book.prepare('UPDATE netting_fee SET paper_id = ? WHERE id = ? AND netting_id = ?').run(paperId, feeId, nettingId);
}

/** The document a sheet has made for a fee; null: none any more. */
export function setFeeDocument(book: Book, feeId: number, documentId: number | null): void {
  book
    .prepare('UPDATE netting_fee SET source_document_id = ?, made = ? WHERE id = ?')
    .run(documentId, documentId === null ? 0 : 1, feeId);
}

export function setNettingState(book: Book, id: number, state: NettingState, reason: string, now: string): void {
  book
    .prepare('UPDATE netting SET state = ?, reason = ?, version = version + 1, updated_at = ? WHERE id = ?')
    .run(state, reason, now, id);
}

/** The sheet that holds a receipt or a payout already; undefined: none. */
export function nettingOf(
  book: Book,
  of: { readonly recordId: number } | { readonly payoutId: number },
  beside: number | undefined,
): { readonly id: number; readonly number: string } | undefined {
  const [column, value] = 'recordId' in of ? ['record_id', of.recordId] : ['payout_id', of.payoutId];
  return book
    .prepare(`SELECT id, number FROM netting WHERE ${column} = ? AND state <> 'void' AND id IS NOT ?`)
    .get(value, beside ?? null) as { id: number; number: string } | undefined;
}

/** What a fee is posted with by a person's word. `free`: of it in the currency, fees of other sheets taken off. */
export function feeDocument(
  book: Book,
  number: string,
  currency: string,
  beside: number | undefined,
): { readonly id: number; readonly freeMinor: number } | undefined {
  const row = book
    .prepare(
      `SELECT d.id, d.body, coalesce((SELECT sum(f.amount_minor) FROM netting_fee f JOIN netting n ON n.id = f.netting_id
         WHERE f.source_document_id = d.id AND n.state <> 'void' AND n.id IS NOT ?), 0) AS taken
       FROM source_document d WHERE d.number = ? AND d.state <> 'void' AND d.kind = 'platform-fee' AND coalesce(json_extract(d.body, '$.from'), 'receivable') = 'receivable'
         AND json_extract(d.body, '$.currency') = ?`,
    )
    .get(beside ?? null, number, currency) as { id: number; body: string; taken: number } | undefined;
  if (row === undefined) return undefined;
  const { amount } = JSON.parse(row.body) as { readonly amount: string };
  return { id: row.id, freeMinor: Number(parseMoney(amount, currency).minor) - row.taken };
}

/** The code last used for each type of fee, for the next sheet. */
export function lastFeeCodes(book: Book): Map<string, string> {
  const rows = book
    .prepare(
      `SELECT f.type, f.code FROM netting_fee f WHERE f.code <> '' AND f.id = (SELECT max(g.id) FROM netting_fee g WHERE g.type = f.type AND g.code <> '')`,
    )
    .all() as { type: string; code: string }[];
  return new Map(rows.map(({ type, code }) => [type, code]));
}

/** The goods code of the newest sheet; empty: there is none. */
export function lastGoodsCode(book: Book): string {
  const row = book.prepare('SELECT goods_code AS code FROM netting ORDER BY id DESC LIMIT 1').get() as
    | { code: string }
    | undefined;
  return row?.code ?? '';
}

// The two sides of a sheet -------------------------------------------------------------------------------------------
export interface NettedRecord {
  readonly id: number;
  readonly number: string;
  readonly kind: string;
  readonly state: string;
  readonly date: string;
  readonly currency: string;
  readonly minor: number;
  readonly feeMinor: number;
}

export function nettedRecord(book: Book, id: number): NettedRecord | undefined {
  return book
    .prepare(
      'SELECT id, number, kind, state, date, currency, amount_minor AS minor, fee_minor AS feeMinor FROM money_record WHERE id = ?',
    )
    .get(id) as NettedRecord | undefined;
}

export interface NettedPayout {
  readonly id: number;
  readonly number: string;
  /** The marketplace by its name as a party. */
  readonly platform: string;
  readonly store: string;
  readonly partyId: number | null;
  readonly currency: string;
  readonly date: string;
  /** What it comes to, reserve considered. */
  readonly totalMinor: number;
  /** The receipt that is its deposit. */
  readonly recordId: number | null;
}

export function nettedPayout(book: Book, id: number): NettedPayout | undefined {
  return book
    .prepare(
      `SELECT p.id, p.number, coalesce((SELECT name FROM party WHERE id = p.party_id), p.platform) AS platform, p.store, p.party_id AS partyId, p.currency, coalesce(p.deposit_on, p.to_on) AS date,
         p.total_minor AS totalMinor, (SELECT a.record_id FROM allocation a WHERE a.target_payout_id = p.id ORDER BY a.id LIMIT 1) AS recordId
       FROM payout p WHERE p.id = ? AND p.state = 'entered'`,
    )
    .get(id) as NettedPayout | undefined;
}

const feeOfGroup: Partial<Record<NonNullable<(typeof groupOf)[PayoutCategory]>, FeeType>> = {
  tax: 'tax',
  commission: 'commission',
  fulfilment: 'logistics',
  storage: 'storage',
  advertising: 'advertising',
  payment: 'payment',
  other: 'other',
  unknown: 'other',
};

/** What a payout kept, by type of fee; what it gave instead is no fee. */
export function payoutFees(book: Book, payoutId: number): { readonly type: FeeType; readonly minor: number }[] {
  const rows = book
    .prepare(
      `SELECT k.category, sum(d.amount_minor) AS minor FROM payout_day d JOIN payout_kind k ON k.id = d.kind_id
       WHERE d.payout_id = ? GROUP BY k.category`,
    )
    .all(payoutId) as { category: PayoutCategory; minor: number }[];
  const sums = new Map<FeeType, number>();
  for (const { category, minor } of rows) {
    const group = groupOf[category];
    const type = group === undefined ? undefined : feeOfGroup[group];
    if (type !== undefined) sums.set(type, (sums.get(type) ?? 0) + minor);
  }
  return [...sums].flatMap(([type, minor]) => (minor < 0 ? [{ type, minor: -minor }] : []));
}
