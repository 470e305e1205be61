import { PortbookError } from '../../../shared/errors.ts';
import { type Amount, amountAt, type RateFound } from '../../../shared/ledger/index.ts';
import { toMinor } from '../../../shared/money/index.ts';
import { storedProduct, storedValue } from '../../../shared/money/stored.ts';
import type { DocumentState } from '../../../shared/sync/document-states.ts';
import { dateOfReturn, isReturnTime } from '../../../shared/sync/receipts.ts';
import type { Book } from './book.ts';
import { declarationsOfOrder, ordersDeclared } from './declared-goods.ts';
import { recordReleasedList, withdrawalReason, withdrawReleased } from './export-releases.ts';
import { followOrder } from './messages.ts';
import { draftByRule } from './posting-rules.ts';
import { rateInForce } from './rates.ts';
import { ownSaleOf, recordReleasedDeclaration } from './released-declarations.ts';
import { withRealised } from './settlements.ts';
import { postWaitingDocuments } from './source-documents.ts';
import { inOpenPeriod, liveVoucher, postVoucher, repostDocument, type VoucherSource } from './vouchers.ts';

const saleOf = (orderId: number): VoucherSource => ({ kind: 'order-release', id: String(orderId) });
/** Of a declaration's items, and of a list's goods, that are no order's. */
const saleOfDeclaration = (documentId: number): VoucherSource => ({
  kind: 'declaration-release',
  id: String(documentId),
});

/** `posted` now; `already` before; `pending` for want of a rate; `waiting` for other lists or declarations of an order. */
export type SaleOutcome = 'posted' | 'already' | 'pending' | 'waiting';

interface ReleasedDocument {
  readonly documentId: number;
  /** The business date of the release. */
  readonly date: string;
  readonly now: string;
}

interface ReleasedSale extends ReleasedDocument {
  readonly orderId: number;
}

/**
 * The goods of an order as customs has released them, in minor units: of its lists, where it has any, else its part of the FOB of the
 * declarations (报关单) that declare them. Undefined while one of them is not released.
 */
function releasedGoods(book: Book, orderId: number): { currency: string; minor: bigint } | undefined {
  const lists = book
    .prepare(
      `SELECT currency, sum(amount_e5) AS amountE5, count(*) AS lists, sum(state IN ('released','closed')) AS released
       FROM document d WHERE order_id = ? AND kind = 'CEB603Message' AND state NOT IN ('superseded','withdrawn')
         -- A change that is not released, beside the version that is, declares nothing.
         AND (state IN ('released','closed') OR NOT EXISTS (SELECT 1 FROM document r WHERE r.kind = d.kind
           AND r.business_key = d.business_key AND r.state IN ('released','closed')))`,
    )
    .get(orderId) as { currency: string | null; amountE5: number | null; lists: number; released: number | null };
  const { currency, amountE5 } = lists;
  if (currency !== null && amountE5 !== null && lists.released === lists.lists)
    return { currency, minor: toMinor(BigInt(amountE5), currency).minor };
  // Lists still being drafted declare nothing yet.
  const isListed =
    lists.lists > 0 &&
    book
      .prepare(
        `SELECT 1 FROM document WHERE order_id = ? AND kind = 'CEB603Message' AND state NOT IN ('superseded','withdrawn','draft','checked')`,
      )
      .get(orderId) !== undefined;
  const declarations = isListed ? [] : declarationsOfOrder(book, orderId);
  if (declarations.length === 0 || !declarations.every(({ state }) => isReleased(state))) return undefined;
  const goods = book
    .prepare(
      `SELECT currency, sum(fob_minor) AS minor, count(DISTINCT document_id) AS documents FROM export_share
       WHERE order_id = ? AND document_id IN (SELECT value FROM json_each(?)) GROUP BY currency`,
    )
    .all(orderId, JSON.stringify(declarations.map(({ id }) => id))) as {
    currency: string;
    minor: number;
    documents: number;
  }[];
  const [one, other] = goods;
  // What is not written yet (for want of a rate) is posted when it is; an order is of one currency.
  if (one === undefined || other !== undefined || one.documents !== declarations.length) return undefined;
  return { currency: one.currency, minor: BigInt(one.minor) };
}

const isReleased = (state: DocumentState): boolean => state === 'released' || state === 'closed';

