/** Register of courier and mail parcels and personal articles (快件、邮件、个人物品). */
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { ParcelEntry } from '../../../shared/import/parcels.ts';
import { convert, moneyText, tryParseMoney } from '../../../shared/money/index.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { lastDay } from '../../../shared/reports/periods.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';
import { rateInForce } from './rates.ts';

type Filter = ParsedInputOf<'parcels.list'>;
export type ParcelDimension = ParsedInputOf<'parcels.month'>['by'][number];

export interface Parcel extends ParcelEntry {
  readonly id: number;
  readonly shipmentId: number | null;
  readonly shipmentNo: string;
  /** The newest live document with the parcel's number; null: none. */
  readonly usedBy: { readonly documentId: number; readonly kind: string; readonly number: string } | null;
}

interface Row {
  readonly id: number;
  readonly waybillNo: string;
  readonly lineNo: number;
  readonly kind: Parcel['kind'];
  readonly direction: Parcel['direction'];
  readonly movedOn: string;
  readonly country: string;
  readonly hsCode: string;
  readonly name: string;
  readonly carrier: string;
  readonly weightE5: number | null;
  readonly currency: string;
  readonly valueMinor: number;
  readonly shipmentId: number | null;
  readonly shipmentNo: string;
  readonly documentId: number | null;
  readonly documentKind: string | null;
  readonly documentNo: string | null;
}

/** What a live document calls the parcel's number; the expressions are those of the indexes of 0150 and 0480. */
const numbers = {
  CEB603Message: `json_extract(d.body, '$.InventoryHead.logisticsNo')`,
  CEB621Message: `json_extract(d.body, '$.InventoryHead.logisticsNo')`,
  DecMessage: `json_extract(d.body, '$.DecHead.BillNo')`,
} as const;
const living = `d.state NOT IN ('superseded','withdrawn','rejected')`;
/** The newest live document of a parcel, of each kind by its index, which a column's own affinity would rule out: the plus takes it away. */
const userOf = `SELECT max(id) FROM (${Object.entries(numbers)
  .map(
    ([kind, number]) =>
      `SELECT max(d.id) AS id FROM document d WHERE d.kind = '${kind}' AND ${number} = +p.waybill_no AND ${living}`,
  )
  .join(' UNION ALL ')})`;

const select = `SELECT p.*, d.id AS documentId, d.kind AS documentKind, d.business_key AS documentNo FROM (
    SELECT p.id, p.waybill_no AS waybillNo, p.line_no AS lineNo, p.kind, p.direction, p.moved_on AS movedOn, p.country, p.hs_code AS hsCode, p.name,
      p.carrier, p.weight_e5 AS weightE5, p.currency, p.value_minor AS valueMinor, p.shipment_id AS shipmentId,
      coalesce(s.shipment_no, '') AS shipmentNo, (${userOf}) AS usedId
    FROM parcel p LEFT JOIN shipment s ON s.id = p.shipment_id`;
const from = `) p LEFT JOIN document d ON d.id = p.usedId`;

function parcelOf({ weightE5, valueMinor, documentId, documentKind, documentNo, ...row }: Row): Parcel {
  return {
    ...row,
    weight: weightE5 === null ? null : storedText(weightE5),
    value: moneyText({ minor: BigInt(valueMinor), currency: row.currency }),
    usedBy: documentId === null ? null : { documentId, kind: documentKind ?? '', number: documentNo ?? '' },
  };
}

