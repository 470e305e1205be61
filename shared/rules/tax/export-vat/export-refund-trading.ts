/**
 * T06: VAT refund of trading firms (外贸企业免退税): purchase amount × refund rate, the invoice's own rate where that is lower.
 * 公告2026年第11号 and 2026年第5号; before, 财税〔2012〕39号. Yuan; each line is rounded once, then summed.
 */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, fen, Num, ratio } from '../../figures.ts';
import { note } from '../steps.ts';

const lineFields = {
  /** Amount without tax of the special invoice, or dutiable value of the customs payment certificate (海关缴款书). */
  purchaseAmount: amount.optional(),
  invoiceTaxRate: ratio.optional(),
  inputVat: amount.optional(),
  refundRate: ratio.optional(),
  /** Of the invoice, and what this claim uses of it; both or neither. */
  invoiceQuantity: amount.optional(),
  usedQuantity: amount.optional(),
  /** Consumption tax in the purchase: of the amount, and a unit of `qty`. */
  consRate: ratio.optional(),
  consSpecific: amount.optional(),
  qty: amount.optional(),
  /** The same tax as an amount, of the whole invoice; it goes before the rates. */
  consumptionTax: amount.optional(),
};
const line = z.strictObject(lineFields);
type Line = z.output<typeof line>;

export interface PurchaseLine {
  readonly purchaseAmount: Num;
  readonly invoiceTaxRate: Num;
  readonly inputVat: Num;
  readonly refundRate: Num;
  readonly invoiceQuantity?: Num | undefined;
  readonly usedQuantity?: Num | undefined;
  readonly consRate?: Num | undefined;
  readonly consSpecific?: Num | undefined;
  readonly qty?: Num | undefined;
  readonly consumptionTax?: Num | undefined;
}

export interface LineRefund {
  /** Rounded to the fen. */
  readonly vatRefund: Num;
  readonly vatToCost: Num;
  /** Undefined where the purchase bears no consumption tax. */
  readonly consumptionTaxRefund: Num | undefined;
  readonly remainingQuantity: Num | undefined;
}

const toFen = (value: Num): Num => value.toDecimalPlaces(2, Num.ROUND_HALF_UP);

/** Refund and cost of one purchase line. A refund is never above the input tax: one that would be says that a figure was mistyped, and is warned of. */
export function tradingRefund(one: PurchaseLine, trace: Trace): LineRefund {
  const share =
    one.invoiceQuantity === undefined || one.usedQuantity === undefined
      ? new Num(1)
      : one.usedQuantity.div(one.invoiceQuantity);
  const base = one.purchaseAmount.times(share);
  const input = one.inputVat.times(share);
  if (!share.eq(1)) {
    const { purchaseAmount, usedQuantity, invoiceQuantity } = one;
    note(
      trace,
      'usedAmount',
      'purchaseAmount × usedQuantity ÷ invoiceQuantity',
      { purchaseAmount, usedQuantity, invoiceQuantity },
      base,
    );
    note(
      trace,
      'usedInputVat',
      'inputVat × usedQuantity ÷ invoiceQuantity',
      { inputVat: one.inputVat, usedQuantity, invoiceQuantity },
      input,
    );
  }
  const appliedRate = Num.min(one.refundRate, one.invoiceTaxRate);
  note(
    trace,
    'appliedRate',
    'min(refundRate, invoiceTaxRate)',
    { refundRate: one.refundRate, invoiceTaxRate: one.invoiceTaxRate },
    appliedRate,
  );
  const byRate = toFen(base.times(appliedRate));
  // No more is given back than was paid in: an invoice whose tax is less than its rate says is looked at first.
  const vatRefund = Num.min(byRate, toFen(input));
  if (vatRefund.eq(byRate)) {
    note(trace, 'vatRefund', 'purchaseAmount × appliedRate', { purchaseAmount: base, appliedRate }, vatRefund, 'fen');
  } else {
    const inputs = { purchaseAmount: base, appliedRate, inputVat: input };
    note(trace, 'vatRefund', 'min(purchaseAmount × appliedRate, inputVat)', inputs, vatRefund, 'fen');
    trace.warn('refundOverInput', { refund: fen(byRate), inputVat: fen(input) });
  }
  const vatToCost = toFen(input.minus(vatRefund));
  note(trace, 'vatToCost', 'inputVat − vatRefund', { inputVat: input, vatRefund }, vatToCost, 'fen');
  return {
    vatRefund,
    vatToCost,
    consumptionTaxRefund: consumptionTaxRefund(one, base, share, trace),
    remainingQuantity: one.invoiceQuantity?.minus(one.usedQuantity ?? one.invoiceQuantity),
  };
}

