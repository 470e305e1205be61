/** From the book to the pure matching of refunds, and back. */
import { parseIsoDate } from '../../../shared/calendar/index.ts';
import { listed } from '../../../shared/i18n/words.ts';
import type { ExportLine, InvoiceLine, RefundObstacle } from '../../../shared/matching/refund-matching.ts';
import { divideRounded, parseScaled } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { Resources } from '../resources.ts';
import type { TaxLine } from '../store/worksheets/export-lines.ts';
import type { InvoiceStock, StoredMatch } from '../store/worksheets/refund-matches.ts';
import { sheetText } from './texts.ts';

/** A stored date, typed. */
export function exactDate(text: string) {
  const parsed = parseIsoDate(text);
  if (parsed === undefined) throw new RangeError(`no date ${text}`);
  return parsed;
}

/** Names of customs' unit codes: declarations carry codes, invoices names. */
export function unitNames(resources: Resources): ReadonlyMap<string, string> {
  return new Map(resources.table('unit').entries.map(({ code, zh }) => [code, zh]));
}

export function invoiceSide(line: InvoiceStock): InvoiceLine {
  return {
    id: String(line.id),
    invoiceNo: line.number,
    date: exactDate(line.date),
    kind: line.kind === 'other-voucher' ? 'ordinary' : line.kind,
    supplier: line.supplier,
    nameCn: line.name,
    unit: line.unit,
    sku: line.sku,
    qtyLeftE5: BigInt(line.leftQtyE5),
    amountLeftFen: BigInt(line.leftAmountFen),
    vatLeftFen: BigInt(line.leftVatFen),
    vatRate: line.vatRate,
  };
}

/** The articles of a merged item, for matching. */
export const articlesOf = ({ parts }: Pick<TaxLine, 'parts'>) =>
  parts.map(({ sku, qtyE5 }) => ({ sku, qtyE5: BigInt(qtyE5) }));

/** @param refundRate of the goods; the caller leaves out lines without one, and those that came back whole */
export function exportSide(line: TaxLine, refundRate: string): ExportLine {
  return {
    id: String(line.id),
    exportDate: exactDate(line.exportDate),
    declarationNo: line.declarationNo,
    sku: line.sku,
    parts: articlesOf(line),
    hs: line.hsCode,
    nameCn: line.name,
    unit: line.unit,
    qtyE5: BigInt(line.claimQtyE5),
    fobFen: BigInt(line.fobFen ?? 0),
    refundRate,
    receiptState: line.receivedOn !== null ? 'received' : line.deemedReceived !== null ? 'deemed' : 'missing',
  };
}

/** Why a line is not wholly matched, in words. */
export function obstacleText(obstacle: RefundObstacle) {
  const params: Parameters<typeof sheetText>[1] =
    obstacle.code === 'UNIT_DIFFERS'
      ? { units: { zh: listed(obstacle.units, 'zh-CN'), en: listed(obstacle.units, 'en') } }
      : obstacle.code === 'INVOICE_LATER'
        ? { date: obstacle.date }
        : obstacle.code === 'QTY_SHORT'
          ? { missing: storedText(Number(obstacle.missingE5)) }
          : {};
  return sheetText(`obstacle.${obstacle.code}`, params);
}

/** Decimals of rates while multiplied. */
const rateScale = 8;

/** amount × the lower of the rates, half-up to the fen, never above the VAT (T06). */
export function refundOf(
  amountFen: number,
  vatFen: number,
  vatRate: string,
  refundRate: string,
): { fen: number; rate: string } {
  const [levied, refunded] = [parseScaled(vatRate, rateScale), parseScaled(refundRate, rateScale)];
  const [scaled, rate] = levied < refunded ? [levied, vatRate] : [refunded, refundRate];
  const fen = Number(divideRounded(BigInt(amountFen) * scaled, 10n ** BigInt(rateScale), 'halfUp'));
  return { fen: Math.min(fen, vatFen), rate };
}

/** The share of what is left of an invoice line that falls on a quantity; all of it takes the rest. */
export function shareOf(leftFen: number, qtyE5: number, leftQtyE5: number): number {
  return Number(divideRounded(BigInt(leftFen) * BigInt(qtyE5), BigInt(leftQtyE5), 'halfUp'));
}

/**
 * What of a line's matches its claim takes: without what goods that came back leave over, newest invoice first; an invoice keeps its share to
 * the fen. A claim stands as it was made.
 */
export function keptMatches(
  { claimedPeriod, matchedQtyE5, claimQtyE5 }: Pick<TaxLine, 'claimedPeriod' | 'matchedQtyE5' | 'claimQtyE5'>,
  matches: readonly StoredMatch[],
): readonly StoredMatch[] {
  let over = claimedPeriod === null ? matchedQtyE5 - claimQtyE5 : 0;
  return [...matches]
    .reverse()
    .flatMap((match): StoredMatch[] => {
      if (over <= 0) return [match];
      const qtyE5 = match.qtyE5 - over;
      over -= match.qtyE5;
      if (qtyE5 <= 0) return [];
      const amountFen = shareOf(match.amountFen, qtyE5, match.qtyE5);
      const vatFen = shareOf(match.vatFen, qtyE5, match.qtyE5);
      const { fen: refundFen } = refundOf(amountFen, vatFen, match.vatRate, match.refundRate);
      return [{ ...match, qtyE5, amountFen, vatFen, refundFen }];
    })
    .reverse();
}