/**
 * Posts the sale of an order whose export lists or declarations are released: once an order, whatever is called how often. The amount is
 * the goods value as customs has it, with what the order still charges for freight and takes off as
 * discount; an order filed in parts posts when the last part is released. The rate is the newest on or before the date
 * (or the first of its month, by the firm's setting); without one nothing is guessed: the sale waits in `pending_posting`
 * for {@link retryPendingPostings}, and so does one that the chart of accounts refuses. Goods that were cancelled after
 * their list had left are taken back at once.
 */
export function postSaleForReleasedOrder(book: Book, sale: ReleasedSale): SaleOutcome {
  return book.transaction(() => {
    const { orderId, date, now } = sale;
    const source = saleOf(orderId);
    // One that was taken back with its lists does not count: the order may be declared again.
    if (liveVoucher(book, source) !== undefined) return 'already';
    const goods = releasedGoods(book, orderId);
    if (goods === undefined) return 'waiting';
    const { currency } = goods;
    const rate = rateInForce(book, currency, date);
    if (rate === undefined) return wait(book, sale, currency);
    const { orderNo, store } = book
      .prepare('SELECT order_no AS orderNo, store FROM sales_order WHERE id = ?')
      .get(orderId) as { orderNo: string; store: string | null };
    const amount = (valueE5: number) => amountAt(toMinor(BigInt(valueE5), currency), rate.cnyPerUnit);
    const { chargedE5, discountE5 } = besidesGoods(book, orderId);
    const isPosted = unlessRefused(book, () => {
      const draft = draftByRule(book, {
        event: 'sale.released',
        date,
        text: `出口销售 ${orderNo}`,
        rate: currency === 'CNY' ? undefined : { cnyPerUnit: rate.cnyPerUnit, date: rate.date },
        parts: [
          {
            amounts: {
              goods: amountAt(goods, rate.cnyPerUnit),
              charged: amount(chargedE5),
              discount: amount(discountE5),
            },
            orderId,
            store: store ?? undefined,
          },
        ],
      });
      if (draft !== undefined)
        postVoucher(book, inOpenPeriod(book, { ...withRealised(book, draft, source), source }), now);
      postReturns(book, cancelledBeyond(book, orderId), now);
    });
    if (!isPosted) return wait(book, sale, currency);
    book.prepare('DELETE FROM pending_posting WHERE order_id = ?').run(orderId);
    return 'posted';
  });
}

/**
 * Takes back what a withdrawn list or declaration did to the books: its goods and export lines, its own sale and that of its orders, which
 * is posted anew for what still stands. What is refused for a line in use (refund claimed, matched to an invoice) stays, and the answer
 * says so. Call it in the transaction that withdraws the document, after it.
 */
export function takeBackRelease(book: Book, release: ReleasedDocument): { readonly isWhole: boolean } {
  return book.transaction(() => {
    const { documentId, date, now } = release;
    const reason = withdrawalReason(book, documentId);
    const orders = ordersOf(book, documentId);
    const isWhole = unlessRefused(book, () => {
      withdrawReleased(book, { documentId, date, now });
    });
    repostDocument(book, saleOfDeclaration(documentId), [], now, reason);
    book.prepare('DELETE FROM pending_posting WHERE document_id = ? AND order_id IS NULL').run(documentId);
    for (const orderId of orders) {
      const returns = book
        .prepare(
          `SELECT DISTINCT source_id AS id FROM voucher WHERE source_kind = 'cancellation' AND source_id LIKE '%:' || ?`,
        )
        .all(orderId) as { id: string }[];
      for (const source of [saleOf(orderId), ...returns.map(({ id }) => ({ kind: 'cancellation', id }))])
        repostDocument(book, source, [], now, reason);
      book.prepare('DELETE FROM pending_posting WHERE order_id = ?').run(orderId);
      postSaleForReleasedOrder(book, { ...release, orderId });
    }
    return { isWhole };
  });
}

/** What a release posted as sales: its orders by number, and its own of goods of no order under ''. */
export function standingSales(book: Book, documentId: number): string[] {
  const number = book.prepare('SELECT order_no AS orderNo FROM sales_order WHERE id = ?');
  const ofOrders = ordersOf(book, documentId)
    .filter((id) => liveVoucher(book, saleOf(id)) !== undefined)
    .map((id) => (number.get(id) as { orderNo: string }).orderNo);
  return liveVoucher(book, saleOfDeclaration(documentId)) === undefined ? ofOrders : [...ofOrders, ''];
}

