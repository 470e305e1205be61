/** Revenue, cost and sales as the ledger has them. All figures in fen; closing entries (结转) are left out. */

import { voucherLabel } from '../../../../shared/ledger/index.ts';
import type { Book } from '../book.ts';

export interface AccountTurnover {
  readonly account: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly kind: 'revenue' | 'expense';
  /** Credit less debit of revenue, debit less credit of expense. */
  readonly fen: number;
}

/** Turnover of revenue and expense accounts in whole months `from`–`to` (`yyyy-mm`), by account. */
export function incomeTurnover(book: Book, from: string, to: string): AccountTurnover[] {
  return book
    .prepare(
      `SELECT b.account, a.name_zh AS nameZh, a.name_en AS nameEn, a.kind,
         sum(CASE a.kind WHEN 'revenue' THEN b.credit_fen - b.debit_fen ELSE b.debit_fen - b.credit_fen END) AS fen
       FROM balance b JOIN account a ON a.code = b.account
       WHERE b.period BETWEEN ? AND ? AND b.closing = 0 AND a.kind IN ('revenue','expense')
       GROUP BY b.account ORDER BY b.account`,
    )
    .all(from, to) as AccountTurnover[];
}

export interface RevenueEntry {
  readonly voucherId: number;
  readonly position: number;
  readonly label: string;
  readonly date: string;
  readonly text: string;
  readonly account: string;
  readonly orderId: number | null;
  readonly orderNo: string | null;
  readonly store: string | null;
  readonly currency: string;
  /** Minor units of the currency, credit positive. */
  readonly minor: number;
  readonly fen: number;
  readonly rate: string | null;
  readonly rateDate: string | null;
}

/** Every posting of revenue between two days, oldest first. */
export function revenueEntries(book: Book, from: string, to: string): RevenueEntry[] {
  const rows = book
    .prepare(
      `SELECT p.voucher_id AS voucherId, p.position, v.period, v.number, p.date, coalesce(p.text, v.text) AS text, p.account,
         p.order_id AS orderId, o.order_no AS orderNo, coalesce(p.store, o.store) AS store, p.currency,
         -p.amount_minor AS minor, -p.cny_fen AS fen, v.rate, v.rate_date AS rateDate
       FROM posting p JOIN voucher v ON v.id = p.voucher_id JOIN account a ON a.code = p.account
         LEFT JOIN sales_order o ON o.id = p.order_id
       WHERE a.kind = 'revenue' AND p.closing = 0 AND p.date BETWEEN ? AND ?
       ORDER BY p.date, p.voucher_id, p.position`,
    )
    .all(from, to) as (Omit<RevenueEntry, 'label'> & { period: string; number: number })[];
  return rows.map(({ period, number, ...row }) => ({ ...row, label: voucherLabel(period, number) }));
}

/** Revenue by store between two days; what names no store is under the empty text. */
export function revenueByStore(book: Book, from: string, to: string): ReadonlyMap<string, number> {
  const rows = book
    .prepare(
      `SELECT coalesce(p.store, o.store, '') AS store, sum(-p.cny_fen) AS fen
       FROM posting p JOIN account a ON a.code = p.account LEFT JOIN sales_order o ON o.id = p.order_id
       WHERE a.kind = 'revenue' AND p.closing = 0 AND p.date BETWEEN ? AND ? GROUP BY 1 ORDER BY 1`,
    )
    .all(from, to) as { store: string; fen: number }[];
  return new Map(rows.map(({ store, fen }) => [store, fen]));
}

/** Sales released between two days that wait for a rate: their revenue is not in the ledger yet. */
export function salesWaiting(book: Book, from: string, to: string): number {
  const { n } = book
    .prepare(
      `SELECT (SELECT count(*) FROM pending_posting WHERE event_date BETWEEN :from AND :to)
         + (SELECT count(*) FROM source_document WHERE state = 'waiting' AND date BETWEEN :from AND :to) AS n`,
    )
    .get({ from, to }) as { n: number };
  return n;
}

/** Months in which there are postings, export lines or invoices, newest first. */
export function monthsWithData(book: Book): string[] {
  return (
    book
      .prepare(
        `SELECT period AS month FROM balance UNION SELECT substr(export_date, 1, 7) FROM export_line
         UNION SELECT substr(date, 1, 7) FROM input_invoice ORDER BY 1 DESC`,
      )
      .all() as { month: string }[]
  ).map(({ month }) => month);
}

export interface PurchaseSums {
  /** Of blue invoices, without VAT. */
  readonly amountFen: number;
  /** Of red ones (红字), negative. */
  readonly redFen: number;
  readonly redInvoices: number;
}

/** Input invoices dated between two days, voided ones left out; red ones (红字) apart: they take back no contract. */
export function purchaseSums(book: Book, from: string, to: string): PurchaseSums {
  return book
    .prepare(
      `SELECT coalesce(sum(max(amount_fen, 0)), 0) AS amountFen, coalesce(sum(min(amount_fen, 0)), 0) AS redFen,
         coalesce(sum(amount_fen < 0), 0) AS redInvoices FROM input_invoice WHERE state <> 'void' AND date BETWEEN ? AND ?`,
    )
    .get(from, to) as PurchaseSums;
}

/** Input VAT of invoices whose deduction was confirmed between two days (用途确认：抵扣). */
export function deductedVat(
  book: Book,
  from: string,
  to: string,
): { readonly vatFen: number; readonly invoices: number } {
  return book
    .prepare(
      `SELECT coalesce(sum(vat_fen), 0) AS vatFen, count(*) AS invoices FROM input_invoice
       WHERE state <> 'void' AND purpose = 'deduction' AND purpose_date BETWEEN ? AND ?`,
    )
    .get(from, to) as { vatFen: number; invoices: number };
}
