import type { z } from 'zod';
import type { ageingInput, reports } from '../../../../shared/contract/reports.ts';
import { type Aged, type AgedPosting, age } from '../../../../shared/reports/ageing.ts';
import { fenText, majorText } from '../../../../shared/reports/amounts.ts';
import type { StatementRules } from '../../../../shared/reports/pack.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { balancesOn } from './balances.ts';
import { remembered } from './remembered.ts';

type Ageing = z.output<(typeof reports)['reports.ageing']['output']>;
type Row = Ageing['rows'][number];

/** Order, party, currency, date, voucher, minor units, fen; in the columns' order. */
type StoredPosting = [number | null, number | null, string, string, number, number, number];

interface Group {
  readonly orderId: number | null;
  readonly partyId: number | null;
  readonly currency: string;
  readonly aged: Aged;
}

interface Total {
  buckets: bigint[];
  advance: bigint;
  total: bigint;
  totalFen: bigint;
}

type Key = readonly [number, number, string];
const keyOf = ({ orderId, partyId, currency }: Group): Key => [orderId ?? 0, partyId ?? 0, currency];

interface Whole {
  /** What is open, in the order of the pages. */
  readonly groups: readonly Group[];
  readonly totals: ReadonlyMap<string, Total>;
}

/** One pass over the postings of the accounts in the order of the groups: memory holds what is open. */
function readGroups(
  book: Book,
  rules: StatementRules,
  { kind, date, by }: Pick<z.output<typeof ageingInput>, 'kind' | 'date' | 'by'>,
): Whole {
  const { ageingDays: bounds } = rules;
  const sign = kind === 'receivable' ? 1 : -1;
  const group =
    by === 'order'
      ? 'p.order_id AS orderId, iif(p.order_id IS NULL, p.party_id, NULL) AS partyId'
      : 'NULL AS orderId, p.party_id AS partyId';
  // Few vouchers are reversals: looked up apart, they cost less than a join for every posting.
  const reversals = new Map(
    book.prepare('SELECT id, reverses FROM voucher WHERE reverses IS NOT NULL').raw().all() as [number, number][],
  );
  const statement = book
    .prepare(
      `SELECT ${group}, p.currency, p.date, p.voucher_id, p.amount_minor, p.cny_fen FROM posting p
       WHERE p.account IN (SELECT a.code FROM account a, json_each(?) w WHERE substr(a.code, 1, length(w.value)) = w.value)
         AND p.date <= ?
       ORDER BY coalesce(orderId, 0), coalesce(partyId, 0), p.currency, p.date, p.voucher_id, p.position`,
    )
    .raw();
  const groups: Group[] = [];
  const totals = new Map<string, Total>();
  const close = ([orderId, partyId, currency]: StoredPosting, postings: readonly AgedPosting[]): void => {
    const aged = age(postings, date, bounds);
    const sum = totals.get(currency) ?? { buckets: aged.buckets.map(() => 0n), advance: 0n, total: 0n, totalFen: 0n };
    totals.set(currency, sum);
    sum.buckets = sum.buckets.map((value, at) => value + (aged.buckets[at] ?? 0n));
    sum.advance += aged.advance;
    sum.total += aged.total;
    sum.totalFen += aged.totalFen;
    if (aged.total !== 0n || aged.totalFen !== 0n) groups.push({ orderId, partyId, currency, aged });
  };
  let head: StoredPosting | undefined;
  let postings: AgedPosting[] = [];
  for (const posting of statement.iterate(JSON.stringify(rules.ageing[kind]), date) as Iterable<StoredPosting>) {
    if (head === undefined || head[0] !== posting[0] || head[1] !== posting[1] || head[2] !== posting[2]) {
      if (head !== undefined) close(head, postings);
      head = posting;
      postings = [];
    }
    const [, , , day, voucherId, minor, fen] = posting;
    const reverses = reversals.get(voucherId) ?? null;
    postings.push({ date: day, voucherId, reverses, minor: BigInt(sign * minor), fen: BigInt(sign * fen) });
  }
  if (head !== undefined) close(head, postings);
  return { groups, totals };
}

/** 账龄 of what is owed by order or by party, each in its currency; a posting that names no order is aged by its party. */
export function ageingOf(book: Book, rules: StatementRules, input: z.output<typeof ageingInput>): Ageing {
  const { ageingDays: bounds } = rules;
  const { kind, date, by } = input;
  const accounts = rules.ageing[kind];
  const sign = kind === 'receivable' ? 1 : -1;
  const { groups, totals } = remembered(book, JSON.stringify(['ageing', kind, date, by, accounts, bounds]), () =>
    readGroups(book, rules, input),
  );
  const after: Key = decodeCursor(input.after, [-1, -1, ''] as [number, number, string]);
  const start = groups.findIndex((one) => compareKeys(keyOf(one), after) > 0);
  const page = start < 0 ? [] : groups.slice(start, start + input.limit);
  const last = start >= 0 && start + input.limit < groups.length ? page.at(-1) : undefined;
  const ledger = balancesOn(book, accounts, input.date);
  const currencies = [...new Set([...totals.keys(), ...ledger.keys()])].sort();
  return {
    rows: page.map((one) => rowOf(book, one, { accounts, to: date.slice(0, 7), isByOrder: by === 'order' })),
    total: groups.length,
    ...(last === undefined ? {} : { nextCursor: encodeCursor(keyOf(last)) }),
    bounds,
    totals: [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => shown(currency, sum)),
    checks: currencies.map((currency) => {
      const { minor = 0n, fen = 0n } = ledger.get(currency) ?? {};
      const sum = totals.get(currency);
      return {
        currency,
        difference: majorText(BigInt(sign) * minor - (sum?.total ?? 0n), currency),
        differenceCny: fenText(BigInt(sign) * fen - (sum?.totalFen ?? 0n)),
      };
    }),
  };
}

function rowOf(
  book: Book,
  { orderId, partyId, currency, aged }: Group,
  { accounts, to, isByOrder }: { readonly accounts: string[]; readonly to: string; readonly isByOrder: boolean },
): Row {
  return {
    label: labelOf(book, orderId, partyId),
    orderId,
    partyId,
    ...shown(currency, aged),
    ...(aged.oldest === undefined ? {} : { oldest: aged.oldest }),
    drill: {
      accounts,
      to,
      currency,
      ...(isByOrder ? { orderId } : {}),
      ...(isByOrder && orderId !== null ? {} : { partyId }),
    },
  };
}

function compareKeys(a: Key, b: Key): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0;
}

function shown(
  currency: string,
  sum: {
    readonly buckets: readonly bigint[];
    readonly advance: bigint;
    readonly total: bigint;
    readonly totalFen: bigint;
  },
) {
  return {
    currency,
    buckets: sum.buckets.map((value) => majorText(value, currency)),
    advance: majorText(sum.advance, currency),
    total: majorText(sum.total, currency),
    totalCny: fenText(sum.totalFen),
  };
}

function labelOf(book: Book, orderId: number | null, partyId: number | null): string {
  const found =
    orderId !== null
      ? book.prepare('SELECT order_no AS name FROM sales_order WHERE id = ?').get(orderId)
      : partyId !== null
        ? book.prepare('SELECT name FROM party WHERE id = ?').get(partyId)
        : undefined;
  return (found as { name: string } | undefined)?.name ?? '';
}
