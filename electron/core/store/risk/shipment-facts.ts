/** What the book says of a shipment's orders and declarations to each code of its score (C10). */
import { addMonths, type IsoDate } from '../../../../shared/calendar/dates.ts';
import { tryParseScaled } from '../../../../shared/money/index.ts';
import { majorText } from '../../../../shared/reports/amounts.ts';
import {
  isPriceOdd,
  lowerMedian,
  type ScoreCode,
  type ScoreFact,
  type ShipmentScoreFigures,
} from '../../../../shared/risk/shipment-score.ts';
import type { Book } from '../book.ts';
import { isNewestVersion } from '../versions.ts';

/** Rows that are named; the outcome is of all. */
const NAMED = 5;

/** A shipment, or one document that belongs to none. */
export type ScoreSubject = { readonly shipmentId: number } | { readonly documentId: number };

const bindOf = (of: ScoreSubject) => ({
  shipment: 'shipmentId' in of ? of.shipmentId : 0,
  document: 'documentId' in of ? of.documentId : 0,
});

/** Live documents (`d`) of the subject, a number once. */
const live = `(d.shipment_id = :shipment OR d.id = :document) AND ${isNewestVersion('d')}`;
/** Orders that they are of. */
const orders = `(SELECT DISTINCT d.order_id FROM document d WHERE ${live} AND d.order_id IS NOT NULL)`;
/** Export declarations (报关单) among them that are of no order: they say themselves what they are of. */
const declared = `d.kind = 'DecMessage' AND d.order_id IS NULL AND coalesce(d.body ->> '$.DecHead.IEFlag', 'E') <> 'I' AND ${live}`;

/** A row of the tariff (`t`) in force for a commodity code; whether it asks for a licence, an inspection on the way out or a duty. */
const tariffOf = (hsCode: string): string =>
  `LEFT JOIN tariff t ON t.hs_code = ${hsCode} AND t.in_force_from = (SELECT max(in_force_from) FROM tariff WHERE hs_code = ${hsCode} AND in_force_from <= :on)`;
const isRegulated = `(t.conditions GLOB :conditions OR t.inspection GLOB :inspections
  OR CAST(coalesce(t.export_provisional_rate, t.export_duty_rate, '0') AS REAL) > 0)`;

function fact(code: ScoreCode, rows: readonly string[], canTell = true): ScoreFact {
  return { code, outcome: rows.length > 0 ? 'hit' : canTell ? 'clear' : 'cannot-tell', rows: rows.slice(0, NAMED) };
}

/** Customs' codes of units that are weights, and how many of them are a kilogram. */
const kilogram: Readonly<Record<string, number>> = { '035': 1, '036': 1000 };
const scaled = (text: string): number | undefined => {
  const value = tryParseScaled(text, 5);
  return value === undefined ? undefined : Number(value);
};

/** A price scaled by 10^5 of goods in a unit and currency, with how many kilograms a unit weighs where that is known. */
interface Priced {
  readonly hs6: string;
  readonly unit: string;
  readonly currency: string;
  readonly price: number;
  readonly kilograms: number | undefined;
}

/** What goods of six digits cost before: a unit, and a kilogram. Only numbers are kept, of what will be asked for. */
class Before {
  readonly #known = new Map<string, number[]>();
  readonly #medians = new Map<string, number | undefined>();
  readonly #least: number;

  /** @param least prices that make a median */
  constructor(least: number) {
    this.#least = least;
  }

  static keys({ hs6, unit, currency, price, kilograms }: Priced): [string, number][] {
    const unitPrice: [string, number] = [`${hs6} ${unit} ${currency}`, price];
    return kilograms === undefined || kilograms <= 0
      ? [unitPrice]
      : [unitPrice, [`${hs6} ${currency}`, Math.round(price / kilograms)]];
  }

  add(one: Priced): void {
    for (const [key, value] of Before.keys(one)) {
      const known = this.#known.get(key);
      if (known === undefined) this.#known.set(key, [value]);
      else known.push(value);
    }
  }

  /** The median under a key; undefined where fewer than `least` are known. */
  median(key: string): number | undefined {
    if (!this.#medians.has(key)) {
      const known = this.#known.get(key) ?? [];
      this.#medians.set(key, known.length < this.#least ? undefined : lowerMedian(known));
    }
    return this.#medians.get(key);
  }
}

interface DeclaredLine {
  readonly no: string;
  readonly gno: string;
  readonly hsCode: string;
  readonly name: string;
  readonly unit: string;
  readonly currency: string;
  readonly price: string;
}

