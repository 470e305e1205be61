import type { RowReason } from '../contract/imports.ts';
import { idKey, nameKey, phoneKey } from '../matching/record-match.ts';
import { storedProduct } from '../money/stored.ts';
import type { SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { AMOUNT_LIMIT, cellText, DateReader, readDecimal, readId, readText, reason } from './values.ts';

/** What the source says of the people of an order; keys as they are compared with payment and waybill. */
export interface OrderPeople {
  readonly buyer: string | undefined;
  readonly buyerKey: string | undefined;
  readonly buyerId: string | undefined;
  readonly buyerPhone: string | undefined;
  readonly consignee: string | undefined;
  readonly consigneeKey: string | undefined;
  readonly consigneePhone: string | undefined;
}

/** What every line of one order or cancellation shares. */
export interface OrderHead {
  readonly number: string;
  /** `yyyy-mm-ddThh:mm:ss`, as the source's clock had it. */
  readonly at: string;
  readonly customer: string | undefined;
  readonly countryText: string;
  /** ISO 4217. */
  readonly currency: string;
  /** The shop (店铺) it was sold in, where the source names one. */
  readonly store?: string | undefined;
}

export interface OrderLine {
  readonly sku: string;
  readonly description: string;
  /** Positive also for a cancellation: what is taken back. */
  readonly qtyE5: number;
  readonly priceE5: number;
  readonly totalE5: number;
  /** What makes two lines the same, within their order. */
  readonly fingerprint: string;
  /** 1 for the first of identical lines of the order, 2 for its legal twin… */
  readonly occurrence: number;
  readonly sourceRow: number;
}

/** An order or a cancellation with the lines that are new to the book. */
export interface OrderEntry {
  readonly head: OrderHead;
  /** Id in the book, where it is known already. */
  readonly id: number | undefined;
  readonly lines: OrderLine[];
  /** Of the first line that says anything; undefined where the source has no such columns. */
  readonly people?: OrderPeople | undefined;
}

/** An order or cancellation that the book holds already. */
export interface KnownEntry {
  readonly id: number;
  readonly head: OrderHead;
  /** Nothing was drafted from it yet: lines may be added. Always so for cancellations. */
  readonly isOpen: boolean;
  /** How many lines of each fingerprint it has. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface OrderLookups {
  order(number: string): KnownEntry | undefined;
  cancellation(number: string): KnownEntry | undefined;
  /** ISO 4217 of a code or name (`GBP`, `英镑`, `303`). */
  currency(text: string): string | undefined;
}

export type LineClass = 'taken' | 'cancellation' | 'already';

interface OpenEntry extends OrderEntry {
  readonly known: KnownEntry | undefined;
  readonly seen: Map<string, number>;
  people: OrderPeople | undefined;
}

const peopleColumns = ['buyer', 'buyerId', 'buyerPhone', 'consignee', 'consigneePhone'] as const;
const peopleLength = 100;
const descriptionLength = 250;
const limitE5 = AMOUNT_LIMIT * 100_000;

/** quantity × price. Whole quantities need no rounding, and nearly all are whole. */
function lineTotal(qtyE5: number, priceE5: number): number {
  const pieces = qtyE5 / 100_000;
  if (Number.isInteger(pieces) && pieces * priceE5 <= Number.MAX_SAFE_INTEGER) return pieces * priceE5;
  return storedProduct(qtyE5, priceE5);
}

/**
 * Sorts the rows of an order file into lines of orders, lines of cancellations, lines the book has already, and refused
 * rows. One instance a file; rows in their order.
 *
 * The description is no part of a line's fingerprint: sellers change titles, and an order report exported again must not
 * double its lines. Number, article, quantity and price are the sale; how often they occur is counted.
 */
export class OrderSorter {
  readonly #lookups: OrderLookups;
  readonly #defaultCurrency: string | undefined;
  readonly #columns: {
    readonly orderNo: number;
    readonly sku: number;
    readonly description: number;
    readonly quantity: number;
    readonly orderedAt: number;
    readonly unitPrice: number;
    readonly customer: number;
    readonly country: number;
    readonly currency: number;
    readonly store: number;
  };
  /** Columns of buyer and consignee; undefined where the file has none of them. */
  readonly #people: Readonly<Record<(typeof peopleColumns)[number], number>> | undefined;
  readonly #dates = new DateReader();
  readonly #orders = new Map<string, OpenEntry>();
  readonly #cancellations = new Map<string, OpenEntry>();
  readonly #currencies = new Map<string, string | undefined>();

  constructor(mapping: Mapping, defaultCurrency: string | undefined, lookups: OrderLookups) {
    const at = (field: string): number => mapping[field] ?? -1;
    this.#lookups = lookups;
    this.#defaultCurrency = defaultCurrency;
    this.#columns = {
      orderNo: at('orderNo'),
      sku: at('sku'),
      description: at('description'),
      quantity: at('quantity'),
      orderedAt: at('orderedAt'),
      unitPrice: at('unitPrice'),
      customer: at('customer'),
      country: at('country'),
      currency: at('currency'),
      store: at('store'),
    };
    const people = {
      buyer: at('buyer'),
      buyerId: at('buyerId'),
      buyerPhone: at('buyerPhone'),
      consignee: at('consignee'),
      consigneePhone: at('consigneePhone'),
    };
    this.#people = peopleColumns.some((one) => people[one] >= 0) ? people : undefined;
  }

  /** Orders with new lines, in the order of their first line. */
  get orders(): readonly OrderEntry[] {
    return [...this.#orders.values()].filter(({ lines }) => lines.length > 0);
  }

  /** Cancellation documents with new lines. */
  get cancellations(): readonly OrderEntry[] {
    return [...this.#cancellations.values()].filter(({ lines }) => lines.length > 0);
  }

  /** Sorts one row: its class, or why it is refused. */
  take(row: SourceRow): LineClass | RowReason[] {
    const { orderNo, sku, description, quantity, orderedAt, unitPrice, customer, country } = this.#columns;
    const reasons: RowReason[] = [];
    const number = readId(row, orderNo, 'orderNo', reasons, { required: true });
    const article = readId(row, sku, 'sku', reasons, { required: true });
    const name = readText(row, description, 'description', reasons, { maxLength: descriptionLength }) ?? '';
    const qtyE5 = readDecimal(row, quantity, 'quantity', reasons, true);
    const at = this.#dates.read(row, orderedAt, 'orderedAt', reasons);
    const priceE5 = readDecimal(row, unitPrice, 'unitPrice', reasons, true);
    const buyer = readId(row, customer, 'customer', reasons);
    const countryText = readText(row, country, 'country', reasons, { required: true, maxLength: 100 });
    const currency = this.#currency(row, reasons);
    const store = readText(row, this.#columns.store, 'store', reasons, { maxLength: 100 });
    if (
      reasons.length > 0 ||
      number === undefined ||
      article === undefined ||
      qtyE5 === undefined ||
      at === undefined ||
      priceE5 === undefined ||
      countryText === undefined ||
      currency === undefined
    )
      return reasons;

    const isCancellation = qtyE5 < 0 && (number.startsWith('C') || number.startsWith('c'));
    const refusal = isCancellation ? badPrice(priceE5) : notASale(qtyE5, priceE5, buyer, name);
    if (refusal !== undefined) return [refusal];

    const pieces = Math.abs(qtyE5);
    if ((pieces / 100_000) * priceE5 > limitE5) {
      return [reason('NUMBER_TOO_LARGE', 'unitPrice', { value: cellText(row, unitPrice), max: AMOUNT_LIMIT })];
    }
    const head: OrderHead = { number, at, customer: buyer, countryText, currency, store };
    const entry = this.#entry(isCancellation, head);
    const difference = headDifference(entry.head, head);
    if (difference !== undefined) return [difference];

    const fingerprint = `${article}|${pieces}|${priceE5}`;
    const occurrence = (entry.seen.get(fingerprint) ?? 0) + 1;
    const isThere = occurrence <= (entry.known?.counts.get(fingerprint) ?? 0);
    if (!isThere && entry.known?.isOpen === false)
      return [reason('ORDER_ALREADY_DRAFTED', 'orderNo', { orderNo: number })];
    entry.seen.set(fingerprint, occurrence);
    if (isThere) return 'already';
    entry.people ??= this.#peopleOf(row);
    entry.lines.push({
      sku: article,
      description: name,
      qtyE5: pieces,
      priceE5,
      totalE5: lineTotal(pieces, priceE5),
      fingerprint,
      occurrence,
      sourceRow: row.no,
    });
    return isCancellation ? 'cancellation' : 'taken';
  }

  #entry(isCancellation: boolean, head: OrderHead): OpenEntry {
    const entries = isCancellation ? this.#cancellations : this.#orders;
    const open = entries.get(head.number);
    if (open !== undefined) return open;
    const known = isCancellation ? this.#lookups.cancellation(head.number) : this.#lookups.order(head.number);
    const made: OpenEntry = {
      head: known?.head ?? head,
      id: known?.id,
      known,
      lines: [],
      seen: new Map(),
      people: undefined,
    };
    entries.set(head.number, made);
    return made;
  }

  /** Facts of people are for comparing only: a line is never refused for them. */
  #peopleOf(row: SourceRow): OrderPeople | undefined {
    if (this.#people === undefined) return undefined;
    const said = (column: number): string | undefined => cellText(row, column).slice(0, peopleLength) || undefined;
    const { buyer, buyerId, buyerPhone, consignee, consigneePhone } = this.#people;
    const found = {
      buyer: said(buyer),
      buyerKey: nameKey(said(buyer)),
      buyerId: idKey(said(buyerId)),
      buyerPhone: phoneKey(said(buyerPhone)),
      consignee: said(consignee),
      consigneeKey: nameKey(said(consignee)),
      consigneePhone: phoneKey(said(consigneePhone)),
    };
    return Object.values(found).every((one) => one === undefined) ? undefined : found;
  }

  #currency(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#columns.currency);
    if (text === '') {
      if (this.#defaultCurrency === undefined) reasons.push(reason('REQUIRED_BLANK', 'currency'));
      return this.#defaultCurrency;
    }
    if (!this.#currencies.has(text)) this.#currencies.set(text, this.#lookups.currency(text));
    const code = this.#currencies.get(text);
    if (code === undefined) reasons.push(reason('CURRENCY_UNKNOWN', 'currency', { value: text.slice(0, 40) }));
    return code;
  }
}

function badPrice(priceE5: number): RowReason | undefined {
  return priceE5 < 0 ? reason('NEGATIVE_PRICE', 'unitPrice') : undefined;
}

/**
 * What is no sale. A zero price is legal when there is a buyer (a free item in the parcel); without one it is a correction
 * of the stock, and so is a negative quantity that no cancellation number covers.
 */
function notASale(qtyE5: number, priceE5: number, buyer: string | undefined, name: string): RowReason | undefined {
  const isNobodys = priceE5 === 0 && buyer === undefined;
  if (qtyE5 === 0) return reason('QUANTITY_ZERO', 'quantity');
  if (isNobodys && (qtyE5 < 0 || name === '')) return reason('STOCK_ADJUSTMENT_NOT_A_SALE', 'quantity');
  if (qtyE5 < 0) return reason('NEGATIVE_QUANTITY', 'quantity');
  if (priceE5 < 0) return reason('NEGATIVE_PRICE', 'unitPrice');
  return isNobodys ? reason('ZERO_PRICE_NO_BUYER', 'unitPrice') : undefined;
}

/**
 * Lines of one number belong to one order only if buyer, day, currency and country agree. The time of day may differ
 * (the first line's is kept), and a blank buyer on a later line is the order's.
 */
function headDifference(first: OrderHead, head: OrderHead): RowReason | undefined {
  const differs = (field: string, one: string, other: string) =>
    reason('ORDER_HEAD_DIFFERS', field, { orderNo: head.number, first: one, here: other });
  if (head.customer !== undefined && head.customer !== first.customer)
    return differs('customer', first.customer ?? '', head.customer);
  if (head.countryText !== first.countryText) return differs('country', first.countryText, head.countryText);
  if (head.currency !== first.currency) return differs('currency', first.currency, head.currency);
  if (head.store !== undefined && first.store !== undefined && head.store !== first.store)
    return differs('store', first.store, head.store);
  if (head.at !== first.at && head.at.slice(0, 10) !== first.at.slice(0, 10)) {
    return differs('orderedAt', first.at.slice(0, 10), head.at.slice(0, 10));
  }
  return undefined;
}
