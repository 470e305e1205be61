/**
 * F07 轧差净额结算: fees abroad set against export proceeds; the actual receipt and the restored gross legs are both declared
 * (汇发〔2020〕11号; wider for pilot firms by 汇发〔2025〕47号). Amounts in one currency, two decimals.
 */
import { z } from 'zod';
import { PortbookError } from '../../errors.ts';
import { calculator } from '../calculator.ts';
import { amount, date, fen, figure, Num } from '../figures.ts';
import { packSchema } from '../pack.ts';
import { note } from '../tax/steps.ts';

/**
 * 仓储, 物流, 税收; of the pilot: 运输, 维修, 赔偿. The rest (佣金, 广告, 支付手续费, 其他) are what platforms keep besides: a sheet names them, yet
 * no shipped version lets them be netted.
 */
export const feeTypes = [
  'storage',
  'logistics',
  'tax',
  'transport',
  'repair',
  'compensation',
  'commission',
  'advertising',
  'payment',
  'other',
] as const;
export type FeeType = (typeof feeTypes)[number];

export const nettingPackId = 'forex-netting';
export const nettingPackSchema = packSchema(
  z.object({
    /** 有实际资金收付的集中或轧差结算, and the one without any funds left over. */
    actualCode: z.string().min(1),
    actualCodeWithoutFunds: z.string().min(1),
    /** Fees that any cross-border seller may net, and those of pilot firms alone. */
    feeTypes: z.array(z.enum(feeTypes)),
    pilotFeeTypes: z.array(z.enum(feeTypes)),
    /** How far a given net may lie from the computed one. */
    tolerance: amount,
  }),
);

const code = z.string().trim().min(1).max(40);
const fee = z.strictObject({
  /** Transaction code of the leg; the bank has the last word. */
  code,
  amount,
  type: z.enum(feeTypes).optional(),
  payee: z.string().optional(),
  /** Invoice or statement that proves it. */
  invoiceNo: z.string().optional(),
});
const input = z.strictObject({
  grossProceeds: amount,
  goodsCode: code,
  fees: z.array(fee),
  /** What came in according to the bank. Refused where it is not gross less fees. */
  net: figure.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** Day of the settlement. */
  settledOn: date.optional(),
  /** Contract, order list or declaration that proves the proceeds. */
  goodsEvidence: z.string().optional(),
  pilotFirm: z.boolean().optional(),
});

const cents = (value: Num): Num => new Num(fen(value));

/**
 * F07: the actual receipt (negative: paid out) and its code, and the gross legs to declare beside it. Each leg is rounded to two
 * decimals first, so that what comes in less what goes out is the actual receipt exactly. Refusal: `NET_DIFFERS` {given, net,
 * difference}.
 */
export const netting = calculator({
  id: 'F07',
  rule: 'F07',
  packs: [nettingPackId],
  source: '汇发〔2020〕11号；汇发〔2025〕47号',
  inForceFrom: '2020-05-20',
  input,
  calculate(given, trace) {
    const pack = trace.parametersOrNewest(nettingPackId, nettingPackSchema, given.settledOn);
    const grossProceeds = cents(given.grossProceeds);
    const fees = given.fees.map((one) => ({ ...one, amount: cents(one.amount) }));
    const feesTotal = fees.reduce((sum, one) => sum.plus(one.amount), new Num(0));
    for (const one of fees)
      note(trace, 'feeLeg', 'amount', { code: one.code, type: one.type, payee: one.payee }, one.amount, 'fen');
    note(trace, 'feesTotal', 'Σ fees', {}, feesTotal, 'fen');
    const net = grossProceeds.minus(feesTotal);
    const actualReceipt = note(
      trace,
      'actualReceipt',
      'grossProceeds − feesTotal',
      { grossProceeds, feesTotal },
      net,
      'fen',
    );
    if (given.net !== undefined) {
      const difference = given.net.minus(net);
      if (difference.abs().gt(pack.tolerance))
        throw new PortbookError(
          'NET_DIFFERS',
          { given: fen(given.net), net: actualReceipt, difference: fen(difference) },
          'net',
        );
    }
    const nettable = [...pack.feeTypes, ...(given.pilotFirm === true ? pack.pilotFeeTypes : [])];
    for (const [at, one] of fees.entries()) {
      if (one.type !== undefined && !nettable.includes(one.type))
        trace.warn(pack.pilotFeeTypes.includes(one.type) ? 'feeOfPilotsOnly' : 'feeNotNettable', {
          row: at + 1,
          code: one.code,
        });
      if ((one.invoiceNo ?? '').trim() === '')
        trace.warn('legWithoutEvidence', { code: one.code, amount: fen(one.amount) });
    }
    if ((given.goodsEvidence ?? '').trim() === '')
      trace.warn('legWithoutEvidence', { code: given.goodsCode, amount: fen(grossProceeds) });
    if (net.lt(0)) trace.warn('netPayment', { amount: fen(net.abs()) });
    trace.warn('feeCodesByBank');
    return {
      actualReceipt,
      actualCode: net.isZero() ? pack.actualCodeWithoutFunds : pack.actualCode,
      restored: [
        { direction: 'IN', code: given.goodsCode, amount: fen(grossProceeds) },
        ...fees.map((one) => ({ direction: 'OUT', code: one.code, amount: fen(one.amount) })),
      ],
    };
  },
});
