/**
 * T01: deemed-profit income tax of the pilot zones (综试区核定征收企业所得税), 国家税务总局公告2019年第36号, and its comparison with the
 * actual-profit method (查账征收). Amounts in yuan a year, gross of commission, advertising and warehouse fees.
 */
import { z } from 'zod';
import { calculator, type RuleSetting, type Trace } from '../../calculator.ts';
import { amount, fen, Num, ratio } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note } from '../steps.ts';
import {
  type EnterpriseFacts,
  endOfTaxYear,
  enterpriseFacts,
  type IncomeTax,
  incomeTax,
  type SmallProfitParameters,
  smallProfitPackId,
  smallProfitPackSchema,
  taxYear,
} from './small-profit-brackets.ts';

export const deemedPackId = 'tax-income-deemed';
export const deemedPackSchema = packSchema(
  z.object({
    /** 应税所得率. */
    deemedRate: ratio,
    /** Hainan rate of encouraged industries, used only where the firm says so. */
    encouragedRate: ratio,
  }),
);

/** Some goods came with special invoices, so that condition 3 fails for them. */
export const mixedInvoicesSetting: RuleSetting = {
  id: 'T01.mixedInvoices',
  rule: 'T01',
  options: ['unconfirmed', 'confirmed'],
};
/** Whether the Hainan rate may meet the deemed method. */
export const hainanRateSetting: RuleSetting = {
  id: 'T01.hainanRate',
  rule: 'T01',
  options: ['notCombined', 'combined'],
};

/** What the firm earned, in yuan. */
export const revenueFigures = {
  grossRevenue: amount,
  nonTaxableRevenue: amount.optional(),
  exemptRevenue: amount.optional(),
  propertyTransferIncome: amount.optional(),
};

export interface Revenue {
  readonly grossRevenue: Num;
  readonly nonTaxableRevenue?: Num | undefined;
  readonly exemptRevenue?: Num | undefined;
  /** Taken in full, besides the gross revenue (公告2012年第27号). */
  readonly propertyTransferIncome?: Num | undefined;
}

const nought = new Num(0);

/** Assessable revenue (应税收入额), unrounded; never below zero. */
export function assessableRevenue(revenue: Revenue, trace: Trace): Num {
  const { grossRevenue } = revenue;
  const nonTaxableRevenue = revenue.nonTaxableRevenue ?? nought;
  const exemptRevenue = revenue.exemptRevenue ?? nought;
  const propertyTransferIncome = revenue.propertyTransferIncome ?? nought;
  const value = grossRevenue.plus(propertyTransferIncome).minus(nonTaxableRevenue).minus(exemptRevenue);
  if (value.lt(0)) trace.warn('deductionsOverRevenue');
  const result = Num.max(0, value);
  note(
    trace,
    'assessableRevenue',
    'grossRevenue + propertyTransferIncome − nonTaxableRevenue − exemptRevenue',
    { grossRevenue, propertyTransferIncome, nonTaxableRevenue, exemptRevenue },
    result,
    'fen',
  );
  return result;
}

/** Taxable income (应纳税所得额) of an assessable revenue, unrounded. */
export function deemedIncome(assessable: Num, deemedRate: Num, trace: Trace): Num {
  const value = assessable.times(deemedRate);
  note(
    trace,
    'taxableIncome',
    'assessableRevenue × deemedRate',
    { assessableRevenue: assessable, deemedRate },
    value,
    'fen',
  );
  return value;
}

/** What must all be true for the deemed method; what is not said is not warned of. */
const preconditions = {
  enterprise: z.boolean().optional(),
  zoneRegistered: z.boolean().optional(),
  salesLogged: z.boolean().optional(),
  zoneDeclared: z.boolean().optional(),
  noVoucherExempt: z.boolean().optional(),
  revenueAccurate: z.boolean().optional(),
};

interface Method extends IncomeTax {
  readonly assessable: Num;
  readonly income: Num;
}

/** The deemed method from revenue to tax, unrounded. */
export function deemedProfitLevy(
  revenue: Revenue,
  facts: EnterpriseFacts,
  parameters: { readonly deemedRate: Num; readonly smallProfit: SmallProfitParameters },
  trace: Trace,
): Method {
  const assessable = assessableRevenue(revenue, trace);
  const income = deemedIncome(assessable, parameters.deemedRate, trace);
  return { assessable, income, ...incomeTax(income, facts, parameters.smallProfit, trace) };
}

