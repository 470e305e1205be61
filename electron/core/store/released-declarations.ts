import { decMessage } from '../../../shared/documents/catalogue.ts';
import { headOf, linesOf } from '../../../shared/documents/spec.ts';
import { type DeclaredValues, fobOf } from '../../../shared/drafting/declared-fob.ts';
import { declarationModes } from '../../../shared/drafting/goods-declaration.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { divideRounded, parseScaled, pow10, tryParseScaled } from '../../../shared/money/decimal.ts';
import { allocate } from '../../../shared/money/index.ts';
import { storedValue } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { type GoodsOfOrder, goodsByItem, ordersDeclared } from './declared-goods.ts';
import { type ExportGoods, insertLine } from './export-lines.ts';
import {
  adoptLine,
  isRecorded,
  type ReleasedDocument,
  type ReleaseOutcome,
  releasedDocumentSelect,
  withdrawEarlier,
} from './export-releases.ts';
import { issueLine, returnCancelled } from './export-stock.ts';
import { rateInForce } from './rates.ts';
import { postStockEvent, type StockPart } from './stock-posting.ts';

/** What a released declaration (报关单, DecMessage) writes: export lines, whose goods they are, and its stock. */

/** States in which a list has gone to customs or is on its way. */
const filedStates = "('queued','sending','unknown','sent','accepted','released','closed')";

/**
 * Whether a declaration's own items are what left. They are not where lists (清单) declare the same goods, because a summary declaration
 * (汇总申报) only sums up what the lists have released one by one: the lists count, by order and at their own day, and the declaration
 * would count all of it again. It is one if its mode is that of lists, if a summary result (792) names it, or if a list of its orders (of
 * its shipment, where the orders are not known) is filed.
 */
function countsByItself(
  book: Book,
  { id, businessKey, platformNo, shipmentId }: ReleasedDocument,
  mode: string,
): boolean {
  if (!declarationModes.some((one) => one === mode)) return false;
  if (
    platformNo !== null &&
    book.prepare('SELECT 1 FROM summary_match WHERE entry_id = ? LIMIT 1').get(platformNo) !== undefined
  )
    return false;
  const orders = ordersDeclared(book, businessKey);
  const ofThem =
    orders.length > 0
      ? `(l.order_id IN (SELECT order_id FROM declared_goods WHERE declaration = :declaration) OR l.order_id IS NULL
           AND json_extract(l.body, '$.InventoryHead.orderNo') IN (SELECT o.order_no FROM declared_goods g JOIN sales_order o ON o.id = g.order_id
             WHERE g.declaration = :declaration))`
      : 'l.shipment_id = :shipment';
  const list = book
    .prepare(
      `SELECT 1 FROM document l WHERE l.kind = 'CEB603Message' AND l.id <> :id AND l.state IN ${filedStates} AND ${ofThem} LIMIT 1`,
    )
    .get({ id, ...(orders.length > 0 ? { declaration: businessKey } : { shipment: shipmentId }) });
  return list === undefined;
}

/** An amount in another currency by the firm's rates of a day, scaled by 10^5. Throws `RATE_MISSING` {currency, date}. */
function converter(book: Book, date: string): DeclaredValues['convert'] {
  const rateOf = (currency: string): bigint => {
    if (currency === 'CNY') return pow10(rateDigits);
    const rate = rateInForce(book, currency, date);
    if (rate === undefined) throw new PortbookError('RATE_MISSING', { currency, date });
    return parseScaled(rate.cnyPerUnit, rateDigits);
  };
  return (amount_e5, from, to) => divideRounded(amount_e5 * rateOf(from), rateOf(to), 'halfUp');
}
const rateDigits = 8;

