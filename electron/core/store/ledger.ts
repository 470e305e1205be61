import { PortbookError } from '../../../shared/errors.ts';
import { amountAt, type RateFound } from '../../../shared/ledger/index.ts';
import { toMinor } from '../../../shared/money/index.ts';
import { storedProduct } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { draftByRule } from './posting-rules.ts';
import { rateInForce } from './rates.ts';
import { postWaitingDocuments } from './source-documents.ts';
import { inOpenPeriod, liveVoucher, postVoucher, type VoucherSource } from './vouchers.ts';

const saleOf = (orderId: number): VoucherSource => ({ kind: 'order-release', id: String(orderId) });

/** `posted` now; `already` before; `pending` for want of a rate; `waiting` for other lists of a split order. */
export type SaleOutcome = 'posted' | 'already' | 'pending' | 'waiting';

interface ReleasedSale {
  readonly orderId: number;
  readonly documentId: number;
  /** The business date of the release. */
  readonly date: string;
  readonly now: string;
}

/**
 * Posts the sale of an order whose export lists are released: once an order, whatever is called how often. The amount is
 * the goods value of its released lists, as customs has it, with what the order charges for freight and takes off as
 * discount; an order filed in parts posts when the last part is released. The rate is the newest on or before the date
 * (or the first of its month, by the firm's setting); without one nothing is guessed: the sale waits in `pending_posting`
 * for {@link retryPendingPostings}, and so does one that the chart of accounts refuses. What was cancelled after its list
 * had left is taken back at once.
 */
export function postSaleForReleasedOrder(book: Book, sale: ReleasedSale): SaleOutcome {
  return book.transaction(() => {
    const { orderId, date, now } = sale;
    const source = saleOf(orderId);
    const posted = book
      .prepare('SELECT 1 FROM voucher WHERE source_kind = ? AND source_id = ?')
      .get(source.kind, source.id);
    if (posted !== undefined) return 'already';
    const lists = book
      .prepare(
        `SELECT d.currency, sum(d.amount_e5) AS amountE5, count(*) AS lists, sum(d.state IN ('released','closed')) AS released,
           min(m.queued_at) AS queuedAt
         FROM document d LEFT JOIN message m ON m.guid = d.message_guid
         WHERE d.order_id = ? AND d.kind = 'CEB603Message' AND d.state NOT IN ('superseded','withdrawn')`,
      )
      .get(orderId) as {
      currency: string | null;
      amountE5: number | null;
      lists: number;
      released: number | null;
      queuedAt: string | null;
    };
    const { currency, amountE5 } = lists;
    if (currency === null || amountE5 === null || lists.released !== lists.lists) return 'waiting';
    const rate = rateInForce(book, currency, date);
    if (rate === undefined) return wait(book, sale, currency);
    const { orderNo, store } = book
      .prepare('SELECT order_no AS orderNo, store FROM sales_order WHERE id = ?')
      .get(orderId) as { orderNo: string; store: string | null };
    const amount = (valueE5: number) => amountAt(toMinor(BigInt(valueE5), currency), rate.cnyPerUnit);
    const { chargedE5, discountE5 } = besidesGoods(book, orderId);
    try {
      const draft = draftByRule(book, {
        event: 'sale.released',
        date,
        text: `出口销售 ${orderNo}`,
        rate: currency === 'CNY' ? undefined : { cnyPerUnit: rate.cnyPerUnit, date: rate.date },
        parts: [
          {
            amounts: { goods: amount(amountE5), charged: amount(chargedE5), discount: amount(discountE5) },
            orderId,
            store: store ?? undefined,
          },
        ],
      });
      if (draft !== undefined) postVoucher(book, inOpenPeriod(book, { ...draft, source }), now);
    } catch (error) {
      if (error instanceof PortbookError) return wait(book, sale, currency);
      throw error;
    }
    book.prepare('DELETE FROM pending_posting WHERE order_id = ?').run(orderId);
    if (lists.queuedAt !== null) postReturns(book, cancelledSince(book, orderId, lists.queuedAt), now);
    return 'posted';
  });
}

function wait(book: Book, sale: ReleasedSale, currency: string): SaleOutcome {
  book
    .prepare(
      `INSERT INTO pending_posting (order_id, document_id, event_date, currency) VALUES (?, ?, ?, ?)
       ON CONFLICT (order_id) DO NOTHING`,
    )
    .run(sale.orderId, sale.documentId, sale.date, currency);
  return 'pending';
}

