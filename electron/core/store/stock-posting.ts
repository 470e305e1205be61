import { cnyAmount, type EventPart } from '../../../shared/ledger/index.ts';
import type { Book } from './book.ts';
import { draftByRule } from './posting-rules.ts';
import { inOpenPeriod, postVoucher, repostDocument } from './vouchers.ts';

/** One article's part of an event; fen and 10^-5 of a unit, signed. A quantity of 0 is a change of cost alone. */
export interface StockPart {
  readonly sku: string;
  readonly qtyE5: number;
  readonly costFen: number;
}

interface EventHead {
  readonly date: string;
  readonly text: string;
  readonly sourceKind: 'input-invoice' | 'stock-move' | 'export-list';
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
  );

function partsOf(event: StockEvent): EventPart[] {
  if (event.rule === 'purchase-invoice') {
    const { invoice, partyId, netFen, vatFen } = event;
    return [
      { partyId, facts: { invoice }, amounts: { net: cnyAmount(BigInt(netFen)), vat: cnyAmount(BigInt(vatFen)) } },
    ];
  }
  const { orderId } = event;
  return event.parts
    .filter(({ costFen }) => costFen !== 0)
    .map(({ sku, qtyE5, costFen }) => ({
      sku,
      ...(orderId === undefined ? {} : { orderId }),
      amounts: { cost: cnyAmount(BigInt(costFen)) },
      ...(qtyE5 === 0 ? {} : { quantities: { qty: BigInt(qtyE5) } }),
    }));
}

/**
 * Posts an event, on the first open day where its own period is closed; one without any amount posts nothing. Call it in
 * the transaction of the change. @returns the voucher's id
 */
export function postStockEvent(book: Book, event: StockEvent, now: string): number | undefined {
  const { date, text, rule, sourceKind, sourceId } = event;
  const parts = partsOf(event);
  if (parts.length === 0) return undefined;
  const draft = draftByRule(book, { event: rule, date, text, parts });
  if (draft === undefined) return undefined;
  return postVoucher(book, inOpenPeriod(book, { ...draft, source: { kind: sourceKind, id: String(sourceId) } }), now);
}

/** Takes back by reversal whatever a source has posted and not yet taken back. */
export function reverseStockEvents(
  book: Book,
  source: { readonly kind: EventHead['sourceKind']; readonly id: number },
  now: string,
  reason: string,
): void {
  repostDocument(book, { kind: source.kind, id: String(source.id) }, [], now, reason);
}
