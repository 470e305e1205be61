import { addMonths, type IsoDate, parseIsoDate, startOfMonth } from '../../../shared/calendar/index.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { isRate, type RateBasis, type RateKind } from '../../../shared/ledger/index.ts';
import { packOn } from '../../../shared/rules/pack.ts';
import { type FobPack, fobPackId, fobPackSchema, rateDay } from '../../../shared/rules/tax/export-vat/fob-value.ts';
import type { Book } from './book.ts';
import { workCalendar } from './calendar.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { firmPack } from './worksheets/facts.ts';

/** An exchange rate: CNY for ONE unit of the currency, decimal text. */
export interface Rate {
  readonly kind: RateKind;
  readonly currency: string;
  /** `yyyy-mm-dd`. */
  readonly date: string;
  readonly cnyPerUnit: string;
  /** Whose rate it is, e.g. `中国人民银行中间价`. */
  readonly source: string;
}

/** The rule of the rate's day (T12) on a date: the firm's own pack where it has changed it. Undefined: none is known. */
function rateRule(book: Book, date: string): FobPack['versions'][number]['parameters'] | undefined {
  const own = firmPack(book, fobPackId);
  return packOn(own === undefined ? book.rateRules.rateRules() : fobPackSchema.parse(own.body), date)?.parameters;
}

/** The firm's choice of the day whose rate counts, as of a business date. */
export function rateBasis(book: Book, date: string): RateBasis {
  const row = book
    .prepare('SELECT basis FROM rate_basis WHERE from_date <= ? ORDER BY from_date DESC LIMIT 1')
    .get(date) as { basis: RateBasis } | undefined;
  return row?.basis ?? 'day';
}

/** All choices, newest first. */
export function rateBases(book: Book): { from: string; basis: RateBasis; reason: string }[] {
  return book.prepare('SELECT from_date AS "from", basis, reason FROM rate_basis ORDER BY from_date DESC').all() as {
    from: string;
    basis: RateBasis;
    reason: string;
  }[];
}

/**
 * Chooses the day whose rate counts, from a date on; the choice stands for the months of the rule (T12).
 * Refusals: `DATE_INVALID`, `RATE_BASIS_FIXED` {since, until} within those months of the choice before.
 */
export function setRateBasis(
  book: Book,
  choice: { readonly from: string; readonly basis: RateBasis; readonly reason: string },
  now: string,
): void {
  const from = parseIsoDate(choice.from);
  if (from === undefined) throw new PortbookError('DATE_INVALID', { date: choice.from }, 'from');
  const last = rateBases(book)[0];
  const since = last === undefined ? undefined : parseIsoDate(last.from);
  if (since !== undefined && last?.basis !== choice.basis) {
    const until = addMonths(since, rateRule(book, choice.from)?.lockMonths ?? 0);
    if (from < until) throw new PortbookError('RATE_BASIS_FIXED', { since, until }, 'from');
  }
  book
    .prepare(
      `INSERT INTO rate_basis (from_date, basis, reason, entered_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (from_date) DO UPDATE SET basis = excluded.basis, reason = excluded.reason, entered_at = excluded.entered_at`,
    )
    .run(choice.from, choice.basis, choice.reason, now);
}

/** Days with a parity of a currency, in order: the newest up to the first of a month, and those of the month. */
function parityDays(book: Book, currency: string, first: IsoDate): IsoDate[] {
  const rows = book
    .prepare(
      `SELECT date FROM rate WHERE kind = 'parity' AND currency = :currency AND date < :next AND date >= coalesce(
         (SELECT max(date) FROM rate WHERE kind = 'parity' AND currency = :currency AND date <= :first), :first) ORDER BY date`,
    )
    .all({ currency, first, next: addMonths(first, 1) }) as { date: IsoDate }[];
  return rows.map(({ date }) => date);
}

/**
 * The parity in force for a business date by the firm's basis (T12): the newest up to the day, or that of the month's first
 * day as the rule of the date has it – the newest up to it, before 2026 that of the first working day.
 */
