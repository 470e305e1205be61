import type { z } from 'zod';
import { parseIsoDate } from '../../../shared/calendar/index.ts';
import type { voucherInput } from '../../../shared/contract/accounting.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  cleared,
  type Dimensions,
  impliedRate,
  type RateFound,
  readLine,
  readVoucher,
  sumsByCurrency,
  type TypedLine,
} from '../../../shared/ledger/index.ts';
import { exponentOf, formatScaled } from '../../../shared/money/index.ts';
import { chartOf, checkPosting, type Refuse, raise } from './accounts.ts';
import type { Book } from './book.ts';
import { requireParty } from './parties.ts';
import { rateInForce } from './rates.ts';
import { countSummaries, deleteVoucherDraft } from './voucher-drafts.ts';
import { balanceRefusal, closedRefusal, lastClosed, postVouchers, type VoucherDraft } from './vouchers.ts';

export type TypedVoucher = z.output<typeof voucherInput>;

/** How a paper or a line names what it is of. */
export interface NamedDimensions {
  readonly partyId?: number | undefined;
  readonly sku?: string | undefined;
  readonly orderNo?: string | undefined;
  readonly shipmentNo?: string | undefined;
  readonly store?: string | undefined;
}

/** The answer of `work`, or nothing when it refuses, which is then noted. */
function noting<T>(refuse: Refuse, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PortbookError)) throw error;
    refuse(error);
    return undefined;
  }
}

/**
 * The book's own ids of what a line names. Refusals at `path` + the field: `PARTY_UNKNOWN`, `PRODUCT_UNKNOWN` {sku},
 * `ORDER_NO_UNKNOWN` {orderNo}, `SHIPMENT_NO_UNKNOWN` {shipmentNo}.
 */
export function findDimensions(book: Book, named: NamedDimensions, path: string, refuse: Refuse = raise): Dimensions {
  const { partyId, sku, orderNo, shipmentNo, store } = named;
  if (partyId !== undefined) noting(refuse, () => requireParty(book, partyId, `${path}partyId`));
  if (sku !== undefined && book.prepare('SELECT 1 FROM product WHERE sku = ?').get(sku) === undefined)
    refuse(new PortbookError('PRODUCT_UNKNOWN', { sku }, `${path}sku`));
  const idOf = (sql: string, value: string): number | undefined =>
    (book.prepare(sql).get(value) as { id: number } | undefined)?.id;
  const orderId = orderNo === undefined ? undefined : idOf('SELECT id FROM sales_order WHERE order_no = ?', orderNo);
  if (orderNo !== undefined && orderId === undefined)
    refuse(new PortbookError('ORDER_NO_UNKNOWN', { orderNo }, `${path}orderNo`));
  const shipmentId =
    shipmentNo === undefined ? undefined : idOf('SELECT id FROM shipment WHERE shipment_no = ?', shipmentNo);
  if (shipmentNo !== undefined && shipmentId === undefined)
    refuse(new PortbookError('SHIPMENT_NO_UNKNOWN', { shipmentNo }, `${path}shipmentNo`));
  return { partyId, sku, orderId, shipmentId, store: store === '' ? undefined : store };
}

/** Rates in force on a date, each looked up once. */
export function ratesOn(book: Book, date: string): (currency: string) => RateFound | undefined {
  const known = new Map<string, RateFound | undefined>();
  return (currency) => {
    if (!known.has(currency)) known.set(currency, rateInForce(book, currency, date));
    return known.get(currency);
  };
}

/** The lines with what they name found. */
export function typedLines(book: Book, lines: TypedVoucher['lines'], path: string): TypedLine[] {
  return lines.map(({ partyId, sku, orderNo, shipmentNo, store, ...line }, at) => ({
    ...line,
    ...findDimensions(book, { partyId, sku, orderNo, shipmentNo, store }, `${path}lines.${at}.`),
  }));
}

function requireDate(date: string, path: string): void {
  if (parseIsoDate(date) === undefined) throw new PortbookError('DATE_INVALID', { date }, path);
}

function draftOf(book: Book, typed: TypedVoucher, path: string): Omit<VoucherDraft, 'source'> {
  requireDate(typed.date, `${path}date`);
  const { postings, rate } = readVoucher(
    { date: typed.date, exchange: typed.exchange, lines: typedLines(book, typed.lines, path) },
    ratesOn(book, typed.date),
    path,
  );
  const text = typed.text !== '' ? typed.text : (typed.lines.find((line) => line.text !== '')?.text ?? '');
  return { date: typed.date, text, rule: 'manual', rate, postings };
}

