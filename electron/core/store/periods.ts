import { addMonths, endOfMonth, type IsoDate, monthKey, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  accounts,
  cnyAmount,
  differenceAmounts,
  type ForeignBalance,
  type Revaluation,
  revalued,
} from '../../../shared/ledger/index.ts';
import { chartOf } from './accounts.ts';
import type { Book } from './book.ts';
import { draftByRule } from './posting-rules.ts';
import { rateOf } from './rates.ts';
import { postWaitingDocuments, waitingDocuments } from './source-documents.ts';
import { majorText } from './voucher-views.ts';
import { lastClosed, repostDocument, type VoucherDraft, type VoucherSource } from './vouchers.ts';

type Preview = OutputOf<'periods.preview'>;
type Finding = Preview['findings'][number];

/** Closing posts these, in this order; each is a source of its own, so that reopening takes back one after the other. */
const closingRules = ['revaluation', 'closing', 'year-end'] as const;
const closingOf = (period: string, rule: (typeof closingRules)[number]): VoucherSource => ({
  kind: 'period',
  id: `${period}:${rule}`,
});

/** The last day of a month. Refusal: `DATE_INVALID`. */
export function lastDay(period: string): IsoDate {
  const first = parseIsoDate(`${period}-01`);
  if (first === undefined) throw new PortbookError('DATE_INVALID', { date: period }, 'period');
  return endOfMonth(first);
}

function monthAfter(period: string, months = 1): string {
  return monthKey(addMonths(lastDay(period), months));
}

/** Months with vouchers and closed ones, newest first, and the first that is open. */
export function listPeriods(book: Book, today: string): OutputOf<'periods.list'> {
  const rows = book
    .prepare(
      // Numbers have no gaps, so the next number of a month says how many vouchers it has.
      `SELECT m.period, coalesce(s.next - 1, 0) AS vouchers, p.state, p.changed_at AS changedAt
       FROM (SELECT substr(name, 9) AS period FROM number_series WHERE name >= 'voucher:' AND name < 'voucher;' UNION SELECT period FROM period) m
         LEFT JOIN number_series s ON s.name = 'voucher:' || m.period LEFT JOIN period p ON p.period = m.period
       ORDER BY m.period DESC`,
    )
    .all() as { period: string; vouchers: number; state: 'open' | 'closed' | null; changedAt: string | null }[];
  const closed = lastClosed(book);
  return {
    rows: rows.map(({ period, vouchers, changedAt }) => ({
      period,
      // Closing a month closes all before it.
      state: period <= closed ? 'closed' : 'open',
      vouchers,
      ...(changedAt === null ? {} : { changedAt }),
    })),
    firstOpen: closed === '' ? (rows.at(-1)?.period ?? today.slice(0, 7)) : monthAfter(closed),
  };
}

interface Balance {
  account: string;
  currency: string;
  minor: number;
  fen: number;
}

/** Balances of accounts at the end of a month, those of zero left out. @param where a condition on `account a` */
function balancesOf(book: Book, period: string, where: string): Balance[] {
  return book
    .prepare(
      `SELECT b.account, b.currency, sum(b.debit_minor - b.credit_minor) AS minor, sum(b.debit_fen - b.credit_fen) AS fen
       FROM balance b JOIN account a ON a.code = b.account WHERE b.period <= ? AND ${where}
       GROUP BY b.account, b.currency HAVING minor <> 0 OR fen <> 0 ORDER BY b.account, b.currency`,
    )
    .all(period) as Balance[];
}

interface Revalued extends Revaluation {
  readonly rateDate: string;
}

/** What closing needs to know beside the book: China's date, and the month's last working day, which has the last parity. */
export interface CloseDay {
  readonly today: string;
  readonly rateDay: string;
}

/** Monetary balances in foreign currency at the month's last parity; one older than its last working day is no closing rate. */
function revaluations(
  book: Book,
  period: string,
  { rateDay }: CloseDay,
): { readonly done: Revalued[]; readonly missing: string[] } {
  const day = lastDay(period);
  const done: Revalued[] = [];
  const missing = new Set<string>();
  for (const { account, currency, minor, fen } of balancesOf(book, period, `a.monetary = 1 AND b.currency <> 'CNY'`)) {
    const rate = rateOf(book, 'parity', currency, day);
    if (rate === undefined || rate.date < rateDay) missing.add(currency);
    else {
      const balance: ForeignBalance = { account, currency, minor: BigInt(minor), fen: BigInt(fen) };
      done.push({ ...revalued(balance, rate.cnyPerUnit), rateDate: rate.date });
    }
  }
  return { done, missing: [...missing] };
}

