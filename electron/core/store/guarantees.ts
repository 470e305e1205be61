import { PortbookError } from '../../../shared/errors.ts';
import type { CoverSource } from '../../../shared/rules/guarantee/cover.ts';
import type { Book } from './book.ts';

export type GuaranteeKind = 'cash' | 'bank-letter' | 'insurance';
export type GuaranteeSubject = 'document' | 'shipment' | 'tax-bill' | 'show' | 'other';

/** A guarantee with what is taken from it; fen. */
export interface GuaranteeRecord extends CoverSource {
  readonly kind: GuaranteeKind;
  readonly issuer: string;
  readonly amountFen: number;
  readonly usedFen: number;
  readonly openUses: number;
  readonly state: 'active' | 'ended';
  readonly note: string;
}

export interface GuaranteeUse {
  readonly id: number;
  readonly guaranteeId: number;
  readonly subjectKind: GuaranteeSubject;
  readonly subjectId: string;
  readonly label: string;
  readonly amountFen: number;
  readonly takenOn: string;
  readonly releasedOn: string | null;
  readonly text: string;
}

/**
 * A document holds its part only while customs can still ask for the tax: from being checked for the queue to its release.
 * Released, rejected, withdrawn or corrected it lets go by itself, whatever moved it there.
 */
const holding = `('checked','queued','sending','unknown','sent','accepted')`;
const isOpen = `(u.released_on IS NULL AND (u.subject_kind <> 'document'
  OR EXISTS (SELECT 1 FROM document d WHERE d.id = CAST(u.subject_id AS INTEGER) AND d.state IN ${holding})))`;

const select = `SELECT g.id, g.kind, g.number, g.issuer, g.customs, g.amount_fen AS amountFen, g.valid_from AS validFrom,
    g.valid_to AS validTo, g.state, g.note, coalesce(o.used, 0) AS usedFen, coalesce(o.uses, 0) AS openUses,
    g.amount_fen - coalesce(o.used, 0) AS freeFen
  FROM guarantee g LEFT JOIN (
    SELECT u.guarantee_id, sum(u.amount_fen) AS used, count(*) AS uses FROM guarantee_use u WHERE ${isOpen} GROUP BY u.guarantee_id
  ) o ON o.guarantee_id = g.id`;

/** Guarantees, those in force first, by their end. */
export function listGuarantees(book: Book, state?: 'active' | 'ended'): GuaranteeRecord[] {
  return book
    .prepare(`${select} WHERE ? IS NULL OR g.state = ? ORDER BY g.state, g.valid_to, g.id`)
    .all(state ?? null, state ?? null) as GuaranteeRecord[];
}

export const activeGuarantees = (book: Book): GuaranteeRecord[] => listGuarantees(book, 'active');

/** Throws `GUARANTEE_UNKNOWN`. */
export function requireGuarantee(book: Book, id: number): GuaranteeRecord {
  const row = book.prepare(`${select} WHERE g.id = ?`).get(id) as GuaranteeRecord | undefined;
  if (row === undefined) throw new PortbookError('GUARANTEE_UNKNOWN', { id });
  return row;
}

export interface GuaranteeDraft {
  readonly id?: number | undefined;
  readonly kind: GuaranteeKind;
  readonly number: string;
  readonly issuer: string;
  readonly customs?: string | undefined;
  readonly amountFen: number;
  readonly validFrom: string;
  readonly validTo: string;
  readonly state: 'active' | 'ended';
  readonly note: string;
}

