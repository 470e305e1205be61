import { PortbookError } from '../../../../shared/errors.ts';
import { Chart, type ReportAccount } from '../../../../shared/reports/accounts.ts';
import type { Fen } from '../../../../shared/reports/statements.ts';
import type { Book } from '../book.ts';

/** What reports of balances read: `balance` only, so that they take as long for a hundred vouchers as for a million. */

/** The chart of accounts of the book. */
export function readChart(book: Book): Chart {
  return new Chart(
    book
      .prepare('SELECT code, name_zh AS nameZh, name_en AS nameEn, kind, side FROM account ORDER BY code')
      .all() as ReportAccount[],
  );
}

/** Refuses a range that ends before it begins: `PERIOD_RANGE`. */
export function requireRange({ from, to }: { readonly from: string; readonly to: string }): void {
  if (from > to) throw new PortbookError('PERIOD_RANGE', { from, to }, 'to');
}

/** Opening balance (signed) and turnover of an account in a currency; minor units and fen. */
export interface RangeBalance {
  readonly account: string;
  readonly currency: string;
  readonly openMinor: number;
  readonly openFen: number;
  readonly debitMinor: number;
  readonly creditMinor: number;
  readonly debitFen: number;
  readonly creditFen: number;
}

export function rangeBalances(book: Book, from: string, to: string): readonly RangeBalance[] {
  return book
    .prepare(
      `SELECT account, currency,
         sum(iif(period < :from, debit_minor - credit_minor, 0)) AS openMinor,
         sum(iif(period < :from, debit_fen - credit_fen, 0)) AS openFen,
         sum(iif(period < :from, 0, debit_minor)) AS debitMinor, sum(iif(period < :from, 0, credit_minor)) AS creditMinor,
         sum(iif(period < :from, 0, debit_fen)) AS debitFen, sum(iif(period < :from, 0, credit_fen)) AS creditFen
       FROM balance WHERE period <= :to GROUP BY account, currency ORDER BY account, currency`,
    )
    .all({ from, to }) as RangeBalance[];
}

/** Turnover of a month by account; in one currency's minor units, or in fen over all. */
export interface MonthTurnover {
  readonly account: string;
  readonly period: string;
  readonly debit: number;
  readonly credit: number;
}

/** By account and month up to `to`, from the book's first on. `account`: it and what is below it. */
export function monthTurnovers(
  book: Book,
  filter: { readonly to: string; readonly account: string | undefined; readonly currency: string | undefined },
): readonly MonthTurnover[] {
  const [debit, credit] = filter.currency === undefined ? ['debit_fen', 'credit_fen'] : ['debit_minor', 'credit_minor'];
  return book
    .prepare(
      `SELECT account, period, sum(${debit}) AS debit, sum(${credit}) AS credit FROM balance
       WHERE period <= :to AND (:account = '' OR substr(account, 1, length(:account)) = :account)
         AND (:currency = '' OR currency = :currency)
       GROUP BY account, period ORDER BY account, period`,
    )
    .all({ to: filter.to, account: filter.account ?? '', currency: filter.currency ?? '' }) as MonthTurnover[];
}

function fenMap(rows: readonly unknown[]): Fen {
  return new Map((rows as { account: string; fen: number }[]).map(({ account, fen }) => [account, BigInt(fen)]));
}

/** Balances in fen at the end of a month, debit positive. */
export function balancesAt(book: Book, period: string): Fen {
  return fenMap(
    book
      .prepare('SELECT account, sum(debit_fen - credit_fen) AS fen FROM balance WHERE period <= ? GROUP BY account')
      .all(period),
  );
}

/** Net turnover in fen of a range without closing entries (结转), debit positive. */
export function turnoverOf(book: Book, from: string, to: string): Fen {
  return fenMap(
    book
      .prepare(
        `SELECT account, sum(debit_fen - credit_fen) AS fen FROM balance
         WHERE period BETWEEN ? AND ? AND closing = 0 GROUP BY account`,
      )
      .all(from, to),
  );
}

/** Balance of accounts (each with what is below it) by currency on a day, from the postings themselves. */
export function balancesOn(
  book: Book,
  accounts: readonly string[],
  date: string,
): ReadonlyMap<string, { readonly minor: bigint; readonly fen: bigint }> {
  const period = date.slice(0, 7);
  const rows = book
    .prepare(
      `WITH wanted (code) AS (
         SELECT a.code FROM account a, json_each(:accounts) w WHERE substr(a.code, 1, length(w.value)) = w.value)
       SELECT currency, sum(minor) AS minor, sum(fen) AS fen FROM (
         SELECT currency, debit_minor - credit_minor AS minor, debit_fen - credit_fen AS fen FROM balance
         WHERE period < :period AND account IN (SELECT code FROM wanted)
         UNION ALL
         SELECT currency, amount_minor, cny_fen FROM posting
         WHERE account IN (SELECT code FROM wanted) AND date BETWEEN :first AND :date)
       GROUP BY currency ORDER BY currency`,
    )
    .all({ accounts: JSON.stringify(accounts), period, first: `${period}-01`, date }) as {
    currency: string;
    minor: number;
    fen: number;
  }[];
  return new Map(rows.map(({ currency, minor, fen }) => [currency, { minor: BigInt(minor), fen: BigInt(fen) }]));
}
