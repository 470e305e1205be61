/** Gauges of the forex authority: the sum of list registration (名录登记) by calendar year, the class and its papers. */
import type { z } from 'zod';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { CalculationView } from '../../../shared/contract/tax.ts';
import { formatScaled, groupThousands, money, moneyText, parseMoney } from '../../../shared/money/index.ts';
import { classPackId, classPackSchema } from '../../../shared/rules/forex/class-pack.ts';
import { listRegistrationPackId, listRegistrationPackSchema } from '../../../shared/rules/forex/list-registration.ts';
import { type Pack, requirePackOn } from '../../../shared/rules/pack.ts';
import type { Book } from '../store/book.ts';
import { type FlowDirection, type FlowGroup, flowGroups } from '../store/money/flows.ts';
import { forexClassOn, storedForexProfile } from '../store/money/forex-profile.ts';
import { usdMinorOf } from '../store/money/usd.ts';
import type { Rules } from '../worksheets/rules.ts';

type Gauges = OutputOf<'forex.gauges'>;
type FlowSide = Gauges['receipts'];
type Unrated = FlowSide['unrated'][number];
type Checklist = Gauges['checklist'];

/** Cents of US dollars as text with two decimals. */
export const usdText = (minor: number): string => formatScaled(BigInt(minor), 2, 2);
export const usdMinor = (text: string): number => Number(parseMoney(text, 'USD', 'halfUp').minor);
/** Minor units of a currency as text with its decimals. */
export const minorText = (minor: number, currency: string): string => moneyText(money(BigInt(minor), currency));

/** The parameters of a pack of the book on a day, with where they come from. */
export function packOf<P>(rules: Rules, id: string, schema: z.ZodType<Pack<P>>, date: string) {
  return requirePackOn(schema.parse(rules.pack(id)), date);
}

/**
 * Amounts of one side as US dollars by day, and what cannot be: it is named with its day and currency, never taken for nought.
 */
export class UsdSums {
  readonly byDay = new Map<string, number>();
  readonly unrated: Unrated[] = [];
  readonly #counts = new Map<string, number>();
  readonly #book: Book;

  constructor(book: Book) {
    this.#book = book;
  }

  add(date: string, minor: number): void {
    this.byDay.set(date, (this.byDay.get(date) ?? 0) + minor);
  }

