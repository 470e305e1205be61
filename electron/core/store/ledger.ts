import type { z } from 'zod';
import type { postingRow, trialBalanceRow } from '../../../shared/contract/ledger.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type Posting, salePostings, voucherProblem } from '../../../shared/ledger/index.ts';
import { exponentOf, formatScaled, toMinor } from '../../../shared/money/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { rateInForce } from './rates.ts';

export type TrialBalanceRow = z.infer<typeof trialBalanceRow>;
export type PostingRow = z.infer<typeof postingRow>;

export interface VoucherDraft {
  /** `yyyy-mm-dd`; its month is the period whose numbers it takes. */
  readonly date: string;
  readonly text: string;
  /** Id of the rule that made it, e.g. `sale.released`. */
  readonly rule: string;
  readonly sourceKind: string;
  readonly sourceId: string;
  readonly rate?: { readonly cnyPerUnit: string; readonly date: string };
  readonly reverses?: number;
  readonly orderId?: number;
  readonly postings: readonly Posting[];
}

/** The store keeps minor units as numbers; beyond 2^53 it would lose some, so it refuses. */
function storable(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`beyond the book's range: ${value}`);
  return number;
}

/**
 * Posts a voucher with the next number of its month, without gaps, in one transaction with its postings; triggers keep
 * the balances. A voucher whose debits and credits differ in any currency or in fen is refused: `VOUCHER_UNBALANCED`,
 * `VOUCHER_EMPTY`, `VOUCHER_CNY`.
 * @returns the voucher's id
 */
export function postVoucher(book: Book, draft: VoucherDraft, now: string): number {
  const problem = voucherProblem(draft.postings);
  if (problem !== undefined) {
    const { code, ...params } = problem;
    throw new PortbookError(code, params);
  }
  return book.transaction(() => {
    const period = draft.date.slice(0, 7);
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO voucher (period, number, date, text, rule, source_kind, source_id, rate, rate_date, reverses, posted_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        period,
        book.nextNumber(`voucher:${period}`),
        draft.date,
        draft.text,
        draft.rule,
        draft.sourceKind,
        draft.sourceId,
        draft.rate?.cnyPerUnit ?? null,
        draft.rate?.date ?? null,
        draft.reverses ?? null,
        now,
      );
    const id = Number(lastInsertRowid);
    const insert = book.prepare(
      'INSERT INTO posting (voucher_id, position, account, currency, amount_minor, cny_fen, order_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const [index, posting] of draft.postings.entries()) {
      insert.run(
        id,
        index + 1,
        posting.account,
        posting.currency,
        storable(posting.amountMinor),
        storable(posting.cnyFen),
        draft.orderId ?? null,
      );
    }
    return id;
  });
}

const saleSource = 'order-release';

/** `posted` now; `already` before; `pending` for want of a rate; `waiting` for other lists of a split order. */
export type SaleOutcome = 'posted' | 'already' | 'pending' | 'waiting';

/**
 * Posts the sale of an order whose export lists are released: once an order, whatever is called how often. The amount is
 * the goods value of its released lists, as customs has it; an order filed in parts posts when the last part is released.
 * The rate is the newest on or before the date (or the first of its month, by the firm's setting); without one nothing is
 * guessed: the sale waits in `pending_posting` for {@link retryPendingPostings}.
 * @param sale.date the business date of the release
 */