/** The items of a declaration with their FOB, and the goods of orders in each. */
function declaredItems(book: Book, document: ReleasedDocument, date: string) {
  const body = JSON.parse(document.body) as Record<string, unknown>;
  const head = headOf(decMessage, body);
  const lines = linesOf(decMessage, body);
  const scaledOf = (text: string | undefined): bigint => tryParseScaled(text ?? '', 5) ?? 0n;
  const fee = (name: 'Fee' | 'Insur') => ({
    mark: head[`${name}Mark`] ?? '',
    amount_e5: scaledOf(head[`${name}Rate`]),
    currency: head[`${name}Curr`] ?? '',
  });
  const values = fobOf({
    terms: head['TransMode'] ?? '',
    items: lines.map((line) => ({ currency: line['TradeCurr'] ?? '', total_e5: scaledOf(line['DeclTotal']) })),
    freight: fee('Fee'),
    insurance: fee('Insur'),
    gross_e5: scaledOf(head['GrossWet']),
    convert: converter(book, date),
  });
  const isKnown = book.prepare('SELECT 1 FROM product WHERE sku = ?');
  const countryOf = book.prepare(`SELECT country FROM sales_order WHERE id = ? AND country IS NOT NULL`);
  const ofOrders = goodsByItem(book, document.businessKey, body);
  return {
    mode: head['TradeMode'] ?? '',
    items: lines.map((line, index) => {
      const sku = line['ExgNo'] ?? '';
      const of = ofOrders[index] ?? [];
      // Export lines have a country's number as lists do: that of the order, else the number of the declaration's letters. On export
      // the element called origin carries the destination of the item.
      const country =
        of[0] === undefined ? undefined : (countryOf.get(of[0].orderId) as { country: string } | undefined);
      const declaredFor = line['OriginCountry'] || head['TradeCountry'] || '';
      return {
        of,
        goods: {
          declarationNo: document.platformNo ?? document.businessKey,
          lineNo: Number(line['GNo'] ?? index + 1),
          exportDate: date,
          sku: isKnown.get(sku) === undefined ? undefined : sku,
          hsCode: line['CodeTS'] ?? '',
          name: line['GName'] ?? '',
          unit: line['GUnit'] ?? '',
          qtyE5: storedValue(line['GQty'] ?? '0'),
          currency: line['TradeCurr'] ?? '',
          fobMinor: Number(values[index]?.fob ?? 0n),
          country: country?.country ?? book.countryNumber(declaredFor),
        },
        declaredMinor: Number(values[index]?.declared ?? 0n),
      };
    }),
  };
}

/**
 * What the goods of no order of a released declaration or list were sold for, by currency, in minor units. A list that goes to a warehouse
 * abroad (9810) sells nothing yet.
 */
export function ownSaleOf(
  book: Book,
  documentId: number,
): { readonly currency: string; readonly fobMinor: number; readonly chargedMinor: number }[] {
  const document = book.prepare(`${releasedDocumentSelect} WHERE id = ?`).get(documentId) as
    | ReleasedDocument
    | undefined;
  const rows = book
    .prepare(
      `SELECT line_no AS lineNo, currency, fob_minor AS fobMinor, export_date AS date FROM export_line
       WHERE document_id = :documentId AND of_orders = 0 AND order_id IS NULL
         AND NOT (mode = '9810' AND :kind = 'CEB603Message') ORDER BY line_no`,
    )
    .all({ documentId, kind: document?.kind ?? '' }) as {
    lineNo: number;
    currency: string;
    fobMinor: number;
    date: string;
  }[];
  const [first] = rows;
  if (document === undefined || first === undefined) return [];
  // A list states its goods at FOB.
  const items = document.kind === 'DecMessage' ? declaredItems(book, document, first.date).items : [];
  const declared = new Map(items.map(({ goods, declaredMinor }) => [goods.lineNo, declaredMinor]));
  const sums = new Map<string, { fobMinor: number; chargedMinor: number }>();
  for (const { lineNo, currency, fobMinor } of rows) {
    const sum = sums.get(currency) ?? { fobMinor: 0, chargedMinor: 0 };
    sum.fobMinor += fobMinor;
    sum.chargedMinor += (declared.get(lineNo) ?? fobMinor) - fobMinor;
    sums.set(currency, sum);
  }
  return [...sums].map(([currency, sum]) => ({ currency, ...sum }));
}

/**
 * Writes the export lines of a released declaration (报关单, DecMessage): one an item, with its FOB, its mode, and whose goods it is;
 * issues the goods and posts their cost. Once a declaration, whatever is called how often; a new version takes the place of an earlier
 * one. See {@link countsByItself} for what is left to its lists. Call it in the transaction that learns of the release.
 * Refusals: `RATE_MISSING` {currency, date} where freight or insurance is in another currency, and those of {@link withdrawReleased}.
 */
