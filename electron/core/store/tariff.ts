import type { TariffRow, TaxFacts } from '../../../shared/contract/purchasing.ts';
import { resolveTaxFacts } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { productTaxOf, requireProduct } from './products.ts';

interface Row {
  hs_code: string;
  in_force_from: string;
  vat_rate: string | null;
  refund_rate: string | null;
  consumption_rate: string | null;
  mfn_rate: string | null;
  general_rate: string | null;
  provisional_rate: string | null;
  export_duty_rate: string | null;
  export_provisional_rate: string | null;
  unit1: string | null;
  unit2: string | null;
  conditions: string;
  inspection: string;
  source: string;
}

const columns = `hs_code, in_force_from, vat_rate, refund_rate, consumption_rate, mfn_rate, general_rate, provisional_rate, export_duty_rate,
  export_provisional_rate, unit1, unit2, conditions, inspection, source`;

function fromRow(row: Row): TariffRow {
  return {
    hsCode: row.hs_code,
    inForceFrom: row.in_force_from,
    vatRate: row.vat_rate ?? undefined,
    refundRate: row.refund_rate ?? undefined,
    consumptionRate: row.consumption_rate ?? undefined,
    mfnRate: row.mfn_rate ?? undefined,
    generalRate: row.general_rate ?? undefined,
    provisionalRate: row.provisional_rate ?? undefined,
    exportDutyRate: row.export_duty_rate ?? undefined,
    exportProvisionalRate: row.export_provisional_rate ?? undefined,
    unit1: row.unit1 ?? undefined,
    unit2: row.unit2 ?? undefined,
    conditions: row.conditions,
    inspection: row.inspection,
    source: row.source,
  };
}

/** The newest row of a commodity code in force on a date; any date when it is left out. */
export function tariffOn(book: Book, hsCode: string, date = '9999-12-31'): TariffRow | undefined {
  const row = book
    .prepare(
      `SELECT ${columns} FROM tariff WHERE hs_code = ? AND in_force_from <= ? ORDER BY in_force_from DESC LIMIT 1`,
    )
    .get(hsCode, date) as Row | undefined;
  return row === undefined ? undefined : fromRow(row);
}

/**
 * What holds for a product's taxes on a day: the product's own word, else the tariff in force, else unknown (left out).
 * Refusal: `PRODUCT_UNKNOWN`.
 */
export function taxFactsOf(book: Book, sku: string, date: string): TaxFacts {
  const { hsCode } = requireProduct(book, sku);
  return resolveTaxFacts(productTaxOf(book, sku), hsCode === undefined ? undefined : tariffOn(book, hsCode, date));
}

/** Stores a row; one of the same code and day is replaced. @returns whether anything changed */
export function putTariff(book: Book, row: TariffRow, now: string): boolean {
  const values = [
    row.vatRate,
    row.refundRate,
    row.consumptionRate,
    row.mfnRate,
    row.generalRate,
    row.provisionalRate,
    row.exportDutyRate,
    row.exportProvisionalRate,
    row.unit1,
    row.unit2,
  ].map((value) => value ?? null);
  const { changes } = book
    .prepare(
      `INSERT INTO tariff (${columns}, entered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (hs_code, in_force_from) DO UPDATE SET vat_rate = excluded.vat_rate, refund_rate = excluded.refund_rate,
         consumption_rate = excluded.consumption_rate, mfn_rate = excluded.mfn_rate, general_rate = excluded.general_rate,
         provisional_rate = excluded.provisional_rate, export_duty_rate = excluded.export_duty_rate,
         export_provisional_rate = excluded.export_provisional_rate, unit1 = excluded.unit1, unit2 = excluded.unit2,
         conditions = excluded.conditions, inspection = excluded.inspection, source = excluded.source, entered_at = excluded.entered_at
       WHERE vat_rate IS NOT excluded.vat_rate OR refund_rate IS NOT excluded.refund_rate OR consumption_rate IS NOT excluded.consumption_rate
         OR mfn_rate IS NOT excluded.mfn_rate OR general_rate IS NOT excluded.general_rate OR provisional_rate IS NOT excluded.provisional_rate
         OR export_duty_rate IS NOT excluded.export_duty_rate OR export_provisional_rate IS NOT excluded.export_provisional_rate
         OR unit1 IS NOT excluded.unit1 OR unit2 IS NOT excluded.unit2 OR conditions <> excluded.conditions
         OR inspection <> excluded.inspection`,
    )
    .run(row.hsCode, row.inForceFrom, ...values, row.conditions, row.inspection, row.source, now);
  return changes > 0;
}

/** Rows by code, newest first within one; with a date only those in force on it. */
export function listTariff(
  book: Book,
  filter: {
    readonly text?: string | undefined;
    readonly date?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): { rows: TariffRow[]; total: number; nextCursor?: string } {
  const [code, from] = decodeCursor(filter.after, ['', '9999-99-99']);
  const bind = { text: `${(filter.text ?? '').trim().replaceAll(/[\\%_]/g, '\\$&')}%`, date: filter.date ?? '' };
  const where = `t.hs_code LIKE :text ESCAPE '\\' AND (:date = '' OR t.in_force_from =
    (SELECT max(n.in_force_from) FROM tariff n WHERE n.hs_code = t.hs_code AND n.in_force_from <= :date))`;
  const rows = book
    .prepare(
      `SELECT ${columns} FROM tariff t WHERE ${where} AND (t.hs_code > :code OR (t.hs_code = :code AND t.in_force_from < :from))
       ORDER BY t.hs_code, t.in_force_from DESC LIMIT :limit`,
    )
    .all({ ...bind, code, from, limit: filter.limit }) as Row[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM tariff t WHERE ${where}`).get(bind) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(fromRow),
    total: n,
    ...(rows.length === filter.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.hs_code, last.in_force_from]) }
      : {}),
  };
}
