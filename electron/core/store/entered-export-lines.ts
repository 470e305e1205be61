import type { ExportLineInput } from '../../../shared/contract/purchasing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { tryParseScaled } from '../../../shared/money/decimal.ts';
import { exponentOf, isCurrency } from '../../../shared/money/index.ts';
import { storedValue } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import {
  changeLine,
  differs,
  type ExportGoods,
  insertLine,
  isInUse,
  lineSelect,
  type StoredLine,
} from './export-lines.ts';
import { issueLine } from './export-stock.ts';
import { postStockEvent } from './stock-posting.ts';

/** Export lines of declarations made elsewhere, typed or imported. */

/** Contract text as the book keeps it. Refusals: `CURRENCY_UNKNOWN`, `AMOUNT_DECIMALS`. */
function goodsOfInput(input: ExportLineInput, path: string): ExportGoods {
  const { qty, fob, sku, country, ...rest } = input;
  if (!isCurrency(input.currency))
    throw new PortbookError('CURRENCY_UNKNOWN', { currency: input.currency }, `${path}.currency`);
  const digits = exponentOf(input.currency);
  const minor = tryParseScaled(fob, digits);
  if (minor === undefined)
    throw new PortbookError('AMOUNT_DECIMALS', { currency: input.currency, digits }, `${path}.fob`);
  return {
    ...rest,
    sku: sku === undefined || sku.trim() === '' ? undefined : sku.trim(),
    country,
    qtyE5: storedValue(qty),
    fobMinor: Number(minor),
  };
}

/** What stands against writing a line over what the book has of its number; undefined: nothing. For imports. */
export function knownExportLine(
  book: Book,
  input: ExportLineInput,
): 'new' | 'same' | 'differs' | 'of-document' | 'in-use' {
  const line = book
    .prepare(`${lineSelect} WHERE e.declaration_no = ? AND e.line_no = ?`)
    .get(input.declarationNo, input.lineNo) as StoredLine | undefined;
  if (line === undefined) return 'new';
  if (!differs(line, goodsOfInput(input, ''))) return 'same';
  if (line.documentId !== null) return 'of-document';
  return isInUse(line) ? 'in-use' : 'differs';
}

export interface SavedLines {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly ids: number[];
}

/** Enters or changes lines of declarations made elsewhere; see the contract. Call it in one transaction. */
export function saveExportLines(
  book: Book,
  inputs: readonly ExportLineInput[],
  now: string,
  importRunId?: number,
): SavedLines {
  const ids: number[] = [];
  let added = 0;
  let changed = 0;
  for (const [index, input] of inputs.entries()) {
    const path = `lines.${index}`;
    const goods = goodsOfInput(input, path);
    if (goods.sku !== undefined && book.prepare('SELECT 1 FROM product WHERE sku = ?').get(goods.sku) === undefined)
      throw new PortbookError('PRODUCT_UNKNOWN', { sku: goods.sku }, `${path}.sku`);
    const line = book
      .prepare(`${lineSelect} WHERE e.declaration_no = ? AND e.line_no = ?`)
      .get(goods.declarationNo, goods.lineNo) as StoredLine | undefined;
    if (line !== undefined && !differs(line, goods)) {
      ids.push(line.id);
      continue;
    }
    let id: number;
    if (line === undefined) {
      id = insertLine(book, goods, { importRunId }, now);
      added += 1;
    } else {
      id = changeLine(book, line, goods, path, now);
      changed += 1;
    }
    ids.push(id);
    issueAtOnce(book, id, goods, now);
  }
  return { added, changed, unchanged: inputs.length - added - changed, ids };
}

function issueAtOnce(book: Book, id: number, goods: ExportGoods, now: string): void {
  const { sku, qtyE5, mode, exportDate, declarationNo } = goods;
  if (sku === undefined) return;
  const part = issueLine(book, { id, sku, qtyE5, mode, orderId: undefined }, exportDate, now);
  if (part === undefined) return;
  const { moveId } = book.prepare('SELECT max(id) AS moveId FROM stock_move WHERE export_line_id = ?').get(id) as {
    moveId: number;
  };
  postStockEvent(
    book,
    {
      rule: 'cost-of-sale',
      date: exportDate,
      text: `结转成本 ${declarationNo}`,
      sourceKind: 'stock-move',
      sourceId: moveId,
      parts: [part],
    },
    now,
  );
}
