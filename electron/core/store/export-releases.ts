import { exportModes } from '../../../shared/contract/purchasing.ts';
import { toMinor } from '../../../shared/money/index.ts';
import { storedValue } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import {
  changeLine,
  differs,
  type ExportGoods,
  insertLine,
  isInUse,
  lineSelect,
  refuseInUse,
  type StoredLine,
} from './export-lines.ts';
import { issueLine, returnCancelled } from './export-stock.ts';
import { takeBackExport, takeBackReturned } from './stock.ts';
import { postStockEvent, repostStockEvent, type StockPart } from './stock-posting.ts';

/** Export lines of what customs has released: written with the release, taken back with a withdrawal. */

/** A document with what its release writes. */
export interface ReleasedDocument {
  id: number;
  kind: string;
  businessKey: string;
  platformNo: string | null;
  orderId: number | null;
  shipmentId: number | null;
  currency: string;
  state: string;
  body: string;
}

function text(values: Readonly<Record<string, unknown>>, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}

/** The goods lines of a list (CEB603) as it was filed. */
function goodsOf(book: Book, document: ReleasedDocument, date: string): ExportGoods[] {
  const body = JSON.parse(document.body) as {
    InventoryHead?: Record<string, unknown>;
    InventoryList?: Record<string, unknown>[];
  };
  const trade = text(body.InventoryHead ?? {}, 'tradeMode');
  const isKnown = book.prepare('SELECT 1 FROM product WHERE sku = ?');
  return (body.InventoryList ?? []).map((line, index) => {
    const sku = text(line, 'itemNo');
    return {
      mode: exportModes.find((one) => one === trade) ?? '9610',
      declarationNo: document.platformNo ?? document.businessKey,
      lineNo: Number(text(line, 'gnum') || index + 1),
      exportDate: date,
      sku: isKnown.get(sku) === undefined ? undefined : sku,
      hsCode: text(line, 'gcode'),
      name: text(line, 'gname'),
      unit: text(line, 'unit'),
      qtyE5: storedValue(text(line, 'qty')),
      currency: document.currency,
      fobMinor: Number(toMinor(BigInt(storedValue(text(line, 'totalPrice'))), document.currency).minor),
      country: text(line, 'country') || undefined,
    };
  });
}

/** What {@link recordReleasedList} did: written now, there already, or none of its goods are to be counted by it. */
export type ReleaseOutcome = 'recorded' | 'already' | 'none';

export const releasedDocumentSelect = `SELECT id, kind, business_key AS businessKey, platform_no AS platformNo, order_id AS orderId, shipment_id AS shipmentId,
  currency, state, body FROM document`;

/** Whether a document's lines are there; the platform's number (清单编号, 报关单号) may come with a later receipt. */
export function isRecorded(book: Book, { id, platformNo }: ReleasedDocument): boolean {
  const there = book.prepare('SELECT declaration_no AS no FROM export_line WHERE document_id = ? LIMIT 1').get(id) as
    | { no: string }
    | undefined;
  if (there !== undefined && platformNo !== null && platformNo !== there.no)
    book.prepare('UPDATE OR IGNORE export_line SET declaration_no = ? WHERE document_id = ?').run(platformNo, id);
  return there !== undefined;
}

/** Takes back what earlier versions of a document had written: the one that is released now stands for them. */
export function withdrawEarlier(
  book: Book,
  { id, kind, businessKey }: ReleasedDocument,
  date: string,
  now: string,
): void {
  const earlier = book
    .prepare(
      `SELECT d.id FROM document d WHERE d.kind = ? AND d.business_key = ? AND d.id <> ?
         AND EXISTS (SELECT 1 FROM export_line e WHERE e.document_id = d.id)`,
    )
    .all(kind, businessKey, id) as { id: number }[];
  for (const one of earlier) withdrawReleased(book, { documentId: one.id, date, now });
}

/**
 * Writes the export lines (出口商品项) of a released list (CEB603), issues its goods and posts their cost: once a list,
 * whatever is called how often. A list that corrects one released before takes its place. Call it in the transaction that
 * learns of the release, beside `postSaleForReleasedOrder`.
 * @param release.date the business date of the release
 */
