/** Total-amount indicators (总量核查, F05) on a rolling twelve months, from the book and from what a person adds. */
import { addMonths, endOfMonth, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { reportBody } from '../../../shared/contract/supervision.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { totalIndicatorsPackId, totalIndicatorsPackSchema } from '../../../shared/rules/forex/total-indicators.ts';
import type { Book } from '../store/book.ts';
import { flowGroups } from '../store/money/flows.ts';
import { storedForexProfile } from '../store/money/forex-profile.ts';
import { adjustmentsOf, goodsGroups } from '../store/money/indicators.ts';
import { standingReports } from '../store/money/trade-credit.ts';
import { usdMinorOf } from '../store/money/usd.ts';
import type { Rules } from '../worksheets/rules.ts';
import { packOf, UsdSums, usdMinor, usdText } from './gauges.ts';

type View = OutputOf<'indicators.get'>;
type Figure = keyof View['figures'];
type Period = View['now'];

/** How many months a period has, and how many periods the trend shows. */
const periodMonths = 12;
const shownPeriods = 12;

/** A month so many months away. */
function monthAway(month: string, by: number): string {
  const date = parseIsoDate(`${month}-01`);
  if (date === undefined) throw new PortbookError('DATE_INVALID', { date: month }, 'month');
  return addMonths(date, by).slice(0, 7);
}

/** First and last day of the twelve months that end with one. */
export function periodOf(month: string): { readonly from: string; readonly to: string } {
  const last = parseIsoDate(`${month}-01`);
  if (last === undefined) throw new PortbookError('DATE_INVALID', { date: month }, 'month');
  return { from: `${monthAway(month, 1 - periodMonths)}-01`, to: endOfMonth(last) };
}

/** Balances of the reports that stand on a day, in cents of US dollars; of a credit its newest report counts. */
function balancesOn(book: Book, date: string): View['balances'] {
  const newest = new Map<number, { readonly operation: string; readonly body: string }>();
  for (const { creditId, operation, body, state } of standingReports(book, date))
    if (state === 'reported') newest.set(creditId, { operation, body });
  const sums = { prepay: 0, payAdvance: 0, deferIn: 0, deferOut: 0 };
  for (const { operation, body } of newest.values()) {
    if (operation === 'delete') continue;
    const { kind, balanceUsd } = reportBody.parse(JSON.parse(body));
    if (kind in sums) sums[kind as keyof typeof sums] += usdMinor(balanceUsd ?? '0');
  }
  return {
    advanceReceipts: usdText(sums.prepay),
    advancePayments: usdText(sums.payAdvance),
    deferredReceipts: usdText(sums.deferIn),
    deferredPayments: usdText(sums.deferOut),
  };
}

/** Sums of every figure by day from the first day that a shown period needs. */
function sumsOf(book: Book, from: string, to: string): Readonly<Record<Figure, UsdSums>> {
  const sums = {
    imports: new UsdSums(book),
    exports: new UsdSums(book),
    receipts: new UsdSums(book),
    payments: new UsdSums(book),
  };
  const { cnyCounts } = storedForexProfile(book).profile;
  for (const group of flowGroups(book, from, to, { refunds: true }))
    if (group.currency !== 'CNY' || cnyCounts.indicators) sums[group.direction].addFlow(group);
  for (const figure of ['imports', 'exports'] as const)
    for (const { date, currency, minor, count } of goodsGroups(book, figure, from, to)) {
      sums[figure].addCount(date, count);
      sums[figure].convert(date, currency, minor, count);
    }
  return sums;
}

/**
 * The indicators of the twelve months that end with `month`, with twelve such periods up to it, the bands of the pack and what is outside
 * them. An amount that has no rate is in no figure and is named.
 */
export function indicators(rules: Rules, book: Book, month: string): View {
  const { from, to } = periodOf(month);
  const first = monthAway(month, 1 - shownPeriods - (periodMonths - 1));
  const sums = sumsOf(book, `${first}-01`, to);
  const adjustments = adjustmentsOf(book, first, month);
  const adjusted = (figure: Figure, fromMonth: string, toMonth: string): number =>
    adjustments
      .filter((one) => one.figure === figure && one.month >= fromMonth && one.month <= toMonth)
      .reduce((sum, one) => sum + one.usdMinor, 0);
  const flowsOf = (last: string): Readonly<Record<Figure, string>> => {
    const range = periodOf(last);
    const fromMonth = range.from.slice(0, 7);
    const one = (figure: Figure): string =>
      usdText(Math.max(0, sums[figure].total(range.from, range.to) + adjusted(figure, fromMonth, last)));
    return { imports: one('imports'), exports: one('exports'), receipts: one('receipts'), payments: one('payments') };
  };
  const inputOf = (last: string) => ({ ...flowsOf(last), ...balancesOn(book, periodOf(last).to) });
  const months = Array.from({ length: shownPeriods }, (_, at) => monthAway(month, at + 1 - shownPeriods));
  const inputs = months.map(inputOf);
  const { parameters, source, reliability } = packOf(rules, totalIndicatorsPackId, totalIndicatorsPackSchema, to);
  const period = (last: string, at: number): Period => {
    const { result } = rules.run('F05', { ...inputs[at], periodTo: periodOf(last).to });
    return periodView(last, result);
  };
  const history = months.map(period);
  const calculation = rules.run('F05', { ...inputs.at(-1), periodTo: to, history: inputs.slice(0, -1) });
  const { result } = calculation;
  const list = (name: string): string[] => (Array.isArray(result[name]) ? result[name].map(String) : []);
  const own = inputs.at(-1);
  if (own === undefined) throw new Error('a period has an input');
  const figure = (name: Figure): View['figures'][Figure] => ({
    bookUsd: usdText(sums[name].total(from, to)),
    adjustedUsd: usdText(adjusted(name, from.slice(0, 7), month)),
    usd: own[name],
    count: sums[name].count(from, to),
    unrated: sums[name].unrated.filter(({ date }) => date >= from),
  });
  return {
    month,
    from,
    to,
    figures: {
      imports: figure('imports'),
      exports: figure('exports'),
      receipts: figure('receipts'),
      payments: figure('payments'),
    },
    balances: balancesOn(book, to),
    now: periodView(month, result),
    breached: list('breached'),
    farBeyond: list('farBeyond'),
    onEnd: list('onEnd'),
    onSiteCheckRisk: result['onSiteCheckRisk'] === true,
    riskReasons: list('reasons'),
    bands: {
      differenceRateLimit: parameters.differenceRateLimit.times(100).toFixed(),
      differenceLimitUsd: parameters.differenceLimitUsd.toFixed(2),
      fundsGoodsLow: parameters.fundsGoodsLow.times(100).toFixed(),
      fundsGoodsHigh: parameters.fundsGoodsHigh.times(100).toFixed(),
      creditRatioLimit: parameters.creditRatioLimit.times(100).toFixed(),
      source,
      reliability,
    },
    history,
    adjustments: adjustments
      .filter((one) => one.month >= from.slice(0, 7))
      .map(({ usdMinor: minor, ...one }) => ({ ...one, usd: usdText(minor) })),
    calculation,
  };
}

/** What a figure comes to in one month, adjustments included, in cents of US dollars. */
export function figureOfMonth(book: Book, figure: Figure, month: string): number {
  const adjusted = adjustmentsOf(book, month, month)
    .filter((one) => one.figure === figure)
    .reduce((sum, one) => sum + one.usdMinor, 0);
  return sumsOf(book, `${month}-01`, `${month}-31`)[figure].total() + adjusted;
}

function periodView(month: string, result: OutputOf<'indicators.get'>['calculation']['result']): Period {
  const percent = (name: string): string | null => {
    const value = result[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    month,
    totalDifference: String(result['totalDifference']),
    differenceRate: percent('differenceRate'),
    fundsGoodsRatio: percent('fundsGoodsRatio'),
    creditRatio: percent('creditRatio'),
    breached: Array.isArray(result['breached']) ? result['breached'].map(String) : [],
  };
}

/** The day's value of a row of a figure in US dollars; undefined: a rate is missing. */
export function rowUsd(book: Book, currency: string, minor: number, date: string): string | undefined {
  const usd = usdMinorOf(book, currency, minor, date);
  return usd === undefined ? undefined : usdText(usd);
}