/** Stores a guarantee. Throws `GUARANTEE_NUMBER_USED` {number}. */
export function putGuarantee(book: Book, draft: GuaranteeDraft, at: string): number {
  const other = book.prepare('SELECT id FROM guarantee WHERE number = ? AND id <> ?').get(draft.number, draft.id ?? 0);
  if (other !== undefined) throw new PortbookError('GUARANTEE_NUMBER_USED', { number: draft.number }, 'number');
  const values = {
    ...{ kind: draft.kind, number: draft.number, issuer: draft.issuer, customs: draft.customs ?? null },
    ...{ amountFen: draft.amountFen, validFrom: draft.validFrom, validTo: draft.validTo, state: draft.state },
    ...{ note: draft.note, at },
  };
  if (draft.id === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO guarantee (kind, number, issuer, customs, amount_fen, valid_from, valid_to, state, note, created_at, updated_at)
         VALUES (:kind, :number, :issuer, :customs, :amountFen, :validFrom, :validTo, :state, :note, :at, :at)`,
      )
      .run(values);
    return Number(lastInsertRowid);
  }
  book
    .prepare(
      `UPDATE guarantee SET kind = :kind, number = :number, issuer = :issuer, customs = :customs, amount_fen = :amountFen,
         valid_from = :validFrom, valid_to = :validTo, state = :state, note = :note, updated_at = :at WHERE id = :id`,
    )
    .run({ ...values, id: draft.id });
  return draft.id;
}

/** Writes down the day on which documents let go of their part. */
export function settleUses(book: Book): void {
  book
    .prepare(
      `UPDATE guarantee_use AS u SET released_on = coalesce(
         (SELECT max(u.taken_on, date(d.updated_at, '+8 hours')) FROM document d WHERE d.id = CAST(u.subject_id AS INTEGER)), u.taken_on)
       WHERE u.released_on IS NULL AND u.subject_kind = 'document' AND NOT ${isOpen}`,
    )
    .run();
}

/** The open use of a subject; undefined: nothing is taken for it. */
export function openUse(
  book: Book,
  kind: GuaranteeSubject,
  subjectId: string,
): { id: number; number: string } | undefined {
  return book
    .prepare(
      `SELECT u.id, g.number FROM guarantee_use u JOIN guarantee g ON g.id = u.guarantee_id
       WHERE u.subject_kind = ? AND u.subject_id = ? AND ${isOpen}`,
    )
    .get(kind, subjectId) as { id: number; number: string } | undefined;
}

export function insertUse(book: Book, use: Omit<GuaranteeUse, 'id' | 'label' | 'releasedOn'>): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO guarantee_use (guarantee_id, subject_kind, subject_id, amount_fen, taken_on, text)
       VALUES (:guaranteeId, :subjectKind, :subjectId, :amountFen, :takenOn, :text)`,
    )
    .run(use);
  return Number(lastInsertRowid);
}

/** The newest use of a subject, open or not. */
export function useOf(
  book: Book,
  kind: GuaranteeSubject,
  subjectId: string,
): { readonly id: number; readonly releasedOn: string | null } | undefined {
  return book
    .prepare(
      'SELECT id, released_on AS releasedOn FROM guarantee_use WHERE subject_kind = ? AND subject_id = ? ORDER BY id DESC LIMIT 1',
    )
    .get(kind, subjectId) as { id: number; releasedOn: string | null } | undefined;
}

/** Corrects a use, which is open from then on: the guarantee, what is taken of it and since when. */
export function writeUse(
  book: Book,
  use: Pick<GuaranteeUse, 'id' | 'guaranteeId' | 'amountFen' | 'takenOn' | 'text'>,
): void {
  book
    .prepare(
      `UPDATE guarantee_use SET guarantee_id = :guaranteeId, amount_fen = :amountFen, taken_on = :takenOn, released_on = NULL, text = :text
       WHERE id = :id`,
    )
    .run(use);
}

/** Releases an open use. Throws `GUARANTEE_USE_UNKNOWN`, `DATE_ORDER` {from, to}. */
export function releaseUse(book: Book, useId: number, date: string): GuaranteeUse {
  const use = usesWhere(book, 'u.id = :id', { id: useId })[0];
  if (use === undefined || use.releasedOn !== null) throw new PortbookError('GUARANTEE_USE_UNKNOWN', { id: useId });
  if (date < use.takenOn) throw new PortbookError('DATE_ORDER', { from: use.takenOn, to: date }, 'date');
  book.prepare('UPDATE guarantee_use SET released_on = ? WHERE id = ?').run(date, useId);
  return use;
}

