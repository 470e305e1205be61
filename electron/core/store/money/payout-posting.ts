import { sourceDocumentInput } from '../../../../shared/contract/accounting.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { SourceDocument } from '../../../../shared/ledger/index.ts';
import { toMinor } from '../../../../shared/money/index.ts';
import { type ExplosionGroup, groupOf, type PayoutCategory } from '../../../../shared/payouts/index.ts';
import type { Book } from '../book.ts';
import { saveSourceDocument, voidSourceDocument } from '../source-documents.ts';
import { amountOf, monthSums } from './payouts.ts';

/** The posting amount of a group; undefined: what is posted elsewhere (sales on release, money by receipts) or stays owed. */
const postingOf: Readonly<Record<ExplosionGroup, string | undefined>> = {
  gross: undefined,
  tax: 'tax',
  commission: 'commission',
  fulfilment: 'fulfilment',
  storage: 'storage',
  advertising: 'advertising',
  payment: 'payment',
  other: 'other',
  // Kept by the platform for something nobody has named yet: other fees until a person says what it is.
  unknown: 'other',
  refund: 'refund',
  reimbursement: 'reimbursement',
  reserve: undefined,
  transfer: undefined,
};

interface Head {
  number: string;
  store: string;
  currency: string;
  state: 'entered' | 'void';
  party_id: number | null;
}

interface OrderPart {
  readonly orderNo: string;
  readonly month: string;
  settled: number;
  /** Of a refund: what another voucher has taken off revenue already, and what of that goes from the order to the platform. */
  posted: number;
  returned: number;
}

/** Orders of the book that the payout pays, as far as it is allocated to them. */
function settledOrders(book: Book, id: number): OrderPart[] {
  return (
    book
      .prepare(
        `SELECT s.order_no AS orderNo, a.amount_minor AS settled,
           coalesce((SELECT max(substr(o.last_on, 1, 7)) FROM payout_order o WHERE o.payout_id = a.payout_id
             AND o.order_no = s.order_no), '') AS month
         FROM allocation a JOIN sales_order s ON s.id = a.order_id WHERE a.payout_id = ? ORDER BY s.order_no`,
      )
      .all(id) as { orderNo: string; settled: number; month: string }[]
  ).map((row) => ({ ...row, posted: 0, returned: 0 }));
}

/**
 * Refunds of orders whose return is posted already (by a cancellation, or entered by hand): they reduce revenue there, and here only
 * move from the order to the platform what the order was paid beyond what it then still owed.
 */
function returnedOrders(book: Book, id: number, currency: string): OrderPart[] {
  const rows = book
    .prepare(
      `SELECT s.order_no AS orderNo, substr(o.last_on, 1, 7) AS month, -o.refund_minor AS refund,
         (SELECT coalesce(-sum(p.amount_minor), 0) FROM posting p JOIN voucher v ON v.id = p.voucher_id
          WHERE p.order_id = s.id AND p.account = '1122' AND p.currency = :currency AND v.rule = 'sales-return') AS posted,
         (SELECT coalesce(-sum(x.refund_minor), 0) FROM payout_order x JOIN payout y ON y.id = x.payout_id
          WHERE x.order_no = o.order_no AND y.state = 'entered' AND y.id < :id) AS earlier,
         s.settled_minor + s.charge_minor AS paid, max(0, s.goods_value_e5 + s.other_value_e5) AS soldE5
       FROM payout_order o JOIN sales_order s ON s.order_no = o.order_no WHERE o.payout_id = :id AND o.refund_minor < 0`,
    )
    .all({ id, currency }) as {
    orderNo: string;
    month: string;
    refund: number;
    posted: number;
    earlier: number;
    paid: number;
    soldE5: number;
  }[];
  return rows.flatMap(({ orderNo, month, refund, posted: all, earlier, paid, soldE5 }) => {
    const posted = Math.min(refund, all - earlier);
    if (posted <= 0) return [];
    const owed = Math.max(0, Number(toMinor(BigInt(soldE5), currency).minor) - all);
    return [{ orderNo, month, settled: 0, posted, returned: Math.max(0, Math.min(posted, paid - owed - earlier)) }];
  });
}

/** What of each month goes into the ledger, as the amounts of the posting rule `payout`, in minor units. */
function monthsOf(book: Book, id: number, currency: string) {
  const months = new Map<string, { lastOn: string; amounts: Map<string, number>; orders: Map<string, OrderPart> }>();
  for (const { month, lastOn, category, minor } of monthSums(book, id)) {
    let own = months.get(month);
    if (own === undefined) {
      own = { lastOn, amounts: new Map(), orders: new Map() };
      months.set(month, own);
    }
    if (lastOn > own.lastOn) own.lastOn = lastOn;
    const name = postingOf[groupOf[category as PayoutCategory]];
    if (name !== undefined) own.amounts.set(name, (own.amounts.get(name) ?? 0) + minor);
  }
  const last = [...months.keys()].sort().at(-1) ?? '';
  for (const part of [...settledOrders(book, id), ...returnedOrders(book, id, currency)]) {
    const own = months.get(part.month) ?? months.get(last);
    if (own === undefined) continue;
    const before = own.orders.get(part.orderNo);
    if (before === undefined) own.orders.set(part.orderNo, { ...part });
    else {
      before.settled += part.settled;
      before.posted += part.posted;
      before.returned += part.returned;
    }
  }
  return months;
}