/** The orders whose goods a document declares. */
function ordersOf(book: Book, documentId: number): number[] {
  const { orderId, kind, businessKey } = book
    .prepare('SELECT order_id AS orderId, kind, business_key AS businessKey FROM document WHERE id = ?')
    .get(documentId) as { orderId: number | null; kind: string; businessKey: string };
  if (orderId !== null) return [orderId];
  return kind === 'DecMessage' ? ordersDeclared(book, businessKey) : [];
}

/** Refusals of the chart of accounts and the posting rules, and of lines in use: a person mends them, and it is tried again. */
const mendable: ReadonlySet<string> = new Set([
  'ACCOUNT_UNKNOWN',
  'ACCOUNT_GROUP',
  'ACCOUNT_INACTIVE',
  'ACCOUNT_NO_QUANTITY',
  'DIMENSION_MISSING',
  'POSTING_ACCOUNT_MISSING',
  'POSTING_RULE_MISSING',
  'RULE_PACK_MISSING',
  'EXPORT_LINE_IN_USE',
  'RATE_MISSING',
]);

/** Does `work` whole, or nothing of it where it is refused for what a person can mend. @returns whether it was done */
function unlessRefused(book: Book, work: () => void): boolean {
  try {
    book.transaction(work);
    return true;
  } catch (error) {
    if (error instanceof PortbookError && mendable.has(error.code)) return false;
    throw error;
  }
}

/**
 * Writes what a released list or declaration does to the books: the sale of its orders or its own, its export lines, and its goods out of
 * stock. What is refused waits in `pending_posting`, so that one document never holds up the receipts of others. Call it in the
 * transaction that learns of the release, so that neither is without the other.
 */
export function postRelease(
  book: Book,
  release: ReleasedDocument & { readonly orderId?: number | undefined },
): SaleOutcome {
  const orderId = release.orderId ?? takeUpByOrder(book, release);
  if (orderId === undefined) return releaseByItself(book, release);
  giveWayToLists(book, orderId, release);
  return releaseOrder(book, { ...release, orderId }, [release]);
}

/**
 * A list of an order that is released counts, so a declaration of the same goods does no more, nor a list that was made apart from the
 * order and names it: customs has them once.
 */
function giveWayToLists(book: Book, orderId: number, { date, now }: ReleasedDocument): void {
  for (const { id } of declarationsOfOrder(book, orderId)) withdrawFromBooks(book, id, date, now);
  const apart = book
    .prepare(
      `SELECT d.id FROM document d WHERE ${listsNaming} = (SELECT +order_no FROM sales_order WHERE id = ?) AND d.state IN ('released','closed')
         AND (EXISTS (SELECT 1 FROM export_line e WHERE e.document_id = d.id)
           OR EXISTS (SELECT 1 FROM pending_posting p WHERE p.document_id = d.id AND p.order_id IS NULL)) ORDER BY d.id`,
    )
    .all(orderId) as { id: number }[];
  for (const { id } of apart) takeBackRelease(book, { documentId: id, date, now });
}

/** Lists made apart from an order, by the order that they name: found by an index when what they are compared with is no column (`+`). */
const listsNaming = `d.kind = 'CEB603Message' AND d.order_id IS NULL AND json_extract(d.body, '$.InventoryHead.orderNo')`;