function usesWhere(book: Book, where: string, values: Readonly<Record<string, string | number>>): GuaranteeUse[] {
  return book
    .prepare(
      `SELECT u.id, u.guarantee_id AS guaranteeId, u.subject_kind AS subjectKind, u.subject_id AS subjectId,
         CASE u.subject_kind WHEN 'document' THEN coalesce((SELECT d.business_key FROM document d WHERE d.id = CAST(u.subject_id AS INTEGER)), u.subject_id)
           WHEN 'show' THEN coalesce((SELECT s.paper_no FROM show_goods s WHERE s.id = CAST(u.subject_id AS INTEGER)), u.subject_id)
           ELSE u.subject_id END AS label,
         u.amount_fen AS amountFen, u.taken_on AS takenOn, u.text,
         CASE WHEN ${isOpen} THEN NULL ELSE coalesce(u.released_on,
           (SELECT max(u.taken_on, date(d.updated_at, '+8 hours')) FROM document d WHERE d.id = CAST(u.subject_id AS INTEGER)), u.taken_on) END AS releasedOn
       FROM guarantee_use u WHERE ${where} ORDER BY u.taken_on, u.id`,
    )
    .all(values) as GuaranteeUse[];
}

/** Every use of a guarantee, oldest first. */
export function usesOf(book: Book, id: number): GuaranteeUse[] {
  return usesWhere(book, 'u.guarantee_id = :id', { id });
}

/** Tax bills a guarantee covers or covered, by month of issue: the combined payment (汇总征税). */
export function billsByMonth(
  book: Book,
  id: number,
  from: string,
  to: string,
): { month: string; bills: number; amountFen: number; unpaidFen: number }[] {
  return book
    .prepare(
      `SELECT substr(b.issued_on, 1, 7) AS month, count(*) AS bills, sum(b.amount_fen) AS amountFen,
         sum(CASE WHEN b.paid_on IS NULL THEN b.amount_fen ELSE 0 END) AS unpaidFen
       FROM tax_bill b WHERE b.issued_on BETWEEN ? AND ? AND b.number IN (
         SELECT u.subject_id FROM guarantee_use u WHERE u.guarantee_id = ? AND u.subject_kind = 'tax-bill')
       GROUP BY 1 ORDER BY 1`,
    )
    .all(from, to, id) as { month: string; bills: number; amountFen: number; unpaidFen: number }[];
}

// Export duty of a draft -----------------------------------------------------------------------------------------------
/** Whether any product or tariff line of the book bears an export duty: nearly never. */
export function knowsExportDuties(book: Book): boolean {
  const row = book
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM tariff WHERE CAST(coalesce(export_provisional_rate, export_duty_rate, '0') AS REAL) > 0)
         OR EXISTS (SELECT 1 FROM product WHERE CAST(json_extract(tax, '$.exportDutyRate') AS REAL) > 0) AS known`,
    )
    .get() as { known: number };
  return row.known === 1;
}

/** Export duty rate of a product on a date, decimal text: its own fact, else the tariff's, provisional first. Undefined: unknown. */
export function exportDutyRate(book: Book, sku: string, hsCode: string, date: string): string | undefined {
  const own = book
    .prepare(`SELECT json_extract(tax, '$.exportDutyRate') AS rate FROM product WHERE sku = ?`)
    .get(sku) as { rate: string | null } | undefined;
  if (own?.rate != null) return String(own.rate);
  const line = book
    .prepare(
      `SELECT coalesce(export_provisional_rate, export_duty_rate) AS rate FROM tariff WHERE hs_code = ? AND in_force_from <= ?
       ORDER BY in_force_from DESC LIMIT 1`,
    )
    .get(hsCode, date) as { rate: string | null } | undefined;
  return line?.rate ?? undefined;
}
