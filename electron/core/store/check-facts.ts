/** What the checks of documents ask of the book: other live documents, released goods, products. Each a look-up by index. */
import type { MessageName } from '../../../shared/documents/spec.ts';
import type { Book } from './book.ts';
import { leavingWith } from './departures.ts';
import { isNewestVersion } from './versions.ts';

const live = `state NOT IN ('superseded', 'withdrawn')`;

/** Head fields that documents are looked up by; the expressions are those of the indexes of 0150. */
const lookups: Readonly<Partial<Record<MessageName, Readonly<Record<string, string>>>>> = {
  CEB603Message: {
    invtNo: 'platform_no',
    logisticsNo: `json_extract(body, '$.InventoryHead.logisticsNo')`,
  },
  CEB621Message: { invtNo: 'platform_no' },
  CEB213Message: { coElNo: 'business_key', invtNo: `json_extract(body, '$.InvtRefundHead.invtNo')` },
  CEB303Message: { orderNo: 'business_key' },
  CEB311Message: { orderNo: `json_extract(body, '$.OrderHead.orderNo')` },
  CEB511Message: { logisticsNo: `json_extract(body, '$.LogisticsHead.logisticsNo')` },
};

export interface FoundDocument {
  readonly body: string;
  readonly state: string;
  /** `yyyyMMddHHmmss…` of the receipt that released it. */
  readonly releasedAt: string | null;
}

/** What stands at customs, or is on its way there, goes before what customs sent back, this before a draft, and a withdrawn one is last. */
const standing = `CASE state WHEN 'withdrawn' THEN 3 WHEN 'draft' THEN 2 WHEN 'checked' THEN 2 WHEN 'rejected' THEN 1 ELSE 0 END`;

/**
 * The version of a message with a value in a head field that stands, the newest of several, withdrawn ones too; undefined: the book has
 * none. A field nothing is looked up by is a RangeError.
 */
export function documentWith(
  book: Book,
  message: MessageName,
  field: string,
  value: string,
): FoundDocument | undefined {
  const column = lookups[message]?.[field];
  if (column === undefined) throw new RangeError(`no look-up of ${message} by ${field}`);
  return book
    .prepare(
      `SELECT body, state, released_at AS releasedAt FROM document
       WHERE kind = '${message}' AND ${column} = ? AND state <> 'superseded' ORDER BY ${standing}, id DESC LIMIT 1`,
    )
    .get(value) as FoundDocument | undefined;
}

/** How many live documents of a kind carry a business key. */
export function liveWithKey(book: Book, kind: MessageName, businessKey: string): number {
  const row = book
    .prepare(`SELECT count(*) AS n FROM document WHERE kind = ? AND business_key = ? AND ${live}`)
    .get(kind, businessKey) as { n: number };
  return row.n;
}

/**
 * Other lists with a carrier's waybill number: how many are not filed yet, and the last day one was (`yyyyMMdd`). Rejected ones and other
 * versions of the list itself are left out.
 */
export function waybillUses(
  book: Book,
  waybill: { readonly logisticsCode: string; readonly logisticsNo: string },
  list: { readonly businessKey: string },
): { readonly open: number; readonly filedOn: string | null } {
  return book
    .prepare(
      `SELECT coalesce(sum(state IN ('draft','checked')), 0) AS open,
         max(iif(state IN ('draft','checked'), NULL, substr(json_extract(body, '$.InventoryHead.appTime'), 1, 8))) AS filedOn
       FROM document WHERE kind = 'CEB603Message' AND json_extract(body, '$.InventoryHead.logisticsNo') = ?
         AND coalesce(json_extract(body, '$.InventoryHead.logisticsCode'), '') = ? AND business_key <> ?
         AND ${live} AND state <> 'rejected'`,
    )
    .get(waybill.logisticsNo, waybill.logisticsCode, list.businessKey) as { open: number; filedOn: string | null };
}

/** A document that is checked, and its other versions. */
interface Checked {
  readonly kind: MessageName;
  readonly businessKey: string;
}
const namesIt = `n.number = :number AND d.kind = :kind AND d.business_key <> :businessKey AND d.${live} AND d.state <> 'rejected'`;

/** Numbers of the other documents of a kind that stand and name a list or a waybill by its number, at most three. */
export function naming(book: Book, { kind, businessKey }: Checked, number: string): string[] {
  const rows = book
    .prepare(
      `SELECT DISTINCT d.business_key AS businessKey FROM document_named n JOIN document d ON d.id = n.document_id
       WHERE ${namesIt} ORDER BY d.id LIMIT 3`,
    )
    .all({ kind, businessKey, number }) as { businessKey: string }[];
  return rows.map((row) => row.businessKey);
}

