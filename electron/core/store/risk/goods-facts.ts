/** What the red flags of goods look at: moves out and back, prices, values by weight, freight of deals. */
import type { IsoDate } from '../../../../shared/calendar/index.ts';
import type { BookRow } from '../../../../shared/contract/risk.ts';
import { exponentOf, toMinor, tryParseMoney } from '../../../../shared/money/index.ts';
import { storedText } from '../../../../shared/money/stored.ts';
import { fenText, majorText } from '../../../../shared/reports/amounts.ts';
import type { DealFact, MoveFact, PointFact } from '../../../../shared/risk/goods-flags.ts';
import type { Book } from '../book.ts';
import { dealsOf } from './facts.ts';

/**
 * Exports and returns of every article that came back at least twice: returns into stock, goods back from an overseas warehouse, customs
 * payment vouchers (海关缴款书) of the same article. Returns of an export have its value; imports their taxable price.
 */
export function roundTripMoves(book: Book): { readonly moves: MoveFact[]; readonly checked: number } {
  const back = `SELECT m.id, 'in' AS direction, m.date, m.sku, m.qty_e5 AS qtyE5, NULL AS valueFen, 'stock-move' AS kind, m.text AS label
      FROM stock_move m JOIN stock_place p ON p.id = m.place_id
      WHERE m.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id) AND m.qty_e5 > 0
        AND (m.kind = 'returned' OR (m.kind = 'transfer-in' AND p.kind = 'returned' AND m.export_line_id IS NOT NULL))
    UNION ALL
    SELECT i.id, 'in', i.date, l.sku, l.qty_e5, l.amount_fen, 'invoice', i.number FROM input_invoice_line l JOIN input_invoice i ON i.id = l.invoice_id
      WHERE i.kind = 'customs-payment' AND i.state = 'entered' AND l.sku IS NOT NULL AND l.qty_e5 > 0`;
  const rows = book
    .prepare(
      `WITH back AS (${back}), often AS (SELECT sku FROM back GROUP BY sku HAVING count(*) > 1)
       SELECT b.* FROM back b JOIN often o ON o.sku = b.sku
       UNION ALL
       SELECT e.id, 'out', e.export_date, e.sku, e.qty_e5, e.fob_fen, 'export-line', e.declaration_no || '-' || e.line_no
         FROM often o JOIN export_line e ON e.sku = o.sku`,
    )
    .all() as {
    id: number;
    direction: 'in' | 'out';
    date: IsoDate;
    sku: string;
    qtyE5: number;
    valueFen: number | null;
    kind: 'stock-move' | 'invoice' | 'export-line';
    label: string;
  }[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM (${back})`).get() as { n: number };
  return {
    moves: rows.map(({ kind, label, valueFen, ...move }) => ({
      ...move,
      valueFen: valueFen ?? undefined,
      row: {
        ...{
          kind,
          id: String(move.id),
          label: label === '' ? move.sku : label,
          date: move.date,
          detail: storedText(move.qtyE5),
        },
        ...(valueFen === null ? {} : { currency: 'CNY', amount: fenText(valueFen) }),
      },
    })),
    checked: n,
  };
}

interface LineRow {
  id: number;
  declarationNo: string;
  lineNo: number;
  date: IsoDate;
  sku: string | null;
  name: string;
  unit: string;
  hsCode: string;
  qtyE5: number;
  fobFen: number | null;
  currency: string;
  fobMinor: number;
  netE5: number | null;
}

const lines = `SELECT e.id, e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS date, e.sku, e.name, e.unit, e.hs_code AS hsCode,
  e.qty_e5 AS qtyE5, e.fob_fen AS fobFen, e.currency, e.fob_minor AS fobMinor, p.net_weight_e5 AS netE5
  FROM export_line e LEFT JOIN product p ON p.sku = e.sku WHERE e.fob_minor > 0 ORDER BY e.export_date, e.id`;

function lineRow({ id, declarationNo, lineNo, date, currency, fobMinor }: LineRow): BookRow {
  return {
    ...{ kind: 'export-line', id: String(id), label: `${declarationNo}-${lineNo}`, date, currency },
    amount: majorText(fobMinor, currency),
  };
}

/** Customs' codes of units that are weights, and how many of them are a kilogram. */
const kilogram: Readonly<Record<string, bigint>> = { '035': 1n, '036': 1000n };
/** More rows than a person will look through of what is missing. */
const NAMED = 50;

export interface GoodsPoints {
  /** Fen for one unit of an article, or of goods of one name and unit without an article. */
  readonly prices: PointFact[];
  /** Fen for a kilogram, by six digits of the commodity code. */
  readonly densities: PointFact[];
  readonly withoutRate: BookRow[];
  readonly withoutWeight: BookRow[];
}

/** Unit prices and values by weight of every export line. */
export function goodsPoints(book: Book): GoodsPoints {
  const found: GoodsPoints = { prices: [], densities: [], withoutRate: [], withoutWeight: [] };
  for (const line of book.prepare(lines).iterate() as IterableIterator<LineRow>) {
    const { id, date, sku, name, unit, hsCode, qtyE5, fobFen, netE5 } = line;
    const row = lineRow(line);
    if (fobFen === null) {
      if (found.withoutRate.length < NAMED) found.withoutRate.push(row);
      continue;
    }
    const [fen, qty] = [BigInt(fobFen), BigInt(qtyE5)];
    found.prices.push({ row, id, date, group: sku ?? `${name} ${unit}`, value: { n: fen * 100_000n, d: qty } });
    const perKilogram = kilogram[unit];
    const weight =
      perKilogram !== undefined
        ? { n: qty, d: 100_000n * perKilogram }
        : netE5 !== null && netE5 > 0
          ? { n: qty * BigInt(netE5), d: 10_000_000_000n }
          : undefined;
    if (weight !== undefined)
      found.densities.push({ row, id, date, group: hsCode.slice(0, 6), value: { n: fen * weight.d, d: weight.n } });
    else if (found.withoutWeight.length < NAMED) found.withoutWeight.push(row);
  }
  return found;
}

/**
 * Declarations and lists with their terms of delivery: as a person has stated them; else a list whose order charges freight, or that
 * declares freight, has it in its price.
 * @param isoOf ISO code of customs' number of a currency
 */
export function deals(book: Book, isoOf: (code: string) => string | undefined): DealFact[] {
  const stated = dealsOf(book);
  const lists = book
    .prepare(
      `SELECT coalesce(d.platform_no, d.business_key) AS no, d.id, d.amount_e5 AS amountE5, d.currency,
         json_extract(d.body, '$.InventoryHead.freight') AS freight, json_extract(d.body, '$.InventoryHead.fFlag') AS freightFlag,
         json_extract(d.body, '$.InventoryHead.fCurrency') AS freightCurrency, json_extract(d.body, '$.InventoryHead.insuredFee') AS insurance,
         json_extract(d.body, '$.InventoryHead.iFlag') AS insuranceFlag, json_extract(d.body, '$.InventoryHead.iCurrency') AS insuranceCurrency,
         EXISTS (SELECT 1 FROM order_line l JOIN product p ON p.sku = l.sku WHERE l.order_id = d.order_id AND p.line_kind = 'freight' AND l.total_e5 > 0) AS charged
       FROM document d WHERE d.kind = 'CEB603Message' AND d.state IN ('queued','sending','unknown','sent','accepted','released','closed')`,
    )
    .all() as {
    no: string;
    id: number;
    amountE5: number;
    currency: string;
    freight: string | null;
    freightFlag: string | null;
    freightCurrency: string | null;
    insurance: string | null;
    insuranceFlag: string | null;
    insuranceCurrency: string | null;
    charged: number;
  }[];
  const amountOf = (
    text: string | null,
    flag: string | null,
    code: string | null,
    currency: string,
  ): number | undefined => {
    const minor = tryParseMoney(text ?? '0', currency, 'halfUp')?.minor;
    if (minor === 0n) return 0;
    const isTotal = flag === null || flag === '' || flag === '3';
    const isOwn = code === null || code === '' || isoOf(code) === currency;
    return minor === undefined || !isTotal || !isOwn ? undefined : Number(minor);
  };
  const stateOf = (
    no: string,
    currency: string,
  ): Pick<DealFact, 'term' | 'freightMinor' | 'insuranceMinor'> | undefined => {
    const deal = stated.get(no);
    if (deal === undefined) return undefined;
    const minor = (text: string): number | undefined => {
      const read = tryParseMoney(text, currency)?.minor;
      return read === undefined ? undefined : Number(read);
    };
    return { term: deal.term, freightMinor: minor(deal.freight), insuranceMinor: minor(deal.insurance) };
  };
  const found = lists.map(({ no, amountE5, currency, charged, ...list }): DealFact => {
    const goodsMinor = Number(toMinor(BigInt(amountE5), currency).minor);
    const freightMinor = amountOf(list.freight, list.freightFlag, list.freightCurrency, currency);
    const insuranceMinor = amountOf(list.insurance, list.insuranceFlag, list.insuranceCurrency, currency);
    const isIncluded = charged === 1 || freightMinor !== 0;
    return {
      row: { kind: 'document', id: String(list.id), label: no, currency, amount: majorText(goodsMinor, currency) },
      ...{ declarationNo: no, currency, goodsMinor },
      ...(stateOf(no, currency) ?? { term: isIncluded ? 'CFR' : undefined, freightMinor, insuranceMinor }),
    };
  });
  const declarations = book
    .prepare(
      `SELECT declaration_no AS no, min(export_date) AS date, currency, sum(fob_minor) AS goodsMinor FROM export_line
       WHERE document_id IS NULL GROUP BY declaration_no, currency`,
    )
    .all() as { no: string; date: string; currency: string; goodsMinor: number }[];
  for (const { no, date, currency, goodsMinor } of declarations) {
    exponentOf(currency);
    found.push({
      row: { kind: 'declaration', id: no, label: no, date, currency, amount: majorText(goodsMinor, currency) },
      ...{ declarationNo: no, currency, goodsMinor },
      ...(stateOf(no, currency) ?? { term: undefined, freightMinor: undefined, insuranceMinor: undefined }),
    });
  }
  return found;
}
