import type { z } from 'zod';
import type { overseasRow } from '../../../shared/contract/purchasing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { fenText, firstOut } from '../../../shared/stock/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { costOfIssue, insertMove, places, requirePlace, transfer } from './stock.ts';
import { postStockEvent } from './stock-posting.ts';

type OverseasRow = z.infer<typeof overseasRow>;

/** Returns of a line (`e`) that stand, scaled by 10^5; unsold goods among them are abroad no longer. */
const receivedE5 = (which: string): string =>
  `coalesce((SELECT sum(r.qty_e5) FROM goods_return r WHERE r.export_line_id = e.id AND r.state <> 'void'${which}), 0)`;
const backE5 = `(e.back_qty_e5 + ${receivedE5(` AND r.reason = 'unsold'`)})`;
/** What of a line (`e`) is left abroad unsold, scaled by 10^5. */
export const unsoldE5 = `(e.qty_e5 - e.sold_qty_e5 - ${backE5} - e.lost_qty_e5)`;

/** Declaration lines of 9810: what went out, was sold abroad, came back, is left. Oldest first, as they are used up. */
export function listOverseas(
  book: Book,
  filter: {
    readonly sku?: string | undefined;
    readonly text?: string | undefined;
    readonly open: boolean;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): { rows: OverseasRow[]; total: number; nextCursor?: string } {
  const [date, id] = decodeCursor(filter.after, ['', 0]);
  const bind = {
    sku: filter.sku ?? '',
    text: `%${(filter.text ?? '').trim().replaceAll(/[\\%_]/g, '\\$&')}%`,
    open: filter.open ? 1 : 0,
    from: filter.from ?? '',
    to: filter.to ?? '9999-12-31',
  };
  const where = `e.mode = '9810' AND (:sku = '' OR e.sku = :sku) AND e.export_date BETWEEN :from AND :to
    AND (:open = 0 OR ${unsoldE5} > 0)
    AND (:text = '%%' OR e.declaration_no LIKE :text ESCAPE '\\' OR e.sku LIKE :text ESCAPE '\\' OR e.name LIKE :text ESCAPE '\\')`;
  const rows = book
    .prepare(
      `SELECT e.id, e.declaration_no AS declarationNo, e.line_no AS lineNo, e.export_date AS exportDate, e.sku, e.name, e.unit, e.country,
         e.qty_e5 AS inE5, e.sold_qty_e5 AS soldE5, ${backE5} AS backE5, e.lost_qty_e5 AS lostE5, e.pre_refund_fen AS preRefund, e.pre_refund_done_on AS doneOn
       FROM export_line e WHERE ${where} AND (e.export_date, e.id) > (:date, :id) ORDER BY e.export_date, e.id LIMIT :limit`,
    )
    .all({ ...bind, date, id, limit: filter.limit }) as {
    id: number;
    declarationNo: string;
    lineNo: number;
    exportDate: string;
    sku: string | null;
    name: string;
    unit: string;
    country: string | null;
    inE5: number;
    soldE5: number;
    backE5: number;
    lostE5: number;
    preRefund: number | null;
    doneOn: string | null;
  }[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM export_line e WHERE ${where}`).get(bind) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => ({
      id: row.id,
      declarationNo: row.declarationNo,
      lineNo: row.lineNo,
      exportDate: row.exportDate,
      ...(row.sku === null ? {} : { sku: row.sku }),
      name: row.name,
      unit: row.unit,
      ...(row.country === null ? {} : { country: row.country }),
      in: storedText(row.inE5),
      sold: storedText(row.soldE5),
      back: storedText(row.backE5),
      ...(row.lostE5 === 0 ? {} : { lost: storedText(row.lostE5) }),
      left: storedText(row.inE5 - row.soldE5 - row.backE5 - row.lostE5),
      ...(row.preRefund === null ? {} : { preRefundCny: fenText(row.preRefund) }),
      ...(row.doneOn === null ? {} : { preRefundDoneOn: row.doneOn }),
    })),
    total: n,
    ...(rows.length === filter.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.exportDate, last.id]) }
      : {}),
  };
}

/** What is left abroad of an article by lines declared up to a day, oldest first. */
function lotsOf(
  book: Book,
  sku: string,
  date: string,
  exportLineId: number | undefined,
): { id: number; leftE5: number }[] {
  // Never more comes back than went out, whatever register it stands in.
  return book
    .prepare(
      `SELECT e.id, max(0, min(${unsoldE5}, e.qty_e5 - e.back_qty_e5 - ${receivedE5('')})) AS leftE5 FROM export_line e
       WHERE e.mode = '9810' AND e.sku = ? AND e.export_date <= ? AND (? IS NULL OR e.id = ?) ORDER BY e.export_date, e.id`,
    )
    .all(sku, date, exportLineId ?? null, exportLineId ?? null) as { id: number; leftE5: number }[];
}

/** How much of an article is left abroad by lines declared up to a day, scaled by 10^5. */
export function leftAbroad(book: Book, sku: string, date: string): number {
  return lotsOf(book, sku, date, undefined).reduce((sum, { leftE5 }) => sum + leftE5, 0);
}

/** What a warehouse's reports have booked of an article on a day so far, scaled by 10^5. */
export function bookedAbroad(
  book: Book,
  sku: string,
  date: string,
  placeId: number,
): { soldE5: number; backE5: number } {
  return book
    .prepare(
      `SELECT coalesce(sum(CASE WHEN kind = 'sold' THEN -qty_e5 END), 0) AS soldE5,
         coalesce(sum(CASE WHEN kind = 'transfer-out' AND export_line_id IS NOT NULL THEN -qty_e5 END), 0) AS backE5
       FROM stock_move WHERE sku = ? AND place_id = ? AND date = ?`,
    )
    .get(sku, placeId, date) as { soldE5: number; backE5: number };
}

export interface AbroadDraft {
  readonly sku: string;
  readonly date: string;
  readonly qtyE5: number;
  /** The warehouse; undefined: only the declaration lines are counted. */
  readonly placeId: number | undefined;
  readonly exportLineId?: number | undefined;
  readonly text: string;
}

interface AbroadResult {
  readonly lines: { exportLineId: number; qty: string }[];
  readonly costFen: number;
}

/** Refusal: `OVERSEAS_SHORT` {sku, left, want}. */
function linesFor(book: Book, draft: AbroadDraft): readonly { id: number; qtyE5: number }[] {
  const lots = lotsOf(book, draft.sku, draft.date, draft.exportLineId);
  const { taken, shortE5 } = firstOut(lots, draft.qtyE5);
  if (shortE5 > 0) {
    throw new PortbookError(
      'OVERSEAS_SHORT',
      { sku: draft.sku, left: storedText(draft.qtyE5 - shortE5), want: storedText(draft.qtyE5) },
      'qty',
    );
  }
  return taken;
}

/**
 * Brings what is left by declaration lines in step with a count: goods that were not found are taken off the oldest lines declared up to
 * the day, goods found again go back to the lines that lost last. What no line accounts for changes no line.
 * @returns what was taken off each line, what went back below zero
 */
export function loseAbroad(
  book: Book,
  of: { readonly sku: string; readonly date: string },
  lostE5: number,
): { id: number; qtyE5: number }[] {
  const give = book.prepare('UPDATE export_line SET lost_qty_e5 = lost_qty_e5 + ? WHERE id = ?');
  const lost =
    lostE5 > 0
      ? firstOut(lotsOf(book, of.sku, of.date, undefined), lostE5).taken.map(({ id, qtyE5 }) => ({ id, qtyE5 }))
      : firstOut(
          book
            .prepare(
              `SELECT id, lost_qty_e5 AS leftE5 FROM export_line WHERE mode = '9810' AND sku = ? AND lost_qty_e5 > 0 ORDER BY export_date DESC, id DESC`,
            )
            .all(of.sku) as { id: number; leftE5: number }[],
          -lostE5,
        ).taken.map(({ id, qtyE5 }) => ({ id, qtyE5: -qtyE5 }));
  for (const { id, qtyE5 } of lost) give.run(qtyE5, id);
  return lost;
}

function requireWarehouse(book: Book, id: number): void {
  const { kind, name } = requirePlace(book, id);
  if (kind !== 'overseas' && kind !== 'transit')
    throw new PortbookError('PLACE_NOT_ABROAD', { place: name }, 'placeId');
}

/**
 * Sold abroad (海外仓销售): counted on the oldest declaration lines; with a warehouse the goods leave it and their cost is
 * posted, a move a line. Refusals: `OVERSEAS_SHORT`, `STOCK_SHORT`, `PLACE_UNKNOWN`, `PLACE_NOT_ABROAD`.
 */
export function sellAbroad(book: Book, draft: AbroadDraft, now: string): AbroadResult {
  const { sku, date, placeId, text } = draft;
  if (placeId !== undefined) requireWarehouse(book, placeId);
  const lines = linesFor(book, draft);
  let costFen = 0;
  for (const { id, qtyE5 } of lines) {
    book.prepare('UPDATE export_line SET sold_qty_e5 = sold_qty_e5 + ? WHERE id = ?').run(qtyE5, id);
    if (placeId === undefined) continue;
    const cost = costOfIssue(book, sku, placeId, qtyE5);
    costFen += cost;
    const moveId = insertMove(
      book,
      { date, sku, placeId, kind: 'sold', qtyE5: -qtyE5, costFen: -cost, exportLineId: id, text },
      now,
    );
    postStockEvent(
      book,
      {
        rule: 'cost-of-sale',
        date,
        text: `海外仓销售 ${sku}`,
        sourceKind: 'stock-move',
        sourceId: moveId,
        parts: [{ sku, qtyE5, costFen: cost }],
      },
      now,
    );
  }
  return { lines: lines.map(({ id, qtyE5 }) => ({ exportLineId: id, qty: storedText(qtyE5) })), costFen };
}

/** Come back unsold (退运): counted as {@link sellAbroad} does; the goods go to 退货仓 with their cost. */
export function bringBack(book: Book, draft: AbroadDraft, now: string): AbroadResult {
  const { sku, date, placeId, text } = draft;
  if (placeId !== undefined) requireWarehouse(book, placeId);
  const lines = linesFor(book, draft);
  let costFen = 0;
  for (const { id, qtyE5 } of lines) {
    book.prepare('UPDATE export_line SET back_qty_e5 = back_qty_e5 + ? WHERE id = ?').run(qtyE5, id);
    if (placeId === undefined) continue;
    costFen += transfer(
      book,
      { date, sku, fromId: placeId, toId: places.returned, qtyE5, exportLineId: id, text },
      now,
    ).costFen;
  }
  return { lines: lines.map(({ id, qtyE5 }) => ({ exportLineId: id, qty: storedText(qtyE5) })), costFen };
}
