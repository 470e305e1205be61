/**
 * Match of order, payment, logistics and list (三单比对与清单), S01 and F09: field by field within tolerances. It passes only if every
 * field of every record agrees. `electron/core/store/record-match.ts` says the same in SQL for many orders at once; a property test
 * holds the two together.
 */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';
import { comparableName } from './names.ts';

/** What can be wrong, in the order of their bits in `match_item.codes`: never reordered, only added to. */
export const matchCodes = [
  'PAYMENT_MISSING',
  'PAYMENT_DUPLICATE',
  'PAYMENT_PARTIAL',
  'PAYMENT_AMOUNT',
  'PAYMENT_CURRENCY',
  'PAYMENT_PAYER',
  'PAYMENT_DATE',
  'PAYMENT_ORPHAN',
  'WAYBILL_MISSING',
  'WAYBILL_DUPLICATE',
  'WAYBILL_ORPHAN',
  'CONSIGNEE',
  'COUNTRY',
  'GOODS',
  'QUANTITY',
  'WEIGHT',
  'ORDER_CANCELLED',
  'AMOUNT_LIMIT',
  'FIELD_MISSING',
  'LIST_MISSING',
  'LIST_ORDER',
  'LIST_WAYBILL',
  'LIST_AMOUNT',
  'LIST_CURRENCY',
  'LIST_GOODS',
  'LIST_QUANTITY',
  'LIST_COUNTRY',
] as const;
export type MatchCode = (typeof matchCodes)[number];

/** The bit of a code. */
export function bitOf(code: MatchCode): number {
  return 2 ** matchCodes.indexOf(code);
}

/** The codes of a mask, in their order. */
export function codesOf(mask: number): MatchCode[] {
  return matchCodes.filter((_, at) => (mask >>> at) % 2 === 1);
}

/** The mask of codes. */
export function maskOf(codes: Iterable<MatchCode>): number {
  return [...new Set(codes)].reduce((mask, code) => mask + bitOf(code), 0);
}

/** Records and facts that a match may demand. */
const required = z.enum(['payment', 'waybill', 'list', 'payer', 'payerId', 'payerPhone']);
const decimal = z.string().regex(/^\d{1,9}(\.\d{1,5})?$/);

/** `resources/rules/record-match.json`. */
export const recordMatchPack = packSchema(
  z.object({
    /** Order and payment, order and list differ by no more than this, in the order's currency. */
    amountTolerance: decimal,
    /** Paid less than this share of the order counts as paid in part, more as another amount. */
    partialBelowShare: z.string().regex(/^0\.\d{1,4}$/),
    /** Kilograms. */
    weightTolerance: decimal,
    /** How many days before and after the day of the order it may have been paid. */
    paidBeforeDays: z.number().int().min(0).max(3650),
    paidAfterDays: z.number().int().min(0).max(3650),
    requiredForExport: z.array(required),
    requiredForImport: z.array(required),
    /** Codes that cast doubt; all others are contradictions. */
    doubtful: z.array(z.enum(matchCodes)),
  }),
);
export type MatchParameters = z.output<typeof recordMatchPack>['versions'][number]['parameters'];

/** Parameters in the units of the book: amounts and weights scaled by 10^5, the share by 10^4. */
export interface MatchTolerances {
  readonly amountE5: number;
  readonly partialShareE4: number;
  readonly weightE5: number;
  readonly paidBeforeDays: number;
  readonly paidAfterDays: number;
  readonly required: ReadonlySet<z.output<typeof required>>;
}

export const matchDirections = ['export', 'import'] as const;
export type MatchDirection = (typeof matchDirections)[number];

const scaled = (text: string, digits: number): number => Math.round(Number(text) * 10 ** digits);

/** What holds for a direction of trade. */
export function tolerancesOf(parameters: MatchParameters, direction: MatchDirection): MatchTolerances {
  const { requiredForExport, requiredForImport } = parameters;
  return {
    amountE5: scaled(parameters.amountTolerance, 5),
    partialShareE4: scaled(parameters.partialBelowShare, 4),
    weightE5: scaled(parameters.weightTolerance, 5),
    paidBeforeDays: parameters.paidBeforeDays,
    paidAfterDays: parameters.paidAfterDays,
    required: new Set(direction === 'import' ? requiredForImport : requiredForExport),
  };
}

/** Goods of an order line that was not cancelled; `names` in any writing. */
export interface GoodsFacts {
  readonly sku: string;
  readonly names: readonly string[];
  readonly qtyE5: number;
}

