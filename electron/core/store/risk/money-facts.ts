/** What the red flags of money look at: receipts, payers, transactions in dollars, round amounts. */
import type { IsoDate } from '../../../../shared/calendar/index.ts';
import type { BookRow } from '../../../../shared/contract/risk.ts';
import { exponentOf } from '../../../../shared/money/index.ts';
import { majorText } from '../../../../shared/reports/amounts.ts';
import type { PayerFact, ReceiptFact, RoundFact, UsdFact } from '../../../../shared/risk/money-flags.ts';
import type { Book } from '../book.ts';
import { usdMinorOf } from '../money/usd.ts';

interface RecordHead {
  id: number;
  number: string;
  date: IsoDate;
  currency: string;
  minor: number;
}

const head = 'r.id, r.number, r.date, r.currency, r.amount_minor + r.fee_minor AS minor';

/** A money record as a row of a flag: its number, never whose it is. */
function recordRow({ id, number, date, currency, minor }: RecordHead): BookRow {
  return { kind: 'record', id: String(id), label: number, date, currency, amount: majorText(minor, currency) };
}

/** Receipts that are not wholly allocated, oldest first; `checked` counts all. */
export function openReceipts(book: Book): { readonly receipts: ReceiptFact[]; readonly checked: number } {
  const rows = book
    .prepare(
      `SELECT ${head}, r.allocated_minor AS allocatedMinor FROM money_record r WHERE r.kind = 'receipt' AND r.state = 'entered'
         AND r.allocated_minor < r.amount_minor + r.fee_minor ORDER BY r.date, r.id`,
    )
    .all() as (RecordHead & { allocatedMinor: number })[];
  const { n } = book
    .prepare(`SELECT count(*) AS n FROM money_record WHERE kind = 'receipt' AND state = 'entered'`)
    .get() as { n: number };
  return {
    receipts: rows.map(({ allocatedMinor, ...one }) => {
      const { id, date, minor } = one;
      return { row: recordRow(one), id, date, minor, allocatedMinor };
    }),
    checked: n,
  };
}

interface PaidRow {
  recordId: number;
  targetKind: 'order' | 'declaration' | 'payout';
  orderId: number | null;
  orderNo: string | null;
  buyer: string | null;
  country: string | null;
  storeCountry: string | null;
  declarationNo: string | null;
  payoutId: number | null;
  thirdParty: string;
}

/**
 * Receipts that paid for something, with the buyers and countries of what they paid for.
 * @param countryOf one code for a country, however it is written (customs' number, alpha-2, a name); undefined: none
 */