export function recordReleasedList(
  book: Book,
  release: { readonly documentId: number; readonly date: string; readonly now: string },
): ReleaseOutcome {
  const { documentId, date, now } = release;
  const document = book.prepare(`${releasedDocumentSelect} WHERE id = ? AND kind = 'CEB603Message'`).get(documentId) as
    | ReleasedDocument
    | undefined;
  if (document === undefined) return 'none';
  if (isRecorded(book, document)) return 'already';
  const goods = goodsOf(book, document, date);
  if (goods.length === 0) return 'none';
  withdrawEarlier(book, document, date, now);
  const of = { documentId, orderId: document.orderId ?? undefined, shipmentId: document.shipmentId ?? undefined };
  const parts: StockPart[] = [];
  for (const line of goods) {
    const id = adoptLine(book, line, of, now) ?? insertLine(book, line, of, now);
    if (id === 'stands' || line.sku === undefined) continue;
    const part = issueLine(
      book,
      { id, sku: line.sku, qtyE5: line.qtyE5, mode: line.mode, orderId: of.orderId },
      date,
      now,
    );
    if (part !== undefined) parts.push(part);
  }
  postStockEvent(
    book,
    {
      rule: 'cost-of-sale',
      date,
      text: `结转成本 ${goods[0]?.declarationNo ?? document.businessKey}`,
      sourceKind: 'export-list',
      sourceId: documentId,
      orderId: of.orderId,
      parts,
    },
    now,
  );
  if (of.orderId !== undefined) returnCancelled(book, of.orderId, date, now);
  return 'recorded';
}

/**
 * A declaration list may have brought a line before its receipt came: it is the released list's from now on, and its moves
 * the order's. Where it says otherwise it is taken back to be issued anew as the list has it, on customs' own day; what is
 * claimed or matched stays as it was declared. @returns `stands`, the line to issue anew, undefined where there is none
 */
export function adoptLine(
  book: Book,
  goods: ExportGoods,
  of: { readonly documentId: number; readonly orderId?: number | undefined; readonly shipmentId?: number | undefined },
  now: string,
): number | 'stands' | undefined {
  const known = book
    .prepare(`${lineSelect} WHERE e.declaration_no = ? AND e.line_no = ? AND e.document_id IS NULL`)
    .get(goods.declarationNo, goods.lineNo) as StoredLine | undefined;
  if (known === undefined) return undefined;
  const asDeclared = { ...goods, exportDate: known.exportDate };
  const isNew = differs(known, asDeclared) && !isInUse(known);
  if (isNew) changeLine(book, known, asDeclared, '', now);
  book
    .prepare('UPDATE export_line SET document_id = ?, order_id = ?, shipment_id = ? WHERE id = ?')
    .run(of.documentId, of.orderId ?? null, of.shipmentId ?? null, known.id);
  book.prepare('UPDATE stock_move SET order_id = ? WHERE export_line_id = ?').run(of.orderId ?? null, known.id);
  return isNew ? known.id : 'stands';
}

/** The export lines of a document, as number and line, and whether something is done with each that has to be undone first. */
export function linesReleasedBy(
  book: Book,
  documentId: number,
): { readonly label: string; readonly isInUse: boolean }[] {
  const lines = book.prepare(`${lineSelect} WHERE e.document_id = ? ORDER BY e.id`).all(documentId) as StoredLine[];
  return lines.map((line) => ({ label: `${line.declarationNo}-${line.lineNo}`, isInUse: isInUse(line) }));
}

/**
 * Takes a released list or declaration back (撤销, 删单, or corrected by another): its moves and costs by reversal, its lines away. What
 * a cancellation had brought back of its orders is reversed with them and, where other documents of an order stand, brought back again
 * for those, so that no goods stand both at home and in 退货仓.
 * Refusal: `EXPORT_LINE_IN_USE` where a line is claimed, matched, back or certified. @returns how many lines it had
 */
export function withdrawReleased(
  book: Book,
  withdrawal: { readonly documentId: number; readonly date: string; readonly now: string },
): number {
  const { documentId, date, now } = withdrawal;
  const lines = book.prepare(`${lineSelect} WHERE e.document_id = ? ORDER BY e.id`).all(documentId) as StoredLine[];
  for (const line of lines) refuseInUse(line, '');
  const reason = withdrawalReason(book, documentId);
  const orders = book
    .prepare(
      'SELECT DISTINCT order_id AS id FROM export_share WHERE document_id = ? AND order_id IS NOT NULL ORDER BY 1',
    )
    .all(documentId) as { id: number }[];
  for (const { id } of lines) {
    takeBackExport(book, id, date, reason, now);
    book.prepare('UPDATE stock_move SET export_line_id = NULL WHERE export_line_id = ?').run(id);
    book.prepare('DELETE FROM export_goods WHERE export_line_id = ?').run(id);
    book.prepare('DELETE FROM export_line WHERE id = ?').run(id);
  }
  repostStockEvent(book, { kind: 'export-list', id: documentId }, undefined, now, reason);
  for (const { id: orderId } of orders) {
    takeBackReturned(book, orderId, date, reason, now);
    returnCancelled(book, orderId, date, now);
  }
  return lines.length;
}

/** Why what a document did is taken back, as vouchers say it. */
export function withdrawalReason(book: Book, documentId: number): string {
  const { kind } = book.prepare('SELECT kind FROM document WHERE id = ?').get(documentId) as { kind: string };
  return kind === 'DecMessage' ? '报关单撤销' : '清单撤销';
}
