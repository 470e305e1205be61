/** From the book to the pure matching of refunds, and back. */
import { parseIsoDate } from '../../../shared/calendar/index.ts';
import type { ExportLine, InvoiceLine, RefundObstacle } from '../../../shared/matching/refund-matching.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { Resources } from '../resources.ts';
import type { TaxLine } from '../store/worksheets/export-lines.ts';
import type { InvoiceStock } from '../store/worksheets/refund-matches.ts';
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
  const params: Record<string, string> =
    obstacle.code === 'UNIT_DIFFERS'
      ? { units: obstacle.units.join('、') }
      : obstacle.code === 'INVOICE_LATER'
        ? { date: obstacle.date }
        : obstacle.code === 'QTY_SHORT'
          ? { missing: storedText(Number(obstacle.missingE5)) }
          : {};
  return sheetText(`obstacle.${obstacle.code}`, params);
}