/** Keys are texts as they are compared ({@link nameKey}, {@link idKey}, {@link phoneKey}); undefined: the record does not say. */
export interface OrderFacts {
  readonly orderNo: string;
  readonly date: string;
  readonly isCancelled: boolean;
  readonly currency: string;
  /** Customs' code of the currency, where it has one. */
  readonly currencyCode: string | undefined;
  readonly goodsE5: number;
  /** Postage and fees. */
  readonly otherE5: number;
  readonly cancelledE5: number;
  /** Money and charges that receipts and payouts allocated to the order, where there is no payment record. */
  readonly settledE5: number;
  readonly buyerKey: string | undefined;
  readonly buyerId: string | undefined;
  readonly buyerPhone: string | undefined;
  readonly account: string | undefined;
  readonly consigneeKey: string | undefined;
  readonly consigneePhone: string | undefined;
  readonly country: string | undefined;
  /** Above the limit of a single transaction in USD; false also while a rate is missing. */
  readonly isOverLimit: boolean;
  readonly goods: readonly GoodsFacts[];
}
export interface PaymentFacts {
  readonly currency: string;
  readonly amountE5: number;
  readonly paidOn: string | undefined;
  readonly payerKey: string | undefined;
  readonly payerId: string | undefined;
  readonly payerPhone: string | undefined;
  readonly payerAccount: string | undefined;
}
export interface WaybillFacts {
  /** The order's number, or that of a part. */
  readonly orderNo: string;
  readonly logisticsNo: string;
  readonly grossE5: number;
  readonly consigneeKey: string | undefined;
  readonly consigneePhone: string | undefined;
  readonly country: string | undefined;
  readonly goods: string | undefined;
  readonly quantityE5: number | undefined;
}
export interface ListFacts {
  readonly orderNo: string;
  readonly logisticsNo: string | undefined;
  readonly amountE5: number;
  readonly country: string | undefined;
  readonly grossE5: number;
  readonly netE5: number;
  readonly lines: readonly {
    readonly sku: string;
    readonly qtyE5: number;
    readonly currencyCode: string | undefined;
  }[];
}
export interface MatchRecords {
  readonly order: OrderFacts;
  readonly payments: readonly PaymentFacts[];
  readonly waybills: readonly WaybillFacts[];
  /** A carrier's list gave the order's number to another order, or the order a second number. */
  readonly isWaybillClaimed: boolean;
  readonly lists: readonly ListFacts[];
}

/** A person's or a firm's name as it is compared; undefined where nothing is said. */
export function nameKey(text: string | undefined): string | undefined {
  const key = comparableName(text ?? '');
  return key === '' ? undefined : key;
}

/** A number of a person's paper: width, case and spaces do not count. */
export function idKey(text: string | undefined): string | undefined {
  const key = (text ?? '').normalize('NFKC').toUpperCase().replaceAll(/[\s-]/g, '');
  return key === '' ? undefined : key;
}

/** A telephone number: its digits, without the prefix of China. */
export function phoneKey(text: string | undefined): string | undefined {
  const digits = (text ?? '').normalize('NFKC').replaceAll(/\D/g, '').replace(/^00/, '');
  const key = digits.length === 13 && digits.startsWith('86') ? digits.slice(2) : digits;
  return key === '' ? undefined : key;
}

/** Whether a text of a record names the goods: an article number or name of theirs is in it, or it in one of theirs. */
export function namesGoods(text: string, goods: readonly GoodsFacts[]): boolean {
  const said = comparableName(text);
  return goods.some(({ sku, names }) =>
    [sku, ...names].map(comparableName).some((one) => one !== '' && (said.includes(one) || one.includes(said))),
  );
}

const differ = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

/** Days from one `yyyy-mm-dd` to another. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** Whether a number is an order's, or that of a part of it (`<order>-<part>`). */
export function isNumberOf(number: string, orderNo: string): boolean {
  if (number === orderNo) return true;
  return number.startsWith(`${orderNo}-`) && /^\d{1,3}$/.test(number.slice(orderNo.length + 1));
}

/** Codes of what was paid against what is due: the whole order, or what is left of it after cancellations. */
function amountCodes(paidE5: number, order: OrderFacts, { amountE5, partialShareE4 }: MatchTolerances): MatchCode[] {
  const grossE5 = order.goodsE5 + order.otherE5;
  const netE5 = grossE5 - order.cancelledE5;
  if (Math.abs(paidE5 - grossE5) <= amountE5 || Math.abs(paidE5 - netE5) <= amountE5) return [];
  const isPart = paidE5 < Math.floor(netE5 / 10_000) * partialShareE4;
  return [isPart ? 'PAYMENT_PARTIAL' : 'PAYMENT_AMOUNT'];
}

