/** T14 跨境电子商务零售进口税收: limits of the channel, and duty, consumption tax and VAT of an order. */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num, ratio, rounded } from '../../figures.ts';
import { shown } from '../steps.ts';
import { includedRate, includedTax, specificCharge } from './levy.ts';
import { retailPack } from './packs.ts';

const input = z
  .strictObject({
    date: date.optional(),
    /** 实际零售价 of the order, yuan: coupons and points of the platform do not reduce it. */
    price: amount.optional(),
    /** Retail prices of the single articles, instead of or beside their sum `price`. */
    items: z.array(amount).min(1).optional(),
    freight: amount.default(new Num(0)),
    insurance: amount.default(new Num(0)),
    vatRate: ratio,
    consRate: includedRate.default(new Num(0)),
    consSpecific: specificCharge.default(new Num(0)),
    /** Needed only for one indivisible article over the limit. */
    dutyRate: amount.optional(),
    /** Whether the order is one article that cannot be divided; told by `items` where they are given. */
    singleIndivisible: z.boolean().optional(),
    /** What the buyer has used of the year's limit before this order, yuan. */
    annualUsed: amount.default(new Num(0)),
  })
  .superRefine(({ price, items, singleIndivisible }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (price === undefined && items === undefined) refuse('price', 'missing');
    if (price !== undefined && items !== undefined && !price.eq(Num.sum(...items)))
      refuse('price', 'not the sum of items');
    if (singleIndivisible === true && items !== undefined && items.length > 1)
      refuse('singleIndivisible', 'several items');
  });
export type RetailCompositeTaxInput = z.output<typeof input>;

/** Result of T14, yuan with two decimals. An order that is not of this channel carries no taxes: general trade decides them. */
export type RetailCompositeTax =
  | { readonly mode: 'GENERAL_TRADE_ONLY'; readonly dutiableValue: string }
  | {
      readonly mode: 'PREFERENTIAL' | 'FULL_RATE_SINGLE_ITEM';
      readonly dutiableValue: string;
      readonly duty: string;
      readonly consumptionTax: string;
      readonly vat: string;
      readonly total: string;
      /** Counts into the limit of the year. */
      readonly annualUsedAfter: string;
    };

/**
 * T14 as a function. Within both limits: duty at nought, the legal consumption tax and VAT at 70 %; each is rounded half-up to
 * the fen for itself, the total is their sum. There is no exemption of 50 yuan here.
 */
export function retailCompositeTax(given: RetailCompositeTaxInput, trace: Trace): RetailCompositeTax {
  const pack = trace.parametersOrNewest('tax-import-retail', retailPack, given.date);
  const { items, freight, insurance, vatRate, consRate, consSpecific, annualUsed } = given;
  const price = given.price ?? Num.sum(...(items ?? [0]));
  const value = price.plus(freight).plus(insurance);
  const dutiableValue = trace.step({
    id: 'dutiableValue',
    formula: 'price + freight + insurance',
    inputs: { price: shown(price), freight: shown(freight), insurance: shown(insurance) },
    result: fen(value),
    rounding: 'fen',
  });
  const usedAfter = annualUsed.plus(value);
  const annualUsedAfter = trace.step({
    id: 'annualUsedAfter',
    formula: 'annualUsed + dutiableValue',
    inputs: { annualUsed: shown(annualUsed), dutiableValue: shown(value), annualLimit: pack.annualLimit },
    result: fen(usedAfter),
    rounding: 'fen',
  });
  const isSingle = given.singleIndivisible ?? items?.length === 1;
  const isOverTransaction = value.gt(pack.transactionLimit);
  if (usedAfter.gt(pack.annualLimit)) {
    trace.warn('overAnnualLimit', { used: annualUsedAfter, limit: pack.annualLimit });
    return { mode: 'GENERAL_TRADE_ONLY', dutiableValue };
  }
  if (isOverTransaction && !(isSingle && pack.singleItemOverLimit === 'fullRate')) {
    trace.warn('overTransactionLimit', { value: dutiableValue, limit: pack.transactionLimit });
    return { mode: 'GENERAL_TRADE_ONLY', dutiableValue };
  }
  if (isOverTransaction && given.dutyRate === undefined) trace.warn('dutyRateMissing');
  const dutyRate = isOverTransaction ? (given.dutyRate ?? new Num(0)) : new Num(pack.preferentialDutyRate);
  const share = new Num(isOverTransaction ? 1 : pack.preferentialShare);
  const duty = value.times(dutyRate);
  const consumption = includedTax(value.plus(duty), consSpecific, consRate);
  const vat = value.plus(duty).plus(consumption).times(vatRate);
  const figures = {
    duty: trace.step({
      id: 'duty',
      formula: 'dutiableValue × dutyRate',
      inputs: { dutiableValue: shown(value), dutyRate: shown(dutyRate) },
      result: fen(duty),
      rounding: 'fen',
    }),
    consumptionTax: trace.step({
      id: 'consumptionTax',
      formula: '((dutiableValue + duty + consSpecific) ÷ (1 − consRate) × consRate + consSpecific) × share',
      inputs: {
        dutiableValue: shown(value),
        duty: shown(duty),
        consSpecific: shown(consSpecific),
        consRate: shown(consRate),
        share: shown(share),
      },
      result: fen(consumption.times(share)),
      rounding: 'fen',
    }),
    vat: trace.step({
      id: 'vat',
      formula: '(dutiableValue + duty + legalConsumptionTax) × vatRate × share',
      inputs: {
        dutiableValue: shown(value),
        duty: shown(duty),
        legalConsumptionTax: shown(consumption),
        vatRate: shown(vatRate),
        share: shown(share),
      },
      result: fen(vat.times(share)),
      rounding: 'fen',
    }),
  };
  const total = trace.step({
    id: 'total',
    formula: 'duty + consumptionTax + vat',
    inputs: figures,
    result: fen(new Num(figures.duty).plus(figures.consumptionTax).plus(figures.vat)),
  });
  return {
    mode: isOverTransaction ? 'FULL_RATE_SINGLE_ITEM' : 'PREFERENTIAL',
    dutiableValue,
    ...figures,
    total,
    annualUsedAfter,
  };
}

