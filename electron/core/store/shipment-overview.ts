/** What the book knows of one shipment beyond customs: refund, what is owed of it, packs it stood in, red flags. Money in fen or minor units. */
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { IsoDate } from '../../../shared/calendar/index.ts';
import { fenOf } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import type { Regime } from './worksheets/export-lines.ts';

export interface RegimeSum {
  readonly regime: Regime | 'open';
  readonly lines: number;
  readonly claimed: number;
  readonly fobFen: number;
  readonly rateMissing: number;
  readonly unpaid: number;
}

const regimeOf = `coalesce(e.regime, 'open')`;

/** Export lines of a shipment by regime; `open`: none was set or found yet. */
export function regimesOfShipment(book: Book, shipmentId: number): RegimeSum[] {
  return book
    .prepare(
      `SELECT ${regimeOf} AS regime, count(*) AS lines, count(e.claimed_period) AS claimed, coalesce(sum(e.fob_fen), 0) AS fobFen,
         count(*) - count(e.fob_fen) AS rateMissing, sum(e.received_on IS NULL AND e.deemed_received IS NULL) AS unpaid
       FROM export_line e WHERE e.shipment_id = ? GROUP BY 1 ORDER BY 1 DESC`,
    )
    .all(shipmentId) as RegimeSum[];
}

/**
 * Refunds matched to its lines, and what was paid on leaving and is not settled. What was claimed before sale stands under
 * `preRefundFen` alone until a settlement (核算) of its line is on record; then what that declares is under `claimedFen`.
 */
export function refundOfShipment(
  book: Book,
  shipmentId: number,
): { readonly claimedFen: number; readonly unclaimedFen: number; readonly preRefundFen: number } {
  const entry = `FROM tax_fact f WHERE f.name = 'warehouse-settlement' AND f.subject = e.declaration_no || '-' || e.line_no`;
  const { claimedFen, ...others } = book
    .prepare(
      `SELECT coalesce(sum(iif(e.claimed_period IS NOT NULL AND e.pre_refund_fen IS NULL, r.fen, 0)), 0) AS claimedFen,
         coalesce(sum(iif(e.claimed_period IS NULL, r.fen, 0)), 0) AS unclaimedFen,
         coalesce(sum(iif(EXISTS (SELECT 1 ${entry}), 0, e.pre_refund_fen)), 0) AS preRefundFen
       FROM export_line e LEFT JOIN (SELECT export_line_id, sum(refund_fen) AS fen FROM refund_match GROUP BY 1) r ON r.export_line_id = e.id
       WHERE e.shipment_id = ?`,
    )
    .get(shipmentId) as { claimedFen: number; unclaimedFen: number; preRefundFen: number };
  const settled = book
    .prepare(
      `SELECT (SELECT f.value ${entry} ORDER BY f.period DESC LIMIT 1) AS value FROM export_line e
       WHERE e.shipment_id = ? AND e.pre_refund_fen IS NOT NULL AND EXISTS (SELECT 1 ${entry})`,
    )
    .all(shipmentId) as { value: string }[];
  return { ...others, claimedFen: settled.reduce((sum, { value }) => sum + fenOf(value), claimedFen) };
}

export interface OverviewLine {
  readonly id: number;
  readonly declarationNo: string;
  readonly lineNo: number;
  readonly exportDate: IsoDate;
  readonly name: string;
  readonly regime: Regime | 'open';
  readonly claimedPeriod: string | null;
  readonly refundFen: number;
}

/** Its first export lines by declaration. */
export function linesOfShipment(book: Book, shipmentId: number, limit: number): OverviewLine[] {
  return book
    .prepare(
      `SELECT e.id, e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS exportDate, e.name, ${regimeOf} AS regime,
         e.claimed_period AS claimedPeriod, coalesce((SELECT sum(refund_fen) FROM refund_match m WHERE m.export_line_id = e.id), 0) AS refundFen
       FROM export_line e WHERE e.shipment_id = ? ORDER BY e.export_date, e.declaration_no, e.line_no LIMIT ?`,
    )
    .all(shipmentId, limit) as OverviewLine[];
}

