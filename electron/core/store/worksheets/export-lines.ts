/** Export lines with what tax asks of them: product facts, tariff rates of the export date, receipt, regime, claim. */
import { productTax } from '../../../../shared/contract/purchasing.ts';
import type { regimes } from '../../../../shared/contract/tax.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { Num } from '../../../../shared/rules/figures.ts';
import type { Book } from '../book.ts';

export type Regime = (typeof regimes)[number];
export type ExportMode = '0110' | '9610' | '9710' | '9810' | '1210';

const productRates = ['vatRate', 'refundRate', 'exportDutyRate'] as const;
export type OverriddenRate = (typeof productRates)[number];

/** Quantities scaled by 10^5, money in fen or the currency's minor unit; rates decimal text, undefined where unknown. */
export interface TaxLine {
  readonly id: number;
  readonly mode: ExportMode;
  readonly declarationNo: string;
  readonly lineNo: number;
  readonly exportDate: string;
  readonly orderId: number | null;
  readonly orderNo: string | null;
  readonly store: string | null;
  readonly sku: string | null;
  /** Articles of an item merged from several, with their quantities; empty for one article. */
  readonly parts: readonly { readonly sku: string; readonly qtyE5: number }[];
  readonly hsCode: string;
  readonly name: string;
  readonly unit: string;
  readonly qtyE5: number;
  readonly currency: string;
  readonly fobMinor: number;
  readonly fobFen: number | null;
  readonly country: string | null;
  readonly regime: Regime | null;
  readonly regimeBy: 'router' | 'person';
  readonly regimeReason: string;
  readonly claimedPeriod: string | null;
  readonly claimBatch: string | null;
  readonly receivedOn: string | null;
  readonly deemedReceived: string | null;
  readonly contractReceiptDate: string | null;
  readonly preRefundFen: number | null;
  readonly preRefundDoneOn: string | null;
  readonly matchedQtyE5: number;
  readonly soldQtyE5: number;
  readonly backQtyE5: number;
  /** What a count of a warehouse abroad did not find; it stays in the quantity that can be claimed until a person decides of it. */
  readonly lostQtyE5: number;
  /** What a request for the certificate says was not refunded (未退税): goods that come back, which are not claimed any more. */
  readonly certifiedQtyE5: number;
  /** What was received back (退换货) before the line was claimed, or has been so far; what comes back later is not counted. */
  readonly returnedQtyE5: number;
  /** What can be claimed: the quantity less what came back, from a warehouse abroad, received, or by a certificate. */
  readonly claimQtyE5: number;
  readonly hasTariff: boolean;
  readonly refundRate: string | undefined;
  readonly vatRate: string | undefined;
  readonly consumptionRate: string | undefined;
  readonly exportDutyRate: string | undefined;
  readonly exportProvisionalRate: string | undefined;
  /** On the list of goods whose refund was ended; a refund rate above nought says that they are not. */
  readonly cancelledList: boolean | undefined;
  readonly ownGrown: boolean | undefined;
  readonly selfProduced: boolean | undefined;
  /** Rates of the product that are not those of the tariff on the export date: the product's stand. */
  readonly overridden: readonly { readonly rate: OverriddenRate; readonly own: string; readonly tariff: string }[];
}

const partsOf = `(SELECT json_group_array(json_object('sku', g.sku, 'qtyE5', g.qty)) FROM
  (SELECT sku, sum(qty_e5) AS qty FROM export_goods WHERE export_line_id = e.id AND sku IS NOT NULL GROUP BY sku) g)`;

const select = `SELECT e.id, e.mode, e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS exportDate,
  e.order_id AS orderId, o.order_no AS orderNo, o.store, e.sku, CASE e.of_orders WHEN 1 THEN ${partsOf} END AS parts, e.hs_code AS hsCode, e.name, e.unit, e.qty_e5 AS qtyE5,
  e.currency, e.fob_minor AS fobMinor, e.fob_fen AS fobFen, e.country, e.regime, e.regime_by AS regimeBy,
  e.regime_reason AS regimeReason, e.claimed_period AS claimedPeriod, e.claim_batch AS claimBatch, e.received_on AS receivedOn,
  e.deemed_received AS deemedReceived, e.contract_receipt_date AS contractReceiptDate, e.pre_refund_fen AS preRefundFen,
  e.pre_refund_done_on AS preRefundDoneOn, e.matched_qty_e5 AS matchedQtyE5, e.sold_qty_e5 AS soldQtyE5,
  e.back_qty_e5 AS backQtyE5, e.lost_qty_e5 AS lostQtyE5, e.returned_qty_e5 AS returnedQtyE5,
  coalesce((SELECT sum(c.qty_e5) FROM return_certificate c WHERE c.export_line_id = e.id AND c.kind = 'notRefunded' AND c.state <> 'void'), 0)
    AS certifiedQtyE5, p.tax AS productTax, t.hs_code IS NOT NULL AS hasTariff, t.refund_rate AS refundRate,
  t.vat_rate AS vatRate, t.consumption_rate AS consumptionRate, t.export_duty_rate AS exportDutyRate, t.export_provisional_rate AS exportProvisionalRate
FROM export_line e LEFT JOIN sales_order o ON o.id = e.order_id LEFT JOIN product p ON p.sku = e.sku
  LEFT JOIN tariff t ON t.hs_code = e.hs_code AND t.in_force_from =
    (SELECT max(in_force_from) FROM tariff WHERE hs_code = e.hs_code AND in_force_from <= e.export_date)`;

