/** Counts of overseas warehouses: what they say lies there, what the book has, and what was decided of the difference. */
import type { z } from 'zod';
import type { stockCountRow } from '../../../shared/contract/purchasing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { StockCountEntry } from '../../../shared/import/stock-count.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';
import { loseAbroad } from './overseas.ts';
import { adjustCount, holdingOf } from './stock.ts';

type CountRow = z.output<typeof stockCountRow>;
type Key = Pick<StockCountEntry, 'sku' | 'date' | 'placeId'>;

interface Stored extends StockCountEntry {
  readonly id: number;
  readonly name: string;
  readonly placeName: string;
  readonly bookE5: number;
  readonly decision: 'adjusted' | 'kept' | null;
  readonly reason: string;
  readonly moveId: number | null;
  readonly decidedAt: string | null;
  readonly lines: string;
  readonly oldest: string | null;
}

/** What was counted of an article on a day at a warehouse; undefined: nothing. */
export function knownCount(book: Book, { sku, date, placeId }: Key): number | undefined {
  const row = book
    .prepare('SELECT counted_e5 AS countedE5 FROM stock_count WHERE sku = ? AND date = ? AND place_id = ?')
    .get(sku, date, placeId) as { countedE5: number } | undefined;
  return row?.countedE5;
}

