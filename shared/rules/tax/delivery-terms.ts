/** What the rules that value a deal share: terms of delivery, insurance by a rate, the names both are known by. */
import { z } from 'zod';
import { amount, type Num } from '../figures.ts';

export const deliveryTerm = z.enum(['CIF', 'CFR', 'FOB']);

/** The terms as the customs' table of 成交方式 puts them together, for `Aliases.words`. */
export const termWords = {
  CIF: ['CIP', '到岸价', '到岸价格'],
  CFR: ['C&F', 'CNF', 'CandF', 'CPT', '成本加运费'],
  FOB: ['FCA', '离岸价', '离岸价格'],
};

/** 加成 on which the insurance is taken, the addition alone: 投保加成 10 % (110 % of the price insured) is `0.1`. */
export const insuranceMarkup = amount.refine(
  (value) => value.lte(1),
  'above 1: the addition alone is meant, 0.1 where 110 % of the price is insured',
);

/** Names of what a deal states, for `Aliases.names`. */
export const dealNames = {
  term: ['terms', 'tradeTerm', 'tradeTerms', 'deliveryTerm', 'incoterm', 'incoterms', '成交方式'],
  amount: ['dealAmount', 'totalPrice', 'totalAmount', 'invoiceAmount', '成交金额', '货价'],
  freight: ['freightCost', 'freightCharge', 'shipping', 'shippingCost', '运费'],
  insurance: ['insuranceFee', 'insuranceCost', 'insurancePremium', 'premium', '保费', '保险费'],
  insRate: ['insuranceRate', 'premiumRate', '保险费率'],
};
export const exchangeRateNames = ['exchangeRate', 'fxRate', 'exRate', 'rateOfExchange', 'currencyRate', '汇率'];

/** 保费 = CIF × (1 + 加成) × 费率, unrounded, in the currency of the price. */
export function insuranceByRate(price: Num, markup: Num, insRate: Num): Num {
  return price.times(markup.plus(1)).times(insRate);
}