type Stored = Omit<
  TaxLine,
  | 'parts'
  | 'claimQtyE5'
  | 'hasTariff'
  | 'refundRate'
  | 'vatRate'
  | 'consumptionRate'
  | 'exportDutyRate'
  | 'exportProvisionalRate'
  | 'cancelledList'
  | 'ownGrown'
  | 'selfProduced'
  | 'overridden'
> & {
  readonly parts: string | null;
  readonly productTax: string | null;
  readonly hasTariff: 0 | 1;
  readonly refundRate: string | null;
  readonly vatRate: string | null;
  readonly consumptionRate: string | null;
  readonly exportDutyRate: string | null;
  readonly exportProvisionalRate: string | null;
};

function taxLine({ productTax: stored, ...row }: Stored): TaxLine {
  const facts = productTax.parse(JSON.parse(stored ?? '{}'));
  const refundRate = facts.refundRate ?? row.refundRate ?? undefined;
  return {
    ...row,
    parts: row.parts === null ? [] : (JSON.parse(row.parts) as TaxLine['parts']),
    // The same goods are told of up to three times: by their move out of a warehouse abroad, their receipt, and the certificate asked for them.
    claimQtyE5: row.qtyE5 - Math.max(row.backQtyE5, row.returnedQtyE5, row.certifiedQtyE5),
    hasTariff: row.hasTariff === 1,
    refundRate,
    vatRate: facts.vatRate ?? row.vatRate ?? undefined,
    consumptionRate: facts.consumptionRate ?? row.consumptionRate ?? undefined,
    exportDutyRate: facts.exportDutyRate ?? row.exportDutyRate ?? undefined,
    exportProvisionalRate: row.exportProvisionalRate ?? undefined,
    cancelledList: facts.isOnNoRefundList ?? (refundRate !== undefined && /[1-9]/.test(refundRate) ? false : undefined),
    ownGrown: facts.isOwnGrown,
    selfProduced: facts.isSelfProduced,
    overridden: productRates.flatMap((rate) => {
      const [own, tariff] = [facts[rate], row[rate]];
      return own === undefined || tariff === null || new Num(own).eq(tariff) ? [] : [{ rate, own, tariff }];
    }),
  };
}

const byDate = 'ORDER BY e.export_date, e.declaration_no, e.line_no';

/** Lines exported between two days, by date, declaration and line. */
export function exportLinesBetween(book: Book, from: string, to: string): TaxLine[] {
  return (book.prepare(`${select} WHERE e.export_date BETWEEN ? AND ? ${byDate}`).all(from, to) as Stored[]).map(
    taxLine,
  );
}

/** Lines exported up to a day that were neither claimed nor declared. */
export function openExportLines(book: Book, to: string): TaxLine[] {
  return (
    book.prepare(`${select} WHERE e.export_date <= ? AND e.claimed_period IS NULL ${byDate}`).all(to) as Stored[]
  ).map(taxLine);
}

/** Overseas-warehouse lines (9810) up to a day that have a pre-refund, or left between `from` and it. */
export function overseasLines(book: Book, from: string, to: string): TaxLine[] {
  return (
    book
      .prepare(
        `${select} WHERE e.mode = '9810' AND e.export_date <= :to AND (e.pre_refund_fen IS NOT NULL OR e.export_date >= :from) ${byDate}`,
      )
      .all({ from, to }) as Stored[]
  ).map(taxLine);
}

/** Lines claimed in a period, of one batch or of all. */
export function claimedLines(book: Book, period: string, batch?: string): TaxLine[] {
  return (
    book
      .prepare(`${select} WHERE e.claimed_period = :period AND (:batch = '' OR e.claim_batch = :batch) ${byDate}`)
      .all({ period, batch: batch ?? '' }) as Stored[]
  ).map(taxLine);
}

/** A line by id. Refusal: `EXPORT_LINE_UNKNOWN` {id}. */
export function requireExportLine(book: Book, id: number): TaxLine {
  const row = book.prepare(`${select} WHERE e.id = ?`).get(id) as Stored | undefined;
  if (row === undefined) throw new PortbookError('EXPORT_LINE_UNKNOWN', { id });
  return taxLine(row);
}

/** The line a label names (see {@link lineLabel}); undefined: none. */
export function exportLineByLabel(book: Book, label: string): TaxLine | undefined {
  const [, declarationNo, lineNo] = /^(.+)-(\d{1,5})$/.exec(label.trim()) ?? [];
  const row = book
    .prepare(`${select} WHERE e.declaration_no = ? AND e.line_no = ?`)
    .get(declarationNo ?? '', Number(lineNo ?? 0)) as Stored | undefined;
  return row === undefined ? undefined : taxLine(row);
}

