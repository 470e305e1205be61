import { daysBetween, type IsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { legalForms, nameKey } from '../../../shared/matching/party-names.ts';
import { divideRounded, isCurrency, moneyText, parseScaled, tryParseMoney } from '../../../shared/money/index.ts';
import type { Book } from './book.ts';
import { allocationParameters } from './money/open-items.ts';
import { minorIn } from './money/usd.ts';

type View = OutputOf<'insuredLimits.list'>;
type Row = View['rows'][number];

interface StoredLimit {
  id: number;
  insurer: string;
  policyNo: string;
  buyer: string;
  country: string;
  currency: string;
  limitMinor: number;
  coverBp: number;
  termDays: number | null;
  fromOn: IsoDate;
  untilOn: IsoDate;
  note: string;
}

/** What a buyer owes from one day in one currency. */
interface Owed {
  readonly buyer: string;
  readonly currency: string;
  readonly date: IsoDate;
  readonly minor: number;
  readonly orders: number;
}

const WHOLE_BP = 10_000n;
const textOf = (minor: number | bigint, currency: string): string => moneyText({ minor: BigInt(minor), currency });
const percentText = (bp: number): string => (bp / 100).toString();

function limitsOf(book: Book): StoredLimit[] {
  return book
    .prepare(
      `SELECT id, insurer, policy_no AS policyNo, buyer, country, currency, limit_minor AS limitMinor, cover_bp AS coverBp,
         term_days AS termDays, from_on AS fromOn, until_on AS untilOn, note
       FROM insured_limit ORDER BY buyer, from_on DESC, id`,
    )
    .all() as StoredLimit[];
}

function owedOn(book: Book, date: IsoDate): Owed[] {
  return book
    .prepare(
      `SELECT coalesce(nullif(buyer_name, ''), customer, '') AS buyer, currency, order_date AS date, sum(open_minor) AS minor, count(*) AS orders
       FROM sales_order WHERE open_minor > 0 AND order_date <= ? GROUP BY 1, 2, 3`,
    )
    .all(date) as Owed[];
}

/** One form for names that differ only in case, punctuation, legal form and order of words. */
function nameKeys(book: Book, date: string): (name: string) => string {
  const forms = legalForms(allocationParameters(book, date).legalForms);
  return (name) => nameKey(name, forms);
}

function rowOf(book: Book, limit: StoredLimit, owed: readonly Owed[], date: IsoDate): Row {
  const { currency, limitMinor, coverBp, termDays, ...fields } = limit;
  const isInForce = limit.fromOn <= date && date <= limit.untilOn;
  let [open, overdue, orders] = [0, 0, 0];
  let isRateMissing = false;
  for (const one of owed) {
    const minor = minorIn(book, currency, one.currency, one.minor, date);
    orders += one.orders;
    if (minor === undefined) {
      isRateMissing = true;
      continue;
    }
    open += minor;
    if (termDays !== null && daysBetween(one.date, date) > termDays) overdue += minor;
  }
  const covered = isInForce ? Math.min(open, limitMinor) : 0;
  const insured = divideRounded(BigInt(covered) * BigInt(coverBp), WHOLE_BP, 'halfUp');
  const ofLimit = open > limitMinor ? ('beyond' as const) : ('within' as const);
  const state =
    date < limit.fromOn ? 'future' : date > limit.untilOn ? 'ended' : isRateMissing ? 'rateMissing' : ofLimit;
  return {
    ...fields,
    currency,
    limit: textOf(limitMinor, currency),
    coverPercent: percentText(coverBp),
    termDays,
    state,
    orders,
    open: textOf(open, currency),
    overdue: textOf(overdue, currency),
    insured: textOf(insured, currency),
    uninsured: textOf(BigInt(open) - insured, currency),
  };
}

interface Sum {
  open: bigint;
  insured: bigint;
}

/**
 * Limits by buyer with what each buyer owes (open orders up to the day, in the limit's currency at the parities in force), and what buyers
 * without a limit in force owe. A limit that is not in force shows what is owed, insures nothing and is in no total.
 */
export function insuredLimits(book: Book, date: IsoDate): View {
  const keyOf = nameKeys(book, date);
  const owedBy = new Map<string, Owed[]>();
  for (const one of owedOn(book, date)) {
    const key = keyOf(one.buyer);
    const owed = owedBy.get(key);
    if (owed === undefined) owedBy.set(key, [one]);
    else owed.push(one);
  }
  const limits = limitsOf(book);
  const rows = limits.map((limit) => rowOf(book, limit, owedBy.get(keyOf(limit.buyer)) ?? [], date));

  const sums = new Map<string, Sum>();
  for (const [at, { currency, state, open, insured }] of rows.entries()) {
    if (state === 'future' || state === 'ended') continue;
    const sum = sums.get(currency) ?? { open: 0n, insured: 0n };
    sums.set(currency, sum);
    sum.open += minorOf(open, currency);
    sum.insured += minorOf(insured, currency);
    const key = keyOf(limits[at]?.buyer ?? '');
    // What no rate values is not in the row, so it stays here.
    const rest = owedBy.get(key)?.filter((one) => minorIn(book, currency, one.currency, one.minor, date) === undefined);
    owedBy.set(key, rest ?? []);
  }
  const without = new Map<string, { minor: number; orders: number; buyers: Set<string> }>();
  for (const [buyer, owed] of owedBy) {
    for (const { currency, minor, orders } of owed) {
      const sum = without.get(currency) ?? { minor: 0, orders: 0, buyers: new Set<string>() };
      without.set(currency, sum);
      sum.minor += minor;
      sum.orders += orders;
      sum.buyers.add(buyer);
    }
  }
  const byCurrency = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
  return {
    rows,
    totals: [...sums].sort(byCurrency).map(([currency, { open, insured }]) => ({
      currency,
      open: textOf(open, currency),
      insured: textOf(insured, currency),
      uninsured: textOf(open - insured, currency),
    })),
    withoutLimit: [...without].sort(byCurrency).map(([currency, { minor, orders, buyers }]) => ({
      currency,
      open: textOf(minor, currency),
      orders,
      buyers: buyers.size,
    })),
  };
}

/** Which names of limits are of some buyers, and which buyers no limit in force on the day names. */
export function buyersWithoutLimit(
  book: Book,
  date: IsoDate,
  buyers: readonly string[],
): { readonly names: (buyer: string) => boolean; readonly uninsured: (buyer: string) => boolean } {
  const keyOf = nameKeys(book, date);
  const own = new Set(buyers.map(keyOf));
  const inForce = new Set(
    limitsOf(book)
      .filter(({ fromOn, untilOn }) => fromOn <= date && date <= untilOn)
      .map(({ buyer }) => keyOf(buyer)),
  );
  return { names: (buyer) => own.has(keyOf(buyer)), uninsured: (buyer) => !inForce.has(keyOf(buyer)) };
}

const minorOf = (text: string, currency: string): bigint => tryParseMoney(text, currency)?.minor ?? 0n;

/** Adds a limit or changes one; see the contract for its refusals. Two limits of one buyer are never in force on one day. */
export function saveInsuredLimit(book: Book, limit: ParsedInputOf<'insuredLimits.save'>, now: string): number {
  const { id, limit: amount, coverPercent, ...fields } = limit;
  const { currency, fromOn, untilOn, buyer } = fields;
  if (!isCurrency(currency)) throw new PortbookError('CURRENCY_UNKNOWN', { currency }, 'currency');
  const minor = tryParseMoney(amount, currency)?.minor;
  if (minor === undefined || minor <= 0n || minor > BigInt(Number.MAX_SAFE_INTEGER))
    throw new PortbookError('INSURED_LIMIT_AMOUNT', { amount, currency }, 'limit');
  const bp = parseScaled(coverPercent, 2);
  if (bp < 1n || bp > WHOLE_BP)
    throw new PortbookError('INSURED_LIMIT_SHARE', { percent: coverPercent }, 'coverPercent');
  if (fromOn > untilOn) throw new PortbookError('INSURED_LIMIT_DATES', { from: fromOn, until: untilOn }, 'untilOn');
  const keyOf = nameKeys(book, fromOn);
  const other = limitsOf(book).find(
    (one) => one.id !== id && keyOf(one.buyer) === keyOf(buyer) && one.fromOn <= untilOn && fromOn <= one.untilOn,
  );
  if (other !== undefined)
    throw new PortbookError(
      'INSURED_LIMIT_OVERLAPS',
      { buyer: other.buyer, policyNo: other.policyNo, from: other.fromOn, until: other.untilOn },
      'fromOn',
    );
  const values = { ...fields, minor: Number(minor), bp: Number(bp), now };
  if (id === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO insured_limit (insurer, policy_no, buyer, country, currency, limit_minor, cover_bp, term_days, from_on, until_on, note, created_at, updated_at)
         VALUES (:insurer, :policyNo, :buyer, :country, :currency, :minor, :bp, :termDays, :fromOn, :untilOn, :note, :now, :now)`,
      )
      .run(values);
    return Number(lastInsertRowid);
  }
  const { changes } = book
    .prepare(
      `UPDATE insured_limit SET insurer = :insurer, policy_no = :policyNo, buyer = :buyer, country = :country, currency = :currency,
         limit_minor = :minor, cover_bp = :bp, term_days = :termDays, from_on = :fromOn, until_on = :untilOn, note = :note, updated_at = :now
       WHERE id = :id`,
    )
    .run({ ...values, id });
  if (changes === 0) throw new PortbookError('INSURED_LIMIT_UNKNOWN', { id }, 'id');
  return id;
}

/** Refusal: `INSURED_LIMIT_UNKNOWN` {id}. */
export function removeInsuredLimit(book: Book, id: number): void {
  const { changes } = book.prepare('DELETE FROM insured_limit WHERE id = ?').run(id);
  if (changes === 0) throw new PortbookError('INSURED_LIMIT_UNKNOWN', { id }, 'id');
}