/** T01. */
export const deemedProfit = calculator({
  id: 'T01',
  rule: 'T01',
  packs: [deemedPackId, smallProfitPackId],
  settings: [mixedInvoicesSetting, hainanRateSetting],
  source: '国家税务总局公告2019年第36号；国税发〔2008〕30号；国税函〔2009〕377号；国家税务总局公告2012年第27号',
  inForceFrom: '2020-01-01',
  input: z.strictObject({
    year: taxYear,
    ...revenueFigures,
    ...enterpriseFacts,
    ...preconditions,
    mixedInvoices: z.boolean().optional(),
    hainanEncouraged: z.boolean().optional(),
  }),
  calculate(input, trace) {
    const on = endOfTaxYear(input.year);
    const { deemedRate, encouragedRate } = trace.parameters(deemedPackId, deemedPackSchema, on);
    const smallProfit = trace.parameters(smallProfitPackId, smallProfitPackSchema, on);
    for (const name of Object.keys(preconditions) as (keyof typeof preconditions)[])
      if (input[name] === false) trace.warn('deemedConditionFails', { condition: name });
    if (input.mixedInvoices === true && trace.setting(mixedInvoicesSetting) === 'unconfirmed')
      trace.warn('mixedInvoices');
    const facts = {
      employees: input.employees,
      totalAssets: input.totalAssets,
      restrictedIndustry: input.restrictedIndustry,
    };
    const levy = deemedProfitLevy(input, facts, { deemedRate, smallProfit }, trace);
    let { tax, reduction } = levy;
    if (input.hainanEncouraged === true && trace.setting(hainanRateSetting) === 'combined' && !levy.smallLowProfit) {
      const ordinary = tax;
      tax = levy.income.times(encouragedRate);
      reduction = ordinary.minus(tax);
      note(
        trace,
        'encouragedTax',
        'taxableIncome × encouragedRate',
        { taxableIncome: levy.income, encouragedRate },
        tax,
      );
    }
    const taxPayable = note(trace, 'taxPayable', 'tax', { tax }, tax, 'fen');
    const saved = note(trace, 'reduction', 'ordinaryTax − tax', { tax }, reduction, 'fen');
    if (levy.assessable.gt(0))
      note(
        trace,
        'effectiveRate',
        'tax ÷ assessableRevenue',
        { tax, assessableRevenue: levy.assessable },
        tax.div(levy.assessable),
        'ratio-4',
      );
    return {
      assessableRevenue: fen(levy.assessable),
      taxableIncome: fen(levy.income),
      smallLowProfit: levy.smallLowProfit,
      taxPayable,
      reduction: saved,
    };
  },
});

/**
 * T01compare: the same year under both methods. `costs` are what the books deduct with vouchers, `costsWithoutVoucher` what
 * was spent besides and is not deductible under 查账; a loss carried forward is lost under the deemed method.
 */
export const methodComparison = calculator({
  id: 'T01compare',
  rule: 'T01',
  packs: [deemedPackId, smallProfitPackId],
  source: '国家税务总局公告2019年第36号；企业所得税法第五条、第八条、第十八条',
  inForceFrom: '2020-01-01',
  input: z.strictObject({
    year: taxYear,
    ...revenueFigures,
    ...enterpriseFacts,
    costs: amount,
    costsWithoutVoucher: amount.optional(),
    lossCarriedForward: amount.optional(),
  }),
  calculate(input, trace) {
    const on = endOfTaxYear(input.year);
    const { deemedRate } = trace.parameters(deemedPackId, deemedPackSchema, on);
    const smallProfit = trace.parameters(smallProfitPackId, smallProfitPackSchema, on);
    const facts = {
      employees: input.employees,
      totalAssets: input.totalAssets,
      restrictedIndustry: input.restrictedIndustry,
    };
    const deemed = deemedProfitLevy(input, facts, { deemedRate, smallProfit }, trace);
    const deemedTax = note(trace, 'deemedTax', 'tax', { tax: deemed.tax }, deemed.tax, 'fen');

    const costsWithoutVoucher = input.costsWithoutVoucher ?? nought;
    const lossCarriedForward = input.lossCarriedForward ?? nought;
    const { assessable } = deemed;
    const { costs } = input;
    const bookProfit = assessable.minus(costs).minus(costsWithoutVoucher);
    note(
      trace,
      'bookProfit',
      'assessableRevenue − costs − costsWithoutVoucher',
      { assessableRevenue: assessable, costs, costsWithoutVoucher },
      bookProfit,
      'fen',
    );
    const beforeLoss = assessable.minus(costs);
    const actualIncome = Num.max(0, beforeLoss.minus(lossCarriedForward));
    note(
      trace,
      'actualTaxableIncome',
      'max(0, assessableRevenue − costs − lossCarriedForward)',
      { assessableRevenue: assessable, costs, lossCarriedForward },
      actualIncome,
      'fen',
    );
    const actual = incomeTax(actualIncome, facts, smallProfit, trace);
    const actualTax = note(trace, 'actualTax', 'tax', { tax: actual.tax }, actual.tax, 'fen');
    const difference = deemed.tax.minus(actual.tax);
    if (beforeLoss.lt(0)) trace.warn('lossOnlyUnderActual', { loss: fen(beforeLoss.neg()) });
    return {
      assessableRevenue: fen(assessable),
      deemedTaxableIncome: fen(deemed.income),
      deemedSmallLowProfit: deemed.smallLowProfit,
      deemedTax,
      bookProfit: fen(bookProfit),
      actualTaxableIncome: fen(actualIncome),
      actualSmallLowProfit: actual.smallLowProfit,
      actualTax,
      difference: note(trace, 'difference', 'deemedTax − actualTax', { deemedTax, actualTax }, difference, 'fen'),
      better: difference.eq(0) ? 'EQUAL' : difference.lt(0) ? 'DEEMED' : 'ACTUAL',
    };
  },
});