/** `declaration number-line`: how a person names a line. */
export function lineLabel(line: Pick<TaxLine, 'declarationNo' | 'lineNo'>): string {
  return `${line.declarationNo}-${line.lineNo}`;
}

/**
 * Sold as far as it can be claimed; goods in a warehouse abroad (9810) are while none of what did not come back is left there. More is sold
 * than can be claimed where buyers sent some back.
 */
export function isSold({ mode, soldQtyE5, claimQtyE5 }: TaxLine): boolean {
  return mode !== '9810' || soldQtyE5 >= claimQtyE5;
}

/** A claimed line is locked. Refusal: `EXPORT_LINE_CLAIMED` {line, period, batch}. */
export function refuseClaimed(line: TaxLine): void {
  if (line.claimedPeriod !== null)
    throw new PortbookError('EXPORT_LINE_CLAIMED', {
      line: lineLabel(line),
      period: line.claimedPeriod,
      batch: line.claimBatch ?? '',
    });
}

/** Stores a regime; undefined takes it away, so that the router decides anew. */
export function setRegime(
  book: Book,
  id: number,
  regime: Regime | undefined,
  by: 'router' | 'person',
  reason: string,
): boolean {
  const { changes } = book
    .prepare(
      `UPDATE export_line SET regime = :regime, regime_by = :by, regime_reason = :reason
       WHERE id = :id AND claimed_period IS NULL AND (regime IS NOT :regime OR regime_by <> :by OR regime_reason <> :reason)`,
    )
    .run({ id, regime: regime ?? null, by, reason });
  return changes > 0;
}

/** Marks lines as claimed or declared; undefined opens them again, with what was given before sale taken back. */
export function setClaim(
  book: Book,
  ids: readonly number[],
  claim: { readonly period: string; readonly batch: string } | undefined,
): void {
  const update = book.prepare(
    claim === undefined
      ? 'UPDATE export_line SET claimed_period = :period, claim_batch = :batch, pre_refund_fen = NULL, pre_refund_done_on = NULL WHERE id = :id'
      : 'UPDATE export_line SET claimed_period = :period, claim_batch = :batch WHERE id = :id',
  );
  for (const id of ids) update.run({ id, period: claim?.period ?? null, batch: claim?.batch ?? null });
}

/** Refund before sale (出口预退税) of a 9810 line. */
export function setPreRefund(book: Book, id: number, fen: number): void {
  book.prepare('UPDATE export_line SET pre_refund_fen = ? WHERE id = ?').run(fen, id);
}

/** The day the office finished the pre-refund of a claim. @returns lines */
export function setPreRefundDone(book: Book, period: string, batch: string, doneOn: string): number {
  return book
    .prepare(
      `UPDATE export_line SET pre_refund_done_on = ? WHERE claimed_period = ? AND claim_batch = ? AND pre_refund_fen IS NOT NULL`,
    )
    .run(doneOn, period, batch).changes;
}

/** FOB in fen by store between two days; lines without rate are counted apart. */
export function fobByStore(
  book: Book,
  from: string,
  to: string,
): ReadonlyMap<string, { readonly fen: number; readonly unrated: number }> {
  const rows = book
    .prepare(
      `SELECT coalesce(o.store, '') AS store, coalesce(sum(e.fob_fen), 0) AS fen, sum(e.fob_fen IS NULL) AS unrated
       FROM export_line e LEFT JOIN sales_order o ON o.id = e.order_id WHERE e.export_date BETWEEN ? AND ? GROUP BY 1 ORDER BY 1`,
    )
    .all(from, to) as { store: string; fen: number; unrated: number }[];
  return new Map(rows.map(({ store, ...sums }) => [store, sums]));
}

export interface ModeSum {
  readonly mode: ExportMode;
  readonly fen: number;
  readonly lines: number;
  readonly unrated: number;
}

/** FOB in fen by mode of supervision between two days. */
export function fobByMode(book: Book, from: string, to: string): ModeSum[] {
  return book
    .prepare(
      `SELECT mode, coalesce(sum(fob_fen), 0) AS fen, count(*) AS lines, sum(fob_fen IS NULL) AS unrated
       FROM export_line WHERE export_date BETWEEN ? AND ? GROUP BY mode ORDER BY mode`,
    )
    .all(from, to) as ModeSum[];
}

/** FOB in fen of a declaration's lines between two days, for the table of agent exports. */
export function fobByDeclaration(
  book: Book,
  from: string,
  to: string,
): { declarationNo: string; exportDate: string; fen: number; unrated: number }[] {
  return book
    .prepare(
      `SELECT declaration_no AS declarationNo, min(export_date) AS exportDate, coalesce(sum(fob_fen), 0) AS fen, sum(fob_fen IS NULL) AS unrated
       FROM export_line WHERE export_date BETWEEN ? AND ? GROUP BY declaration_no ORDER BY 2, 1`,
    )
    .all(from, to) as { declarationNo: string; exportDate: string; fen: number; unrated: number }[];
}
