/** What the total check (总量核查) adds up beside receipts and payments: exports, imports, adjustments by hand. */
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';

export type GoodsFigure = 'imports' | 'exports';

/**
 * Exports: lines of declarations and released lists at FOB, by declaration. Imports: customs payment vouchers (海关缴款书) at their taxable
 * price, the one paper of an import that the book holds; what has none is an adjustment.
 */
const goods: Readonly<Record<GoodsFigure, string>> = {
  exports: `SELECT declaration_no AS key, declaration_no AS label, min(name) || iif(count(*) > 1, ' …', '') AS detail, export_date AS date,
        currency, sum(fob_minor) AS minor FROM export_line WHERE export_date BETWEEN :from AND :to
      GROUP BY declaration_no, export_date, currency`,
  imports: `SELECT CAST(i.id AS TEXT) AS key, i.number AS label, p.name AS detail, i.date, 'CNY' AS currency, i.amount_fen AS minor
      FROM input_invoice i JOIN party p ON p.id = i.supplier_id
      WHERE i.kind = 'customs-payment' AND i.state <> 'void' AND i.date BETWEEN :from AND :to`,
};

export interface GoodsGroup {
  readonly date: string;
  readonly currency: string;
  readonly count: number;
  readonly minor: number;
}

/** Exports or imports of a range by day and currency; `count` is of lines. */
export function goodsGroups(book: Book, figure: GoodsFigure, from: string, to: string): GoodsGroup[] {
  const sql =
    figure === 'exports'
      ? `SELECT export_date AS date, currency, count(*) AS count, sum(fob_minor) AS minor FROM export_line
         WHERE export_date BETWEEN ? AND ? GROUP BY export_date, currency ORDER BY export_date, currency`
      : `SELECT date, 'CNY' AS currency, count(*) AS count, sum(amount_fen) AS minor FROM input_invoice
         WHERE kind = 'customs-payment' AND state <> 'void' AND date BETWEEN ? AND ? GROUP BY date ORDER BY date`;
  return book.prepare(sql).all(from, to) as GoodsGroup[];
}

export interface GoodsRow {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly date: string;
  readonly currency: string;
  readonly minor: number;
}

/** Exports by declaration, imports by voucher, newest first. */
export function listGoods(
  book: Book,
  filter: { readonly figure: GoodsFigure; readonly from: string; readonly to: string },
  page: { readonly after?: string | undefined; readonly limit: number },
): { rows: GoodsRow[]; total: number; nextCursor?: string } {
  const [date, key, currency] = decodeCursor(page.after, ['9999-99-99', '', '']);
  const from = goods[filter.figure];
  const range = { from: filter.from, to: filter.to };
  const rows = book
    .prepare(
      `SELECT key, label, detail, date, currency, minor FROM (${from})
       WHERE date < :lastDate OR (date = :lastDate AND (key, currency) > (:lastKey, :lastCurrency))
       ORDER BY date DESC, key, currency LIMIT :limit`,
    )
    .all({ ...range, lastDate: date, lastKey: key, lastCurrency: currency, limit: page.limit }) as GoodsRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM (${from})`).get(range) as { n: number };
  const last = rows.at(-1);
  return {
    rows,
    total: n,
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.date, last.key, last.currency]) }
      : {}),
  };
}

export interface Adjustment {
  readonly id: number;
  readonly month: string;
  readonly figure: 'imports' | 'exports' | 'receipts' | 'payments';
  readonly usdMinor: number;
  readonly reason: string;
  readonly createdAt: string;
}

/** Adjustments of months that stand, by month. */
export function adjustmentsOf(book: Book, fromMonth: string, toMonth: string): Adjustment[] {
  return book
    .prepare(
      `SELECT id, month, figure, usd_minor AS usdMinor, reason, created_at AS createdAt FROM indicator_adjustment
       WHERE removed_at IS NULL AND month BETWEEN ? AND ? ORDER BY month, id`,
    )
    .all(fromMonth, toMonth) as Adjustment[];
}

export function insertAdjustment(
  book: Book,
  adjustment: Pick<Adjustment, 'month' | 'figure' | 'usdMinor' | 'reason'>,
  now: string,
): number {
  const { lastInsertRowid } = book
    .prepare(
      'INSERT INTO indicator_adjustment (month, figure, usd_minor, reason, created_at) VALUES (:month, :figure, :usdMinor, :reason, :now)',
    )
    .run({ ...adjustment, now });
  return Number(lastInsertRowid);
}

/** Takes an adjustment back and answers it; undefined where none stands of the id. */
export function removeAdjustment(book: Book, id: number, now: string): Adjustment | undefined {
  return book
    .prepare(
      `UPDATE indicator_adjustment SET removed_at = ? WHERE id = ? AND removed_at IS NULL
       RETURNING id, month, figure, usd_minor AS usdMinor, reason, created_at AS createdAt`,
    )
    .get(now, id) as Adjustment | undefined;
}