const orderLines = `SELECT o.order_no || ' ' || l.sku AS label, substr(p.hs_code, 1, 6) AS hs6, coalesce(p.unit, '') AS unit, o.currency,
    l.price_e5 AS price, p.net_weight_e5 / 100000.0 AS kilograms
  FROM order_line l JOIN sales_order o ON o.id = l.order_id JOIN product p ON p.sku = l.sku
  WHERE p.line_kind = 'goods' AND p.hs_code IS NOT NULL AND l.price_e5 > 0`;

type Labelled = Omit<Priced, 'kilograms'> & { readonly label: string; readonly kilograms: number | null };

/**
 * Order lines and declared lines that cost far from what goods of their six digits cost before, a unit or a kilogram: order lines beside those of
 * other orders, and of exports without an order where lines are declared. `canTell` is false where too few prices of a unit are known.
 */
function pricesOf(book: Book, of: ScoreSubject, from: string, on: string, figures: ShipmentScoreFigures) {
  const bind = { ...bindOf(of), from, on };
  const said = (name: string): string => `coalesce(l.value ->> '$.${name}', '')`;
  const lines = book
    .prepare(
      `SELECT d.business_key AS no, ${said('GNo')} AS gno, ${said('CodeTS')} AS hsCode, ${said('GName')} AS name, ${said('GUnit')} AS unit,
         ${said('TradeCurr')} AS currency, ${said('DeclPrice')} AS price
       FROM document d, json_each(d.body, '$.DecList') l WHERE ${declared} ORDER BY d.id, l.key`,
    )
    .all(bindOf(of)) as DeclaredLine[];
  const own = book
    .prepare(
      `SELECT DISTINCT substr(p.hs_code, 1, 6) AS hs6 FROM order_line l JOIN product p ON p.sku = l.sku
       WHERE l.order_id IN ${orders} AND p.hs_code IS NOT NULL`,
    )
    .all(bindOf(of)) as { hs6: string }[];
  const hs6 = JSON.stringify([...own.map((row) => row.hs6), ...lines.map(({ hsCode }) => hsCode.slice(0, 6))]);
  const before = new Before(figures.price.lines);
  const ofOthers = book.prepare(
    `${orderLines} AND substr(p.hs_code, 1, 6) IN (SELECT value FROM json_each(:hs6)) AND o.order_date BETWEEN :from AND :on AND o.id NOT IN ${orders}`,
  );
  for (const { kilograms, ...row } of ofOthers.iterate({ ...bind, hs6 }) as IterableIterator<Labelled>)
    before.add({ ...row, kilograms: kilograms ?? undefined });
  if (lines.length > 0) {
    const exported = book.prepare(
      `SELECT substr(hs_code, 1, 6) AS hs6, unit, currency, qty_e5 AS qty, fob_minor AS fob FROM export_line
       WHERE order_id IS NULL AND fob_minor > 0 AND qty_e5 > 0 AND export_date BETWEEN :from AND :on
         AND substr(hs_code, 1, 6) IN (SELECT value FROM json_each(:hs6))
         AND (document_id IS NULL OR document_id NOT IN (SELECT d.id FROM document d WHERE ${live}))`,
    );
    type Exported = { hs6: string; unit: string; currency: string; qty: number; fob: number };
    for (const { qty, fob, ...row } of exported.iterate({ ...bind, hs6 }) as IterableIterator<Exported>) {
      const total = scaled(majorText(fob, row.currency)) ?? 0;
      before.add({ ...row, price: Math.round((total * 100_000) / qty), kilograms: kilogram[row.unit] });
    }
  }

  const odd = { price: new Set<string>(), kilogram: new Set<string>() };
  let canTell = true;
  const judge = (label: string, one: Priced): void => {
    const [unitPrice, perKilogram] = Before.keys(one);
    if (unitPrice === undefined) return;
    const median = before.median(unitPrice[0]);
    if (median === undefined) canTell = false;
    else if (isPriceOdd(unitPrice[1], median, figures.price.times)) odd.price.add(label);
    const weighed = perKilogram === undefined ? undefined : before.median(perKilogram[0]);
    if (
      perKilogram !== undefined &&
      weighed !== undefined &&
      isPriceOdd(perKilogram[1], weighed, figures.grossTimesNet)
    )
      odd.kilogram.add(label);
  };
  const ofOwn = book.prepare(`${orderLines} AND o.id IN ${orders}`);
  for (const { label, kilograms, ...row } of ofOwn.iterate(bindOf(of)) as IterableIterator<Labelled>)
    judge(label, { ...row, kilograms: kilograms ?? undefined });
  for (const { no, gno, hsCode, unit, currency, price: text } of lines) {
    const price = scaled(text);
    if (price === undefined || price <= 0 || hsCode === '') continue;
    judge(`${no}-${gno}`, { hs6: hsCode.slice(0, 6), unit, currency, price, kilograms: kilogram[unit] });
  }
  return { odd, canTell, lines };
}

