import type { z } from 'zod';
import type { ageingInput, reports } from '../../../../shared/contract/reports.ts';
import { type AgedPosting, age } from '../../../../shared/reports/ageing.ts';
import { fenText, majorText } from '../../../../shared/reports/amounts.ts';
import type { StatementRules } from '../../../../shared/reports/pack.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { balancesOn } from './balances.ts';

type Ageing = z.output<(typeof reports)['reports.ageing']['output']>;
type Row = Ageing['rows'][number];

interface StoredPosting {
  readonly orderId: number | null;
  readonly partyId: number | null;
  readonly currency: string;
  readonly date: string;
  readonly voucherId: number;
  readonly reverses: number | null;
  readonly minor: number;
  readonly fen: number;
}

interface Total {
  buckets: bigint[];
  advance: bigint;
  total: bigint;
  totalFen: bigint;
}

/**
 * 账龄 of what is owed by order or by party, each in its currency; a posting that names no order is aged by its party. One pass
 * over the postings of the accounts in the order of the groups: memory holds one group and one page.
 */
export function ageingOf(book: Book, rules: StatementRules, input: z.output<typeof ageingInput>): Ageing {
  const { ageingDays: bounds } = rules;
  const accounts = rules.ageing[input.kind];
  const sign = input.kind === 'receivable' ? 1 : -1;
  const isByOrder = input.by === 'order';
  const [afterOrder, afterParty, afterCurrency] = decodeCursor(input.after, [-1, -1, ''] as [number, number, string]);
  const group = isByOrder
    ? 'p.order_id AS orderId, iif(p.order_id IS NULL, p.party_id, NULL) AS partyId'
    : 'NULL AS orderId, p.party_id AS partyId';
  const statement = book.prepare(
    `SELECT ${group}, p.currency, p.date, p.voucher_id AS voucherId, v.reverses, p.amount_minor AS minor, p.cny_fen AS fen
     FROM posting p JOIN voucher v ON v.id = p.voucher_id
     WHERE p.account IN (SELECT a.code FROM account a, json_each(?) w WHERE substr(a.code, 1, length(w.value)) = w.value)
       AND p.date <= ?
     ORDER BY coalesce(orderId, 0), coalesce(partyId, 0), p.currency, p.date, p.voucher_id, p.position`,
  );

  const rows: { row: Row; key: [number, number, string] }[] = [];
  const totals = new Map<string, Total>();
  let count = 0;
  const close = (head: StoredPosting, postings: readonly AgedPosting[]): void => {
    const aged = age(postings, input.date, bounds);
    const sum = totals.get(head.currency) ?? {
      buckets: aged.buckets.map(() => 0n),
      advance: 0n,
      total: 0n,
      totalFen: 0n,
    };
    totals.set(head.currency, sum);
    sum.buckets = sum.buckets.map((value, at) => value + (aged.buckets[at] ?? 0n));
    sum.advance += aged.advance;
    sum.total += aged.total;
    sum.totalFen += aged.totalFen;
    if (aged.buckets.every((value) => value === 0n) && aged.advance === 0n && aged.totalFen === 0n) return;
    count += 1;
    const key: [number, number, string] = [head.orderId ?? 0, head.partyId ?? 0, head.currency];
    if (rows.length > input.limit || compareKeys(key, [afterOrder, afterParty, afterCurrency]) <= 0) return;
    rows.push({
      key,
      row: {
        label: '',
        orderId: head.orderId,
        partyId: head.partyId,
        ...shown(head.currency, aged),
        ...(aged.oldest === undefined ? {} : { oldest: aged.oldest }),
        drill: {
          accounts,
          to: input.date.slice(0, 7),
          currency: head.currency,
          ...(isByOrder ? { orderId: head.orderId } : {}),
          ...(isByOrder && head.orderId !== null ? {} : { partyId: head.partyId }),
        },
      },
    });
  };

  let head: StoredPosting | undefined;
  let postings: AgedPosting[] = [];
  for (const posting of statement.iterate(JSON.stringify(accounts), input.date) as Iterable<StoredPosting>) {
    const isSame =
      head !== undefined &&
      head.orderId === posting.orderId &&
      head.partyId === posting.partyId &&
      head.currency === posting.currency;
    if (!isSame) {
      if (head !== undefined) close(head, postings);
      head = posting;
      postings = [];
    }
    postings.push({ ...posting, minor: BigInt(sign * posting.minor), fen: BigInt(sign * posting.fen) });
  }
  if (head !== undefined) close(head, postings);

  const page = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  const ledger = balancesOn(book, accounts, input.date);
  const currencies = [...new Set([...totals.keys(), ...ledger.keys()])].sort();
  return {
    rows: page.map(({ row }) => ({ ...row, label: labelOf(book, row) })),
    total: count,
    ...(last === undefined ? {} : { nextCursor: encodeCursor(last.key) }),
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

function compareKeys(a: readonly [number, number, string], b: readonly [number, number, string]): number {
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

function labelOf(book: Book, { orderId, partyId }: Row): string {
  const found =
    orderId !== null
      ? book.prepare('SELECT order_no AS name FROM sales_order WHERE id = ?').get(orderId)
      : partyId !== null
        ? book.prepare('SELECT name FROM party WHERE id = ?').get(partyId)
        : undefined;
  return (found as { name: string } | undefined)?.name ?? '';
}