/** Price × quantity not cancelled, half-up to five decimals, as lists compute their lines. */
const standingE5 = '(l.price_e5 * (l.qty_e5 - l.cancelled_qty_e5) + 50000) / 100000';

/** What an order charges beside its goods (postage, fees), and its discounts, both as positive figures. */
function besidesGoods(book: Book, orderId: number): { chargedE5: number; discountE5: number } {
  return book
    .prepare(
      `SELECT coalesce(sum(CASE WHEN p.line_kind <> 'discount' THEN ${standingE5} END), 0) AS chargedE5,
         -coalesce(sum(CASE WHEN p.line_kind = 'discount' THEN ${standingE5} END), 0) AS discountE5
       FROM order_line l JOIN product p ON p.sku = l.sku
       WHERE l.order_id = ? AND p.line_kind <> 'goods'`,
    )
    .get(orderId) as { chargedE5: number; discountE5: number };
}

// Cancellations -------------------------------------------------------------------------------------------------------

interface CancelledLine {
  lineId: number;
  cancellationId: number;
  cancelNo: string;
  cancelledAt: string;
  orderId: number;
  orderNo: string;
  store: string | null;
  currency: string;
  sku: string;
  qtyE5: number;
  priceE5: number;
}

const cancelledSelect = `SELECT k.id AS lineId, c.id AS cancellationId, c.cancel_no AS cancelNo, c.cancelled_at AS cancelledAt, o.id AS orderId,
    o.order_no AS orderNo, o.store, o.currency, k.sku, k.matched_qty_e5 AS qtyE5, k.price_e5 AS priceE5
  FROM cancellation_line k JOIN cancellation c ON c.id = k.cancellation_id JOIN order_line l ON l.id = k.order_line_id
    JOIN sales_order o ON o.id = l.order_id`;

function cancelledSince(book: Book, orderId: number, instant: string): CancelledLine[] {
  return book
    .prepare(
      `${cancelledSelect} JOIN import_run r ON r.id = c.import_run_id WHERE o.id = ? AND r.committed_at > ? ORDER BY k.id`,
    )
    .all(orderId, instant) as CancelledLine[];
}

/**
 * Posts the sales returns (销售退回) of cancellation lines that have just found their order, for orders whose sale is
 * posted; a sale that is not posted yet is posted without them, or takes them back when it is. Call it once a line, in
 * the transaction that linked it.
 */
export function postReturnsOfCancelled(book: Book, lineIds: readonly number[], now: string): void {
  const get = book.prepare(`${cancelledSelect} WHERE k.id = ?`);
  postReturns(
    book,
    lineIds.flatMap((id) => (get.get(id) as CancelledLine | undefined) ?? []),
    now,
  );
}

function postReturns(book: Book, lines: readonly CancelledLine[], now: string): void {
  const groups = new Map<string, CancelledLine[]>();
  for (const line of lines) {
    const key = `${line.cancellationId}:${line.orderId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  for (const [key, group] of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const { currency, orderId, orderNo, cancelNo, store } = first;
    const sale = liveVoucher(book, saleOf(orderId));
    if (sale === undefined) continue;
    const rate: RateFound = sale.rate ?? { cnyPerUnit: '1', date: sale.date };
    const valueE5 = group.reduce((sum, { qtyE5, priceE5 }) => sum + storedProduct(qtyE5, priceE5), 0);
    const amount = amountAt(toMinor(BigInt(valueE5), currency), rate.cnyPerUnit);
    const cancelledOn = first.cancelledAt.slice(0, 10);
    const draft = draftByRule(book, {
      event: 'sales-return',
      date: cancelledOn > sale.date ? cancelledOn : sale.date,
      text: `销售退回 ${orderNo} ${cancelNo}`,
      rate: sale.rate,
      parts: [{ amounts: { amount }, facts: { refunded: false }, orderId, store: store ?? undefined }],
    });
    if (draft === undefined) continue;
    postVoucher(book, inOpenPeriod(book, { ...draft, source: { kind: 'cancellation', id: key } }), now);
  }
}

// Waiting -------------------------------------------------------------------------------------------------------------

/**
 * Posts the sales and source documents that waited for a rate and now have one, in the order of their dates. Call it in
 * the transaction that stored the rates. @returns how many
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
    return posted + postWaitingDocuments(book, now);
  });
}