/**
 * Facts of a shipment, or of a declaration without one, on a day, in the order of the codes; undefined while nothing of it is drafted.
 * @param on the day it is judged, `yyyy-mm-dd`
 */
export function shipmentFacts(
  book: Book,
  of: ScoreSubject,
  on: IsoDate,
  figures: ShipmentScoreFigures,
): ScoreFact[] | undefined {
  const subject = bindOf(of);
  const labels = (sql: string, bind: Readonly<Record<string, string | number>> = {}): string[] =>
    (book.prepare(sql).all({ ...subject, ...bind }) as { label: string }[]).map(({ label }) => label);
  const one = (sql: string): number => (book.prepare(sql).get(subject) as { n: number }).n;
  const ordersN = one(`SELECT count(*) AS n FROM ${orders}`);
  const declaredN = one(`SELECT count(*) AS n FROM document d WHERE ${declared}`);
  if (ordersN + declaredN === 0) return undefined;

  const { odd, canTell, lines } = pricesOf(book, of, addMonths(on, -figures.price.months), on, figures);
  const asked = { on, conditions: `*[${figures.conditions}]*`, inspections: `*[${figures.inspections}]*` };
  const regulated = [
    ...labels(
      `SELECT DISTINCT p.sku AS label FROM order_line l JOIN product p ON p.sku = l.sku ${tariffOf('p.hs_code')} WHERE l.order_id IN ${orders}
         AND (p.needs_licence = 1 OR CAST(coalesce(p.tax ->> '$.exportDutyRate', '0') AS REAL) > 0 OR ${isRegulated}) ORDER BY 1`,
      asked,
    ),
    ...labels(
      `SELECT DISTINCT l.value ->> '$.GName' AS label FROM document d, json_each(d.body, '$.DecList') l ${tariffOf(`(l.value ->> '$.CodeTS')`)}
       WHERE ${declared} AND (json_array_length(l.value, '$.DecGoodsLimit') > 0 OR ${isRegulated}) ORDER BY 1`,
      asked,
    ),
  ];
  const records = labels(
    `SELECT DISTINCT order_no AS label FROM match_item WHERE state = 'open' AND order_id IN ${orders} ORDER BY 1`,
  );
  const net = `(SELECT CASE WHEN count(*) = count(p.net_weight_e5) THEN sum(p.net_weight_e5 * (l.qty_e5 - l.cancelled_qty_e5) / 100000) END
    FROM order_line l JOIN product p ON p.sku = l.sku WHERE l.order_id = o.id AND p.line_kind = 'goods')`;
  // Gross against net, and what a kilogram is worth against what it was worth before.
  const heads = book
    .prepare(
      `SELECT d.business_key AS no, coalesce(d.body ->> '$.DecHead.GrossWet', '') AS gross, coalesce(d.body ->> '$.DecHead.NetWt', '') AS net
       FROM document d WHERE ${declared} ORDER BY d.id`,
    )
    .all(subject) as { no: string; gross: string; net: string }[];
  const weighed = heads.map(({ no, gross, net: pure }) => ({ no, gross: scaled(gross), net: scaled(pure) }));
  const weight = [
    ...labels(
      `SELECT order_no AS label FROM (SELECT o.order_no, sum(w.gross_weight_e5) AS gross, ${net} AS net FROM sales_order o
         JOIN waybill w ON w.order_id = o.id WHERE o.id IN ${orders} GROUP BY o.id)
       WHERE net > 0 AND (gross < net OR gross > net * :times) ORDER BY 1`,
      { times: figures.grossTimesNet },
    ),
    ...weighed
      .filter(
        ({ gross, net: pure }) =>
          gross !== undefined &&
          pure !== undefined &&
          pure > 0 &&
          (gross < pure || gross > pure * figures.grossTimesNet),
      )
      .map(({ no }) => no),
    ...odd.kilogram,
  ];
  const weightUnknown =
    one(
      `SELECT count(*) AS n FROM sales_order o WHERE o.id IN ${orders}
         AND (${net} IS NULL OR NOT EXISTS (SELECT 1 FROM waybill w WHERE w.order_id = o.id))`,
    ) + weighed.filter(({ gross, net: pure }) => gross === undefined || pure === undefined || pure <= 0).length;
  // Retail buyers are new nearly always: where a store sold, the store is the one that is known or not.
  const newcomers = [
    ...labels(
      `WITH known AS (SELECT coalesce(nullif(b.store, ''), nullif(b.buyer_name, ''), b.customer) AS seller, count(DISTINCT d.shipment_id) AS shipments
           FROM sales_order b JOIN document d ON d.order_id = b.id WHERE d.shipment_id < :shipment GROUP BY 1)
       SELECT label FROM (SELECT DISTINCT coalesce(nullif(o.store, ''), nullif(o.buyer_name, ''), o.customer) AS label FROM sales_order o
         WHERE o.id IN ${orders}) LEFT JOIN known ON known.seller = label
       WHERE label IS NOT NULL AND coalesce(known.shipments, 0) < :shipments ORDER BY 1`,
      { shipments: figures.shipments },
    ),
    ...labels(
      `SELECT DISTINCT d.body ->> '$.DecHead.OverseasConsigneeEname' AS label FROM document d WHERE ${declared}
         AND coalesce(d.body ->> '$.DecHead.OverseasConsigneeEname', '') <> ''
         AND (SELECT count(*) FROM document k WHERE k.kind = 'DecMessage' AND k.id < d.id AND k.state NOT IN ('draft','superseded','withdrawn')
           AND k.body ->> '$.DecHead.OverseasConsigneeEname' = d.body ->> '$.DecHead.OverseasConsigneeEname') < :shipments ORDER BY 1`,
      { shipments: figures.shipments },
    ),
  ];
  const unnamed =
    one(
      `SELECT count(*) AS n FROM sales_order WHERE id IN ${orders}
         AND coalesce(nullif(store, ''), nullif(buyer_name, ''), customer) IS NULL`,
    ) +
    one(
      `SELECT count(*) AS n FROM document d WHERE ${declared} AND coalesce(d.body ->> '$.DecHead.OverseasConsigneeEname', '') = ''`,
    );
  const returned = `LEFT JOIN (SELECT export_line_id, sum(qty_e5) AS qty FROM goods_return WHERE state <> 'void'
       GROUP BY export_line_id) r ON r.export_line_id = e.id`;
  const often = 'HAVING sum(coalesce(r.qty, 0)) * 100 > sum(e.qty_e5) * :percent ORDER BY 1';
  const since = { from: addMonths(on, -figures.returns.months), on, percent: figures.returns.percent };
  const back = [
    ...labels(
      `SELECT e.sku AS label FROM export_line e ${returned}
       WHERE e.sku IN (SELECT sku FROM order_line WHERE order_id IN ${orders}) AND e.export_date BETWEEN :from AND :on
       GROUP BY e.sku ${often}`,
      since,
    ),
    ...labels(
      `SELECT e.name AS label FROM export_line e ${returned}
       WHERE (e.hs_code, e.name) IN (SELECT value ->> '$.hsCode', value ->> '$.name' FROM json_each(:lines)) AND e.export_date BETWEEN :from AND :on
       GROUP BY e.hs_code, e.name ${often}`,
      { ...since, lines: JSON.stringify(lines) },
    ),
  ];
  const papers = labels(
    `SELECT d.business_key AS label FROM document d WHERE ${live} AND (d.state = 'rejected' OR d.stale = 1 OR d.reject_findings > 0)
     UNION SELECT o.order_no FROM sales_order o WHERE o.id IN ${orders} AND NOT EXISTS (SELECT 1 FROM waybill w WHERE w.order_id = o.id) ORDER BY 1`,
  );
  return [
    fact('regulated', regulated),
    fact('price', [...odd.price], canTell),
    fact('records', records),
    fact('weight', weight, weightUnknown === 0),
    fact('newcomer', newcomers, unnamed === 0),
    fact('returns', back),
    fact('papers', papers),
  ];
}

/** Subjects that a run scores at most: the newest. */
const MOST_SUBJECTS = 500;

/** Shipments, and export declarations of none, with papers that have not been sent yet: what a score can still hold. */
export function scoreSubjects(book: Book): { readonly of: ScoreSubject; readonly label: string }[] {
  const unsent = `d.state IN ('draft','checked','queued')`;
  const rows = book
    .prepare(
      `SELECT s.id AS shipmentId, NULL AS documentId, s.shipment_no AS label FROM shipment s
       WHERE EXISTS (SELECT 1 FROM document d WHERE d.shipment_id = s.id AND ${unsent})
       UNION ALL SELECT NULL, d.id, d.business_key FROM document d
       WHERE d.kind = 'DecMessage' AND d.shipment_id IS NULL AND ${unsent} ORDER BY 2 DESC, 1 DESC LIMIT ${MOST_SUBJECTS}`,
    )
    .all() as { shipmentId: number | null; documentId: number | null; label: string }[];
  return rows.map(({ shipmentId, documentId, label }) => ({
    of: shipmentId === null ? { documentId: documentId ?? 0 } : { shipmentId },
    label,
  }));
}
