import type { z } from 'zod';
import type { Drill, marginInput, reports } from '../../../../shared/contract/reports.ts';
import {
  addMargin,
  addToMargin,
  type MarginSums,
  marginAccounts,
  marginTexts,
  noMargin,
  splitMargin,
} from '../../../../shared/reports/margin.ts';
import type { StatementRules } from '../../../../shared/reports/pack.ts';
import { lastDay } from '../../../../shared/reports/periods.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { readChart, requireRange } from './balances.ts';

type Margin = z.output<(typeof reports)['reports.margin']['output']>;
type By = z.output<typeof marginInput>['by'];

/** Key and what it is called of a posting, as SQL over `posting p` and its order `o`; '' where it names none. */
const keyOf: Readonly<Record<By, string>> = {
  order: `coalesce(CAST(p.order_id AS TEXT), '')`,
  market: `coalesce(o.country, '')`,
  store: `coalesce(p.store, o.store, '')`,
  product: `coalesce(p.sku, '')`,
};

interface Turnover {
  readonly key: string;
  /** Only by product: the order of postings that name no product. */
  readonly orderId: number | null;
  readonly account: string;
  readonly debit: number;
  readonly credit: number;
}

/**
 * 毛利 by order, product, market or store over a range, closing entries left out. By product, what a posting says of an order as a
 * whole is split over the order's lines by their amounts. Refusal: `PERIOD_RANGE`.
 * @param countryName customs' name of a country code
 */
export function marginReport(
  book: Book,
  rules: StatementRules,
  input: z.output<typeof marginInput>,
  countryName: (code: string) => string,
): Margin {
  requireRange(input);
  const columns = marginAccounts(readChart(book), rules.margin);
  const isByProduct = input.by === 'product';
  const order = isByProduct ? 'iif(p.sku IS NULL, p.order_id, NULL)' : 'NULL';
  const turnovers = book
    .prepare(
      `SELECT ${keyOf[input.by]} AS key, ${order} AS orderId, p.account, sum(max(p.cny_fen, 0)) AS debit, sum(max(-p.cny_fen, 0)) AS credit
       FROM posting p LEFT JOIN sales_order o ON o.id = p.order_id
       WHERE p.account IN (SELECT value FROM json_each(?)) AND p.date BETWEEN ? AND ? AND p.closing = 0
       GROUP BY 1, 2, 3 ORDER BY 1, 2`,
    )
    .iterate(JSON.stringify([...columns.keys()]), `${input.from}-01`, lastDay(input.to)) as IterableIterator<Turnover>;

  const sums = new Map<string, MarginSums>();
  const ofOrder = new Map<number, MarginSums>();
  const sumsOf = <K>(map: Map<K, MarginSums>, key: K): MarginSums => {
    const known = map.get(key) ?? noMargin();
    map.set(key, known);
    return known;
  };
  for (const { key, orderId, account, debit, credit } of turnovers) {
    const column = columns.get(account);
    if (column === undefined) continue;
    addToMargin(orderId === null ? sumsOf(sums, key) : sumsOf(ofOrder, orderId), column, BigInt(debit), BigInt(credit));
  }
  for (const [orderId, whole] of ofOrder) splitOverLines(book, orderId, whole, (sku) => sumsOf(sums, sku));

  const totals = noMargin();
  for (const one of sums.values()) addMargin(totals, one);
  const sorted = [...sums].map(([key, of]) => ({ key, of, weight: Number(of.revenue - of.returns) }));
  sorted.sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
  const [weight, key] = decodeCursor(input.after, [Number.MAX_VALUE, ''] as [number, string]);
  const start = sorted.findIndex((one) => one.weight < weight || (one.weight === weight && one.key > key));
  const page = start < 0 ? [] : sorted.slice(start, start + input.limit);
  const last = start >= 0 && start + input.limit < sorted.length ? page.at(-1) : undefined;
  const accounts = [...columns.keys()];
  return {
    rows: page.map((one) => ({
      ...naming(book, input.by, one.key, countryName),
      assigned: one.key !== '',
      ...marginTexts(one.of),
      drill: { accounts, from: input.from, to: input.to, ...drillOf(input.by, one.key) },
    })),
    total: sorted.length,
    ...(last === undefined ? {} : { nextCursor: encodeCursor([last.weight, last.key]) }),
    totals: marginTexts(totals),
  };
}

function splitOverLines(book: Book, orderId: number, whole: MarginSums, sumsOf: (sku: string) => MarginSums): void {
  const lines = book
    .prepare('SELECT sku, sum(total_e5) AS weight FROM order_line WHERE order_id = ? GROUP BY sku ORDER BY sku')
    .all(orderId) as { sku: string; weight: number }[];
  const parts = splitMargin(
    whole,
    lines.map(({ weight }) => BigInt(weight)),
  );
  if (parts === undefined) addMargin(sumsOf(''), whole);
  for (const [at, part] of (parts ?? []).entries()) addMargin(sumsOf(lines[at]?.sku ?? ''), part);
}

function naming(
  book: Book,
  by: By,
  key: string,
  countryName: (code: string) => string,
): { label: string; name: string } {
  if (key === '') return { label: '', name: '' };
  if (by === 'market') return { label: key, name: countryName(key) };
  if (by === 'store') return { label: key, name: '' };
  const sql =
    by === 'order'
      ? 'SELECT order_no AS label, country_text AS name FROM sales_order WHERE id = ?'
      : 'SELECT sku AS label, coalesce(name_cn, name_source) AS name FROM product WHERE sku = ?';
  return (
    (book.prepare(sql).get(by === 'order' ? Number(key) : key) as { label: string; name: string } | undefined) ?? {
      label: key,
      name: '',
    }
  );
}

function drillOf(by: By, key: string): Partial<Drill> {
  const value = key === '' ? null : key;
  if (by === 'order') return { orderId: value === null ? null : Number(value) };
  if (by === 'market') return { country: value };
  if (by === 'store') return { store: value };
  return value === null ? { sku: null } : { orderedSku: value };
}
