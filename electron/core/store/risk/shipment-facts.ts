/** What the book says of a shipment's orders to each code of its score (C10). */
import { addMonths, type IsoDate } from '../../../../shared/calendar/dates.ts';
import {
  isPriceOdd,
  lowerMedian,
  type ScoreCode,
  type ScoreFact,
  type ShipmentScoreFigures,
} from '../../../../shared/risk/shipment-score.ts';
import type { Book } from '../book.ts';

/** Rows that are named; the outcome is of all. */
const NAMED = 5;

/** Orders that live documents of the shipment are of. */
const orders = `(SELECT DISTINCT order_id FROM document WHERE shipment_id = :shipment AND order_id IS NOT NULL
  AND state NOT IN ('superseded','withdrawn'))`;

function fact(code: ScoreCode, rows: readonly string[], canTell = true): ScoreFact {
  return { code, outcome: rows.length > 0 ? 'hit' : canTell ? 'clear' : 'cannot-tell', rows: rows.slice(0, NAMED) };
}

/** Prices of a shipment's lines beside those of the same six digits, unit and currency before it. */
function priceFact(
  book: Book,
  shipment: number,
  from: string,
  on: string,
  figures: ShipmentScoreFigures['price'],
): ScoreFact {
  const lines = book
    .prepare(
      `SELECT o.order_no || ' ' || l.sku AS label, substr(p.hs_code, 1, 6) || ' ' || coalesce(p.unit, '') || ' ' || o.currency AS key, l.price_e5 AS price,
         o.id IN ${orders} AS isOwn
       FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.sku = l.sku
       WHERE p.line_kind = 'goods' AND p.hs_code IS NOT NULL AND l.price_e5 > 0 AND (o.id IN ${orders} OR o.order_date BETWEEN :from AND :on)`,
    )
    .all({ shipment, from, on }) as { label: string; key: string; price: number; isOwn: 0 | 1 }[];
  const before = new Map<string, number[]>();
  for (const { key, price, isOwn } of lines) {
    if (isOwn === 1) continue;
    const known = before.get(key);
    if (known === undefined) before.set(key, [price]);
    else known.push(price);
  }
  const medians = new Map(
    [...before].map(([key, known]) => [key, known.length < figures.lines ? undefined : lowerMedian(known)]),
  );
  let canTell = true;
  const odd = lines.filter(({ key, price, isOwn }) => {
    if (isOwn === 0) return false;
    const median = medians.get(key);
    if (median === undefined) canTell = false;
    return median !== undefined && isPriceOdd(price, median, figures.times);
  });
  return fact(
    'price',
    odd.map(({ label }) => label),
    canTell,
  );
}

/**
 * Facts of a shipment on a day, in the order of the codes; undefined while nothing of it is drafted.
 * @param on the day it is judged, `yyyy-mm-dd`
 */
export function shipmentFacts(
  book: Book,
  shipment: number,
  on: IsoDate,
  figures: ShipmentScoreFigures,
): ScoreFact[] | undefined {
  const { n } = book.prepare(`SELECT count(*) AS n FROM ${orders}`).get({ shipment }) as { n: number };
  if (n === 0) return undefined;
  const labels = (sql: string, bind: Readonly<Record<string, string | number>> = {}): string[] =>
    (book.prepare(sql).all({ shipment, ...bind }) as { label: string }[]).map(({ label }) => label);
  const one = (sql: string): number => (book.prepare(sql).get({ shipment }) as { n: number }).n;

  const regulated = labels(
    `SELECT DISTINCT p.sku AS label FROM order_line l JOIN product p ON p.sku = l.sku WHERE l.order_id IN ${orders}
       AND (p.needs_licence = 1 OR CAST(coalesce(p.tax ->> '$.exportDutyRate', '0') AS REAL) > 0) ORDER BY 1`,
  );
  const records = labels(
    `SELECT DISTINCT order_no AS label FROM match_item WHERE state = 'open' AND order_id IN ${orders} ORDER BY 1`,
  );
  const net = `(SELECT CASE WHEN count(*) = count(p.net_weight_e5) THEN sum(p.net_weight_e5 * (l.qty_e5 - l.cancelled_qty_e5) / 100000) END
    FROM order_line l JOIN product p ON p.sku = l.sku WHERE l.order_id = o.id AND p.line_kind = 'goods')`;
  const weight = labels(
    `SELECT order_no AS label FROM (SELECT o.order_no, sum(w.gross_weight_e5) AS gross, ${net} AS net FROM sales_order o
       JOIN waybill w ON w.order_id = o.id WHERE o.id IN ${orders} GROUP BY o.id)
     WHERE net > 0 AND (gross < net OR gross > net * :times) ORDER BY 1`,
    { times: figures.grossTimesNet },
  );
  const weightUnknown = one(
    `SELECT count(*) AS n FROM sales_order o WHERE o.id IN ${orders}
       AND (${net} IS NULL OR NOT EXISTS (SELECT 1 FROM waybill w WHERE w.order_id = o.id))`,
  );
  // Retail buyers are new nearly always: where a store sold, the store is the one that is known or not.
  const newcomers = labels(
    `WITH known AS (SELECT coalesce(nullif(b.store, ''), nullif(b.buyer_name, ''), b.customer) AS seller, count(DISTINCT d.shipment_id) AS shipments
         FROM sales_order b JOIN document d ON d.order_id = b.id WHERE d.shipment_id < :shipment GROUP BY 1)
     SELECT label FROM (SELECT DISTINCT coalesce(nullif(o.store, ''), nullif(o.buyer_name, ''), o.customer) AS label FROM sales_order o
       WHERE o.id IN ${orders}) LEFT JOIN known ON known.seller = label
     WHERE label IS NOT NULL AND coalesce(known.shipments, 0) < :shipments ORDER BY 1`,
    { shipments: figures.shipments },
  );
  const unnamed = one(
    `SELECT count(*) AS n FROM sales_order WHERE id IN ${orders}
       AND coalesce(nullif(store, ''), nullif(buyer_name, ''), customer) IS NULL`,
  );
  const back = labels(
    `SELECT e.sku AS label FROM export_line e LEFT JOIN (SELECT export_line_id, sum(qty_e5) AS qty FROM goods_return WHERE state <> 'void'
         GROUP BY export_line_id) r ON r.export_line_id = e.id
     WHERE e.sku IN (SELECT sku FROM order_line WHERE order_id IN ${orders}) AND e.export_date BETWEEN :from AND :on
     GROUP BY e.sku HAVING sum(coalesce(r.qty, 0)) * 100 > sum(e.qty_e5) * :percent ORDER BY 1`,
    { from: addMonths(on, -figures.returns.months), on, percent: figures.returns.percent },
  );
  const papers = labels(
    `SELECT business_key AS label FROM document WHERE shipment_id = :shipment AND state NOT IN ('superseded','withdrawn')
       AND (state = 'rejected' OR stale = 1 OR reject_findings > 0)
     UNION SELECT o.order_no FROM sales_order o WHERE o.id IN ${orders} AND NOT EXISTS (SELECT 1 FROM waybill w WHERE w.order_id = o.id) ORDER BY 1`,
  );
  return [
    fact('regulated', regulated),
    priceFact(book, shipment, addMonths(on, -figures.price.months), on, figures.price),
    fact('records', records),
    fact('weight', weight, weightUnknown === 0),
    fact('newcomer', newcomers, unnamed === 0),
    fact('returns', back),
    fact('papers', papers),
  ];
}
