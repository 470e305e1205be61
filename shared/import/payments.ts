import type { RowReason } from '../contract/imports.ts';
import { idKey, nameKey, phoneKey } from '../matching/record-match.ts';
import { CURRENCY_EXPONENTS } from '../money/currency-exponents.ts';
import { cellKinds, type SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, decimalReason, readId, readText, reason, scaleDecimal } from './values.ts';

/** A payment of an order (支付单) as its channel lists it. Amounts are scaled by 10^5, refunds negative. */
export interface PaymentEntry {
  readonly orderNo: string;
  readonly payNo: string;
  readonly payer: string | undefined;
  /** As compared; undefined also where the payer is the institution that collects for the seller. */
  readonly payerKey: string | undefined;
  readonly payerId: string | undefined;
  readonly payerPhone: string | undefined;
  readonly payerAccount: string | undefined;
  readonly institution: string;
  readonly currency: string;
  readonly amountE5: number;
  /** `yyyy-mm-dd`. */
  readonly paidOn: string | undefined;
  /** What makes two rows the same payment. */
  readonly fingerprint: string;
  /** 1 for the first of identical rows of the file, 2 for its twin: both are kept, and the match says that one is too many. */
  readonly occurrence: number;
  readonly sourceRow: number;
}

export interface PaymentLookups {
  /** How many payments of a fingerprint the book has. */
  count(fingerprint: string): number;
  currency(text: string): string | undefined;
}

/** Words of a state that say no money came, in the languages channels write; whatever else a channel says counts as paid. */
const unpaidWords = [
  '失败',
  '关闭',
  '取消',
  '未支付',
  '未付款',
  '待支付',
  '待付款',
  '等待买家付款',
  '处理中',
  '撤销',
  '拒付',
  '过期',
  'failed',
  'canceled',
  'cancelled',
  'pending',
  'expired',
  'declined',
  'denied',
  'incomplete',
  'requires',
  'voided',
  'blocked',
  'uncaptured',
] as const;
const refundWords = ['退款', '退货', '退回', 'refund', 'reversal', 'chargeback'] as const;

const has = (text: string, words: readonly string[]): boolean => {
  const lower = text.normalize('NFKC').toLowerCase();
  return words.some((word) => lower.includes(word));
};

/** `1.234,56` and `12,5`: a comma before one or two last digits can only be the decimal sign. */
const european = /^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}$/;
/** Signs of currencies before or after a figure say nothing that the currency's column does not. */
const moneySigns = /^(?:[A-Z]{0,3}[$€£¥₽฿₫₩])\s*|\s*[€£¥₽฿₫₩$]$/g;

/**
 * Reads the rows of a list of payments. One instance a file. A row is taken whole or refused; a row the book has already is counted
 * so, by what it says and how often.
 */
export class PaymentSorter {
  readonly #at: (field: string) => number;
  readonly #defaultCurrency: string | undefined;
  readonly #lookups: PaymentLookups;
  readonly #entries: PaymentEntry[] = [];
  readonly #seen = new Map<string, number>();
  readonly #dates = new DateReader();

  constructor(mapping: Mapping, defaultCurrency: string | undefined, lookups: PaymentLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#defaultCurrency = defaultCurrency;
    this.#lookups = lookups;
  }

  get entries(): readonly PaymentEntry[] {
    return this.#entries;
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const text = (field: string): string => cellText(row, this.#at(field));
    const status = text('status');
    if (status !== '' && has(status, unpaidWords) && !has(status, refundWords))
      return [reason('PAYMENT_NOT_MADE', 'status', { value: status.slice(0, 40) })];
    const orderNo = readId(row, this.#at('orderNo'), 'orderNo', reasons, { required: true });
    const payNo = readId(row, this.#at('payNo'), 'payNo', reasons, { required: true });
    const currency = this.#currency(row, reasons);
    const amountE5 = this.#amount(row, currency, reasons);
    const paidOn = text('paidAt') === '' ? undefined : this.#dates.read(row, this.#at('paidAt'), 'paidAt', reasons);
    const payer = readText(row, this.#at('payer'), 'payer', reasons, { maxLength: 100 });
    const payerId = readId(row, this.#at('payerId'), 'payerId', reasons);
    const payerPhone = readId(row, this.#at('payerPhone'), 'payerPhone', reasons);
    const payerAccount = readId(row, this.#at('payerAccount'), 'payerAccount', reasons);
    const institution = readText(row, this.#at('institution'), 'institution', reasons, { maxLength: 100 }) ?? '';
    if (
      reasons.length > 0 ||
      orderNo === undefined ||
      payNo === undefined ||
      currency === undefined ||
      amountE5 === undefined
    )
      return reasons;
    const isRefund = has(text('kind'), refundWords);
    const signedE5 = isRefund ? -Math.abs(amountE5) : amountE5;
    const fingerprint = `${payNo}|${orderNo}|${signedE5}|${currency}|${paidOn?.slice(0, 10) ?? ''}`;
    const occurrence = (this.#seen.get(fingerprint) ?? 0) + 1;
    this.#seen.set(fingerprint, occurrence);
    if (occurrence <= this.#lookups.count(fingerprint)) return 'already';
    const payerKey = nameKey(payer);
    this.#entries.push({
      orderNo,
      payNo,
      payer,
      payerKey: payerKey === nameKey(institution) ? undefined : payerKey,
      payerId: idKey(payerId),
      payerPhone: phoneKey(payerPhone),
      payerAccount,
      institution,
      currency,
      amountE5: signedE5,
      paidOn: paidOn?.slice(0, 10),
      fingerprint,
      occurrence,
      sourceRow: row.no,
    });
    return 'taken';
  }

  #currency(row: SourceRow, reasons: RowReason[]): string | undefined {
    const text = cellText(row, this.#at('currency'));
    if (text === '') {
      if (this.#defaultCurrency === undefined) reasons.push(reason('REQUIRED_BLANK', 'currency'));
      return this.#defaultCurrency;
    }
    const code = this.#lookups.currency(text);
    if (code === undefined) reasons.push(reason('CURRENCY_UNKNOWN', 'currency', { value: text.slice(0, 40) }));
    return code;
  }

  /**
   * Money, to the minor unit of its currency and never finer: `1.234` is refused, for it may be a thousand as some countries write
   * it. Commas as decimal signs are read where nothing else can be meant.
   */
  #amount(row: SourceRow, currency: string | undefined, reasons: RowReason[]): number | undefined {
    const column = this.#at('amount');
    const written = cellText(row, column);
    if (written === '') {
      reasons.push(reason('REQUIRED_BLANK', 'amount'));
      return undefined;
    }
    if (row.kinds[column] === cellKinds.error || row.kinds[column] === cellKinds.date) {
      reasons.push(reason('NUMBER_INVALID', 'amount', { value: written.slice(0, 40) }));
      return undefined;
    }
    const bare = written.normalize('NFKC').trim().replaceAll(moneySigns, '');
    const value = scaleDecimal(european.test(bare) ? bare.replaceAll('.', '').replace(',', '.') : bare);
    if (typeof value !== 'number') {
      reasons.push(decimalReason(value, 'amount', written));
      return undefined;
    }
    const unit = 10 ** (5 - Math.min(currency === undefined ? 5 : (CURRENCY_EXPONENTS[currency] ?? 2), 5));
    if (value % unit !== 0) reasons.push(reason('PAYMENT_TOO_FINE', 'amount', { value: written.slice(0, 40) }));
    else if (value === 0) reasons.push(reason('PAYMENT_ZERO', 'amount'));
    return value;
  }
}