/**
 * Posts vouchers typed in, all or none, and counts their summaries. A refusal's path names the voucher in a batch:
 * `3.lines.1.debit`. @returns their ids
 */
export function postTypedVouchers(
  book: Book,
  vouchers: readonly TypedVoucher[],
  now: string,
  draftId?: number,
): number[] {
  return book.transaction(() => {
    const drafts = vouchers.map((typed, at) => ({
      ...draftOf(book, typed, vouchers.length === 1 ? '' : `${at}.`),
      source: { kind: 'manual', id: '' },
    }));
    const ids = postVouchers(book, drafts, now);
    countSummaries(
      book,
      vouchers.flatMap(({ text, lines }) => [text, ...lines.map((line) => line.text)]),
      now,
    );
    if (draftId !== undefined) deleteVoucherDraft(book, draftId);
    return ids;
  });
}

/** What a voucher comes to so far, line by line, and everything that is wrong with it. Writes nothing. */
export function previewVoucher(book: Book, typed: TypedVoucher): OutputOf<'vouchers.preview'> {
  const rateOf = ratesOn(book, typed.date);
  const refusals: PortbookError[] = [];
  const refuse: Refuse = (refusal) => refusals.push(refusal);
  const chart = chartOf(book);
  const closed = closedRefusal(typed.date, lastClosed(book), '');
  if (closed !== undefined) refuse(closed);
  const read = typed.lines.map(({ orderNo, shipmentNo, ...line }, at) => {
    const path = `lines.${at}`;
    const found = findDimensions(book, { ...line, orderNo, shipmentNo }, `${path}.`, refuse);
    // What is named but unknown has been said; it is not missing as well.
    const named = {
      ...found,
      orderId: found.orderId ?? (orderNo === undefined ? undefined : 0),
      shipmentId: found.shipmentId ?? (shipmentNo === undefined ? undefined : 0),
    };
    const qtyE5 = line.quantity === undefined ? undefined : 0n;
    checkPosting(chart, { ...named, account: line.account, qtyE5 }, path, false, refuse);
    return noting(refuse, () => readLine({ ...line, ...found }, typed.date, path, at + 1, rateOf));
  });
  const postings = read.flatMap((line) => (line === undefined ? [] : [line.posting]));
  if (postings.length === typed.lines.length) {
    const unbalanced = balanceRefusal(typed.exchange ? cleared(postings) : postings, '');
    if (unbalanced !== undefined) refuse(unbalanced);
  }
  const debits = postings.filter((one) => one.amountMinor > 0n || one.cnyFen > 0n);
  const credits = postings.filter((one) => one.amountMinor < 0n || one.cnyFen < 0n);
  const debit = sumsByCurrency(debits);
  const credit = sumsByCurrency(credits);
  const fenOf = (sums: typeof debit): bigint => [...sums.values()].reduce((sum, { fen }) => sum + fen, 0n);
  const text = (minor: bigint, currency: string): string =>
    formatScaled(minor, exponentOf(currency), exponentOf(currency));
  return {
    lines: read.map((line) => {
      if (line === undefined) return {};
      const { posting, rate } = line;
      const fen = posting.cnyFen < 0n ? -posting.cnyFen : posting.cnyFen;
      const implied = posting.currency === 'CNY' ? undefined : (rate?.cnyPerUnit ?? impliedRate(posting));
      return {
        cny: text(fen, 'CNY'),
        ...(implied === undefined ? {} : { rate: implied }),
        ...(rate === undefined || posting.currency === 'CNY' ? {} : { rateDate: rate.date }),
      };
    }),
    totals: [...new Set([...debit.keys(), ...credit.keys()])].map((currency) => ({
      currency,
      debit: text(debit.get(currency)?.minor ?? 0n, currency),
      credit: text(-(credit.get(currency)?.minor ?? 0n), currency),
    })),
    debitCny: text(fenOf(debit), 'CNY'),
    creditCny: text(-fenOf(credit), 'CNY'),
    problems: refusals.map((refusal) => {
      const { code, params, path } = refusal.toContract();
      return { code, params, ...(path === undefined ? {} : { path }) };
    }),
  };
}