function consumptionTaxRefund(one: PurchaseLine, base: Num, share: Num, trace: Trace): Num | undefined {
  const { consumptionTax } = one;
  if (consumptionTax !== undefined) {
    for (const field of ['consRate', 'consSpecific'] as const)
      if (one[field] !== undefined) trace.warn('inputUnused', { field });
    const refund = toFen(consumptionTax.times(share));
    const inputs = { consumptionTax, ...(share.eq(1) ? {} : { share }) };
    const formula = share.eq(1) ? 'consumptionTax' : 'consumptionTax × share';
    note(trace, 'consumptionTaxRefund', formula, inputs, refund, 'fen');
    return refund;
  }
  if (one.consRate === undefined && one.consSpecific === undefined) return undefined;
  const consRate = one.consRate ?? new Num(0);
  const consSpecific = one.consSpecific ?? new Num(0);
  const quantity = one.qty ?? one.usedQuantity ?? one.invoiceQuantity ?? new Num(0);
  const value = toFen(base.times(consRate).plus(quantity.times(consSpecific)));
  note(
    trace,
    'consumptionTaxRefund',
    'purchaseAmount × consRate + quantity × consSpecific',
    { purchaseAmount: base, consRate, quantity, consSpecific },
    value,
    'fen',
  );
  return value;
}

/** Sums of lines, in yuan. */
export function sumOfRefunds(lines: readonly LineRefund[]): LineRefund {
  const sum = (of: (one: LineRefund) => Num): Num => lines.reduce((total, one) => total.plus(of(one)), new Num(0));
  return {
    vatRefund: sum((one) => one.vatRefund),
    vatToCost: sum((one) => one.vatToCost),
    consumptionTaxRefund: lines.every((one) => one.consumptionTaxRefund === undefined)
      ? undefined
      : sum((one) => one.consumptionTaxRefund ?? new Num(0)),
    remainingQuantity: undefined,
  };
}

/** What a line can be computed from, or the name of the field that is missing or does not fit. */
type ClaimedLine = Line & { readonly purchaseAmount: Num; readonly refundRate: Num };

function complete(one: Line): ClaimedLine | string {
  const { purchaseAmount, refundRate, invoiceQuantity, usedQuantity } = one;
  if (purchaseAmount === undefined) return 'purchaseAmount';
  if (refundRate === undefined) return 'refundRate';
  if (usedQuantity !== undefined && (invoiceQuantity === undefined || invoiceQuantity.lt(usedQuantity)))
    return 'usedQuantity';
  if (invoiceQuantity?.eq(0) === true) return 'invoiceQuantity';
  if (
    one.consSpecific !== undefined &&
    one.qty === undefined &&
    usedQuantity === undefined &&
    invoiceQuantity === undefined
  )
    return 'qty';
  return { ...one, purchaseAmount, refundRate };
}

/**
 * The line with its invoice's rate and tax. One follows from the other; where both are missing the rate is taken for the refund
 * rate, so that all of the tax is refunded. What was assumed is warned of: `invoiceTaxRateAssumed` {rate}, `inputVatAssumed`
 * {inputVat}.
 */