export function recordReleasedDeclaration(
  book: Book,
  release: { readonly documentId: number; readonly date: string; readonly now: string },
): ReleaseOutcome {
  const { documentId, date, now } = release;
  const document = book.prepare(`${releasedDocumentSelect} WHERE id = ? AND kind = 'DecMessage'`).get(documentId) as
    | ReleasedDocument
    | undefined;
  if (document === undefined) return 'none';
  const { mode, items } = declaredItems(book, document, date);
  if (!countsByItself(book, document, mode)) return 'none';
  if (isRecorded(book, document)) return 'already';
  withdrawEarlier(book, document, date, now);
  const shipmentId = document.shipmentId ?? undefined;
  const parts: StockPart[] = [];
  const known = book.prepare('SELECT 1 FROM product WHERE sku = ?');
  const setOrders = book.prepare('UPDATE export_line SET of_orders = 1 WHERE id = ?');
  const addGoods = book.prepare(
    'INSERT INTO export_goods (export_line_id, position, order_id, sku, qty_e5, fob_minor, fob_before) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const isMode = (one: string): one is ExportGoods['mode'] => declarationModes.some((known) => known === one);
  for (const { goods, of } of items) {
    if (goods.qtyE5 <= 0 || !isMode(mode)) continue;
    const line: ExportGoods = { ...goods, mode };
    const at = { documentId, shipmentId };
    const adopted = adoptLine(book, line, at, now);
    const id =
      typeof adopted === 'number'
        ? adopted
        : adopted === undefined
          ? insertLine(book, line, at, now)
          : lineIdOf(book, line);
    if (of.length > 0) {
      setOrders.run(id);
      const weights = of.map(({ amountE5, qtyE5 }) => BigInt(amountE5 > 0 ? amountE5 : qtyE5));
      let before = 0;
      for (const [position, part] of allocate(BigInt(line.fobMinor), weights).entries()) {
        const one = of[position];
        if (one === undefined) continue;
        const sku = known.get(one.sku) === undefined ? null : one.sku;
        addGoods.run(id, position, one.orderId, sku, one.qtyE5, Number(part), before);
        before += Number(part);
      }
    }
    if (adopted === 'stands') continue;
    for (const leaving of leavingOf(line, of)) {
      if (leaving.sku === undefined || known.get(leaving.sku) === undefined || leaving.qtyE5 <= 0) continue;
      const part = issueLine(book, { id, mode, ...leaving, sku: leaving.sku }, date, now);
      if (part !== undefined) parts.push(part);
    }
  }
  postStockEvent(
    book,
    {
      rule: 'cost-of-sale',
      date,
      text: `结转成本 ${document.platformNo ?? document.businessKey}`,
      sourceKind: 'export-list',
      sourceId: documentId,
      parts,
    },
    now,
  );
  for (const orderId of ordersDeclared(book, document.businessKey)) returnCancelled(book, orderId, date, now);
  return 'recorded';
}

/** What leaves stock with an item: each article of each order once, or its own article. */
function leavingOf(
  line: ExportGoods,
  of: readonly GoodsOfOrder[],
): { sku: string | undefined; qtyE5: number; orderId: number | undefined }[] {
  if (of.length === 0) return [{ sku: line.sku, qtyE5: line.qtyE5, orderId: undefined }];
  const sums = new Map<string, { sku: string; qtyE5: number; orderId: number }>();
  for (const { sku, orderId, qtyE5 } of of) {
    const key = `${orderId} ${sku}`;
    const sum = sums.get(key) ?? { sku, orderId, qtyE5: 0 };
    sum.qtyE5 += qtyE5;
    sums.set(key, sum);
  }
  return [...sums.values()];
}

function lineIdOf(book: Book, { declarationNo, lineNo }: ExportGoods): number {
  const { id } = book
    .prepare('SELECT id FROM export_line WHERE declaration_no = ? AND line_no = ?')
    .get(declarationNo, lineNo) as { id: number };
  return id;
}
