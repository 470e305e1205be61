import { PortbookError } from '../../../shared/errors.ts';
import type { PaymentEntry } from '../../../shared/import/payments.ts';
import type { Book } from './book.ts';

/** How many payments of a fingerprint the book has, taken out or not. */
export function paymentCount(book: Book, fingerprint: string): number {
  const row = book
    .prepare('SELECT coalesce(max(occurrence), 0) AS n FROM order_payment WHERE fingerprint = ?')
    .get(fingerprint) as { n: number };
  return row.n;
}

type NewPayment = Omit<PaymentEntry, 'sourceRow'> & { readonly sourceRow?: number };

const columns = `order_no, nth, pay_no, payer, payer_key, payer_id, payer_phone, payer_account, institution, currency, amount_e5, paid_on,
  fingerprint, occurrence, import_run_id, source_row`;

/** Stores payments of an import. Call it in its transaction. */
export function insertPayments(book: Book, entries: readonly NewPayment[], runId: number | undefined): void {
  const insert = book.prepare(
    `INSERT INTO order_payment (${columns})
     VALUES (@orderNo, (SELECT coalesce(max(nth), 0) + 1 FROM order_payment WHERE order_no = @orderNo), @payNo, @payer, @payerKey, @payerId,
       @payerPhone, @payerAccount, @institution, @currency, @amountE5, @paidOn, @fingerprint, @occurrence, @runId, @sourceRow)`,
  );
  for (const entry of entries) {
    insert.run({
      ...entry,
      payer: entry.payer ?? null,
      payerKey: entry.payerKey ?? null,
      payerId: entry.payerId ?? null,
      payerPhone: entry.payerPhone ?? null,
      payerAccount: entry.payerAccount ?? null,
      paidOn: entry.paidOn ?? null,
      sourceRow: entry.sourceRow ?? 0,
      runId: runId ?? null,
    });
  }
}

/** A payment as a screen has it; personal facts whole, to be masked by who shows them. */
export interface PaymentRecord {
  readonly orderNo: string;
  readonly nth: number;
  readonly payNo: string;
  readonly payer: string | null;
  readonly payerId: string | null;
  readonly payerPhone: string | null;
  readonly payerAccount: string | null;
  readonly institution: string;
  readonly currency: string;
  readonly amountE5: number;
  readonly paidOn: string | null;
  readonly voidReason: string | null;
  readonly fileName: string | null;
  readonly sourceRow: number;
}

/** The payments under an order number, in the order they came in, with those taken out. */
export function paymentsOf(book: Book, orderNo: string): PaymentRecord[] {
  return book
    .prepare(
      `SELECT p.order_no AS orderNo, p.nth, p.pay_no AS payNo, p.payer, p.payer_id AS payerId, p.payer_phone AS payerPhone,
         p.payer_account AS payerAccount, p.institution, p.currency, p.amount_e5 AS amountE5, p.paid_on AS paidOn,
         p.void_reason AS voidReason, r.file_name AS fileName, p.source_row AS sourceRow
       FROM order_payment p LEFT JOIN import_run r ON r.id = p.import_run_id WHERE p.order_no = ? ORDER BY p.nth`,
    )
    .all(orderNo) as PaymentRecord[];
}

/** Takes a payment out of the match with a reason, or (empty reason) back in. Refusal: `PAYMENT_UNKNOWN` {orderNo, nth}. */
export function voidPayment(book: Book, orderNo: string, nth: number, reason: string): void {
  const { changes } = book
    .prepare('UPDATE order_payment SET void_reason = ? WHERE order_no = ? AND nth = ?')
    .run(reason === '' ? null : reason, orderNo, nth);
  if (changes !== 1) throw new PortbookError('PAYMENT_UNKNOWN', { orderNo, nth });
}

/**
 * Puts a payment under another order number: the old row stays, taken out, so that its file does not bring it back.
 * Refusals: `PAYMENT_UNKNOWN` {orderNo, nth}, `PAYMENT_TAKEN_OUT` {orderNo, nth}, `ORDER_NUMBER_UNKNOWN` {orderNo}.
 */
export function movePayment(book: Book, orderNo: string, nth: number, to: string, reason: string): void {
  const row = book
    .prepare(
      `SELECT pay_no AS payNo, payer, payer_key AS payerKey, payer_id AS payerId, payer_phone AS payerPhone,
         payer_account AS payerAccount, institution, currency, amount_e5 AS amountE5, paid_on AS paidOn, fingerprint, occurrence,
         import_run_id AS runId, source_row AS sourceRow, void_reason AS voidReason FROM order_payment WHERE order_no = ? AND nth = ?`,
    )
    .get(orderNo, nth) as
    | (Omit<NewPayment, 'orderNo'> & { readonly runId: number | null; readonly voidReason: string | null })
    | undefined;
  if (row === undefined) throw new PortbookError('PAYMENT_UNKNOWN', { orderNo, nth });
  if (row.voidReason !== null) throw new PortbookError('PAYMENT_TAKEN_OUT', { orderNo, nth });
  if (book.prepare('SELECT 1 FROM sales_order WHERE order_no = ?').get(to) === undefined)
    throw new PortbookError('ORDER_NUMBER_UNKNOWN', { orderNo: to }, 'to');
  const { runId, voidReason: _, ...payment } = row;
  // No row of a file has this fingerprint: the number it came under is part of it twice.
  const fingerprint = `${row.fingerprint}|${orderNo}:${nth}`;
  insertPayments(
    book,
    [{ ...payment, orderNo: to, fingerprint, occurrence: paymentCount(book, fingerprint) + 1 }],
    runId ?? undefined,
  );
  voidPayment(book, orderNo, nth, reason);
}