const isProfit = `a.kind IN ('revenue','expense')`;

function revaluationDraft(
  book: Book,
  period: string,
  found: readonly Revalued[],
): Omit<VoucherDraft, 'source'> | undefined {
  const draft = draftByRule(book, {
    event: 'revaluation',
    date: lastDay(period),
    text: `期末汇兑重估 ${period}`,
    parts: found.map((one) => ({
      amounts: differenceAmounts(one),
      accounts: { account: one.account },
      text: `${one.currency} ${one.rate}`,
    })),
  });
  return draft === undefined ? undefined : { ...draft, free: true };
}

/** What is left on revenue and expense accounts, to profit of the year: foreign revenue keeps its currency and is cleared. */
function closingDraft(book: Book, period: string): Omit<VoucherDraft, 'source'> | undefined {
  const draft = draftByRule(book, {
    event: 'closing',
    date: lastDay(period),
    text: `结转损益 ${period}`,
    parts: balancesOf(book, period, isProfit).map(({ account, currency, minor, fen }) => ({
      // The rule debits the account: a debit balance goes out with a minus.
      amounts: { balance: { currency, minor: BigInt(-minor), fen: BigInt(-fen) }, cny: cnyAmount(BigInt(-fen)) },
      accounts: { account },
    })),
  });
  return draft === undefined ? undefined : { ...draft, closing: true };
}

function yearEndDraft(book: Book, period: string): Omit<VoucherDraft, 'source'> | undefined {
  const fen = balancesOf(book, period, `a.code = '${accounts.profit}'`).reduce((sum, one) => sum + one.fen, 0);
  const draft = draftByRule(book, {
    event: 'year-end',
    date: lastDay(period),
    text: `结转本年利润 ${period.slice(0, 4)}`,
    parts: [{ amounts: { profit: cnyAmount(BigInt(-fen)) } }],
  });
  return draft === undefined ? undefined : { ...draft, closing: true };
}

function findings(
  book: Book,
  period: string,
  missingRates: readonly string[],
  { today, rateDay }: CloseDay,
): Finding[] {
  const found: Finding[] = [];
  const closed = lastClosed(book);
  if (period <= closed) found.push({ code: 'closed', level: 'reject', params: { period } });
  const { first } = book
    .prepare(
      `SELECT min(substr(name, 9)) AS first FROM number_series WHERE name >= 'voucher:' AND name < 'voucher;' AND next > 1`,
    )
    .get() as { first: string | null };
  const due = closed === '' ? (first ?? period) : monthAfter(closed);
  if (due < period)
    found.push({ code: 'earlierOpen', level: 'reject', params: { period: due }, target: `periods?period=${due}` });
  if (`${period}-01` > today) found.push({ code: 'notBegun', level: 'reject', params: { period } });
  else if (lastDay(period) > today) found.push({ code: 'notEnded', level: 'doubt', params: { period } });
  for (const currency of missingRates)
    found.push({
      code: 'rateMissing',
      level: 'reject',
      params: { currency, date: rateDay },
      target: `rates?currency=${currency}`,
    });
  const { sales } = book
    .prepare('SELECT count(*) AS sales FROM pending_posting WHERE event_date < ?')
    .get(`${period}-99`) as { sales: number };
  if (sales > 0) found.push({ code: 'salesWaiting', level: 'reject', params: { sales }, target: 'rates' });
  const waiting = waitingDocuments(book, period);
  if (waiting > 0)
    found.push({
      code: 'documentsWaiting',
      level: 'reject',
      params: { documents: waiting },
      target: 'source-documents?state=waiting',
    });
  const { drafts } = book.prepare('SELECT count(*) AS drafts FROM voucher_draft').get() as { drafts: number };
  if (drafts > 0) found.push({ code: 'drafts', level: 'doubt', params: { drafts }, target: 'vouchers?drafts=1' });
  const chart = chartOf(book);
  for (const { account, currency, minor, fen } of balancesOf(book, period, `a.kind = 'asset' AND a.side = 'debit'`)) {
    if (account === accounts.clearing || (currency === 'CNY' ? fen : minor) >= 0) continue;
    found.push({
      code: 'negative',
      level: 'doubt',
      params: { account, name: chart.get(account)?.nameZh ?? '', currency, balance: majorText(minor, currency) },
      target: `reports?${new URLSearchParams({ report: 'accountLedger', account, currency, to: period })}`,
    });
  }
  const { debit, credit } = book
    .prepare(
      'SELECT coalesce(sum(debit_fen), 0) AS debit, coalesce(sum(credit_fen), 0) AS credit FROM balance WHERE period <= ?',
    )
    .get(period) as { debit: number; credit: number };
  if (debit !== credit)
    found.push({ code: 'unbalanced', level: 'reject', params: { difference: majorText(debit - credit, 'CNY') } });
  return found;
}

