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
import { remembered } from './remembered.ts';

type Margin = z.output<(typeof reports)['reports.margin']['output']>;
type By = z.output<typeof marginInput>['by'];

/** Key and what it is called of a posting, as SQL over `posting p` and its order `o`; '' where it names none. */
const keyOf: Readonly<Record<By, string>> = {
  order: 'p.order_id',
  market: `coalesce(o.country, '')`,
  store: `coalesce(p.store, o.store, '')`,
  product: `coalesce(p.sku, '')`,
};

/** Key, account, debit and credit in fen; by product, the order of postings that name no product. */
type Turnover = [string | number | null, number | null, string, number, number];

interface Whole {
  readonly sorted: readonly { readonly key: string; readonly of: MarginSums; readonly weight: number }[];
  readonly totals: MarginSums;
}

function readMargin(
  book: Book,
  columns: ReturnType<typeof marginAccounts>,
  { by, from, to }: Pick<z.output<typeof marginInput>, 'by' | 'from' | 'to'>,
): Whole {
  const order = by === 'product' ? 'iif(p.sku IS NULL, p.order_id, NULL)' : 'NULL';
  const orders = by === 'market' || by === 'store' ? 'LEFT JOIN sales_order o ON o.id = p.order_id' : '';
  const turnovers = book
    .prepare(
      `SELECT ${keyOf[by]} AS key, ${order} AS orderId, p.account, sum(max(p.cny_fen, 0)) AS debit, sum(max(-p.cny_fen, 0)) AS credit
       FROM posting p ${orders}
       WHERE p.account IN (SELECT value FROM json_each(?)) AND p.date BETWEEN ? AND ? AND p.closing = 0
       GROUP BY 1, 2, 3`,
    )
    .raw()
    .iterate(JSON.stringify([...columns.keys()]), `${from}-01`, lastDay(to)) as IterableIterator<Turnover>;
  const sums = new Map<string, MarginSums>();
  const ofOrder = new Map<number, MarginSums>();
  const sumsOf = <K>(map: Map<K, MarginSums>, key: K): MarginSums => {
    const known = map.get(key);
    if (known !== undefined) return known;
    const made = noMargin();
    map.set(key, made);
    return made;
  };
  for (const [key, orderId, account, debit, credit] of turnovers) {
    const column = columns.get(account);
    if (column === undefined) continue;
    const into = orderId === null ? sumsOf(sums, String(key ?? '')) : sumsOf(ofOrder, orderId);
    addToMargin(into, column, BigInt(debit), BigInt(credit));
  }
  splitOverLines(book, ofOrder, (sku) => sumsOf(sums, sku));

  const totals = noMargin();
  for (const one of sums.values()) addMargin(totals, one);
  const sorted = [...sums].map(([key, of]) => ({ key, of, weight: Number(of.revenue - of.returns) }));
  sorted.sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
  return { sorted, totals };
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
  const { by, from, to } = input;
  const columns = marginAccounts(readChart(book), rules.margin);
  const { sorted, totals } = remembered(book, JSON.stringify(['margin', by, from, to, ...columns]), () =>
    readMargin(book, columns, input),
  );
  const [weight, key] = decodeCursor(input.after, [Number.MAX_VALUE, ''] as [number, string]);
  const start = sorted.findIndex((one) => one.weight < weight || (one.weight === weight && one.key > key));
  const page = start < 0 ? [] : sorted.slice(start, start + input.limit);
  const last = start >= 0 && start + input.limit < sorted.length ? page.at(-1) : undefined;
  const accounts = [...columns.keys()];
  return {
    rows: page.map((one) => ({
      ...naming(book, by, one.key, countryName),
      assigned: one.key !== '',
      ...marginTexts(one.of),
      drill: { accounts, from, to, ...drillOf(by, one.key) },
    })),
    total: sorted.length,
    ...(last === undefined ? {} : { nextCursor: encodeCursor([last.weight, last.key]) }),
    totals: marginTexts(totals),
  };
}

/** What is of orders as a whole, over the products of their lines by amount; of an order without one, to no product. */
function splitOverLines(
  book: Book,
  ofOrder: ReadonlyMap<number, MarginSums>,
  sumsOf: (sku: string) => MarginSums,
): void {
  const linesOf = new Map<number, [sku: string, weight: bigint][]>();
  const lines = book
    .prepare(
      `SELECT l.order_id, l.sku, sum(l.total_e5) FROM json_each(?) w CROSS JOIN order_line l ON l.order_id = w.value
       GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .raw()
    .iterate(JSON.stringify([...ofOrder.keys()])) as IterableIterator<[number, string, number]>;
  for (const [orderId, sku, weight] of lines) {
    const known = linesOf.get(orderId);
    if (known === undefined) linesOf.set(orderId, [[sku, BigInt(weight)]]);
    else known.push([sku, BigInt(weight)]);
  }
  for (const [orderId, whole] of ofOrder) {
    const weights = linesOf.get(orderId) ?? [];
    const [only] = weights;
    if (only !== undefined && weights.length === 1 && only[1] > 0n) {
      addMargin(sumsOf(only[0]), whole);
      continue;
    }
    const parts = splitMargin(
      whole,
      weights.map(([, weight]) => weight),
    );
    if (parts === undefined) addMargin(sumsOf(''), whole);
    for (const [at, part] of (parts ?? []).entries()) addMargin(sumsOf(weights[at]?.[0] ?? ''), part);
  }
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
