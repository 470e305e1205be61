/** Personal quota (个人年度便利化额度): each settlement against F08 in the order it was made. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { Book } from '../store/book.ts';
import { type QuotaPerson, quotaPersons, settlementsOf } from '../store/money/quota.ts';
import { usdMinorOf } from '../store/money/usd.ts';
import type { Rules } from '../worksheets/rules.ts';
import { minorText, usdMinor, usdText } from './gauges.ts';

type PersonView = OutputOf<'quota.list'>['rows'][number];
type Row = OutputOf<'quota.person'>['rows'][number];

/**
 * Settlements of a person in a calendar year, each with what of it counts (F08) and what has counted by then. One that has no value in
 * US dollars is shown with none, and the figures after it are of the others.
 */
export function quotaOf(
  rules: Rules,
  book: Book,
  { name, holder, note }: QuotaPerson,
  year: string,
): { readonly view: PersonView; readonly rows: Row[] } {
  const settlements = settlementsOf(book, name, `${year}-01-01`, `${year}-12-31`);
  const unrated: PersonView['unrated'] = [];
  let used = '0.00';
  let outside = 0;
  let unproven = 0;
  let last = rules.run('F08', { holder, amountUsd: '0', usedUsd: '0', settledOn: `${year}-12-31` }).result;
  const rows = settlements.map((one): Row => {
    const usd = one.usdMinor ?? usdMinorOf(book, one.currency, one.minor, one.date);
    const row: Row = {
      ...(one.recordId === null ? {} : { recordId: one.recordId }),
      ...(one.entryId === null ? {} : { entryId: one.entryId }),
      number: one.number,
      date: one.date,
      currency: one.currency,
      amount: minorText(one.minor, one.currency),
      proof: one.proof,
      reference: one.reference,
      note: one.note,
    };
    if (usd === undefined) {
      unrated.push({ currency: one.currency, date: one.date, amount: row.amount, count: 1 });
      return row;
    }
    const { result } = rules.run('F08', {
      holder,
      amountUsd: usdText(usd),
      proof: one.proof,
      ...(one.provenUsdMinor === null ? {} : { provenUsd: usdText(Math.min(one.provenUsdMinor, usd)) }),
      usedUsd: used,
      settledOn: one.date,
    });
    last = result;
    used = String(result['usedAfterUsd']);
    outside += usdMinor(String(result['outsideUsd']));
    if (result['countedUsd'] !== '0.00' && result['outsideUsd'] === '0.00') unproven += 1;
    return {
      ...row,
      usd: usdText(usd),
      countedUsd: String(result['countedUsd']),
      outsideUsd: String(result['outsideUsd']),
      usedAfterUsd: used,
    };
  });
  const leftUsd = String(last['remainingUsd']);
  const limit = quotaLimit(rules, year);
  // Of the year, not of the last settlement: one that is proven does not bring those before it back under the quota.
  const status =
    holder === 'soleTrader'
      ? 'INSTITUTION_RULES'
      : usdMinor(used) === 0
        ? 'NOT_COUNTED'
        : usdMinor(used) > limit
          ? 'OVER_QUOTA'
          : 'WITHIN';
  return {
    rows,
    view: {
      name,
      holder,
      note,
      quotaUsd: usdText(limit),
      usedUsd: used,
      outsideUsd: usdText(outside),
      leftUsd,
      status,
      unrated,
      settlements: settlements.length,
      unproven,
    },
  };
}

/** The quota of a year in cents: what remains when nothing is used. */
function quotaLimit(rules: Rules, year: string): number {
  const { result } = rules.run('F08', {
    holder: 'individual',
    amountUsd: '0',
    usedUsd: '0',
    settledOn: `${year}-12-31`,
  });
  return usdMinor(String(result['remainingUsd']));
}

export function quotaList(rules: Rules, book: Book, year: string): PersonView[] {
  return quotaPersons(book).map((person) => quotaOf(rules, book, person, year).view);
}