/** Names both take their rates under. */
const rateNames = {
  vatRate: ['增值税税率'],
  consRate: ['consumptionRate', 'consumptionTaxRate', '消费税税率'],
};

const rateInput = z.strictObject({
  date: date.optional(),
  vatRate: ratio,
  consRate: includedRate.default(new Num(0)),
});

/** T14rate 跨境电商综合税率 of goods taxed ad valorem: (v + c) ÷ (1 − c) × 70 %, four decimals half-up; for display only. */
export function retailCompositeRate(
  { date: on, vatRate, consRate }: z.output<typeof rateInput>,
  trace: Trace,
): { readonly compositeRate: string } {
  const { preferentialShare } = trace.parametersOrNewest('tax-import-retail', retailPack, on);
  const rate = vatRate.plus(consRate).div(new Num(1).minus(consRate)).times(preferentialShare);
  return {
    compositeRate: trace.step({
      id: 'compositeRate',
      formula: '(vatRate + consRate) ÷ (1 − consRate) × preferentialShare',
      inputs: { vatRate: shown(vatRate), consRate: shown(consRate), preferentialShare },
      result: rounded(rate, 4),
      rounding: 'ratio-4',
    }),
  };
}

const described = {
  rule: 'T14',
  packs: ['tax-import-retail'],
  source: '财关税〔2016〕18号；财关税〔2018〕49号',
  inForceFrom: '2016-04-08',
};
/** T14: 财关税〔2016〕18号, 〔2018〕49号. */
export const retailCompositeTaxCalculator = calculator({
  id: 'T14',
  ...described,
  input,
  aliases: {
    names: {
      ...rateNames,
      price: ['retailPrice', 'orderPrice', 'orderAmount', '零售价', '实际零售价'],
      items: ['itemPrices'],
      freight: ['freightCost', 'freightCharge', 'shipping', 'shippingCost', '运费'],
      insurance: ['insuranceFee', 'insuranceCost', 'insurancePremium', 'premium', '保费', '保险费'],
      dutyRate: ['tariffRate', 'customsDutyRate', '关税税率'],
      singleIndivisible: ['indivisible', 'singleItem', 'isSingleIndivisible'],
      annualUsed: ['usedAnnual', 'annualUsedBefore', 'usedThisYear', 'yearUsed', 'annualAmountUsed'],
    },
  },
  calculate: retailCompositeTax,
});
export const retailCompositeRateCalculator = calculator({
  id: 'T14rate',
  ...described,
  input: rateInput,
  aliases: { names: rateNames },
  calculate: retailCompositeRate,
});