function paymentCodes({ order, payments }: MatchRecords, by: MatchTolerances): MatchCode[] {
  const grossE5 = order.goodsE5 + order.otherE5;
  const netE5 = grossE5 - order.cancelledE5;
  if (payments.length === 0) {
    if (order.settledE5 > 0) return amountCodes(order.settledE5, order, by);
    return by.required.has('payment') && netE5 > by.amountE5 ? ['PAYMENT_MISSING'] : [];
  }
  const codes: MatchCode[] = [];
  if (payments.some((one) => one.currency !== order.currency)) codes.push('PAYMENT_CURRENCY');
  else {
    const paid = payments.reduce((sum, one) => sum + one.amountE5, 0);
    const taken = payments.filter((one) => one.amountE5 > 0).map((one) => one.amountE5);
    const once = [...new Set(taken)].reduce((sum, one) => sum + one, 0);
    const twice = taken.reduce((sum, one) => sum + one, 0) - once;
    // The same amount again, beyond what is due: the second of the two is a duplicate, and the rest is judged without it.
    const isDuplicate = twice > 0 && paid > Math.max(grossE5, netE5) + by.amountE5;
    if (isDuplicate) codes.push('PAYMENT_DUPLICATE');
    codes.push(...amountCodes(isDuplicate ? paid - twice : paid, order, by));
  }
  const isStranger = (one: PaymentFacts): boolean =>
    differ(one.payerKey, order.buyerKey) ||
    differ(one.payerId, order.buyerId) ||
    differ(one.payerPhone, order.buyerPhone) ||
    differ(one.payerAccount, order.account);
  if (payments.some(isStranger)) codes.push('PAYMENT_PAYER');
  const isFarOff = ({ paidOn }: PaymentFacts): boolean => {
    const days = paidOn === undefined ? 0 : daysBetween(order.date, paidOn);
    return days < -by.paidBeforeDays || days > by.paidAfterDays;
  };
  if (payments.some(isFarOff)) codes.push('PAYMENT_DATE');
  const says = { payer: 'payerKey', payerId: 'payerId', payerPhone: 'payerPhone' } as const;
  const isSilent = (fact: keyof typeof says): boolean =>
    by.required.has(fact) && payments.some((one) => one[says[fact]] === undefined);
  if (isSilent('payer') || isSilent('payerId') || isSilent('payerPhone')) codes.push('FIELD_MISSING');
  return codes;
}

function waybillCodes({ order, waybills, isWaybillClaimed }: MatchRecords, by: MatchTolerances): MatchCode[] {
  const codes: MatchCode[] = [];
  if (isWaybillClaimed) codes.push('WAYBILL_DUPLICATE');
  else if (waybills.length === 0 && by.required.has('waybill') && order.goodsE5 - order.cancelledE5 > 0)
    codes.push('WAYBILL_MISSING');
  const { goods } = order;
  const quantity = waybills.reduce((sum, one) => sum + (one.quantityE5 ?? 0), 0);
  const isCounted = waybills.length > 0 && waybills.every((one) => one.quantityE5 !== undefined);
  const isOff = (test: (one: WaybillFacts) => boolean): boolean => waybills.some(test);
  const consignee = (one: WaybillFacts): boolean =>
    differ(one.consigneeKey, order.consigneeKey) || differ(one.consigneePhone, order.consigneePhone);
  if (isOff(consignee)) codes.push('CONSIGNEE');
  if (isOff((one) => differ(one.country, order.country))) codes.push('COUNTRY');
  if (goods.length > 0) {
    if (isOff((one) => one.goods !== undefined && !namesGoods(one.goods, goods))) codes.push('GOODS');
    if (isCounted && quantity !== goods.reduce((sum, one) => sum + one.qtyE5, 0)) codes.push('QUANTITY');
  }
  return codes;
}