/**
 * What closing a month would post and what stands in its way. Profit is that of the month: what is left on revenue and
 * expense accounts with the revaluation to come.
 */
export function previewClose(book: Book, period: string, day: CloseDay): Preview {
  const { done, missing } = revaluations(book, period, day);
  const chart = chartOf(book);
  let revenue = 0;
  let expense = 0;
  for (const { account, fen } of balancesOf(book, period, isProfit)) {
    if (chart.get(account)?.kind === 'revenue') revenue -= fen;
    else expense += fen;
  }
  for (const { gain } of done) {
    if (gain > 0n) revenue += Number(gain);
    else expense -= Number(gain);
  }
  return {
    findings: findings(book, period, missing, day),
    revaluation: done.map((one) => ({
      account: one.account,
      nameZh: chart.get(one.account)?.nameZh ?? '',
      nameEn: chart.get(one.account)?.nameEn ?? '',
      currency: one.currency,
      balance: majorText(Number(one.minor), one.currency),
      bookCny: majorText(Number(one.fen), 'CNY'),
      rate: one.rate,
      rateDate: one.rateDate,
      closingCny: majorText(Number(one.closingFen), 'CNY'),
      gain: majorText(Number(one.gain), 'CNY'),
    })),
    revenue: majorText(revenue, 'CNY'),
    expense: majorText(expense, 'CNY'),
    profit: majorText(revenue - expense, 'CNY'),
  };
}

/**
 * Closes a month (月末结账): revaluation, profit and loss carried forward, in December profit of the year to undistributed
 * profit, and the period itself; in one transaction, so that a month is open and whole or closed and whole. Refusals:
 * `PERIOD_CLOSED` {period}, `CLOSE_BLOCKED` {code, period} for the first finding of {@link previewClose} that stops it.
 * @returns the ids of the closing vouchers
 */
export function closePeriod(book: Book, period: string, day: CloseDay, now: string): number[] {
  return book.transaction(() => {
    if (period <= lastClosed(book)) throw new PortbookError('PERIOD_CLOSED', { period }, 'period');
    const { done, missing } = revaluations(book, period, day);
    const stop = findings(book, period, missing, day).find(({ level }) => level === 'reject');
    if (stop !== undefined) throw new PortbookError('CLOSE_BLOCKED', { code: stop.code, period }, 'period');
    // Each step looks at the balances the one before has left.
    const steps = {
      revaluation: () => revaluationDraft(book, period, done),
      closing: () => closingDraft(book, period),
      'year-end': () => (period.endsWith('-12') ? yearEndDraft(book, period) : undefined),
    };
    const ids = closingRules.flatMap((rule) => {
      const draft = steps[rule]();
      return repostDocument(book, closingOf(period, rule), draft === undefined ? [] : [draft], now);
    });
    book
      .prepare(
        `INSERT INTO period (period, state, changed_at) VALUES (?, 'closed', ?)
         ON CONFLICT (period) DO UPDATE SET state = 'closed', changed_at = excluded.changed_at, reason = ''`,
      )
      .run(period, now);
    return ids;
  });
}

/**
 * Reopens the last closed month (反结账): its closing vouchers are reversed in it, and what waited for it is posted.
 * Refusal: `PERIOD_NOT_LAST` {period, last}.
 */
export function reopenPeriod(book: Book, period: string, reason: string, now: string): void {
  book.transaction(() => {
    const last = lastClosed(book);
    if (period !== last) throw new PortbookError('PERIOD_NOT_LAST', { period, last }, 'period');
    book
      .prepare(`UPDATE period SET state = 'open', changed_at = ?, reason = ? WHERE period = ?`)
      .run(now, reason, period);
    for (const rule of [...closingRules].reverse())
      repostDocument(book, closingOf(period, rule), [], now, `反结账 ${period}`);
    postWaitingDocuments(book, now);
  });
}