  /** Converts an amount at the rates of its day; the same rates as a record of that day. */
  convert(date: string, currency: string, minor: number, count: number): number | undefined {
    const usd = minor === 0 ? 0 : usdMinorOf(this.#book, currency, minor, date);
    if (usd === undefined) this.unrated.push({ currency, date, amount: minorText(minor, currency), count });
    else this.add(date, usd);
    return usd;
  }

  /** So many rows of a day, with or without a rate. */
  addCount(date: string, count: number): void {
    this.#counts.set(date, (this.#counts.get(date) ?? 0) + count);
  }

  addFlow(group: FlowGroup): void {
    this.addCount(group.date, group.count);
    if (group.count > group.unratedCount) this.add(group.date, group.usdMinor);
    if (group.unratedCount > 0) this.convert(group.date, group.currency, group.unratedMinor, group.unratedCount);
  }

  total(from = '', to = '9999-12-31'): number {
    return within(this.byDay, from, to);
  }

  count(from = '', to = '9999-12-31'): number {
    return within(this.#counts, from, to);
  }
}

function within(byDay: ReadonlyMap<string, number>, from: string, to: string): number {
  let sum = 0;
  for (const [date, one] of byDay) if (date >= from && date <= to) sum += one;
  return sum;
}

/** What a class asks for on a day, from the dated pack. */
export function checklistOn(rules: Rules, book: Book, date: string): Checklist {
  const held = forexClassOn(book, date);
  const { parameters, source, reliability, inForceFrom } = packOf(rules, classPackId, classPackSchema, date);
  const row = parameters.classes.find((one) => one.class === held.class);
  return {
    class: held.class,
    ...(held.since === undefined ? {} : { since: held.since }),
    inForceFrom,
    source,
    reliability,
    consequences: [...(row?.consequences ?? [])],
    papers: (row?.operations ?? []).map(({ operation, papers, noteZh, noteEn }) => ({
      operation,
      papers: [...papers],
      ...(noteZh === '' ? {} : { note: { zh: noteZh, en: noteEn } }),
    })),
  };
}

interface Sides {
  readonly receiptsUsdYtd: string;
  readonly paymentsUsdYtd: string;
}

function registration(
  rules: Rules,
  book: Book,
  asOf: string,
  sides: Partial<Sides>,
  registered: boolean,
): CalculationView {
  const { profile } = storedForexProfile(book);
  return rules.run('F03', {
    smallCbec: profile.smallCbec,
    byElectronicInfo: profile.byElectronicInfo,
    subject: profile.subject,
    ...(registered ? { registered } : {}),
    ...(profile.changedOn === undefined ? {} : { changedOn: profile.changedOn }),
    asOf,
    ...sides,
  });
}

/** What the first page of the day says of the gauges: near the sum of list registration, over it, and what it could not add up. */
export function forexWarnings(
  rules: Rules,
  book: Book,
  today: string,
): { readonly code: string; readonly params: Readonly<Record<string, string | number>>; readonly target: string }[] {
  // A firm without any money in the book has no gauge, and a rule switched off warns of nothing.
  if (rules.off('F03') !== undefined) return [];
  const view = gauges(rules, book, today, undefined);
  const found: ReturnType<typeof forexWarnings> = [];
  for (const direction of ['receipts', 'payments'] as const) {
    const side = view[direction];
    const [usd, left, limit] = [side.usd, side.leftUsd, view.limitUsd].map(groupThousands);
    const params = { direction, usd: usd ?? '', left: left ?? '', limit: limit ?? '' };
    if (view.listed) continue;
    if (side.crossedOn !== undefined)
      found.push({ code: 'forexCrossed', params: { ...params, date: side.crossedOn }, target: 'monitor' });
    else if (side.warnedOn !== undefined) found.push({ code: 'forexNear', params, target: 'monitor' });
  }
  // Whoever is not exempt registers before the first receipt or payment, however small.
  const flows = view.receipts.count + view.payments.count;
  if (!view.listed && flows > 0 && found.length === 0 && view.status === 'REGISTER_REQUIRED')
    found.push({ code: 'forexNotListed', params: { records: flows }, target: 'monitor?tab=profile' });
  const unrated = [...view.receipts.unrated, ...view.payments.unrated];
  const [first] = unrated;
  if (first !== undefined)
    found.push({
      code: 'forexUnrated',
      params: {
        currency: first.currency,
        from: first.date,
        records: unrated.reduce((sum, { count }) => sum + count, 0),
      },
      target: `rates?${new URLSearchParams({ currency: first.currency, date: first.date })}`,
    });
  return found;
}

const months = Array.from({ length: 12 }, (_, at) => String(at + 1).padStart(2, '0'));

/**
 * Receipts and payments of the calendar year up to a day against the sum of list registration (F03), by month, with the day on which
 * warning and limit were reached, and what a planned one would do.
 */
export function gauges(
  rules: Rules,
  book: Book,
  asOf: string,
  planned: ParsedInputOf<'forex.gauges'>['planned'],
): Gauges {
  const year = asOf.slice(0, 4);
  const { profile } = storedForexProfile(book);
  const figures = packOf(rules, listRegistrationPackId, listRegistrationPackSchema, asOf).parameters;
  const [limit, warnFrom] = [figures.exemptBelowUsd, figures.warnFromUsd].map((one) =>
    Number(one.times(100).toFixed(0)),
  );
  const listed = profile.listedOn !== undefined && profile.listedOn <= asOf;
  const groups = flowGroups(book, `${year}-01-01`, asOf, { refunds: false });
  const side = (direction: FlowDirection): { sums: UsdSums; view: FlowSide } => {
    const sums = new UsdSums(book);
    const cny = { minor: 0, count: 0, usd: new UsdSums(book) };
    for (const group of groups) {
      if (group.direction !== direction) continue;
      if (group.currency === 'CNY') {
        cny.minor += group.minor;
        cny.count += group.count;
        cny.usd.addFlow(group);
        if (!profile.cnyCounts.registration) continue;
      }
      sums.addFlow(group);
    }
    let cumulative = 0;
    let [warnedOn, crossedOn]: (string | undefined)[] = [];
    for (const [date, minor] of sums.byDay) {
      cumulative += minor;
      if (limit !== undefined && limit > 0) {
        if (warnFrom !== undefined && cumulative >= warnFrom) warnedOn ??= date;
        if (cumulative >= limit) crossedOn ??= date;
      }
    }
    let before = 0;
    const byMonth = months
      .map((month) => `${year}-${month}`)
      .filter((month) => month <= asOf.slice(0, 7))
      .map((month) => {
        const own = sums.total(`${month}-01`, `${month}-31`);
        before += own;
        return { month, usd: usdText(own), cumulativeUsd: usdText(before) };
      });
    const total = sums.total();
    const { result } = registration(
      rules,
      book,
      asOf,
      direction === 'receipts' ? { receiptsUsdYtd: usdText(total) } : { paymentsUsdYtd: usdText(total) },
      listed,
    );
    return {
      sums,
      view: {
        usd: usdText(total),
        count: sums.count(),
        months: byMonth,
        ...(warnedOn === undefined ? {} : { warnedOn }),
        ...(crossedOn === undefined ? {} : { crossedOn }),
        unrated: sums.unrated,
        cny: {
          amount: minorText(cny.minor, 'CNY'),
          count: cny.count,
          ...(cny.usd.unrated.length > 0 ? {} : { usd: usdText(cny.usd.total()) }),
        },
        status: String(result['status']),
        warn: result['warn'] === true,
        leftUsd: usdText(Math.max(0, (limit ?? 0) - total)),
      },
    };
  };
  const receipts = side('receipts');
  const payments = side('payments');
  const sides: Sides = { receiptsUsdYtd: receipts.view.usd, paymentsUsdYtd: payments.view.usd };
  const calculation = registration(rules, book, asOf, sides, listed);
  return {
    year,
    asOf,
    listed,
    status: calculation.result['status'] as Gauges['status'],
    warn: calculation.result['warn'] === true,
    agency: figures.agency,
    limitUsd: usdText(limit ?? 0),
    warnFromUsd: usdText(warnFrom ?? 0),
    receipts: receipts.view,
    payments: payments.view,
    calculation,
    ...(planned === undefined ? {} : { planned: whatIf(planned) }),
    checklist: checklistOn(rules, book, asOf),
  };

  /** The year with the planned flow in it; a flow of another year begins from what that year has so far. */
  function whatIf(one: NonNullable<typeof planned>): NonNullable<Gauges['planned']> {
    const minor = Number(parseMoney(one.amount, one.currency).minor);
    const usd = usdMinorOf(book, one.currency, minor, one.date);
    if (usd === undefined) return { warn: false, crosses: false };
    const isCounted = one.currency !== 'CNY' || profile.cnyCounts.registration;
    const ownYear = one.date.slice(0, 4);
    const base =
      ownYear === year
        ? (one.direction === 'receipts' ? receipts : payments).sums.total()
        : flowGroups(book, `${ownYear}-01-01`, `${ownYear}-12-31`, { refunds: false })
            .filter(
              ({ direction, currency }) =>
                direction === one.direction && (currency !== 'CNY' || profile.cnyCounts.registration),
            )
            .reduce((sums, group) => {
              sums.addFlow(group);
              return sums;
            }, new UsdSums(book))
            .total();
    const total = base + (isCounted ? usd : 0);
    const { result } = registration(
      rules,
      book,
      one.date,
      one.direction === 'receipts' ? { receiptsUsdYtd: usdText(total) } : { paymentsUsdYtd: usdText(total) },
      profile.listedOn !== undefined && profile.listedOn <= one.date,
    );
    return {
      usd: usdText(usd),
      totalUsd: usdText(total),
      status: String(result['status']),
      warn: result['warn'] === true,
      crosses: limit !== undefined && limit > 0 && base < limit && total >= limit,
      leftUsd: usdText(Math.max(0, (limit ?? 0) - total)),
    };
  }
}