export function insertCounts(book: Book, entries: readonly StockCountEntry[], runId: number, now: string): void {
  const insert = book.prepare(
    `INSERT INTO stock_count (date, sku, place_id, counted_e5, import_run_id, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  for (const { date, sku, placeId, countedE5 } of entries) insert.run(date, sku, placeId, countedE5, runId, now);
}

/** What the book has of an article at a place at the end of the day of a count; a move that was taken back later never was. */
const onDay = `(SELECT coalesce(sum(m.qty_e5), 0) FROM stock_move m WHERE m.sku = c.sku AND m.place_id = c.place_id AND m.date <= c.date
  AND m.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id))`;
const from = `FROM stock_count c JOIN product p ON p.sku = c.sku JOIN stock_place s ON s.id = c.place_id`;
const select = `SELECT c.id, c.date, c.sku, coalesce(nullif(p.name_cn, ''), p.name_source) AS name, c.place_id AS placeId, s.name AS placeName,
  c.counted_e5 AS countedE5, ${onDay} AS bookE5, c.decision, c.reason, c.move_id AS moveId, c.decided_at AS decidedAt, c.lines,
  (SELECT min(e.export_date) FROM export_line e WHERE e.mode = '9810' AND e.sku = c.sku
     AND e.sold_qty_e5 + e.back_qty_e5 + e.lost_qty_e5 < e.qty_e5) AS oldest ${from}`;
/** Whether the stock was brought to what a later day found: what an earlier count misses is in that already. */
const isOvertaken = `EXISTS (SELECT 1 FROM stock_move m WHERE m.sku = c.sku AND m.place_id = c.place_id AND m.date > c.date AND m.kind = 'adjusted'
  AND m.pair_id IS NULL AND m.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id))`;
const isOpen = `c.decision IS NULL AND c.counted_e5 <> ${onDay} AND NOT ${isOvertaken}`;

function viewOf(book: Book, row: Stored): CountRow {
  const { placeId, placeName, countedE5, bookE5, decision, moveId, decidedAt, lines, oldest, ...rest } = row;
  const line = book.prepare('SELECT declaration_no AS declarationNo, line_no AS lineNo FROM export_line WHERE id = ?');
  return {
    ...rest,
    place: { id: placeId, name: placeName },
    counted: storedText(countedE5),
    book: storedText(bookE5),
    difference: storedText(countedE5 - bookE5),
    state: decision ?? (countedE5 === bookE5 ? 'same' : 'differs'),
    ...(moveId === null ? {} : { moveId }),
    ...(decidedAt === null ? {} : { decidedAt }),
    ...(oldest === null ? {} : { oldest }),
    // A line that was taken away since is no longer to be shown.
    lines: (JSON.parse(lines) as { id: number; qtyE5: number }[]).flatMap(({ id, qtyE5 }) => {
      const named = line.get(id) as { declarationNo: string; lineNo: number } | undefined;
      return named === undefined ? [] : [{ exportLineId: id, ...named, qty: storedText(qtyE5) }];
    }),
  };
}

/** The newest first; those that differ and are not decided alone with `open`. */
export function listCounts(
  book: Book,
  filter: {
    readonly text?: string | undefined;
    readonly open: boolean;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): { rows: CountRow[]; total: number; openTotal: number; nextCursor?: string } {
  const [date, id] = decodeCursor(filter.after, ['9999-12-31', Number.MAX_SAFE_INTEGER]);
  const bind = { like: containing(filter.text ?? ''), open: filter.open ? 1 : 0 };
  const where = `(c.sku LIKE :like ESCAPE '\\' OR s.name LIKE :like ESCAPE '\\' OR p.name_cn LIKE :like ESCAPE '\\') AND (:open = 0 OR (${isOpen}))`;
  const rows = book
    .prepare(`${select} WHERE ${where} AND (c.date, c.id) < (:date, :id) ORDER BY c.date DESC, c.id DESC LIMIT :limit`)
    .all({ ...bind, date, id, limit: filter.limit }) as Stored[];
  const { n } = book.prepare(`SELECT count(*) AS n ${from} WHERE ${where}`).get(bind) as { n: number };
  const { open } = book.prepare(`SELECT count(*) AS open FROM stock_count c WHERE ${isOpen}`).get() as { open: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => viewOf(book, row)),
    total: n,
    openTotal: open,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

/** Articles with stock at a warehouse on the day of its latest count that the count does not name. */
export function uncounted(
  book: Book,
  limit: number,
): { place: string; date: string; sku: string; name: string; qtyE5: number }[] {
  return book
    .prepare(
      `WITH latest AS (SELECT place_id, max(date) AS date FROM stock_count GROUP BY place_id)
       SELECT s.name AS place, l.date, m.sku, coalesce(nullif(p.name_cn, ''), p.name_source) AS name, sum(m.qty_e5) AS qtyE5
       FROM latest l JOIN stock_move m ON m.place_id = l.place_id AND m.date <= l.date
         JOIN stock_place s ON s.id = l.place_id JOIN product p ON p.sku = m.sku
       WHERE m.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM stock_move r WHERE r.reverses = m.id)
         AND NOT EXISTS (SELECT 1 FROM stock_count c WHERE c.place_id = l.place_id AND c.date = l.date AND c.sku = m.sku)
       GROUP BY l.place_id, m.sku HAVING sum(m.qty_e5) <> 0 ORDER BY s.name, m.sku LIMIT ?`,
    )
    .all(limit) as ReturnType<typeof uncounted>;
}

/** A count nobody decided of. Refusals: `STOCK_COUNT_UNKNOWN` {id}, `STOCK_COUNT_DECIDED` {sku, date}. */
function requireOpen(book: Book, id: number): Stored {
  const row = book.prepare(`${select} WHERE c.id = ?`).get(id) as Stored | undefined;
  if (row === undefined) throw new PortbookError('STOCK_COUNT_UNKNOWN', { id }, 'id');
  if (row.decision !== null) throw new PortbookError('STOCK_COUNT_DECIDED', { sku: row.sku, date: row.date }, 'id');
  return row;
}

/** Decides of a difference; the contract of `stockCounts.decide` says how and what it refuses. Quantities by 10^5, money in fen. */
export function decideCount(
  book: Book,
  input: {
    readonly id: number;
    readonly decision: 'adjusted' | 'kept';
    readonly reason: string;
    readonly costFen: number | undefined;
  },
  now: string,
): {
  readonly sku: string;
  readonly moveId: number | undefined;
  readonly differenceE5: number;
  readonly costFen: number;
} {
  const { id, decision, reason, costFen } = input;
  const { sku, date, placeId, placeName, countedE5, bookE5 } = requireOpen(book, id);
  const differenceE5 = countedE5 - bookE5;
  if (differenceE5 === 0) throw new PortbookError('STOCK_COUNT_SAME', { sku, date }, 'id');
  const decide = book.prepare(
    'UPDATE stock_count SET decision = ?, reason = ?, move_id = ?, lines = ?, decided_at = ? WHERE id = ?',
  );
  if (decision === 'kept') {
    decide.run(decision, reason, null, '[]', now, id);
    return { sku, moveId: undefined, differenceE5, costFen: 0 };
  }
  if (book.prepare(`SELECT 1 FROM stock_count c WHERE c.id = ? AND ${isOvertaken}`).get(id) !== undefined)
    throw new PortbookError('STOCK_COUNT_OVERTAKEN', { sku, date }, 'decision');
  // What moved since the count stays moved: today's stock changes by the difference of that day.
  const today = holdingOf(book, sku, placeId).qtyE5;
  if (today + differenceE5 < 0) {
    const params = { sku, place: placeName, have: storedText(today), want: storedText(-differenceE5) };
    throw new PortbookError('STOCK_SHORT', params, 'id');
  }
  const done = adjustCount(book, { date, sku, placeId, countedE5: today + differenceE5, costFen, reason }, now);
  const lines = loseAbroad(book, { sku, date }, -differenceE5);
  decide.run(decision, reason, done.moveId ?? null, JSON.stringify(lines), now, id);
  return { sku, ...done };
}

/**
 * A move taken back that brought the stock to a count: its count is to be decided again, and the lines have their goods back. Counts
 * of an article are taken back from the last decided on, as each took up where the one before had left the lines. Refusal:
 * `STOCK_COUNT_LATER` {sku, date} of the count to take back first.
 */
export function reopenCount(book: Book, moveId: number): void {
  const row = book.prepare('SELECT id, sku, lines FROM stock_count WHERE move_id = ?').get(moveId) as
    | { id: number; sku: string; lines: string }
    | undefined;
  if (row === undefined) return;
  const later = book
    .prepare('SELECT date FROM stock_count WHERE sku = ? AND move_id > ? ORDER BY move_id DESC LIMIT 1')
    .get(row.sku, moveId) as { date: string } | undefined;
  if (later !== undefined) throw new PortbookError('STOCK_COUNT_LATER', { sku: row.sku, date: later.date }, 'moveId');
  const give = book.prepare('UPDATE export_line SET lost_qty_e5 = lost_qty_e5 - ? WHERE id = ?');
  for (const { id, qtyE5 } of JSON.parse(row.lines) as { id: number; qtyE5: number }[]) give.run(qtyE5, id);
  book
    .prepare(
      `UPDATE stock_count SET decision = NULL, reason = '', move_id = NULL, lines = '[]', decided_at = NULL WHERE id = ?`,
    )
    .run(row.id);
}

/** Removes a count nobody decided of. @returns its article */
export function removeCount(book: Book, id: number): string {
  const { sku } = requireOpen(book, id);
  book.prepare('DELETE FROM stock_count WHERE id = ?').run(id);
  return sku;
}
