import { PortbookError } from '../../../shared/errors.ts';
import type { KnownWaybill, WaybillClaim, WaybillEntry } from '../../../shared/import/waybills.ts';
import type { Book } from './book.ts';
import { markStale } from './documents.ts';

interface Row {
  logistics_no: string;
  gross_weight_e5: number;
  net_weight_e5: number | null;
  packages: number;
  freight_e5: number;
  insured_e5: number;
  currency: string | null;
  consignee: string | null;
  consignee_key: string | null;
  consignee_phone: string | null;
  country: string | null;
  goods: string | null;
  quantity_e5: number | null;
}

/**
 * States of an order in which its waybill may still change: nothing of it lies with the platform, or the platform has
 * sent it back.
 */
const changeable = `('open','cancelled','drafted','rejected')`;

/** The number of the order itself: a split order's waybills are numbered `<order>-<part>`. */
const orderOfPart = `SELECT id, state FROM sales_order WHERE order_no = ? OR order_no = ? ORDER BY length(order_no) DESC LIMIT 1`;

/** The order that a waybill's number names: the order itself before the one it would be a part of. */
export function ownOrder(book: Book, orderNo: string): { id: number; state: string } | undefined {
  const whole = orderNo.replace(/-\d{1,3}$/, '');
  return book.prepare(orderOfPart).get(orderNo, whole) as { id: number; state: string } | undefined;
}

/** The waybill of an order number or part, and whether it can still change. */
export function knownWaybill(book: Book, orderNo: string): KnownWaybill | undefined {
  const row = book
    .prepare(
      `SELECT logistics_no, gross_weight_e5, net_weight_e5, packages, freight_e5, insured_e5, currency, consignee, consignee_key,
         consignee_phone, country, goods, quantity_e5 FROM waybill WHERE order_no = ?`,
    )
    .get(orderNo) as Row | undefined;
  if (row === undefined) return undefined;
  return {
    orderNo,
    logisticsNo: row.logistics_no,
    grossWeightE5: row.gross_weight_e5,
    netWeightE5: row.net_weight_e5 ?? undefined,
    packages: row.packages,
    freightE5: row.freight_e5,
    insuredE5: row.insured_e5,
    currency: row.currency ?? undefined,
    consignee: row.consignee ?? undefined,
    consigneeKey: row.consignee_key ?? undefined,
    consigneePhone: row.consignee_phone ?? undefined,
    country: row.country ?? undefined,
    goods: row.goods ?? undefined,
    quantityE5: row.quantity_e5 ?? undefined,
    isSent: isSent(book, orderNo),
  };
}

function isSent(book: Book, orderNo: string): boolean {
  const order = ownOrder(book, orderNo);
  if (order === undefined) return false;
  const row = book
    .prepare(`SELECT 1 AS yes FROM sales_order WHERE id = ? AND state NOT IN ${changeable}`)
    .get(order.id);
  return row !== undefined;
}

/** The order number that a logistics number belongs to. */
export function orderOfLogisticsNo(book: Book, logisticsNo: string): string | undefined {
  const row = book.prepare('SELECT order_no AS orderNo FROM waybill WHERE logistics_no = ?').get(logisticsNo) as
    | { orderNo: string }
    | undefined;
  return row?.orderNo;
}

/**
 * Stores waybills, and numbers that the list gives twice, for the match to find; drafts made with the old values become stale.
 * Call it in one transaction: `IMPORT_BOOK_CHANGED` when an order was queued since the rows were sorted.
 */
export function applyWaybills(
  book: Book,
  { entries, claims }: { readonly entries: readonly WaybillEntry[]; readonly claims: readonly WaybillClaim[] },
  runId: number,
): void {
  // Two waybills may exchange their numbers: the old ones go first.
  const remove = book.prepare('DELETE FROM waybill WHERE order_no = ?');
  for (const { orderNo } of entries) {
    if (remove.run(orderNo).changes > 0 && isSent(book, orderNo))
      throw new PortbookError('IMPORT_BOOK_CHANGED', { orderNo });
  }
  const insert = book.prepare(
    `INSERT INTO waybill (order_no, logistics_no, gross_weight_e5, net_weight_e5, packages, freight_e5, insured_e5, currency, import_run_id,
       consignee, consignee_key, consignee_phone, country, goods, quantity_e5)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const entry of entries) {
    insert.run(
      entry.orderNo,
      entry.logisticsNo,
      entry.grossWeightE5,
      entry.netWeightE5 ?? null,
      entry.packages,
      entry.freightE5,
      entry.insuredE5,
      entry.currency ?? null,
      runId,
      entry.consignee ?? null,
      entry.consigneeKey ?? null,
      entry.consigneePhone ?? null,
      entry.country ?? null,
      entry.goods ?? null,
      entry.quantityE5 ?? null,
    );
    const order = ownOrder(book, entry.orderNo);
    if (order !== undefined) markStale(book, { orderId: order.id });
  }
  const claim = book.prepare(
    'INSERT INTO waybill_claim (order_no, logistics_no, import_run_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const { orderNo, logisticsNo } of claims) claim.run(orderNo, logisticsNo, runId);
}