function assumed(one: ClaimedLine, trace: Trace): PurchaseLine {
  const { purchaseAmount, refundRate } = one;
  const ofInvoice = one.inputVat === undefined || purchaseAmount.eq(0) ? undefined : one.inputVat.div(purchaseAmount);
  const invoiceTaxRate = one.invoiceTaxRate ?? ofInvoice ?? refundRate;
  if (one.invoiceTaxRate === undefined) {
    const inputs = ofInvoice === undefined ? { refundRate } : { inputVat: one.inputVat, purchaseAmount };
    const formula = ofInvoice === undefined ? 'refundRate' : 'inputVat ÷ purchaseAmount';
    trace.warn('invoiceTaxRateAssumed', { rate: note(trace, 'invoiceTaxRate', formula, inputs, invoiceTaxRate) });
  }
  const inputVat = one.inputVat ?? toFen(purchaseAmount.times(invoiceTaxRate));
  if (one.inputVat === undefined) {
    const inputs = { purchaseAmount, invoiceTaxRate };
    const text = note(trace, 'inputVat', 'purchaseAmount × invoiceTaxRate', inputs, inputVat, 'fen');
    trace.warn('inputVatAssumed', { inputVat: text });
  }
  return { ...one, invoiceTaxRate, inputVat };
}

/** T06: one purchase line, or `lines`. */
export const exportRefundTrading = calculator({
  id: 'T06',
  rule: 'T06',
  packs: [],
  source:
    '财政部 税务总局公告2026年第11号；国家税务总局公告2026年第5号；财税〔2012〕39号；国家税务总局公告2012年第24号',
  inForceFrom: '2012-07-01',
  input: z
    .strictObject({ ...lineFields, lines: z.array(line).min(1).optional() })
    .superRefine(({ lines, ...flat }, context) => {
      const given = lines ?? [flat];
      if (lines !== undefined && Object.values(flat).some((value) => value !== undefined))
        context.addIssue({ code: 'custom', path: ['lines'], message: 'either lines or the fields of one line' });
      for (const [at, one] of given.entries()) {
        const field = complete(one);
        if (typeof field === 'string')
          context.addIssue({
            code: 'custom',
            path: lines === undefined ? [field] : ['lines', at, field],
            message: 'missing or does not fit',
          });
      }
    }),
  aliases: {
    names: {
      purchaseAmount: ['amount', 'invoiceAmount', 'amountExVat', 'netAmount', 'purchaseAmountExVat', '购进金额'],
      invoiceTaxRate: ['taxRate', 'vatRate', 'invoiceRate', 'invoiceVatRate', '征税率'],
      inputVat: ['inputTax', 'invoiceVat', 'invoiceTax', 'vatAmount', '进项税额'],
      refundRate: ['rebateRate', 'taxRefundRate', 'vatRefundRate', 'exportRefundRate', '退税率'],
      consRate: ['consumptionRate', 'consumptionTaxRate'],
      consSpecific: ['consUnit', 'consumptionUnitTax'],
      qty: ['quantity'],
      consumptionTax: ['consTax', 'consumptionTaxAmount', '消费税'],
      lines: ['invoices'],
    },
    lists: ['lines'],
  },
  calculate({ lines, ...flat }, trace) {
    const results = (lines ?? [flat])
      .map(complete)
      .filter((one) => typeof one !== 'string')
      .map((one) => tradingRefund(assumed(one, trace), trace));
    const total = sumOfRefunds(results);
    const text = (one: LineRefund) => ({
      vatRefund: fen(one.vatRefund),
      vatToCost: fen(one.vatToCost),
      ...(one.consumptionTaxRefund === undefined ? {} : { consumptionTaxRefund: fen(one.consumptionTaxRefund) }),
      ...(one.remainingQuantity === undefined ? {} : { remainingQuantity: one.remainingQuantity.toFixed() }),
    });
    const [only] = results;
    if (lines === undefined && only !== undefined) return text(only);
    note(trace, 'totalVatRefund', 'Σ vatRefund', { lines: results.length }, total.vatRefund, 'fen');
    return { ...text(total), lines: results.map(text) };
  },
});
