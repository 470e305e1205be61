import {
  accounts,
  type Carried,
  type Dimensions,
  differenceAmounts,
  type EventPart,
  type Posting,
  realisedDifference,
} from '../../../shared/ledger/index.ts';
import { chartOf } from './accounts.ts';
import type { Book } from './book.ts';
import { draftByRule } from './posting-rules.ts';
import { standsAs, type VoucherDraft, type VoucherSource } from './vouchers.ts';

type Draft = Omit<VoucherDraft, 'source'>;

/** A posting, as far as it says what it settles. */
type Settling = Dimensions & Pick<Posting, 'account' | 'currency'>;

/** A monetary item that a posting names: what an order owes or is owed, or else a party, on one account in one currency. */
function itemOf({ account, currency, orderId, partyId }: Settling): string | undefined {
  if (currency === 'CNY' || (orderId === undefined && partyId === undefined)) return undefined;
  return JSON.stringify([account, currency, orderId ?? null, orderId === undefined ? partyId : null]);
}

const standing = 'v.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM voucher r WHERE r.reverses = v.id)';

/** What the standing vouchers of a source name, with their ids. */
function namedBefore(book: Book, source: VoucherSource): (Settling & { readonly voucherId: number })[] {
  const rows = book
    .prepare(
      `SELECT v.id AS voucherId, p.account, p.currency, p.party_id AS partyId, p.sku, p.order_id AS orderId, p.shipment_id AS shipmentId, p.store
       FROM voucher v JOIN posting p ON p.voucher_id = v.id
       WHERE v.source_kind = ? AND v.source_id = ? AND ${standing} ORDER BY v.id, p.position`,
    )
    .all(source.kind, source.id) as {
    voucherId: number;
    account: string;
    currency: string;
    partyId: number | null;
    sku: string | null;
    orderId: number | null;
    shipmentId: number | null;
    store: string | null;
  }[];
  return rows.map(({ voucherId, account, currency, partyId, sku, orderId, shipmentId, store }) => ({
    voucherId,
    account,
    currency,
    partyId: partyId ?? undefined,
    sku: sku ?? undefined,
    orderId: orderId ?? undefined,
    shipmentId: shipmentId ?? undefined,
    store: store ?? undefined,
  }));
}

/** What an item carries beside the vouchers of `source`, oldest first; vouchers taken back and their reversals left out. */
function carriedBeside(
  book: Book,
  { account, currency, orderId, partyId }: Settling,
  source: VoucherSource,
): (Carried & { readonly voucherId: number })[] {
  const of = orderId === undefined ? 'p.party_id = ? AND p.order_id IS NULL' : 'p.order_id = ?';
  const rows = book
    .prepare(
      `SELECT p.voucher_id AS voucherId, p.amount_minor AS minor, p.cny_fen AS fen FROM posting p JOIN voucher v ON v.id = p.voucher_id
       WHERE ${of} AND p.account = ? AND p.currency = ? AND ${standing} AND (v.source_kind <> ? OR v.source_id <> ?)
       ORDER BY p.date, p.voucher_id, p.position`,
    )
    .all(orderId ?? partyId, account, currency, source.kind, source.id) as {
    voucherId: number;
    minor: number;
    fen: number;
  }[];
  return rows.map(({ voucherId, minor, fen }) => ({ voucherId, minor: BigInt(minor), fen: BigInt(fen) }));
}

/**
 * The draft of a source with the exchange differences that it realises: what it settles of an order, or of a party without
 * one, on a monetary account in foreign currency goes out at what it was carried for, and the difference is realised
 * (小企业会计准则 art. 77: 外币交易结算的汇兑差额计入当期损益), by the rule `exchange-realised`. An item that the source settled before and
 * names no more is seen to as well: what others have settled of it by now carries nothing on. Money itself is no item: its
 * differences are those of settlement (结汇) and of the month's end. Settling again what stands already gives what stands; what is
 * posted anew comes after all that stands by then.
 */
export function withRealised(book: Book, draft: Draft, source: VoucherSource): Draft {
  const before = namedBefore(book, source);
  const standing = before[0]?.voucherId;
  const again = realisedAt(book, draft, source, before, standing);
  if (standing === undefined || standsAs(book, source, again.postings.length === 0 ? [] : [again])) return again;
  return realisedAt(book, draft, source, before, undefined);
}

/** @param posted the voucher in whose place the draft is; undefined: it is the last */
function realisedAt(
  book: Book,
  draft: Draft,
  source: VoucherSource,
  before: ReturnType<typeof namedBefore>,
  posted: number | undefined,
): Draft {
  const chart = chartOf(book);
  const items = new Map<string, { readonly of: Settling; readonly own: Carried[] }>();
  const add = (of: Settling, own: readonly Carried[]): void => {
    const key = itemOf(of);
    const isMoney = accounts.money.some((money) => of.account.startsWith(money));
    if (key === undefined || isMoney || chart.get(of.account)?.monetary !== true) return;
    const item = items.get(key) ?? { of, own: [] };
    items.set(key, item);
    item.own.push(...own);
  };
  for (const posting of draft.postings) add(posting, [{ minor: posting.amountMinor, fen: posting.cnyFen }]);
  for (const named of before) add(named, []);
  const parts: EventPart[] = [];
  for (const { of, own } of items.values()) {
    const beside = carriedBeside(book, of, source);
    const gain = realisedDifference(
      beside.filter(({ voucherId }) => posted === undefined || voucherId < posted),
      own,
      beside.reduce((sum, one) => ({ minor: sum.minor + one.minor, fen: sum.fen + one.fen }), { minor: 0n, fen: 0n }),
    );
    if (gain === 0n) continue;
    const { account, currency, partyId, sku, orderId, shipmentId, store } = of;
    const amounts = differenceAmounts({ currency, gain });
    parts.push({ amounts, accounts: { account }, text: '汇兑差额', partyId, sku, orderId, shipmentId, store });
  }
  if (parts.length === 0) return draft;
  const realised = draftByRule(book, { event: 'exchange-realised', date: draft.date, text: draft.text, parts });
  return { ...draft, postings: [...draft.postings, ...(realised?.postings ?? [])] };
}

/** What a source that is taken back leaves: nothing, or the differences of items that others have settled without it. */
export function realisedWithout(book: Book, head: Pick<Draft, 'date' | 'text'>, source: VoucherSource): Draft[] {
  const draft = withRealised(book, { ...head, rule: 'exchange-realised', postings: [] }, source);
  return draft.postings.length === 0 ? [] : [draft];
}