/** Charges as the rule has them: what the platform kept is positive; of taxes what is left of collected and withheld. */
function ruleAmounts(amounts: ReadonlyMap<string, number>, posted: number): Map<string, number> {
  const made = new Map<string, number>();
  for (const [name, minor] of amounts) {
    if (name === 'tax') made.set(minor > 0 ? 'taxCollected' : 'taxWithheld', Math.abs(minor));
    else if (name === 'reimbursement') made.set(name, minor);
    else if (name === 'refund') made.set(name, -minor - posted);
    else made.set(name, -minor);
  }
  for (const [name, minor] of made) if (minor === 0) made.delete(name);
  return made;
}

function documentOf(
  id: number,
  head: Head,
  month: string,
  own: ReturnType<typeof monthsOf> extends Map<string, infer V> ? V : never,
): SourceDocument | undefined {
  const { currency } = head;
  const orders = [...own.orders.values()];
  const amounts = ruleAmounts(
    own.amounts,
    orders.reduce((sum, one) => sum + one.posted, 0),
  );
  const moved = orders.filter(({ settled, returned }) => settled !== 0 || returned !== 0);
  if (amounts.size === 0 && moved.length === 0) return undefined;
  return sourceDocumentInput.parse({
    kind: 'payout',
    date: own.lastOn,
    reference: head.number.slice(0, 100),
    ...(head.party_id === null ? {} : { partyId: head.party_id }),
    ...(head.store === '' ? {} : { store: head.store }),
    text: `平台结算 ${month}`,
    payoutId: id,
    month,
    currency,
    amounts: Object.fromEntries([...amounts].map(([name, minor]) => [name, amountOf(minor, currency)])),
    orders: moved.map(({ orderNo, settled, returned }) => ({
      orderNo,
      settled: amountOf(settled, currency),
      returned: amountOf(returned, currency),
    })),
  });
}

/**
 * Makes the source documents of a payout what its lines and allocations say, a document a month: what is the same stays, what is not is
 * reversed and posted anew, those of a payout taken back are reversed. Call it after the lines, categories or allocations of a
 * payout have changed, in the same transaction. A month that is closed is posted on the first open day; one without a rate waits.
 */
export function postPayout(book: Book, id: number, now: string): void {
  const head = book.prepare('SELECT number, store, currency, state, party_id FROM payout WHERE id = ?').get(id) as
    | Head
    | undefined;
  if (head === undefined) throw new PortbookError('PAYOUT_UNKNOWN', { id }, 'id');
  const stored = book
    .prepare(
      `SELECT m.month, s.id, s.body, s.state FROM payout_month m JOIN source_document s ON s.id = m.source_document_id WHERE m.payout_id = ?`,
    )
    .all(id) as { month: string; id: number; body: string; state: string }[];
  const months = head.state === 'void' ? new Map<string, never>() : monthsOf(book, id, head.currency);
  const keep = book.prepare('INSERT INTO payout_month (payout_id, month, source_document_id) VALUES (?, ?, ?)');
  const wanted = new Set<string>();
  for (const [month, own] of months) {
    const document = documentOf(id, head, month, own);
    if (document === undefined) continue;
    wanted.add(month);
    const before = stored.find((one) => one.month === month);
    if (before?.state === 'posted' && before.body === JSON.stringify(document)) continue;
    const saved = saveSourceDocument(book, before?.id, document, now);
    if (before === undefined) keep.run(id, month, saved.id);
  }
  for (const { month, id: documentId, state } of stored) {
    if (wanted.has(month)) continue;
    if (state !== 'void') voidSourceDocument(book, documentId, `平台结算单 ${head.number}`, now);
    // A month taken back for good stays to be seen beside a payout taken back; of one that stands it is gone.
    if (head.state === 'entered')
      book.prepare('DELETE FROM payout_month WHERE payout_id = ? AND month = ?').run(id, month);
  }
}

/** The payout that made a source document; its changes go through the payout. */
export function payoutOfDocument(
  book: Book,
  documentId: number,
): { readonly id: number; readonly number: string } | undefined {
  return book
    .prepare(
      `SELECT p.id, p.number FROM payout_month m JOIN payout p ON p.id = m.payout_id WHERE m.source_document_id = ?`,
    )
    .get(documentId) as { id: number; number: string } | undefined;
}
