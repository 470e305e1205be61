/**
 * F09 三单合一: whether a receipt may be settled on electronic transaction information (交易电子信息): the limit of a single
 * transaction, and receipt, order, logistics and payment telling the same. 汇发〔2019〕13号; the pilot of 2015 before it.
 */
import { z } from 'zod';
import { comparableName } from '../../matching/names.ts';
import { calculator } from '../calculator.ts';
import { amount, date, fen, Num, ratio } from '../figures.ts';
import { packSchema } from '../pack.ts';
import { note } from '../tax/steps.ts';

export const electronicInformationPackId = 'forex-electronic-information';
export const electronicInformationPackSchema = packSchema(
  z.object({
    /** Of a single transaction, in principle; itself within. */
    singleLimitUsd: amount,
    /** Amounts agree within the greater of a share of the order and an amount in its currency. */
    toleranceShare: ratio,
    toleranceAmount: amount,
  }),
);

const currency = z.string().regex(/^[A-Z]{3}$/);
const orderNo = z.string().trim().min(1);
const input = z
  .strictObject({
    order: z.strictObject({
      orderNo,
      amount,
      currency,
      buyer: z.string().optional(),
      goods: z.string().optional(),
      quantity: amount.optional(),
    }),
    logistics: z.strictObject({ orderNo, goods: z.string().optional(), quantity: amount.optional() }).optional(),
    payment: z
      .strictObject({
        orderNo,
        amount,
        currency,
        payer: z.string().optional(),
        /** 支付机构 that collects for the seller; a receipt may be paid by it. */
        institution: z.string().optional(),
      })
      .optional(),
    receipt: z.strictObject({ orderNo, amount, currency, payer: z.string().optional() }).optional(),
    /** The order in US dollars; needed where it is in another currency. */
    amountUsd: amount.optional(),
    settledOn: date.optional(),
  })
  .refine(({ order, amountUsd }) => amountUsd !== undefined || order.currency === 'USD', {
    path: ['amountUsd'],
    message: 'needed where the order is not in USD',
  });
type Given = z.output<typeof input>;

interface Amounted {
  readonly amount: Num;
  readonly currency: string;
}

/** Whether two texts name the same; what is left blank on either side is not held against the other. */
function agree(one: string | undefined, other: string | undefined): boolean {
  const [a, b] = [comparableName(one ?? ''), comparableName(other ?? '')];
  return a === '' || b === '' || a === b;
}

/** Codes of an amount against the order's. */
function amountFaults(one: Amounted, order: Amounted, tolerance: Num, leg: 'PAYMENT' | 'RECEIPT'): string[] {
  if (one.currency !== order.currency) return [`${leg}_CURRENCY`];
  return one.amount.minus(order.amount).abs().gt(tolerance) ? [`${leg}_AMOUNT`] : [];
}

function faultsOf({ order, logistics, payment, receipt }: Given, tolerance: Num): string[] {
  const codes: string[] = [];
  const needs = (met: boolean, code: string): void => {
    if (!met) codes.push(code);
  };
  const isOrder = (no: string): boolean => no === order.orderNo;
  needs(logistics !== undefined, 'LOGISTICS_MISSING');
  if (logistics !== undefined) {
    needs(isOrder(logistics.orderNo), 'LOGISTICS_ORDER_NO');
    needs(agree(logistics.goods, order.goods), 'GOODS');
    needs(
      logistics.quantity === undefined || order.quantity === undefined || logistics.quantity.eq(order.quantity),
      'QUANTITY',
    );
  }
  needs(payment !== undefined, 'PAYMENT_MISSING');
  if (payment !== undefined) {
    needs(isOrder(payment.orderNo), 'PAYMENT_ORDER_NO');
    codes.push(...amountFaults(payment, order, tolerance, 'PAYMENT'));
    needs(agree(payment.payer, order.buyer), 'PAYMENT_PAYER');
  }
  needs(receipt !== undefined, 'RECEIPT_MISSING');
  if (receipt !== undefined) {
    needs(isOrder(receipt.orderNo), 'RECEIPT_ORDER_NO');
    codes.push(...amountFaults(receipt, order, tolerance, 'RECEIPT'));
    const byInstitution = payment?.institution !== undefined && agree(receipt.payer, payment.institution);
    needs(byInstitution || agree(receipt.payer, order.buyer), 'RECEIPT_PAYER');
  }
  return codes;
}

/** F09: `passed` and each thing in the way as a code, none: it passes. Names left out are not compared, but warned of. */
export const electronicInformation = calculator({
  id: 'F09',
  rule: 'F09',
  packs: [electronicInformationPackId],
  source: '汇发〔2019〕13号；汇发〔2015〕7号',
  inForceFrom: '2015-01-29',
  input,
  calculate(given, trace) {
    const pack = trace.parametersOrNewest(
      electronicInformationPackId,
      electronicInformationPackSchema,
      given.settledOn,
    );
    const { order } = given;
    const amountUsd = given.amountUsd ?? order.amount;
    const withinLimit = amountUsd.lte(pack.singleLimitUsd);
    note(
      trace,
      'withinLimit',
      'amountUsd ≤ singleLimitUsd',
      { amountUsd, singleLimitUsd: pack.singleLimitUsd },
      withinLimit,
    );
    if (!withinLimit) trace.warn('overSingleLimit', { limit: fen(pack.singleLimitUsd) });
    const tolerance = Num.max(order.amount.times(pack.toleranceShare), pack.toleranceAmount);
    note(
      trace,
      'amountTolerance',
      'max(orderAmount × toleranceShare, toleranceAmount)',
      { orderAmount: order.amount, toleranceShare: pack.toleranceShare, toleranceAmount: pack.toleranceAmount },
      tolerance,
    );
    const unnamed = [order.buyer, given.payment?.payer, given.receipt?.payer].some((one) => (one ?? '').trim() === '');
    if (unnamed) trace.warn('namesNotCompared');
    const reasons = [...(withinLimit ? [] : ['OVER_SINGLE_LIMIT']), ...faultsOf(given, tolerance)];
    return { passed: reasons.length === 0, reasons };
  },
});
