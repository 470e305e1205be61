import type { z } from 'zod';
import type { quantityLedgerInput, reports } from '../../../../shared/contract/reports.ts';
import { storedText } from '../../../../shared/money/stored.ts';
import { fenText, unitPrice } from '../../../../shared/reports/amounts.ts';
import { lastDay } from '../../../../shared/reports/periods.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { requireRange } from './balances.ts';

type Quantities = z.output<(typeof reports)['reports.quantityLedger']['output']>;
type Input = z.output<typeof quantityLedgerInput>;

interface StoredSums {
  readonly sku: string;
  readonly name: string;
  readonly openQty: number;
  readonly openFen: number;
  readonly inQty: number;
  readonly inFen: number;
  readonly outQty: number;
  readonly outFen: number;
}

/** What moved, in one shape: day, product, quantity and fen, both signed. */
function movesOf(input: Input): { sql: string; values: Record<string, string | number> } {
  if (input.source === 'account')
    return {
      // Postings without a quantity too (corrections of cost), or the closing amount would not be the account's balance.
      sql: `SELECT date, coalesce(sku, '') AS sku, coalesce(qty_e5, 0) AS qty, cny_fen AS fen FROM posting
        WHERE (qty_e5 IS NOT NULL OR account IN (SELECT code FROM account WHERE quantity = 1)) AND (:account = '' OR substr(account, 1, length(:account)) = :account)`,
      values: { account: input.account ?? '' },
    };
  const isPair = `kind = 'adjusted' AND pair_id IS NOT NULL`;
  const where = input.placeId === undefined ? `kind NOT IN ('transfer-in','transfer-out')` : 'place_id = :place';
  // All leaves and comes back at another cost: what changed is the cost alone.
  return {
    sql: `SELECT date, sku, qty_e5 AS qty, cost_fen AS fen FROM stock_move WHERE ${where} AND NOT (${isPair})
      UNION ALL SELECT date, sku, 0, cost_fen + (SELECT o.cost_fen FROM stock_move o WHERE o.id = i.pair_id) FROM stock_move i
        WHERE ${where} AND ${isPair} AND qty_e5 > 0`,
    values: input.placeId === undefined ? {} : { place: input.placeId },
  };
}

/** What is added; an amount without a quantity by its sign. */
const isIn = '(m.qty > 0 OR (m.qty = 0 AND m.fen > 0))';

const figures = (qtyE5: number, fen: number) => ({
  quantity: storedText(qtyE5),
  price: unitPrice(BigInt(fen), BigInt(qtyE5)),
  amount: fenText(fen),
});

/** 数量金额账 by product. In: what was added; out: what was taken away, shown positive. Refusal: `PERIOD_RANGE`. */
export function quantityLedgerOf(book: Book, input: Input): Quantities {
  requireRange(input);
  const { sql, values } = movesOf(input);
  const [after] = decodeCursor(input.after, [''] as [string]);
  const isFirst = input.after === undefined;
  const grouped = `SELECT m.sku, coalesce(max(p.name_cn), max(p.name_source), '') AS name,
      sum(iif(m.date < :from, m.qty, 0)) AS openQty, sum(iif(m.date < :from, m.fen, 0)) AS openFen,
      sum(iif(m.date >= :from AND ${isIn}, m.qty, 0)) AS inQty, sum(iif(m.date >= :from AND ${isIn}, m.fen, 0)) AS inFen,
      -sum(iif(m.date >= :from AND NOT ${isIn}, m.qty, 0)) AS outQty, -sum(iif(m.date >= :from AND NOT ${isIn}, m.fen, 0)) AS outFen
    FROM (${sql}) m LEFT JOIN product p ON p.sku = m.sku WHERE m.date <= :to`;
  const range = { ...values, from: `${input.from}-01`, to: lastDay(input.to) };
  const rows = book
    .prepare(`${grouped} AND (:first OR m.sku > :after) GROUP BY m.sku ORDER BY m.sku LIMIT :limit`)
    .all({ ...range, first: isFirst ? 1 : 0, after, limit: input.limit }) as StoredSums[];
  const { n } = book
    .prepare(`SELECT count(DISTINCT m.sku) AS n FROM (${sql}) m WHERE m.date <= :to`)
    .get({ ...values, to: range.to }) as { n: number };
  const last = rows.length === input.limit ? rows.at(-1) : undefined;
  return {
    rows: rows.map((row) => ({
      sku: row.sku,
      name: row.name,
      opening: figures(row.openQty, row.openFen),
      in: figures(row.inQty, row.inFen),
      out: figures(row.outQty, row.outFen),
      closing: figures(row.openQty + row.inQty - row.outQty, row.openFen + row.inFen - row.outFen),
      ...(input.source === 'stock' || input.account === undefined
        ? {}
        : {
            drill: {
              accounts: [input.account],
              from: input.from,
              to: input.to,
              sku: row.sku === '' ? null : row.sku,
            },
          }),
    })),
    total: n,
    ...(last === undefined ? {} : { nextCursor: encodeCursor([last.sku]) }),
  };
}
