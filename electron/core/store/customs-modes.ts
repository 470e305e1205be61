import type { Book } from './book.ts';
import type { OrderSelection } from './drafting.ts';
import { isNewestVersion } from './versions.ts';

/** What a person said of a shipment, as JSON; undefined: nothing. */
export function modeAnswersOf(book: Book, shipmentId: number): string | undefined {
  const row = book.prepare('SELECT answers FROM mode_answer WHERE shipment_id = ?').get(shipmentId) as
    | { answers: string }
    | undefined;
  return row?.answers;
}

export function saveModeAnswers(book: Book, shipmentId: number, answers: string, now: string): void {
  book
    .prepare(
      `INSERT INTO mode_answer (shipment_id, answers, changed_at) VALUES (?, ?, ?)
       ON CONFLICT (shipment_id) DO UPDATE SET answers = excluded.answers, changed_at = excluded.changed_at`,
    )
    .run(shipmentId, answers, now);
}

/** What a shipment has been filed as so far: live lists, live declarations, and parcels that are only registered. */
export function filedOfShipment(
  book: Book,
  shipmentId: number,
): { readonly lists: number; readonly declarations: number; readonly parcels: number } {
  const documents = `SELECT count(*) FROM document d WHERE d.shipment_id = :id AND ${isNewestVersion('d')} AND d.kind =`;
  return book
    .prepare(
      `SELECT (${documents} 'CEB603Message') AS lists, (${documents} 'DecMessage') AS declarations,
         (SELECT count(DISTINCT waybill_no) FROM parcel WHERE shipment_id = :id) AS parcels`,
    )
    .get({ id: shipmentId }) as { lists: number; declarations: number; parcels: number };
}

/** Orders that a shipment took, or would take. Placeholders: shipment, from, to twice, country three times. */
const ordersOfShipment = `SELECT id FROM sales_order WHERE id IN (SELECT order_id FROM document WHERE shipment_id = ?)
  OR (state = 'open' AND order_date >= ? AND (? = '' OR order_date <= ?) AND (? = '' OR country = ? OR country_text = ?))`;
const bind = (shipmentId: number, { from, to, country }: OrderSelection) => [
  shipmentId,
  from,
  to,
  to,
  country,
  country,
  country,
];

/** The dearest order of each currency, less what was cancelled; scaled by 10^5. */
export function dearestOrders(
  book: Book,
  shipmentId: number,
  selected: OrderSelection,
): { readonly currency: string; readonly valueE5: number }[] {
  return book
    .prepare(
      `SELECT currency, max(goods_value_e5 - cancelled_value_e5) AS valueE5 FROM sales_order
       WHERE id IN (${ordersOfShipment}) GROUP BY currency ORDER BY currency`,
    )
    .all(...bind(shipmentId, selected)) as { currency: string; valueE5: number }[];
}

/** A product of the shipment as the mode asks of it; undefined where nobody has said. */
export interface ShipmentProduct {
  readonly sku: string;
  readonly isClassified: boolean;
  readonly needsLicence: boolean;
  /** Supervision conditions and inspection categories of the tariff row in force; undefined: no row is entered. */
  readonly conditions: string | undefined;
  readonly inspection: string | undefined;
  readonly exportDutyRate: string | undefined;
}

export function shipmentProducts(
  book: Book,
  shipmentId: number,
  selected: OrderSelection,
  date: string,
): ShipmentProduct[] {
  const rows = book
    .prepare(
      `SELECT p.sku, p.state, p.needs_licence AS licence, t.conditions, t.inspection,
         coalesce(json_extract(p.tax, '$.exportDutyRate'), t.export_provisional_rate, t.export_duty_rate) AS duty
       FROM product p LEFT JOIN tariff t ON t.hs_code = p.hs_code AND t.in_force_from =
         (SELECT max(in_force_from) FROM tariff WHERE hs_code = p.hs_code AND in_force_from <= ?)
       WHERE p.line_kind = 'goods' AND p.state <> 'not-goods'
         AND p.sku IN (SELECT sku FROM order_line WHERE order_id IN (${ordersOfShipment})) ORDER BY p.sku`,
    )
    .all(date, ...bind(shipmentId, selected)) as {
    sku: string;
    state: string;
    licence: number;
    conditions: string | null;
    inspection: string | null;
    duty: string | null;
  }[];
  return rows.map(({ sku, state, licence, conditions, inspection, duty }) => ({
    sku,
    isClassified: state === 'classified',
    needsLicence: licence === 1,
    conditions: conditions ?? undefined,
    inspection: inspection ?? undefined,
    exportDutyRate: duty ?? undefined,
  }));
}