/** Bodies of the other return applications of a list that stand, each number once: one that is being changed as it will be. */
export function returnsNaming(book: Book, { kind, businessKey }: Checked, number: string): string[] {
  const rows = book
    .prepare(
      `SELECT d.body FROM document_named n JOIN document d ON d.id = n.document_id WHERE ${namesIt} AND n.purpose = 'return'
         AND NOT EXISTS (SELECT 1 FROM document v WHERE v.kind = d.kind AND v.business_key = d.business_key AND v.version > d.version
           AND v.state NOT IN ('withdrawn','superseded','rejected'))`,
    )
    .all({ kind, businessKey, number }) as { body: string }[];
  return rows.map(({ body }) => body);
}

/** Whether the book has documents of a kind at all. */
export function hasKind(book: Book, kind: MessageName): boolean {
  return book.prepare(`SELECT 1 FROM document WHERE kind = ? AND ${live} LIMIT 1`).get(kind) !== undefined;
}

/** Export lists that leave with a shipment: their waybills, and how far they are. */
export function listsOfShipment(
  book: Book,
  shipmentId: number,
): { readonly logisticsNo: string; readonly state: string }[] {
  return book
    .prepare(
      `SELECT coalesce(json_extract(body, '$.InventoryHead.logisticsNo'), '') AS logisticsNo, state FROM document
       WHERE kind = 'CEB603Message' AND id IN (${leavingWith})`,
    )
    .all({ shipment: shipmentId }) as { logisticsNo: string; state: string }[];
}

/** Bodies of the documents of a kind that stand with a bill number in their head, each number once; lists that customs sent back left out. */
export function bodiesWithBill(book: Book, kind: 'CEB603Message' | 'CEB607Message', billNo: string): string[] {
  const head = kind === 'CEB603Message' ? 'InventoryHead' : 'WayBillHead';
  const stands = kind === 'CEB603Message' ? isNewestVersion('d', 'rejected') : isNewestVersion('d');
  const rows = book
    .prepare(
      `SELECT d.body FROM document d WHERE d.kind = '${kind}' AND json_extract(d.body, '$.${head}.billNo') = ? AND ${stands}`,
    )
    .all(billNo) as { body: string }[];
  return rows.map(({ body }) => body);
}

/**
 * The import lists of a buyer in a year that stand under other numbers than a list's own: the sum by 10^5 of those the book has summed, and
 * the bodies of the others.
 */
export function importsOfBuyer(
  book: Book,
  buyerIdNumber: string,
  year: number,
  exceptNumber: string,
): { readonly sumE5: bigint; readonly others: string[] } {
  const of = `FROM document d JOIN import_list_total t ON t.document_id = d.id
    WHERE d.kind = 'CEB621Message' AND json_extract(d.body, '$.InventoryHead.buyerIdNumber') = :buyer AND t.year = :year
      AND d.business_key <> :exceptNumber AND ${isNewestVersion('d', 'rejected')}`;
  const bind = { buyer: buyerIdNumber, year: String(year), exceptNumber };
  const { sum, others } = book
    .prepare(`SELECT CAST(coalesce(sum(t.total_e5), 0) AS TEXT) AS sum, count(*) - count(t.total_e5) AS others ${of}`)
    .get(bind) as { sum: string; others: number };
  const rows =
    others === 0 ? [] : (book.prepare(`SELECT d.body ${of} AND t.total_e5 IS NULL`).all(bind) as { body: string }[]);
  return { sumE5: BigInt(sum), others: rows.map(({ body }) => body) };
}

/** The last releases of a SKU in a currency (ISO): quantity by 10^5 and FOB in minor units, at most `limit`. */
export function releasedPrices(
  book: Book,
  sku: string,
  currency: string,
  limit: number,
): { readonly qtyE5: number; readonly fobMinor: number }[] {
  return book
    .prepare(
      `SELECT qty_e5 AS qtyE5, fob_minor AS fobMinor FROM export_line
       WHERE sku = ? AND currency = ? AND qty_e5 > 0 ORDER BY export_date DESC, id DESC LIMIT ?`,
    )
    .all(sku, currency, limit) as { qtyE5: number; fobMinor: number }[];
}

/** How a SKU was declared last. */
export function lastRelease(
  book: Book,
  sku: string,
): { readonly gcode: string; readonly gname: string; readonly unit: string } | undefined {
  return book
    .prepare(
      'SELECT hs_code AS gcode, name AS gname, unit FROM export_line WHERE sku = ? ORDER BY export_date DESC, id DESC LIMIT 1',
    )
    .get(sku) as { gcode: string; gname: string; unit: string } | undefined;
}

export function hasTariff(book: Book): boolean {
  return book.prepare('SELECT 1 FROM tariff LIMIT 1').get() !== undefined;
}

/** Rules of checks that are switched off, with the reason given. */
export function rulesOff(
  book: Book,
): { readonly rule: string; readonly reason: string; readonly changedAt: string; readonly by: string }[] {
  return book
    .prepare('SELECT rule, reason, changed_at AS changedAt, by_name AS "by" FROM rule_off ORDER BY rule')
    .all() as {
    rule: string;
    reason: string;
    changedAt: string;
    by: string;
  }[];
}