export function rateInForce(book: Book, currency: string, date: string): Rate | undefined {
  const day = parseIsoDate(date);
  if (currency === 'CNY' || day === undefined || rateBasis(book, date) === 'day')
    return rateOf(book, 'parity', currency, date);
  const monthFirst = rateRule(book, date)?.monthFirst ?? 'latestPublished';
  const days = parityDays(book, currency, startOfMonth(day));
  const on = rateDay(day, 'monthFirst', monthFirst, days, workCalendar(book, book.rateRules));
  return on === undefined ? undefined : rateAt(book, 'parity', currency, on);
}

/** The parities in force for a business date, of every currency that has one, by currency. */
export function ratesInForce(book: Book, date: string): Rate[] {
  const rows = book.prepare(`SELECT DISTINCT currency FROM rate WHERE kind = 'parity' ORDER BY currency`).all() as {
    currency: string;
  }[];
  return rows.flatMap(({ currency }) => rateInForce(book, currency, date) ?? []);
}

/** The newest rate of a kind on or before a date. */
export function rateOf(book: Book, kind: RateKind, currency: string, date: string): Rate | undefined {
  if (currency === 'CNY') return { kind, currency, date, cnyPerUnit: '1', source: '' };
  return book
    .prepare(
      `SELECT kind, currency, date, cny_per_unit AS cnyPerUnit, source FROM rate
       WHERE kind = ? AND currency = ? AND date <= ? ORDER BY date DESC LIMIT 1`,
    )
    .get(kind, currency, date) as Rate | undefined;
}

/** The rate of a kind on exactly this day. */
export function rateAt(book: Book, kind: RateKind, currency: string, date: string): Rate | undefined {
  return book
    .prepare(
      'SELECT kind, currency, date, cny_per_unit AS cnyPerUnit, source FROM rate WHERE kind = ? AND currency = ? AND date = ?',
    )
    .get(kind, currency, date) as Rate | undefined;
}

/**
 * Stores a rate; one of the same kind and day is replaced, vouchers already posted keep theirs. Post what waited for it
 * with `retryPendingPostings` in the same transaction. Refusals: `RATE_INVALID`, `DATE_INVALID`.
 * @returns whether anything changed
 */
export function putRate(book: Book, rate: Rate, now: string): boolean {
  if (parseIsoDate(rate.date) === undefined) throw new PortbookError('DATE_INVALID', { date: rate.date }, 'date');
  if (!isRate(rate.currency, rate.cnyPerUnit)) {
    throw new PortbookError(
      'RATE_INVALID',
      { currency: rate.currency, rate: rate.cnyPerUnit.slice(0, 40) },
      'cnyPerUnit',
    );
  }
  const { changes } = book
    .prepare(
      `INSERT INTO rate (kind, currency, date, cny_per_unit, source, entered_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (kind, currency, date) DO UPDATE SET cny_per_unit = excluded.cny_per_unit, source = excluded.source, entered_at = excluded.entered_at
       WHERE cny_per_unit <> excluded.cny_per_unit OR source <> excluded.source`,
    )
    .run(rate.kind, rate.currency, rate.date, rate.cnyPerUnit, rate.source, now);
  return changes > 0;
}

/** Newest first, of one currency or of all, of one kind or of all. */
export function listRates(
  book: Book,
  filter: { kind: RateKind | undefined; currency: string | undefined; after: string | undefined; limit: number },
) {
  const [date, currency, kind] = decodeCursor(filter.after, ['9999-99-99', '', '']);
  const where = `(:kind = '' OR kind = :kind) AND (:currency = '' OR currency = :currency)`;
  const only = { kind: filter.kind ?? '', currency: filter.currency ?? '' };
  const rows = book
    .prepare(
      `SELECT kind, currency, date, cny_per_unit AS cnyPerUnit, source FROM rate
       WHERE ${where} AND (date < :date OR (date = :date AND (currency, kind) > (:lastCurrency, :lastKind)))
       ORDER BY date DESC, currency, kind LIMIT :limit`,
    )
    .all({ ...only, date, lastCurrency: currency, lastKind: kind, limit: filter.limit }) as Rate[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM rate WHERE ${where}`).get(only) as { n: number };
  const last = rows.at(-1);
  return {
    rows,
    total: n,
    ...(rows.length === filter.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.date, last.currency, last.kind]) }
      : {}),
  };
}