/** The register, newest first, a page at a time; see the contract for the counts. */
export function listParcels(book: Book, filter: Filter) {
  const { period, kind, shipmentId, used, limit } = filter;
  const text = filter.text?.trim() ?? '';
  const terms = [
    ...(period === undefined ? [] : ['p.moved_on BETWEEN :from AND :to']),
    ...(kind === undefined ? [] : ['p.kind = :kind']),
    ...(shipmentId === undefined ? [] : ['p.shipment_id = :shipmentId']),
    ...(text === ''
      ? []
      : [
          `(p.waybill_no LIKE :like ESCAPE '\\' OR p.name LIKE :like ESCAPE '\\' OR p.carrier LIKE :like ESCAPE '\\' OR p.hs_code LIKE :like ESCAPE '\\')`,
        ]),
  ];
  const values = {
    ...(period === undefined ? {} : { from: `${period}-01`, to: lastDay(period) }),
    ...(kind === undefined ? {} : { kind }),
    ...(shipmentId === undefined ? {} : { shipmentId }),
    ...(text === '' ? {} : { like: containing(text) }),
  };
  const usedOnly = `(${userOf}) IS NOT NULL`;
  const where = (more: readonly string[]): string => [...terms, ...more, '1'].join(' AND ');
  const [movedOn, id] = decodeCursor(filter.after, ['9999-12-31', Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(
      `${select} WHERE ${where([...(used ? [usedOnly] : []), '(p.moved_on, p.id) < (:movedOn, :id)'])}
         ORDER BY p.moved_on DESC, p.id DESC LIMIT :limit ${from} ORDER BY p.movedOn DESC, p.id DESC`,
    )
    .all({ ...values, movedOn, id, limit }) as Row[];
  const { total } = book
    .prepare(`SELECT count(*) AS total FROM parcel p WHERE ${where(used ? [usedOnly] : [])}`)
    .get(values) as { total: number };
  const counts = book
    .prepare(
      `SELECT count(DISTINCT p.waybill_no) AS parcels, count(DISTINCT iif(${usedOnly}, p.waybill_no, NULL)) AS used FROM parcel p WHERE ${where([])}`,
    )
    .get(values) as { parcels: number; used: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(parcelOf),
    total,
    counts,
    ...(rows.length === limit && last !== undefined ? { nextCursor: encodeCursor([last.movedOn, last.id]) } : {}),
  };
}

/** Whether the register has a number: a list that uses it is told. */
export const hasParcel = (book: Book, waybillNo: string): boolean =>
  book.prepare('SELECT 1 FROM parcel WHERE waybill_no = ?').get(waybillNo) !== undefined;

/** Whether a live list or declaration has a parcel's number. */
export const isUsedByDocument = (book: Book, waybillNo: string): boolean =>
  (book.prepare(`SELECT (${userOf}) AS id FROM (SELECT ? AS waybill_no) p`).get(waybillNo) as { id: number | null })
    .id !== null;

/** What the book has of a parcel, by line. */
export const knownParcel = (book: Book, waybillNo: string): Parcel[] =>
  (book.prepare(`${select} WHERE p.waybill_no = ? ${from} ORDER BY p.lineNo`).all(waybillNo) as Row[]).map(parcelOf);

/** A shipment by its number. Refusal: `SHIPMENT_NO_UNKNOWN` {shipmentNo}. */
function shipmentOf(book: Book, shipmentNo: string): number | null {
  if (shipmentNo === '') return null;
  const row = book.prepare('SELECT id FROM shipment WHERE shipment_no = ?').get(shipmentNo) as
    | { id: number }
    | undefined;
  if (row === undefined) throw new PortbookError('SHIPMENT_NO_UNKNOWN', { shipmentNo }, 'shipmentNo');
  return row.id;
}

/** Whether the book has a shipment of that number. */
export const hasShipmentNo = (book: Book, shipmentNo: string): boolean =>
  book.prepare('SELECT 1 FROM shipment WHERE shipment_no = ?').get(shipmentNo) !== undefined;

function valuesOf(entry: ParcelEntry) {
  const { value, currency, weight } = entry;
  const minor = tryParseMoney(value, currency)?.minor;
  if (minor === undefined || minor < 0n || minor > BigInt(Number.MAX_SAFE_INTEGER))
    throw new PortbookError('PARCEL_VALUE', { value, currency }, 'value');
  const weightE5 = weight === null ? null : storedValue(weight);
  if (weightE5 !== null && weightE5 <= 0) throw new PortbookError('PARCEL_WEIGHT', { weight: weight ?? '' }, 'weight');
  return { ...entry, weightE5, valueMinor: Number(minor) };
}

const columns = `kind = :kind, direction = :direction, moved_on = :movedOn, country = :country, hs_code = :hsCode, name = :name, carrier = :carrier,
  weight_e5 = :weightE5, currency = :currency, value_minor = :valueMinor, shipment_id = :shipmentId, updated_at = :now`;
const insert = `INSERT INTO parcel (waybill_no, line_no, kind, direction, moved_on, country, hs_code, name, carrier, weight_e5, currency, value_minor,
    shipment_id, import_run_id, created_at, updated_at)
  VALUES (:waybillNo, :lineNo, :kind, :direction, :movedOn, :country, :hsCode, :name, :carrier, :weightE5, :currency, :valueMinor, :shipmentId, :runId,
    :now, :now)`;

/** Enters or corrects a line by hand; see the contract for its refusals. */
export function saveParcel(
  book: Book,
  { id, ...entry }: ParcelEntry & { readonly id?: number | undefined },
  now: string,
): number {
  const values = { ...valuesOf(entry), shipmentId: shipmentOf(book, entry.shipmentNo), now };
  const { waybillNo, lineNo } = entry;
  const other = book.prepare('SELECT id FROM parcel WHERE waybill_no = ? AND line_no = ?').get(waybillNo, lineNo) as
    | { id: number }
    | undefined;
  if (other !== undefined && other.id !== id)
    throw new PortbookError('PARCEL_TWICE', { waybillNo, line: lineNo }, 'waybillNo');
  if (id === undefined) return Number(book.prepare(insert).run({ ...values, runId: null }).lastInsertRowid);
  const { changes } = book
    .prepare(`UPDATE parcel SET waybill_no = :waybillNo, line_no = :lineNo, ${columns} WHERE id = :id`)
    .run({ ...values, id });
  if (changes === 0) throw new PortbookError('PARCEL_UNKNOWN', { id }, 'id');
  return id;
}

/** Takes in what a file says; a line the book has is corrected by it. Call it in a transaction. */
export function putParcels(book: Book, entries: readonly ParcelEntry[], runId: number, now: string): void {
  const put = book.prepare(
    `${insert} ON CONFLICT (waybill_no, line_no) DO UPDATE SET ${columns}, import_run_id = :runId`,
  );
  for (const entry of entries)
    put.run({ ...valuesOf(entry), shipmentId: shipmentOf(book, entry.shipmentNo), runId, now });
}

/** Refusal: `PARCEL_UNKNOWN` {id}. @returns the number of its waybill */
export function removeParcel(book: Book, id: number): string {
  const row = book.prepare('DELETE FROM parcel WHERE id = ? RETURNING waybill_no AS waybillNo').get(id) as
    | { waybillNo: string }
    | undefined;
  if (row === undefined) throw new PortbookError('PARCEL_UNKNOWN', { id }, 'id');
  return row.waybillNo;
}

export interface ParcelSums {
  readonly parcels: number;
  readonly lines: number;
  readonly fen: number;
  readonly unrated: number;
}
export interface ParcelCell extends ParcelSums {
  readonly direction: Parcel['direction'];
  readonly kind: Parcel['kind'] | '';
  readonly country: string;
  readonly hs2: string;
}

const dimensionColumns: Readonly<Record<ParcelDimension, string>> = {
  kind: 'p.kind',
  country: 'p.country',
  hs2: 'substr(p.hs_code, 1, 2)',
};

/**
 * Cells of a month by direction and the dimensions given, those with parcels only. Each line is put into yuan at the rate of its day,
 * half-up, before anything is added up: cells of any dimensions add up to the same total.
 */
export function parcelCells(book: Book, period: string, by: readonly ParcelDimension[]): ParcelCell[] {
  const keys = (['kind', 'country', 'hs2'] as const).map((name) => (by.includes(name) ? dimensionColumns[name] : `''`));
  const within = `FROM parcel p WHERE p.moved_on BETWEEN :from AND :to AND (${userOf}) IS NULL`;
  const days = { from: `${period}-01`, to: lastDay(period) };
  const group = `p.direction AS direction, ${keys[0]} AS kind, ${keys[1]} AS country, ${keys[2]} AS hs2`;
  const counted = book
    .prepare(
      `SELECT ${group}, count(DISTINCT p.waybill_no) AS parcels, count(*) AS lines ${within} GROUP BY 1, 2, 3, 4`,
    )
    .all(days) as Omit<ParcelCell, 'fen' | 'unrated'>[];
  const valued = book
    .prepare(
      `SELECT ${group}, p.moved_on AS day, p.currency, p.value_minor AS minor, count(*) AS lines ${within} GROUP BY 1, 2, 3, 4, 5, 6, 7`,
    )
    .all(days) as (Omit<ParcelCell, keyof ParcelSums> & {
    day: string;
    currency: string;
    lines: number;
    minor: number;
  })[];
  const keyOf = ({ direction, kind, country, hs2 }: Omit<ParcelCell, keyof ParcelSums>): string =>
    [direction, kind, country, hs2].join('\n');
  const sums = new Map<string, { fen: bigint; unrated: number }>();
  for (const { day, currency, lines, minor, ...cell } of valued) {
    const sum = sums.get(keyOf(cell)) ?? { fen: 0n, unrated: 0 };
    const rate = rateInForce(book, currency, day);
    sums.set(
      keyOf(cell),
      rate === undefined
        ? { ...sum, unrated: sum.unrated + lines }
        : { ...sum, fen: sum.fen + convert({ minor: BigInt(minor), currency }, rate.cnyPerUnit).minor * BigInt(lines) },
    );
  }
  return counted
    .map((cell) => {
      const { fen, unrated } = sums.get(keyOf(cell)) ?? { fen: 0n, unrated: 0 };
      return { ...cell, fen: Number(fen), unrated };
    })
    .sort((a, b) => b.fen - a.fen || (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Parcels of a month that are not counted, because a live list or declaration has them. */
export function excludedParcels(book: Book, period: string): { parcels: number; lines: number } {
  return book
    .prepare(
      `SELECT count(DISTINCT p.waybill_no) AS parcels, count(*) AS lines FROM parcel p
       WHERE p.moved_on BETWEEN :from AND :to AND (${userOf}) IS NOT NULL`,
    )
    .get({ from: `${period}-01`, to: lastDay(period) }) as { parcels: number; lines: number };
}
