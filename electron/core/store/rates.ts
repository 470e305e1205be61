import { parseIsoDate } from '../../../shared/calendar/index.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { isRate, type RateBasis, rateBases, rateDate } from '../../../shared/ledger/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** An exchange rate: CNY for ONE unit of the currency, decimal text. */
export interface Rate {
  readonly currency: string;
  /** `yyyy-mm-dd`. */
  readonly date: string;
  readonly cnyPerUnit: string;
  /** Whose rate it is, e.g. `中国人民银行中间价`. */
  readonly source: string;
}

const basisKey = 'ledger.rateBasis';

/** The firm's choice of the day whose rate counts; it has to keep to it within a year. */
export function rateBasis(book: Book): RateBasis {
  const value = book.setting(basisKey);
  return rateBases.find((one) => one === value) ?? 'day';
}

export function setRateBasis(book: Book, basis: RateBasis): void {
  book.setSetting(basisKey, basis);
}

/** The rate in force for a business date: the newest one on or before the date that the firm's basis points to. */
export function rateInForce(book: Book, currency: string, date: string): Rate | undefined {
  if (currency === 'CNY') return { currency, date, cnyPerUnit: '1', source: '' };
  return book
    .prepare(
      'SELECT currency, date, cny_per_unit AS cnyPerUnit, source FROM rate WHERE currency = ? AND date <= ? ORDER BY date DESC LIMIT 1',
    )
    .get(currency, rateDate(date, rateBasis(book))) as Rate | undefined;
}

/**
 * Stores a rate; one of the same day is replaced, vouchers already posted keep theirs. Post what waited for it with
 * `retryPendingPostings` in the same transaction. Refusals: `RATE_INVALID`, `DATE_INVALID`.
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
      `INSERT INTO rate (currency, date, cny_per_unit, source, entered_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (currency, date) DO UPDATE SET cny_per_unit = excluded.cny_per_unit, source = excluded.source, entered_at = excluded.entered_at
       WHERE cny_per_unit <> excluded.cny_per_unit OR source <> excluded.source`,
    )
    .run(rate.currency, rate.date, rate.cnyPerUnit, rate.source, now);
  return changes > 0;
}

/** Newest first, of one currency or of all. */
export function listRates(
  book: Book,
  filter: { currency: string | undefined; after: string | undefined; limit: number },
) {
  const [date, currency] = decodeCursor(filter.after, ['9999-99-99', '']);
  const only = filter.currency ?? '';
  const rows = book
    .prepare(
      `SELECT currency, date, cny_per_unit AS cnyPerUnit, source FROM rate
       WHERE (? = '' OR currency = ?) AND (date < ? OR (date = ? AND currency > ?)) ORDER BY date DESC, currency LIMIT ?`,
    )
    .all(only, only, date, date, currency, filter.limit) as Rate[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM rate WHERE (? = '' OR currency = ?)`).get(only, only) as {
    n: number;
  };
  const last = rows.at(-1);
  return {
    rows,
    total: n,
    ...(rows.length === filter.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.date, last.currency]) }
      : {}),
  };
}