function listCodes({ order, waybills, lists }: MatchRecords, by: MatchTolerances): MatchCode[] {
  if (lists.length === 0) return by.required.has('list') ? ['LIST_MISSING'] : [];
  const codes: MatchCode[] = [];
  const isOff = (test: (one: ListFacts) => boolean): boolean => lists.some(test);
  const waybillOf = (one: ListFacts): WaybillFacts | undefined =>
    waybills.find(({ orderNo }) => orderNo === one.orderNo);
  const isHeavy = (one: ListFacts): boolean => {
    const waybill = waybillOf(one);
    return (
      waybill !== undefined &&
      (Math.abs(one.grossE5 - waybill.grossE5) > by.weightE5 || one.netE5 > waybill.grossE5 + by.weightE5)
    );
  };
  if (isOff(isHeavy)) codes.push('WEIGHT');
  if (isOff((one) => !isNumberOf(one.orderNo, order.orderNo))) codes.push('LIST_ORDER');
  if (isOff((one) => differ(waybillOf(one)?.logisticsNo, one.logisticsNo))) codes.push('LIST_WAYBILL');
  const amount = lists.reduce((sum, one) => sum + one.amountE5, 0);
  if (Math.abs(amount - (order.goodsE5 - order.cancelledE5)) > by.amountE5) codes.push('LIST_AMOUNT');
  const lines = lists.flatMap((one) => one.lines);
  if (lines.some((one) => differ(order.currencyCode, one.currencyCode))) codes.push('LIST_CURRENCY');
  const ordered = new Set(order.goods.map(({ sku }) => sku));
  const listed = new Set(lines.map(({ sku }) => sku));
  if (ordered.size !== listed.size || [...ordered].some((sku) => !listed.has(sku))) codes.push('LIST_GOODS');
  const sum = (rows: readonly { readonly qtyE5: number }[]): number => rows.reduce((all, { qtyE5 }) => all + qtyE5, 0);
  if (sum(lines) !== sum(order.goods)) codes.push('LIST_QUANTITY');
  if (isOff((one) => differ(one.country, order.country))) codes.push('LIST_COUNTRY');
  return codes;
}

/**
 * What stands against an order: its codes in their order, none where it passes. An order that was cancelled whole has nothing to
 * match; what is still paid or on its way for it is the finding. The order of the records does not matter.
 */
export function matchRecords(records: MatchRecords, by: MatchTolerances): MatchCode[] {
  const { order, payments, waybills } = records;
  if (order.isCancelled) {
    const paid = payments.reduce((sum, one) => sum + one.amountE5, 0);
    return waybills.length > 0 || Math.abs(paid) > by.amountE5 ? ['ORDER_CANCELLED'] : [];
  }
  const found = new Set([
    ...paymentCodes(records, by),
    ...waybillCodes(records, by),
    ...listCodes(records, by),
    ...(order.isOverLimit ? (['AMOUNT_LIMIT'] as const) : []),
  ]);
  return matchCodes.filter((code) => found.has(code));
}

/** The fields of the comparison, in the order they are shown. */
export const matchFields = [
  'orderNo',
  'party',
  'partyId',
  'phone',
  'amount',
  'currency',
  'date',
  'goods',
  'quantity',
  'weight',
  'logisticsNo',
  'country',
] as const;
export type MatchField = (typeof matchFields)[number];

/** Where a code shows. */
export const fieldsOfCode: Readonly<Record<MatchCode, readonly MatchField[]>> = {
  PAYMENT_MISSING: ['amount'],
  PAYMENT_DUPLICATE: ['amount'],
  PAYMENT_PARTIAL: ['amount'],
  PAYMENT_AMOUNT: ['amount'],
  PAYMENT_CURRENCY: ['currency'],
  PAYMENT_PAYER: ['party', 'partyId', 'phone'],
  PAYMENT_DATE: ['date'],
  PAYMENT_ORPHAN: ['orderNo'],
  WAYBILL_MISSING: ['logisticsNo'],
  WAYBILL_DUPLICATE: ['logisticsNo'],
  WAYBILL_ORPHAN: ['orderNo'],
  CONSIGNEE: ['party', 'phone'],
  COUNTRY: ['country'],
  GOODS: ['goods'],
  QUANTITY: ['quantity'],
  WEIGHT: ['weight'],
  ORDER_CANCELLED: ['orderNo'],
  AMOUNT_LIMIT: ['amount'],
  FIELD_MISSING: ['party', 'partyId', 'phone'],
  LIST_MISSING: ['orderNo'],
  LIST_ORDER: ['orderNo'],
  LIST_WAYBILL: ['logisticsNo'],
  LIST_AMOUNT: ['amount'],
  LIST_CURRENCY: ['currency'],
  LIST_GOODS: ['goods'],
  LIST_QUANTITY: ['quantity'],
  LIST_COUNTRY: ['country'],
};
