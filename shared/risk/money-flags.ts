/** Red flags of money: R01 unmatched receipts, R02 payers, R06 splitting below thresholds, R07 round amounts, R12 indicators. */
import { daysBetween, type IsoDate } from '../calendar/index.ts';
import type { BookRow } from '../contract/risk.ts';
import { majorText } from '../reports/amounts.ts';
import { type FiguresOf, type Hit, type Missing, numOf, percentText, type Verdict } from './flags.ts';

/** A receipt or payment as the rules of money see it; amounts in minor units. */
export interface MoneyFact {
  readonly row: BookRow;
  readonly id: number;
  readonly date: IsoDate;
  readonly minor: number;
}

export interface ReceiptFact extends MoneyFact {
  /** Of `minor`, allocated to orders, declarations or a payout. */
  readonly allocatedMinor: number;
}

/** R01: a receipt that nothing explains after so many days. The day itself is not yet after. */
export function unmatchedReceipts(
  receipts: readonly ReceiptFact[],
  today: IsoDate,
  figures: FiguresOf<'R01'>,
): Verdict {
  const hits = receipts.flatMap((one): Hit[] => {
    const days = daysBetween(one.date, today);
    const isMatched = numOf(one.allocatedMinor).gte(figures.leastMatchedShare.times(one.minor));
    if (days <= figures.days || isMatched) return [];
    return [
      {
        key: `record:${one.id}`,
        subject: one.row.label,
        params: { date: one.date, limit: figures.days },
        rows: [one.row],
      },
    ];
  });
  return { checked: receipts.length, hits, missing: [] };
}

/** A receipt with what it paid for. */
export interface PayerFact extends MoneyFact {
  readonly payer: string;
  /** ISO 3166 alpha-2; undefined: the book does not say. */
  readonly payerCountry: string | undefined;
  /** Through a platform or payment institution, or from a party known as one. */
  readonly isKnownChannel: boolean;
  /** Names of buyers of the orders it paid; empty: none of them is known by name. */
  readonly buyers: readonly string[];
  /** Countries of buyers, destinations and the platform, alpha-2. */
  readonly countries: readonly string[];
  /** Why somebody else may pay, where a person has said so for each allocation. */
  readonly isExplained: boolean;
  /** What it paid for. */
  readonly paid: readonly BookRow[];
}

/**
 * R02: the payer is neither buyer nor platform, or pays from a country that is nobody's. A known channel needs no name, but its
 * country is still held against the others.
 * @param isAlike whether two names are one, by the pack's likeness
 */
export function thirdPartyPayers(payers: readonly PayerFact[], isAlike: (a: string, b: string) => boolean): Verdict {
  const hits: Hit[] = [];
  const [noName, noBuyer, noCountry, noPlaces]: [BookRow[], BookRow[], BookRow[], BookRow[]] = [[], [], [], []];
  for (const one of payers) {
    if (one.isExplained) continue;
    const reasons: string[] = [];
    if (!one.isKnownChannel) {
      if (one.payer === '') noName.push(one.row);
      else if (one.buyers.length === 0) noBuyer.push(one.row);
      else if (!one.buyers.some((buyer) => isAlike(one.payer, buyer))) reasons.push('name');
    }
    if (one.payerCountry === undefined) noCountry.push(one.row);
    else if (one.countries.length === 0) noPlaces.push(one.row);
    else if (!one.countries.includes(one.payerCountry)) reasons.push('country');
    if (reasons.length > 0)
      hits.push({
        key: `record:${one.id}`,
        subject: one.row.label,
        params: {
          reason: reasons.join('+'),
          country: one.payerCountry ?? '',
          countries: [...new Set(one.countries)].join(' '),
        },
        rows: [one.row, ...one.paid],
      });
  }
  const lacking: readonly (readonly [string, readonly BookRow[]])[] = [
    ['payerName', noName],
    ['buyerName', noBuyer],
    ['payerCountry', noCountry],
    ['buyerCountry', noPlaces],
  ];
  return { checked: payers.length, hits, missing: lacking.flatMap(([code, rows]) => missingRows(code, rows)) };
}

/** Rows that lack a fact, as one gap. */
export function missingRows(code: string, rows: readonly BookRow[]): Missing[] {
  return rows.length === 0 ? [] : [{ code, params: { count: rows.length }, rows: rows.slice(0, 50) }];
}

export interface UsdFact extends MoneyFact {
  readonly direction: 'receipts' | 'payments';
  /** Cents of US dollars; undefined while a rate is missing. */
  readonly usdMinor: number | undefined;
}

