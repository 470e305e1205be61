import type { DraftOrder, DraftProduct, DraftWaybill } from '../../../shared/drafting/retail-export.ts';
import type { Book } from './book.ts';

/** What drafting reads from the book: orders with their lines, products, waybills. Amounts scaled by 10^5. */

export interface OrderSelection {
  /** `yyyy-mm-dd`, inclusive; empty: no bound. */
  readonly from: string;
  readonly to: string;
  /** Old customs numeric country code; empty: all. */
  readonly country: string;
}

export interface OrderRow {
  id: number;
  order_no: string;
  ordered_at: string;
  country: string | null;
  country_text: string;
  currency: string;
}

const selection = `order_date >= ? AND (? = '' OR order_date <= ?) AND (? = '' OR country = ? OR country_text = ?)`;

function bind({ from, to, country }: OrderSelection): string[] {
  return [from, to, to, country, country, country];
}

/** Orders of the selection that were not drafted yet, oldest first. */
export function openOrders(book: Book, selected: OrderSelection): OrderRow[] {
  return book
    .prepare(
      `SELECT id, order_no, ordered_at, country, country_text, currency FROM sales_order
       WHERE state = 'open' AND ${selection} ORDER BY order_date, id`,
    )
    .all(...bind(selected)) as OrderRow[];
}

/** How many orders of the selection are past drafting (cancelled ones not counted). */
export function countDrafted(book: Book, selected: OrderSelection): number {
  const row = book
    .prepare(`SELECT count(*) AS n FROM sales_order WHERE state NOT IN ('open','cancelled') AND ${selection}`)
    .get(...bind(selected)) as { n: number };
  return row.n;
}

/** One order with its lines in the order of the source. */
export function draftOrder(book: Book, row: OrderRow): DraftOrder {
  const lines = book
    .prepare(
      `SELECT sku, description, qty_e5 AS qtyE5, cancelled_qty_e5 AS cancelledQtyE5, price_e5 AS priceE5
       FROM order_line WHERE order_id = ? ORDER BY line_no`,
    )
    .all(row.id) as DraftOrder['lines'];
  return {
    id: row.id,
    orderNo: row.order_no,
    orderedAt: row.ordered_at,
    country: row.country ?? undefined,
    countryText: row.country_text,
    currency: row.currency,
    lines,
  };
}

/** The order a document was drawn from. */
export function orderRow(book: Book, id: number): OrderRow | undefined {
  return book
    .prepare('SELECT id, order_no, ordered_at, country, country_text, currency FROM sales_order WHERE id = ?')
    .get(id) as OrderRow | undefined;
}

/** A reader of products by SKU that reads each one once: a shipment's orders share most of them. */
export function productReader(book: Book): (sku: string) => DraftProduct | undefined {
  const statement = book.prepare(
    `SELECT sku, line_kind AS lineKind, state, coalesce(name_cn, '') AS nameCn, coalesce(hs_code, '') AS hsCode,
       coalesce(gmodel, '') AS gmodel, coalesce(unit, '') AS unit, coalesce(unit1, '') AS unit1,
       coalesce(qty1_per_unit_e5, 0) AS qty1PerUnitE5, coalesce(unit2, '') AS unit2,
       coalesce(qty2_per_unit_e5, 0) AS qty2PerUnitE5, coalesce(net_weight_e5, 0) AS netWeightE5,
       coalesce(barcode, '') AS barcode, needs_licence AS needsLicence
     FROM product WHERE sku = ?`,
  );
  const seen = new Map<string, DraftProduct | undefined>();
  return (sku) => {
    if (!seen.has(sku)) seen.set(sku, statement.get(sku) as DraftProduct | undefined);
    return seen.get(sku);
  };
}

/** A reader of waybills by order number (or `<order number>-<part>`). */
export function waybillReader(book: Book): (orderNo: string) => DraftWaybill | undefined {
  const statement = book.prepare(
    `SELECT logistics_no, gross_weight_e5, net_weight_e5, packages, freight_e5, insured_e5, currency
     FROM waybill WHERE order_no = ?`,
  );
  return (orderNo) => {
    const row = statement.get(orderNo) as
      | {
          logistics_no: string;
          gross_weight_e5: number;
          net_weight_e5: number | null;
          packages: number;
          freight_e5: number;
          insured_e5: number;
          currency: string | null;
        }
      | undefined;
    if (row === undefined) return undefined;
    return {
      logisticsNo: row.logistics_no,
      grossWeightE5: row.gross_weight_e5,
      netWeightE5: row.net_weight_e5 ?? undefined,
      packages: row.packages,
      freightE5: row.freight_e5,
      insuredE5: row.insured_e5,
      currency: row.currency ?? undefined,
    };
  };
}

/** Moves an open order to drafted; false when it is not open any more. */
export function leaveOpen(book: Book, id: number): boolean {
  return book.prepare(`UPDATE sales_order SET state = 'drafted' WHERE id = ? AND state = 'open'`).run(id).changes === 1;
}
