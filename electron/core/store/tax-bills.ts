import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';

export type TaxBillKind =
  | 'import-duty'
  | 'import-vat'
  | 'import-consumption'
  | 'export-duty'
  | 'late-declaration'
  | 'surcharge'
  | 'other';

/** A tax bill (税单); fen. */
export interface TaxBillRecord {
  readonly id: number;
  readonly number: string;
  readonly kind: TaxBillKind;
  readonly declarationNo: string;
  readonly authority: string;
  readonly amountFen: number;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly paidOn: string | null;
  readonly paidFen: number | null;
  readonly sourceDocumentId: number | null;
  readonly note: string;
  /** Number of the guarantee whose open use covers it. */
  readonly guarantee: string | null;
}

const select = `SELECT b.id, b.number, b.kind, b.declaration_no AS declarationNo, b.authority, b.amount_fen AS amountFen,
    b.issued_on AS issuedOn, b.due_on AS dueOn, b.paid_on AS paidOn, b.paid_fen AS paidFen, b.source_document_id AS sourceDocumentId,
    b.note, (SELECT g.number FROM guarantee_use u JOIN guarantee g ON g.id = u.guarantee_id
      WHERE u.subject_kind = 'tax-bill' AND u.subject_id = b.number AND u.released_on IS NULL) AS guarantee
  FROM tax_bill b`;

const states = {
  due: 'b.paid_on IS NULL AND b.due_on >= :date',
  overdue: 'b.paid_on IS NULL AND b.due_on < :date',
  paid: 'b.paid_on IS NOT NULL',
} as const;

/** Bills by their last day, unpaid before paid; the totals are of all bills. */
export function listTaxBills(
  book: Book,
  filter: {
    readonly date: string;
    readonly state?: keyof typeof states | undefined;
    readonly text?: string | undefined;
  },
  page: { readonly after: string | undefined; readonly limit: number },
) {
  const [paid, due, id] = decodeCursor(page.after, [-1, '', 0]);
  const like = containing(filter.text?.trim() ?? '');
  const where = `${filter.state === undefined ? '1' : states[filter.state]} AND :date IS NOT NULL
    AND (b.number LIKE :like ESCAPE '\\' OR b.declaration_no LIKE :like ESCAPE '\\')`;
  const rows = book
    .prepare(
      `${select} WHERE ${where} AND (b.paid_on IS NOT NULL, b.due_on, b.id) > (:paid, :due, :id)
       ORDER BY b.paid_on IS NOT NULL, b.due_on, b.id LIMIT :limit`,
    )
    .all({ date: filter.date, like, paid, due, id, limit: page.limit }) as TaxBillRecord[];
  const { total } = book
    .prepare(`SELECT count(*) AS total FROM tax_bill b WHERE ${where}`)
    .get({ date: filter.date, like }) as {
    total: number;
  };
  const totals = book
    .prepare(
      `SELECT coalesce(sum(CASE WHEN ${states.due} THEN b.amount_fen END), 0) AS due,
         coalesce(sum(CASE WHEN ${states.overdue} THEN b.amount_fen END), 0) AS overdue,
         coalesce(sum(CASE WHEN ${states.paid} THEN b.paid_fen END), 0) AS paid FROM tax_bill b`,
    )
    .get({ date: filter.date }) as { due: number; overdue: number; paid: number };
  const last = rows.at(-1);
  return {
    rows,
    total,
    totals,
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.paidOn === null ? 0 : 1, last.dueOn, last.id]) }
      : {}),
  };
}

/** Unpaid bills by their last day. */
export function unpaidBills(book: Book): TaxBillRecord[] {
  return book.prepare(`${select} WHERE b.paid_on IS NULL ORDER BY b.due_on, b.id`).all() as TaxBillRecord[];
}

/** Throws `TAX_BILL_UNKNOWN`. */
export function requireTaxBill(book: Book, id: number): TaxBillRecord {
  const row = book.prepare(`${select} WHERE b.id = ?`).get(id) as TaxBillRecord | undefined;
  if (row === undefined) throw new PortbookError('TAX_BILL_UNKNOWN', { bill: String(id) });
  return row;
}

/** The bill of a number. Throws `TAX_BILL_UNKNOWN`. */
export function requireTaxBillNumbered(book: Book, number: string): TaxBillRecord {
  const row = book.prepare(`${select} WHERE b.number = ?`).get(number) as TaxBillRecord | undefined;
  if (row === undefined) throw new PortbookError('TAX_BILL_UNKNOWN', { bill: number });
  return row;
}

/** Stores a bill. Throws `TAX_BILL_NUMBER_USED` {number}. */
export function putTaxBill(
  book: Book,
  bill: Pick<
    TaxBillRecord,
    'number' | 'kind' | 'declarationNo' | 'authority' | 'amountFen' | 'issuedOn' | 'dueOn' | 'note'
  > & {
    readonly id?: number | undefined;
  },
  at: string,
): number {
  const other = book.prepare('SELECT id FROM tax_bill WHERE number = ? AND id <> ?').get(bill.number, bill.id ?? 0);
  if (other !== undefined) throw new PortbookError('TAX_BILL_NUMBER_USED', { number: bill.number }, 'number');
  const { number, kind, declarationNo, authority, amountFen, issuedOn, dueOn, note } = bill;
  const values = { number, kind, declarationNo, authority, amountFen, issuedOn, dueOn, note, at };
  if (bill.id === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO tax_bill (number, kind, declaration_no, authority, amount_fen, issued_on, due_on, note, created_at, updated_at)
         VALUES (:number, :kind, :declarationNo, :authority, :amountFen, :issuedOn, :dueOn, :note, :at, :at)`,
      )
      .run(values);
    return Number(lastInsertRowid);
  }
  book
    .prepare(
      `UPDATE tax_bill SET number = :number, kind = :kind, declaration_no = :declarationNo, authority = :authority,
         amount_fen = :amountFen, issued_on = :issuedOn, due_on = :dueOn, note = :note, updated_at = :at WHERE id = :id`,
    )
    .run({ ...values, id: bill.id });
  return bill.id;
}

export function markPaid(
  book: Book,
  id: number,
  paid: { readonly on: string; readonly fen: number; readonly sourceDocumentId: number | null },
  at: string,
): void {
  book
    .prepare('UPDATE tax_bill SET paid_on = ?, paid_fen = ?, source_document_id = ?, updated_at = ? WHERE id = ?')
    .run(paid.on, paid.fen, paid.sourceDocumentId, at, id);
}

/** A posted import-tax document of a bill's number: what is left of a payment that was broken off half-way. */
export function postedTaxDocument(book: Book, number: string): number | undefined {
  const row = book
    .prepare(`SELECT id FROM source_document WHERE kind = 'import-tax' AND reference = ? AND state <> 'void'`)
    .get(number) as { id: number } | undefined;
  return row?.id;
}