/** Whether the order that a list made apart from it names, by its number or that of one of its parts, is counted by papers of its own. */
function isCountedByOrder(book: Book, documentId: number): boolean {
  const { orderNo } = book
    .prepare(`SELECT coalesce(json_extract(body, '$.InventoryHead.orderNo'), '') AS orderNo FROM document WHERE id = ?`)
    .get(documentId) as { orderNo: string };
  const find = book.prepare('SELECT id FROM sales_order WHERE order_no = ?');
  const order = (find.get(orderNo) ?? find.get(orderNo.replace(/-\d+$/, ''))) as { id: number } | undefined;
  if (order === undefined) return false;
  const counted = book
    .prepare(
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM document WHERE order_id = :id AND kind = 'CEB603Message'
           AND state NOT IN ('draft','checked','rejected','superseded','withdrawn'))
         OR EXISTS (SELECT 1 FROM export_goods WHERE order_id = :id) OR EXISTS (SELECT 1 FROM pending_posting WHERE order_id = :id)`,
    )
    .get({ id: order.id });
  return counted !== undefined || liveVoucher(book, saleOf(order.id)) !== undefined;
}

/**
 * Makes the filed lists that name an order of the book its own, where nothing else was drafted for it: its sale is theirs, and it is not
 * drafted a second time. @returns the order; undefined for a list of another order, or none
 */
function takeUpByOrder(book: Book, { documentId, now }: ReleasedDocument): number | undefined {
  const open = book
    .prepare(
      `SELECT o.id FROM sales_order o JOIN document d ON d.id = ? WHERE d.kind = 'CEB603Message' AND o.state = 'open'
         AND o.order_no = json_extract(d.body, '$.InventoryHead.orderNo')`,
    )
    .get(documentId) as { id: number } | undefined;
  if (open === undefined) return undefined;
  const taken = book
    .prepare(
      `UPDATE document AS d SET order_id = :order WHERE ${listsNaming} = (SELECT +order_no FROM sales_order WHERE id = :order)
         AND d.state NOT IN ('draft','checked','rejected','superseded','withdrawn') RETURNING id`,
    )
    .all({ order: open.id }) as { id: number }[];
  for (const { id } of taken) {
    // One that was a sale of its own is part of the order's from now on.
    if (liveVoucher(book, saleOfDeclaration(id)) !== undefined)
      repostDocument(book, saleOfDeclaration(id), [], now, '清单归入订单');
    book.prepare('DELETE FROM pending_posting WHERE document_id = ? AND order_id IS NULL').run(id);
    book
      .prepare(
        'UPDATE stock_move SET order_id = ? WHERE export_line_id IN (SELECT id FROM export_line WHERE document_id = ?)',
      )
      .run(open.id, id);
    book.prepare('UPDATE export_line SET order_id = ? WHERE document_id = ?').run(open.id, id);
  }
  followOrder(book, open.id);
  return open.id;
}

/** As {@link takeBackRelease}, for a declaration that has written anything. */
function withdrawFromBooks(book: Book, documentId: number, date: string, now: string): void {
  if (book.prepare('SELECT 1 FROM export_line WHERE document_id = ? LIMIT 1').get(documentId) === undefined) return;
  takeBackRelease(book, { documentId, date, now });
}

/** A summary result (792) names a declaration of the book: it sums up lists, which count. Call it once the result is stored. */
export function leaveToLists(book: Book, entryId: string, date: string, now: string): void {
  const rows = book
    .prepare(`SELECT id FROM document WHERE kind = 'DecMessage' AND platform_no = ? AND platform_no <> '' ORDER BY id`)
    .all(entryId) as { id: number }[];
  for (const { id } of rows) withdrawFromBooks(book, id, date, now);
}

/**
 * What a declaration, or a list made apart from orders, writes: its lines, the sales of the orders whose goods a declaration declares, and
 * its own of all else. A list that names an order whose own papers count is left to those: the statistics say that it counts nowhere.
 */
function releaseByItself(book: Book, release: ReleasedDocument): SaleOutcome {
  const { documentId, date, now } = release;
  const { kind } = book.prepare('SELECT kind FROM document WHERE id = ?').get(documentId) as { kind: string };
  const isList = kind === 'CEB603Message';
  if (isList && isCountedByOrder(book, documentId)) {
    book.prepare('DELETE FROM pending_posting WHERE document_id = ? AND order_id IS NULL').run(documentId);
    return 'waiting';
  }
  const isRecorded = unlessRefused(book, () => {
    if (isList) {
      takeBackEarlierSales(book, documentId, now);
      recordReleasedList(book, { documentId, date, now });
    } else recordReleasedDeclaration(book, { documentId, date, now });
  });
  if (!isRecorded) return waitForDeclaration(book, release);
  const outcomes = ordersOf(book, documentId).map((orderId) =>
    postSaleForReleasedOrder(book, { documentId, date, now, orderId }),
  );
  const own = postOwnSale(book, release);
  if (own !== 'pending')
    book.prepare('DELETE FROM pending_posting WHERE document_id = ? AND order_id IS NULL').run(documentId);
  const all = [...outcomes, own];
  return (['pending', 'posted', 'waiting'] as const).find((one) => all.includes(one)) ?? 'already';
}

/** A list that corrects one released before takes the place of its sale as well. */
function takeBackEarlierSales(book: Book, documentId: number, now: string): void {
  const earlier = book
    .prepare(
      `SELECT e.id FROM document d JOIN document e ON e.kind = d.kind AND e.business_key = d.business_key AND e.id <> d.id WHERE d.id = ?`,
    )
    .all(documentId) as { id: number }[];
  for (const { id } of earlier) {
    if (liveVoucher(book, saleOfDeclaration(id)) !== undefined)
      repostDocument(book, saleOfDeclaration(id), [], now, withdrawalReason(book, id));
    book.prepare('DELETE FROM pending_posting WHERE document_id = ? AND order_id IS NULL').run(id);
  }
}

/** Posts what goods of no order were sold for: FOB as revenue of goods, freight and insurance in a declaration's prices beside it. */
function postOwnSale(book: Book, release: ReleasedDocument): SaleOutcome {
  const { documentId, date, now } = release;
  const source = saleOfDeclaration(documentId);
  if (liveVoucher(book, source) !== undefined) return 'already';
  const sums = ownSaleOf(book, documentId);
  if (sums.length === 0) return 'already';
  const { number, shipmentId } = book
    .prepare(
      'SELECT coalesce(platform_no, business_key) AS number, shipment_id AS shipmentId FROM document WHERE id = ?',
    )
    .get(documentId) as { number: string; shipmentId: number | null };
  const rates = new Map(sums.map(({ currency }) => [currency, rateInForce(book, currency, date)]));
  const foreign = sums.find(({ currency }) => currency !== 'CNY')?.currency;
  const rate = foreign === undefined || rates.size > 1 ? undefined : rates.get(foreign);
  const isPosted =
    ![...rates.values()].includes(undefined) &&
    unlessRefused(book, () => {
      const draft = draftByRule(book, {
        event: 'sale.released',
        date,
        text: `出口销售 ${number}`,
        rate: rate === undefined ? undefined : { cnyPerUnit: rate.cnyPerUnit, date: rate.date },
        parts: sums.map(({ currency, fobMinor, chargedMinor }) => {
          const amount = (minor: number) =>
            amountAt({ currency, minor: BigInt(minor) }, rates.get(currency)?.cnyPerUnit ?? '1');
          return {
            amounts: { goods: amount(fobMinor), charged: amount(chargedMinor), discount: amount(0) },
            shipmentId: shipmentId ?? undefined,
          };
        }),
      });
      if (draft !== undefined)
        postVoucher(book, inOpenPeriod(book, { ...withRealised(book, draft, source), source }), now);
    });
  return isPosted ? 'posted' : waitForDeclaration(book, release);
}

function waitForDeclaration(book: Book, { documentId, date }: ReleasedDocument): SaleOutcome {
  book
    .prepare(
      `INSERT INTO pending_posting (order_id, document_id, event_date, currency) SELECT NULL, id, ?, currency FROM document WHERE id = ?
       ON CONFLICT DO NOTHING`,
    )
    .run(date, documentId);
  return 'pending';
}

function releaseOrder(
  book: Book,
  release: ReleasedSale,
  lists: readonly { readonly documentId: number; readonly date: string }[],
): SaleOutcome {
  const { orderId, now } = release;
  const outcome = postSaleForReleasedOrder(book, release);
  const isRecorded = unlessRefused(book, () => {
    for (const { documentId, date } of lists) recordReleasedList(book, { documentId, date, now });
  });
  if (!isRecorded) {
    const { currency } = book.prepare('SELECT currency FROM sales_order WHERE id = ?').get(orderId) as {
      currency: string;
    };
    return wait(book, release, currency);
  }
  if (outcome !== 'pending') book.prepare('DELETE FROM pending_posting WHERE order_id = ?').run(orderId);
  return outcome;
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
  lineKind: string;
  qtyE5: number;
  priceE5: number;
}

const cancelledSelect = `SELECT k.id AS lineId, c.id AS cancellationId, c.cancel_no AS cancelNo, c.cancelled_at AS cancelledAt, o.id AS orderId,
    o.order_no AS orderNo, o.store, o.currency, k.sku, p.line_kind AS lineKind, k.matched_qty_e5 AS qtyE5, k.price_e5 AS priceE5
  FROM cancellation_line k JOIN cancellation c ON c.id = k.cancellation_id JOIN order_line l ON l.id = k.order_line_id
    JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.sku = l.sku`;

/**
 * What of an order's released goods was cancelled: as much of each article as its lists hold beyond what the order still
 * wants, of the cancellations that came last. What was cancelled before a list was drawn up is not on it, whenever the
 * others left; charges and discounts are in the sale as they stand.
 */
function cancelledBeyond(book: Book, orderId: number): CancelledLine[] {
  const lines = book
    .prepare(`${cancelledSelect} WHERE o.id = ? AND p.line_kind = 'goods' ORDER BY k.id DESC`)
    .all(orderId) as CancelledLine[];
  if (lines.length === 0) return [];
  const beyond = new Map<string, number>();
  const released = book
    .prepare(
      `SELECT json_extract(g.value, '$.itemNo') AS sku, json_extract(g.value, '$.qty') AS qty FROM document d, json_each(d.body, '$.InventoryList') g
       WHERE d.order_id = ? AND d.kind = 'CEB603Message' AND d.state IN ('released','closed')`,
    )
    .all(orderId) as { sku: string; qty: string }[];
  for (const { sku, qty } of released) beyond.set(sku, (beyond.get(sku) ?? 0) + storedValue(qty));
  const declared = book.prepare('SELECT sku, qty_e5 AS qtyE5 FROM export_goods WHERE order_id = ?').all(orderId) as {
    sku: string | null;
    qtyE5: number;
  }[];
  for (const { sku, qtyE5 } of declared) if (sku !== null) beyond.set(sku, (beyond.get(sku) ?? 0) + qtyE5);
  const wanted = book
    .prepare('SELECT sku, sum(qty_e5 - cancelled_qty_e5) AS qtyE5 FROM order_line WHERE order_id = ? GROUP BY sku')
    .all(orderId) as { sku: string; qtyE5: number }[];
  for (const { sku, qtyE5 } of wanted) beyond.set(sku, (beyond.get(sku) ?? 0) - qtyE5);
  return lines
    .flatMap((line) => {
      const left = beyond.get(line.sku) ?? 0;
      const qtyE5 = Math.min(left, line.qtyE5);
      if (qtyE5 <= 0) return [];
      beyond.set(line.sku, left - qtyE5);
      return [{ ...line, qtyE5 }];
    })
    .reverse();
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
    // Converted as the sale was: goods, charges and discounts each by itself.
    const amountOf = (kinds: (kind: string) => boolean): Amount => {
      const lines = group.filter(({ lineKind }) => kinds(lineKind));
      const valueE5 = lines.reduce((sum, { qtyE5, priceE5 }) => sum + storedProduct(qtyE5, priceE5), 0);
      return amountAt(toMinor(BigInt(valueE5), currency), rate.cnyPerUnit);
    };
    const goods = amountOf((kind) => kind === 'goods');
    const discount = amountOf((kind) => kind === 'discount');
    const charged = amountOf((kind) => kind !== 'goods' && kind !== 'discount');
    const amount: Amount = {
      currency,
      minor: goods.minor + discount.minor + charged.minor,
      fen: goods.fen + discount.fen + charged.fen,
    };
    const cancelledOn = first.cancelledAt.slice(0, 10);
    const source = { kind: 'cancellation', id: key };
    const draft = draftByRule(book, {
      event: 'sales-return',
      date: cancelledOn > sale.date ? cancelledOn : sale.date,
      text: `销售退回 ${orderNo} ${cancelNo}`,
      rate: sale.rate,
      parts: [{ amounts: { amount, charged }, facts: { refunded: false }, orderId, store: store ?? undefined }],
    });
    if (draft === undefined) continue;
    postVoucher(book, inOpenPeriod(book, { ...withRealised(book, draft, source), source }), now);
  }
}

// Waiting -------------------------------------------------------------------------------------------------------------

/**
 * Posts the releases and source documents that waited and can be posted now, in the order of their dates. Call it in the
 * transaction that stored rates or changed the chart of accounts. @returns how many
 */
export function retryPendingPostings(book: Book, now: string): number {
  return book.transaction(() => {
    const waiting = book
      .prepare(
        'SELECT order_id AS orderId, document_id AS documentId, event_date AS date FROM pending_posting ORDER BY event_date, order_id',
      )
      .all() as { orderId: number | null; documentId: number; date: string }[];
    // The list that stands of those of one number: it has taken the place of the ones before.
    const listsOf = book.prepare(
      `SELECT max(id) AS documentId, released_at AS releasedAt FROM document
       WHERE order_id = ? AND kind = 'CEB603Message' AND state IN ('released','closed') GROUP BY business_key ORDER BY id`,
    );
    let posted = 0;
    for (const { orderId, documentId, date } of waiting) {
      const release = { documentId, date, now };
      const lists = (listsOf.all(orderId) as { documentId: number; releasedAt: string | null }[]).map(
        ({ documentId, releasedAt }) => ({
          documentId,
          date: releasedAt !== null && isReturnTime(releasedAt) ? dateOfReturn(releasedAt) : date,
        }),
      );
      const outcome =
        orderId === null ? postRelease(book, release) : releaseOrder(book, { ...release, orderId }, lists);
      if (outcome === 'posted' || outcome === 'already') posted++;
    }
    return posted + postWaitingDocuments(book, now);
  });
}