export function postSaleForReleasedOrder(
  book: Book,
  sale: { readonly orderId: number; readonly documentId: number; readonly date: string; readonly now: string },
): SaleOutcome {
  return book.transaction(() => {
    const posted = book
      .prepare('SELECT 1 FROM voucher WHERE source_kind = ? AND source_id = ?')
      .get(saleSource, String(sale.orderId));
    if (posted !== undefined) return 'already';
    const lists = book
      .prepare(
        `SELECT currency, sum(amount_e5) AS amountE5, count(*) AS lists, sum(state IN ('released','closed')) AS released
         FROM document WHERE order_id = ? AND kind = 'CEB603Message' AND state NOT IN ('superseded','withdrawn')`,
      )
      .get(sale.orderId) as {
      currency: string | null;
      amountE5: number | null;
      lists: number;
      released: number | null;
    };
    const { currency, amountE5 } = lists;
    if (currency === null || amountE5 === null || lists.released !== lists.lists) return 'waiting';
    const rate = rateInForce(book, currency, sale.date);
    if (rate === undefined) {
      book
        .prepare(
          `INSERT INTO pending_posting (order_id, document_id, event_date, currency) VALUES (?, ?, ?, ?)
           ON CONFLICT (order_id) DO NOTHING`,
        )
        .run(sale.orderId, sale.documentId, sale.date, currency);
      return 'pending';
    }
    const { order_no: orderNo } = book.prepare('SELECT order_no FROM sales_order WHERE id = ?').get(sale.orderId) as {
      order_no: string;
    };
    postVoucher(
      book,
      {
        date: sale.date,
        text: `出口销售 ${orderNo}`,
        rule: 'sale.released',
        sourceKind: saleSource,
        sourceId: String(sale.orderId),
        ...(currency === 'CNY' ? {} : { rate: { cnyPerUnit: rate.cnyPerUnit, date: rate.date } }),
        orderId: sale.orderId,
        postings: salePostings({
          currency,
          amountMinor: toMinor(BigInt(amountE5), currency).minor,
          rate: rate.cnyPerUnit,
        }),
      },
      sale.now,
    );
    book.prepare('DELETE FROM pending_posting WHERE order_id = ?').run(sale.orderId);
    return 'posted';
  });
}

/**
 * Posts the sales that waited for a rate and now have one, in the order of their release. Call it in the transaction that
 * stored the rates. @returns how many
 */
export function retryPendingPostings(book: Book, now: string): number {
  return book.transaction(() => {
    const waiting = book
      .prepare(
        'SELECT order_id AS orderId, document_id AS documentId, event_date AS date FROM pending_posting ORDER BY event_date, order_id',
      )
      .all() as { orderId: number; documentId: number; date: string }[];
    let posted = 0;
    for (const sale of waiting) if (postSaleForReleasedOrder(book, { ...sale, now }) === 'posted') posted++;
    return posted;
  });
}

// Reading -------------------------------------------------------------------------------------------------------------

/** Minor units to decimal text in major units, with all decimals of the currency: `67.95`. */
function major(minor: number, currency: string): string {
  const digits = exponentOf(currency);
  return formatScaled(BigInt(minor), digits, digits);
}

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
      `SELECT b.account, a.name_zh AS nameZh, a.name_en AS nameEn, b.currency, b.debit_minor AS debit, b.credit_minor AS credit,
         b.debit_fen AS debitFen, b.credit_fen AS creditFen
       FROM balance b JOIN account a ON a.code = b.account ORDER BY b.account, b.currency`,
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
  const { n: pending } = book.prepare('SELECT count(*) AS n FROM pending_posting').get() as { n: number };
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

/** `记 2026-11-0012`: the voucher's name on screen and paper. */
export function voucherLabel(period: string, number: number): string {
  return `记 ${period}-${String(number).padStart(4, '0')}`;
}

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
  const orderId = voucher.source_kind === saleSource ? Number(voucher.source_id) : undefined;
  const release = orderId === undefined ? undefined : releaseOf(book, orderId);
  const foreign = postings.find(({ currency }) => currency !== 'CNY')?.currency;
  const source =
    voucher.rate_date === null || foreign === undefined
      ? undefined
      : (book.prepare('SELECT source FROM rate WHERE currency = ? AND date = ?').get(foreign, voucher.rate_date) as
          | { source: string }
          | undefined);
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

/** The last released list of an order and the newest receipt that speaks of it. */
function releaseOf(book: Book, orderId: number): { documentId: number; receiptId: number | null } | undefined {
  return book
    .prepare(
      `SELECT d.id AS documentId,
         (SELECT i.receipt_id FROM receipt_item i WHERE i.document_id = d.id AND i.status_code IN ('800','899') ORDER BY i.status_code, i.receipt_id LIMIT 1) AS receiptId
       FROM document d WHERE d.order_id = ? AND d.kind = 'CEB603Message' AND d.state IN ('released','closed')
       ORDER BY d.status_time DESC, d.id DESC LIMIT 1`,
    )
    .get(orderId) as { documentId: number; receiptId: number | null } | undefined;
}