/** R06: several transactions a little below the single threshold within days of each other, or a year's total a little below its own. */
export function splitTransactions(facts: readonly UsdFact[], figures: FiguresOf<'R06'>): Verdict {
  const hits: Hit[] = [];
  const rated = facts
    .filter((one) => one.usdMinor !== undefined)
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.id - b.id));
  const isNear = (minor: number, usd: typeof figures.singleUsd): boolean => {
    const value = numOf(minor);
    return value.gte(usd.times(100).times(figures.fromShare)) && value.lte(usd.times(100));
  };
  for (const direction of ['receipts', 'payments'] as const) {
    const own = rated.filter((one) => one.direction === direction);
    const near = own.filter((one) => isNear(one.usdMinor ?? 0, figures.singleUsd));
    // Clusters: as long as enough of them lie within the days, each next one joins.
    let from = 0;
    let cluster: UsdFact[] = [];
    const close = (): void => {
      const [first, last] = [cluster[0], cluster.at(-1)];
      if (first !== undefined && last !== undefined)
        hits.push({
          key: `cluster:${direction}:${first.id}`,
          subject: `${first.date} – ${last.date}`,
          params: {
            direction,
            count: cluster.length,
            days: figures.days,
            limit: figures.singleUsd.toFixed(),
            total: majorText(
              cluster.reduce((sum, one) => sum + (one.usdMinor ?? 0), 0),
              'USD',
            ),
          },
          rows: cluster.map(({ row }) => row),
        });
      cluster = [];
    };
    for (const [at, one] of near.entries()) {
      while (from < at && daysBetween(near[from]?.date ?? one.date, one.date) > figures.days) from += 1;
      if (at - from + 1 < figures.transactions) continue;
      const within = near.slice(from, at + 1);
      if (cluster.length > 0 && !within.some((other) => cluster.includes(other))) close();
      cluster = [...cluster, ...within.filter((other) => !cluster.includes(other))];
    }
    close();
    const years = new Map<string, UsdFact[]>();
    for (const one of own) {
      const year = one.date.slice(0, 4);
      years.set(year, [...(years.get(year) ?? []), one]);
    }
    for (const [year, list] of years) {
      const total = list.reduce((sum, one) => sum + (one.usdMinor ?? 0), 0);
      if (isNear(total, figures.yearlyUsd))
        hits.push({
          key: `year:${direction}:${year}`,
          subject: year,
          params: { direction, year, total: majorText(total, 'USD'), limit: figures.yearlyUsd.toFixed() },
          rows: [...list].reverse().map(({ row }) => row),
        });
    }
  }
  return {
    checked: facts.length,
    hits,
    missing: missingRows(
      'usdRate',
      facts.filter((one) => one.usdMinor === undefined).map(({ row }) => row),
    ),
  };
}

/** Amounts of one account, counted; the rows are those that are round. */
export interface RoundFact {
  readonly key: string;
  readonly subject: string;
  readonly transactions: number;
  readonly round: readonly BookRow[];
}

/** R07: nearly all amounts of an account are round. */
export function roundAmounts(groups: readonly RoundFact[], figures: FiguresOf<'R07'>): Verdict {
  const hits = groups.flatMap(({ key, subject, transactions, round }): Hit[] => {
    const isMany = transactions >= figures.leastTransactions;
    if (!isMany || numOf(round.length).lt(figures.share.times(transactions))) return [];
    const percent = percentText(numOf(round.length), numOf(transactions));
    return [
      { key, subject, params: { round: round.length, transactions, percent, roundTo: figures.roundTo }, rows: round },
    ];
  });
  return { checked: groups.reduce((sum, { transactions }) => sum + transactions, 0), hits, missing: [] };
}

/** F05's answer for twelve months; ratios in percent, null where there is nothing to divide by. */
export interface IndicatorFact {
  readonly month: string;
  readonly breached: readonly string[];
  readonly differenceRate: string | null;
  readonly fundsGoodsRatio: string | null;
  /** Amounts that no rate could turn into dollars. */
  readonly unrated: number;
  readonly rows: readonly BookRow[];
  /** Exports, imports, receipts and payments counted. */
  readonly checked: number;
}

/** R12: indicators of the total check (F05) outside their band. */
export function indicatorsOutside(fact: IndicatorFact, figures: FiguresOf<'R12'>): Verdict {
  const breached = fact.breached.filter((code) => figures.indicators.some((one) => one === code));
  const missing: Missing[] = [];
  if (fact.unrated > 0) missing.push({ code: 'usdRate', params: { count: fact.unrated }, rows: [] });
  if (fact.checked > 0 && fact.differenceRate === null)
    missing.push({ code: 'indicators', params: { month: fact.month }, rows: [] });
  return {
    checked: fact.checked,
    hits:
      breached.length === 0
        ? []
        : [
            {
              key: `month:${fact.month}`,
              subject: fact.month,
              params: {
                indicators: breached.join(' '),
                differenceRate: fact.differenceRate ?? '–',
                fundsGoodsRatio: fact.fundsGoodsRatio ?? '–',
              },
              rows: fact.rows,
            },
          ],
    missing,
  };
}
