import type { z } from 'zod';
import type { generalLedgerInput, reports, trialBalanceInput } from '../../../../shared/contract/reports.ts';
import { levelOf, pathOf } from '../../../../shared/reports/accounts.ts';
import { majorText, sidedBalance, sidesOf } from '../../../../shared/reports/amounts.ts';
import { periodsBetween, yearStart } from '../../../../shared/reports/periods.ts';
import type { Book } from '../book.ts';
import { monthTurnovers, rangeBalances, readChart, requireRange } from './balances.ts';

type Trial = z.output<(typeof reports)['reports.trialBalance']['output']>;
type General = z.output<(typeof reports)['reports.generalLedger']['output']>;

/** Opening, debit and credit of the range; signed opening, debit positive. */
interface Sums {
  open: bigint;
  debit: bigint;
  credit: bigint;
}
const nothing = (): Sums => ({ open: 0n, debit: 0n, credit: 0n });

function shown({ open, debit, credit }: Sums, currency: string) {
  return {
    opening: sidesOf(open, currency),
    turnover: {
      debit: debit === 0n ? '' : majorText(debit, currency),
      credit: credit === 0n ? '' : majorText(credit, currency),
    },
    closing: sidesOf(open + debit - credit, currency),
  };
}

/** 科目余额表: accounts down to a level, each with the sum of what is below it. Refusal: `PERIOD_RANGE`. */
export function trialBalanceOf(book: Book, input: z.output<typeof trialBalanceInput>): Trial {
  requireRange(input);
  const chart = readChart(book);
  const rows = new Map<string, { account: string; currency: string; sums: Sums }>();
  const totals = new Map<string, { open: [bigint, bigint]; debit: bigint; credit: bigint; close: [bigint, bigint] }>();
  for (const row of rangeBalances(book, input.from, input.to)) {
    const isCny = input.mode === 'cny';
    const currency = isCny ? 'CNY' : row.currency;
    const open = BigInt(isCny ? row.openFen : row.openMinor);
    const debit = BigInt(isCny ? row.debitFen : row.debitMinor);
    const credit = BigInt(isCny ? row.creditFen : row.creditMinor);
    for (const account of pathOf(row.account)) {
      const key = `${account} ${currency}`;
      const kept = rows.get(key) ?? { account, currency, sums: nothing() };
      kept.sums.open += open;
      kept.sums.debit += debit;
      kept.sums.credit += credit;
      rows.set(key, kept);
    }
  }
  for (const { account, currency, sums } of rows.values()) {
    if (levelOf(account) !== 1) continue;
    const total = totals.get(currency) ?? { open: [0n, 0n], debit: 0n, credit: 0n, close: [0n, 0n] };
    const close = sums.open + sums.debit - sums.credit;
    total.open[sums.open > 0n ? 0 : 1] += sums.open > 0n ? sums.open : -sums.open;
    total.close[close > 0n ? 0 : 1] += close > 0n ? close : -close;
    total.debit += sums.debit;
    total.credit += sums.credit;
    totals.set(currency, total);
  }
  const list = [...rows.values()]
    .filter(({ account, sums }) => {
      const isNothing = sums.open === 0n && sums.debit === 0n && sums.credit === 0n;
      return levelOf(account) <= input.level && !isNothing;
    })
    .sort((a, b) => (a.account === b.account ? (a.currency < b.currency ? -1 : 1) : a.account < b.account ? -1 : 1));
  return {
    rows: list.map(({ account, currency, sums }) => ({
      account,
      ...chart.nameOf(account),
      level: levelOf(account),
      group: chart.isGroup(account),
      currency,
      ...shown(sums, currency),
      drill: {
        accounts: [account],
        from: input.from,
        to: input.to,
        ...(input.mode === 'cny' ? {} : { currency }),
      },
    })),
    totals: [...totals]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, { open, debit, credit, close }]) => ({
        currency,
        opening: { debit: majorText(open[0], currency), credit: majorText(open[1], currency) },
        turnover: { debit: majorText(debit, currency), credit: majorText(credit, currency) },
        closing: { debit: majorText(close[0], currency), credit: majorText(close[1], currency) },
      })),
    balanced: [...totals.values()].every(
      ({ open, debit, credit, close }) => open[0] === open[1] && debit === credit && close[0] === close[1],
    ),
  };
}

/** 总账: opening, turnover of each month, the year so far. Months without turnover are left out. Refusal: `PERIOD_RANGE`. */
export function generalLedgerOf(book: Book, input: z.output<typeof generalLedgerInput>): General {
  requireRange(input);
  const chart = readChart(book);
  const currency = input.currency ?? 'CNY';
  const byAccount = new Map<string, Map<string, { debit: bigint; credit: bigint }>>();
  for (const row of monthTurnovers(book, { to: input.to, account: input.account, currency: input.currency })) {
    const account = input.account ?? row.account.slice(0, 2 + 2 * input.level);
    const months = byAccount.get(account) ?? new Map<string, { debit: bigint; credit: bigint }>();
    const month = months.get(row.period) ?? { debit: 0n, credit: 0n };
    month.debit += BigInt(row.debit);
    month.credit += BigInt(row.credit);
    months.set(row.period, month);
    byAccount.set(account, months);
  }
  const rows: General['rows'] = [];
  for (const [account, months] of [...byAccount].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const head = { account, ...chart.nameOf(account) };
    const narrowed = input.currency === undefined ? {} : { currency: input.currency };
    let balance = 0n;
    for (const [period, { debit, credit }] of months) if (period < input.from) balance += debit - credit;
    const lines: General['rows'] = [];
    const year = { debit: 0n, credit: 0n };
    for (const [period, { debit, credit }] of months) {
      if (period < input.from && period >= yearStart(input.from)) {
        year.debit += debit;
        year.credit += credit;
      }
    }
    const opening = balance;
    for (const period of periodsBetween(input.from, input.to)) {
      if (period === yearStart(period)) {
        year.debit = 0n;
        year.credit = 0n;
      }
      const month = months.get(period);
      if (month === undefined) continue;
      balance += month.debit - month.credit;
      year.debit += month.debit;
      year.credit += month.credit;
      for (const [kind, { debit, credit }, from] of [
        ['month', month, period],
        ['year', year, yearStart(period)],
      ] as const) {
        lines.push({
          ...head,
          kind,
          period,
          debit: majorText(debit, currency),
          credit: majorText(credit, currency),
          ...sidedBalance(balance, currency),
          drill: { accounts: [account], from, to: period, ...narrowed },
        });
      }
    }
    if (lines.length === 0 && opening === 0n) continue;
    rows.push(
      {
        ...head,
        kind: 'opening',
        period: input.from,
        debit: '',
        credit: '',
        ...sidedBalance(opening, currency),
        drill: { accounts: [account], to: input.from, ...narrowed },
      },
      ...lines,
    );
  }
  return { rows };
}