export function payers(book: Book, countryOf: (text: string) => string | undefined): PayerFact[] {
  const receipts = book
    .prepare(
      `SELECT ${head}, r.counterparty, r.counterparty_country AS counterpartyCountry, r.channel, p.kind AS partyKind, p.country AS partyCountry,
         EXISTS (SELECT 1 FROM party k WHERE k.kind IN ('platform','bank') AND k.name = r.counterparty)
           OR EXISTS (SELECT 1 FROM money_account m WHERE m.kind IN ('payment-institution','wallet') AND m.institution <> '' AND m.institution = r.counterparty) AS isKnown
       FROM money_record r LEFT JOIN party p ON p.id = r.party_id
       WHERE r.kind = 'receipt' AND r.state = 'entered' AND r.allocated_minor > 0 ORDER BY r.date, r.id`,
    )
    .all() as (RecordHead & {
    counterparty: string;
    counterpartyCountry: string;
    channel: string;
    partyKind: string | null;
    partyCountry: string | null;
    isKnown: number;
  })[];
  const paid = new Map<number, PaidRow[]>();
  // A declaration's buyers and countries are those of its lines.
  const rows = book
    .prepare(
      `SELECT a.record_id AS recordId, a.target_kind AS targetKind, a.third_party AS thirdParty, o.id AS orderId, o.order_no AS orderNo,
         coalesce(o.buyer_name, o.customer) AS buyer, o.country, s.country AS storeCountry, NULL AS declarationNo, a.target_payout_id AS payoutId
       FROM allocation a LEFT JOIN sales_order o ON o.id = a.order_id LEFT JOIN store s ON s.name = o.store
       WHERE a.record_id IS NOT NULL AND a.target_kind <> 'declaration'
       UNION ALL
       SELECT DISTINCT a.record_id, a.target_kind, a.third_party, NULL, NULL, coalesce(o.buyer_name, o.customer), coalesce(e.country, o.country),
         s.country, a.declaration_no, NULL
       FROM allocation a LEFT JOIN export_share e ON e.declaration_no = a.declaration_no LEFT JOIN sales_order o ON o.id = e.order_id
         LEFT JOIN store s ON s.name = o.store
       WHERE a.record_id IS NOT NULL AND a.target_kind = 'declaration'`,
    )
    .iterate() as IterableIterator<PaidRow>;
  for (const row of rows) {
    const list = paid.get(row.recordId);
    if (list === undefined) paid.set(row.recordId, [row]);
    else list.push(row);
  }
  const codes = new Map<string, string | undefined>();
  const code = (text: string | null): string[] => {
    if (text === null || text === '') return [];
    if (!codes.has(text)) codes.set(text, countryOf(text));
    const found = codes.get(text);
    return found === undefined ? [] : [found];
  };
  return receipts.map((one): PayerFact => {
    const of = paid.get(one.id) ?? [];
    const isKnownChannel =
      one.channel !== 'bank' ||
      one.isKnown === 1 ||
      one.partyKind === 'platform' ||
      of.some(({ targetKind }) => targetKind === 'payout');
    const places = [
      code(one.partyCountry),
      ...of.flatMap(({ country, storeCountry }) => [code(country), code(storeCountry)]),
    ];
    const seen = new Set<string>();
    return {
      ...{ row: recordRow(one), id: one.id, date: one.date, minor: one.minor, payer: one.counterparty },
      payerCountry: code(one.counterpartyCountry)[0],
      isKnownChannel,
      buyers: [...new Set(of.flatMap(({ buyer }) => (buyer !== null && /\p{L}{2}/u.test(buyer) ? [buyer] : [])))],
      // Where a platform pays from, its own country decides; buyers' countries say nothing of it.
      countries: [...new Set(isKnownChannel && code(one.partyCountry).length === 0 ? [] : places.flat())],
      isExplained: of.length > 0 && of.every(({ thirdParty }) => thirdParty !== ''),
      paid: of.flatMap((row): BookRow[] => {
        const made = paidRow(row);
        if (made === undefined || seen.has(made.kind + made.id)) return [];
        seen.add(made.kind + made.id);
        return [made];
      }),
    };
  });
}

function paidRow({ orderId, orderNo, declarationNo, payoutId }: PaidRow): BookRow | undefined {
  if (orderId !== null) return { kind: 'order', id: String(orderId), label: orderNo ?? '' };
  if (declarationNo !== null) return { kind: 'declaration', id: declarationNo, label: declarationNo };
  return payoutId === null ? undefined : { kind: 'payout', id: String(payoutId), label: String(payoutId) };
}

/** Receipts and payments with their value in dollars, as stored or at the rates of their day. */
export function dollarFacts(book: Book): UsdFact[] {
  const rows = book
    .prepare(
      `SELECT r.id, r.number, r.date, r.currency, r.amount_minor AS minor, r.usd_minor AS usdMinor, r.kind FROM money_record r
       WHERE r.kind IN ('receipt','payment') AND r.state = 'entered' ORDER BY r.date, r.id`,
    )
    .all() as (RecordHead & { usdMinor: number | null; kind: 'receipt' | 'payment' })[];
  return rows.map(({ usdMinor, kind, ...one }) => ({
    ...{ row: recordRow(one), id: one.id, date: one.date, minor: one.minor },
    direction: kind === 'receipt' ? 'receipts' : 'payments',
    usdMinor: usdMinor ?? usdMinorOf(book, one.currency, one.minor, one.date),
  }));
}

/** Receipts and payments of each account since a day: how many, and which are multiples of so many major units. */
export function roundFacts(book: Book, since: string, roundTo: number): RoundFact[] {
  const accounts = book
    .prepare(
      `SELECT a.id, a.name, a.currency, count(*) AS transactions FROM money_record r JOIN money_account a ON a.id = r.account_id
       WHERE r.kind IN ('receipt','payment') AND r.state = 'entered' AND r.date >= ? GROUP BY a.id ORDER BY a.id`,
    )
    .all(since) as { id: number; name: string; currency: string; transactions: number }[];
  const round = book.prepare(
    `SELECT r.id, r.number, r.date, r.currency, r.amount_minor AS minor FROM money_record r WHERE r.account_id = ?
       AND r.kind IN ('receipt','payment') AND r.state = 'entered' AND r.date >= ? AND r.amount_minor % ? = 0 ORDER BY r.date DESC, r.id DESC`,
  );
  return accounts.map(({ id, name, currency, transactions }) => ({
    key: `account:${id}`,
    subject: name,
    transactions,
    round: (round.all(id, since, roundTo * 10 ** exponentOf(currency)) as RecordHead[]).map(recordRow),
  }));
}
