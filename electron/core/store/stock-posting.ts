import { cnyAmount, type EventPart } from '../../../shared/ledger/index.ts';
import type { Book } from './book.ts';
import { draftByRule } from './posting-rules.ts';
import { inOpenPeriod, postVoucher, repostDocument, type VoucherDraft } from './vouchers.ts';

/** One article's part of an event; fen and 10^-5 of a unit, signed. A quantity of 0 is a change of cost alone. */
export interface StockPart {
  readonly sku: string;
  readonly qtyE5: number;
  readonly costFen: number;
  /** Where it is another's than the event's. */
  readonly orderId?: number | undefined;
}

interface EventHead {
  readonly date: string;
  readonly text: string;
  /** `invoice-purpose`: what an invoice's purpose posts; `invoice-cost`: what its goods were received too dear or too cheap. */
  readonly sourceKind: 'input-invoice' | 'invoice-purpose' | 'invoice-cost' | 'stock-move' | 'export-list';
  readonly sourceId: number;
  readonly orderId?: number | undefined;
}

/** What purchases and stock post: each by the posting rule of its name. Amounts in fen, signed. */
export type StockEvent = EventHead &
  (
    | {
        readonly rule: 'goods-received' | 'cost-of-sale' | 'goods-returned' | 'stock-count';
        readonly parts: readonly StockPart[];
      }
    | {
        readonly rule: 'purchase-invoice';
        readonly invoice: 'special' | 'ordinary' | 'customs-payment' | 'other-voucher';
        readonly partyId: number;
        readonly netFen: number;
        readonly vatFen: number;
      }
    | {
        readonly rule: 'invoice-purpose';
        readonly invoice: 'special' | 'ordinary' | 'customs-payment' | 'other-voucher';
        readonly purpose: 'deduction' | 'refund' | 'exempt';
        readonly partyId: number;
        readonly vatFen: number;
      }
  );

function partsOf(event: StockEvent): EventPart[] {
  if (event.rule === 'purchase-invoice') {
    const { invoice, partyId, netFen, vatFen } = event;
    return [
      { partyId, facts: { invoice }, amounts: { net: cnyAmount(BigInt(netFen)), vat: cnyAmount(BigInt(vatFen)) } },
    ];
  }
  if (event.rule === 'invoice-purpose') {
    const { invoice, purpose, partyId, vatFen } = event;
    return [{ partyId, facts: { invoice, purpose }, amounts: { vat: cnyAmount(BigInt(vatFen)) } }];
  }
  return event.parts
    .filter(({ costFen }) => costFen !== 0)
    .map(({ sku, qtyE5, costFen, orderId = event.orderId }) => ({
      sku,
      ...(orderId === undefined ? {} : { orderId }),
      amounts: { cost: cnyAmount(BigInt(costFen)) },
      ...(qtyE5 === 0 ? {} : { quantities: { qty: BigInt(qtyE5) } }),
    }));
}

function draftOf(book: Book, event: StockEvent): Omit<VoucherDraft, 'source'> | undefined {
  const { date, text, rule } = event;
  const parts = partsOf(event);
  return parts.length === 0 ? undefined : draftByRule(book, { event: rule, date, text, parts });
}

/**
 * Posts an event, on the first open day where its own period is closed; one without any amount posts nothing. Call it in
 * the transaction of the change. @returns the voucher's id
 */
export function postStockEvent(book: Book, event: StockEvent, now: string): number | undefined {
  const draft = draftOf(book, event);
  if (draft === undefined) return undefined;
  const source = { kind: event.sourceKind, id: String(event.sourceId) };
  return postVoucher(book, inOpenPeriod(book, { ...draft, source }), now);
}

/**
 * Makes the vouchers of a source what its event says, as `repostDocument` does: what says the same already stays. Without an
 * event whatever the source has posted is taken back by reversal.
 */
export function repostStockEvent(
  book: Book,
  source: { readonly kind: EventHead['sourceKind']; readonly id: number },
  event: StockEvent | undefined,
  now: string,
  reason: string,
): void {
  const draft = event === undefined ? undefined : draftOf(book, event);
  repostDocument(book, { kind: source.kind, id: String(source.id) }, draft === undefined ? [] : [draft], now, reason);
}