/** What is owed today of orders (ids as JSON), by currency and buyer. */
export function owedOfOrders(
  book: Book,
  orders: string,
): {
  readonly buyer: string;
  readonly currency: string;
  readonly minor: number;
  readonly orders: number;
  readonly oldest: IsoDate;
}[] {
  return book
    .prepare(
      `SELECT coalesce(nullif(buyer_name, ''), customer, '') AS buyer, currency, sum(open_minor) AS minor, count(*) AS orders, min(order_date) AS oldest
       FROM sales_order WHERE id IN (SELECT value FROM json_each(?)) AND open_minor > 0 GROUP BY 1, 2 ORDER BY 2, 1`,
    )
    .all(orders) as ReturnType<typeof owedOfOrders>;
}

/**
 * How many of the orders and of the shipment's declarations a pack of a period takes in that was made at an instant, and how many could
 * have stood in what it says of its last day: orders not paid, refunds expected, goods abroad. What was open then is not on record.
 */
export function takenIntoPack(
  book: Book,
  of: { readonly orders: string; readonly shipmentId: number },
  pack: { readonly from: string; readonly to: string; readonly madeAt: string },
): {
  readonly orders: number;
  readonly declarations: number;
  readonly receivables: number;
  readonly refunds: number;
  readonly abroad: number;
} {
  return book
    .prepare(
      `SELECT (SELECT count(*) FROM sales_order WHERE id IN (SELECT value FROM json_each(:orders)) AND state <> 'cancelled'
           AND order_date BETWEEN :from AND :to AND created_at <= :madeAt) AS orders,
         (SELECT count(DISTINCT declaration_no) FROM export_line WHERE shipment_id = :shipmentId
           AND export_date BETWEEN :from AND :to AND created_at <= :madeAt) AS declarations,
         (SELECT count(*) FROM sales_order WHERE id IN (SELECT value FROM json_each(:orders))
           AND order_date <= :madeOn AND created_at <= :madeAt) AS receivables,
         (SELECT count(*) FROM export_line e WHERE shipment_id = :shipmentId AND export_date <= :madeOn AND created_at <= :madeAt
           AND EXISTS (SELECT 1 FROM refund_match m WHERE m.export_line_id = e.id)) AS refunds,
         (SELECT count(*) FROM export_line WHERE shipment_id = :shipmentId AND mode = '9810' AND export_date <= :madeOn
           AND created_at <= :madeAt) AS abroad`,
    )
    .get({
      orders: of.orders,
      shipmentId: of.shipmentId,
      from: pack.from,
      to: pack.to,
      madeAt: pack.madeAt,
      madeOn: chinaDate(pack.madeAt),
    }) as ReturnType<typeof takenIntoPack>;
}

/** Ids of the red flags that stand and have a row of the shipment. */
export function flagsOfShipment(book: Book, of: { readonly orders: string; readonly shipmentId: number }): number[] {
  const rows = book
    .prepare(
      `WITH own AS (SELECT 'shipment' AS kind, CAST(id AS TEXT) AS id FROM shipment WHERE id = :shipmentId
           UNION SELECT 'order', CAST(value AS TEXT) FROM json_each(:orders)
           UNION SELECT 'document', CAST(id AS TEXT) FROM document WHERE shipment_id = :shipmentId
           UNION SELECT 'export-line', CAST(id AS TEXT) FROM export_line WHERE shipment_id = :shipmentId
           UNION SELECT 'declaration', declaration_no FROM export_line WHERE shipment_id = :shipmentId)
       SELECT f.id FROM red_flag f WHERE f.gone_at IS NULL AND f.state <> 'closed'
         AND EXISTS (SELECT 1 FROM json_each(f.rows) r JOIN own ON own.kind = json_extract(r.value, '$.kind')
           AND own.id = CAST(json_extract(r.value, '$.id') AS TEXT))
       ORDER BY CASE f.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, f.id DESC`,
    )
    .all({ orders: of.orders, shipmentId: of.shipmentId }) as { id: number }[];
  return rows.map(({ id }) => id);
}
