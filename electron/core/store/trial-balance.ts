import type { z } from 'zod';
import type { postingRow, trialBalanceRow } from '../../../shared/contract/ledger.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { voucherLabel } from '../../../shared/ledger/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { majorText as major, releaseOf } from './voucher-views.ts';

export type TrialBalanceRow = z.infer<typeof trialBalanceRow>;
export type PostingRow = z.infer<typeof postingRow>;

/** Turnover of every account by currency, straight from the balances that triggers keep. */
export function trialBalance(book: Book): {
  rows: TrialBalanceRow[];
  totalDebitCny: string;
  totalCreditCny: string;
  balanced: boolean;
  pending: number;
} {
  const stored = book
    .prepare(
      `SELECT b.account, a.name_zh AS nameZh, a.name_en AS nameEn, b.currency, sum(b.debit_minor) AS debit, sum(b.credit_minor) AS credit,
         sum(b.debit_fen) AS debitFen, sum(b.credit_fen) AS creditFen
       FROM balance b JOIN account a ON a.code = b.account GROUP BY b.account, b.currency ORDER BY b.account, b.currency`,
    )
    .all() as {
    account: string;
    nameZh: string;
    nameEn: string;
    currency: string;
    debit: number;
    credit: number;
    debitFen: number;
    creditFen: number;
  }[];
  let debitFen = 0;
  let creditFen = 0;
  const open = new Map<string, number>();
  for (const row of stored) {
    debitFen += row.debitFen;
    creditFen += row.creditFen;
    open.set(row.currency, (open.get(row.currency) ?? 0) + row.debit - row.credit);
  }
  const { n: pending } = book
    .prepare(
      `SELECT (SELECT count(*) FROM pending_posting) + (SELECT count(*) FROM source_document WHERE state = 'waiting') AS n`,
    )
    .get() as { n: number };
  return {
    rows: stored.map((row) => ({
      account: row.account,
      nameZh: row.nameZh,
      nameEn: row.nameEn,
      currency: row.currency,
      debit: major(row.debit, row.currency),
      credit: major(row.credit, row.currency),
      debitCny: major(row.debitFen, 'CNY'),
      creditCny: major(row.creditFen, 'CNY'),
    })),
    totalDebitCny: major(debitFen, 'CNY'),
    totalCreditCny: major(creditFen, 'CNY'),
    balanced: debitFen === creditFen && [...open.values()].every((difference) => difference === 0),
    pending,
  };
}

interface StoredPosting {
  voucherId: number;
  position: number;
  period: string;
  number: number;
  date: string;
  text: string;
  account: string;
  nameZh: string;
  nameEn: string;
  currency: string;
  amount: number;
  fen: number;
  orderId: number | null;
  orderNo: string | null;
}

const postingSelect = `SELECT p.voucher_id AS voucherId, p.position, v.period, v.number, v.date, v.text, p.account, a.name_zh AS nameZh,
    a.name_en AS nameEn, p.currency, p.amount_minor AS amount, p.cny_fen AS fen, p.order_id AS orderId, o.order_no AS orderNo
  FROM posting p JOIN voucher v ON v.id = p.voucher_id JOIN account a ON a.code = p.account LEFT JOIN sales_order o ON o.id = p.order_id`;

function postingView(row: StoredPosting): PostingRow {
  return {
    voucherId: row.voucherId,
    label: voucherLabel(row.period, row.number),
    date: row.date,
    text: row.text,
    account: row.account,
    nameZh: row.nameZh,
    nameEn: row.nameEn,
    currency: row.currency,
    debit: row.amount > 0 ? major(row.amount, row.currency) : '',
    credit: row.amount < 0 ? major(-row.amount, row.currency) : '',
    debitCny: row.fen > 0 ? major(row.fen, 'CNY') : '',
    creditCny: row.fen < 0 ? major(-row.fen, 'CNY') : '',
    ...(row.orderId === null ? {} : { orderId: row.orderId }),
    ...(row.orderNo === null ? {} : { orderNo: row.orderNo }),
  };
}

/** Postings of an account, oldest first. An empty text stands for the side that a posting does not touch. */
export function listPostings(
  book: Book,
  filter: { account: string; currency: string | undefined; after: string | undefined; limit: number },
) {
  const [voucherId, position] = decodeCursor(filter.after, [0, 0]);
  const currency = filter.currency ?? '';
  const rows = book
    .prepare(
      `${postingSelect} WHERE p.account = ? AND (? = '' OR p.currency = ?) AND (p.voucher_id, p.position) > (?, ?)
       ORDER BY p.voucher_id, p.position LIMIT ?`,
    )
    .all(filter.account, currency, currency, voucherId, position, filter.limit) as StoredPosting[];
  const { n } = book
    .prepare(`SELECT count(*) AS n FROM posting WHERE account = ? AND (? = '' OR currency = ?)`)
    .get(filter.account, currency, currency) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(postingView),
    total: n,
    ...(rows.length === filter.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.voucherId, last.position]) }
      : {}),
  };
}

/** A voucher with the way back to what it was made from: order, released list, the receipt that said so. Refusal: `VOUCHER_UNKNOWN`. */
export function requireVoucher(book: Book, id: number) {
  const voucher = book
    .prepare(
      'SELECT id, period, number, date, text, rule, source_kind, source_id, rate, rate_date FROM voucher WHERE id = ?',
    )
    .get(id) as
    | {
        id: number;
        period: string;
        number: number;
        date: string;
        text: string;
        rule: string;
        source_kind: string;
        source_id: string;
        rate: string | null;
        rate_date: string | null;
      }
    | undefined;
  if (voucher === undefined) throw new PortbookError('VOUCHER_UNKNOWN', { id });
  const postings = book
    .prepare(`${postingSelect} WHERE p.voucher_id = ? ORDER BY p.position`)
    .all(id) as StoredPosting[];
  const orderId = voucher.source_kind === 'order-release' ? Number(voucher.source_id) : undefined;
  const release = orderId === undefined ? undefined : releaseOf(book, orderId);
  const foreign = postings.find(({ currency }) => currency !== 'CNY')?.currency;
  const source =
    voucher.rate_date === null || foreign === undefined
      ? undefined
      : (book
          .prepare(`SELECT source FROM rate WHERE kind = 'parity' AND currency = ? AND date = ?`)
          .get(foreign, voucher.rate_date) as { source: string } | undefined);
  return {
    id,
    label: voucherLabel(voucher.period, voucher.number),
    date: voucher.date,
    text: voucher.text,
    rule: voucher.rule,
    ...(voucher.rate === null ? {} : { rate: voucher.rate }),
    ...(voucher.rate_date === null ? {} : { rateDate: voucher.rate_date }),
    ...(source === undefined ? {} : { rateSource: source.source }),
    postings: postings.map(postingView),
    ...(orderId === undefined ? {} : { orderId }),
    ...(release === undefined ? {} : { documentId: release.documentId }),
    ...(release?.receiptId == null ? {} : { receiptId: release.receiptId }),
  };
}
