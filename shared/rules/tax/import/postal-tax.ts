/** T22 进境物品进口税 (行邮税). */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num, ratio } from '../../figures.ts';
import { shown } from '../steps.ts';
import { checkRate } from './levy.ts';
import { postalPack } from './packs.ts';

const input = z.strictObject({
  date: date.optional(),
  /** 完税价格 by the official list or proof, yuan. */
  value: amount,
  rate: ratio,
  /** How the articles come in; without it limits are not looked at. */
  channel: z.enum(['parcel', 'traveller']).optional(),
  /** Where a parcel comes from: 港澳台, or elsewhere. */
  origin: z.enum(['HMT', 'OTHER']).default('OTHER'),
  /** One article that cannot be divided. */
  singleIndivisible: z.boolean().default(false),
});
export type PostalTaxInput = z.output<typeof input>;

export interface PostalTax {
  /** Tax by value and rate, yuan with two decimals. */
  readonly assessed: string;
  /** What is paid: nought up to the exempt tax, itself included. */
  readonly payable: string;
  /** Of a parcel: whether it may pass as personal articles. */
  readonly withinLimit?: boolean;
}

/** T22 as a function; half-up to the fen. */
export function postalTax(given: PostalTaxInput, trace: Trace): PostalTax {
  const { value, rate, channel, origin, singleIndivisible } = given;
  const pack = trace.parametersOrNewest('tax-postal', postalPack, given.date);
  checkRate('rate', rate, pack.rates, trace);
  // A traveller's allowance frees its part of divisible articles; an indivisible one above it is taxed as a whole.
  const isFree = channel === 'traveller' && value.lte(pack.travellerAllowance);
  const allowance =
    channel !== 'traveller' || (singleIndivisible && !isFree) ? new Num(0) : Num.min(value, pack.travellerAllowance);
  const taxed = value.minus(allowance);
  const assessed = taxed.times(rate);
  trace.step({
    id: 'assessed',
    formula: channel === 'traveller' ? '(value − allowance) × rate' : 'value × rate',
    inputs: {
      value: shown(value),
      ...(channel === 'traveller' ? { allowance: shown(allowance) } : {}),
      rate: shown(rate),
    },
    result: fen(assessed),
    rounding: 'fen',
  });
  const payable = trace.step({
    id: 'payable',
    formula: 'assessed ≤ exemptUpTo ? 0 : assessed',
    inputs: { assessed: shown(assessed), exemptUpTo: pack.exemptUpTo },
    result: assessed.lte(pack.exemptUpTo) ? '0.00' : fen(assessed),
    rounding: 'fen',
  });
  if (channel !== 'parcel') return { assessed: fen(assessed), payable };
  const limit = origin === 'HMT' ? pack.parcelLimitHmt : pack.parcelLimitOther;
  const withinLimit = singleIndivisible || value.lte(limit);
  if (!withinLimit) trace.warn('overParcelLimit', { value: shown(value), limit });
  return { assessed: fen(assessed), payable, withinLimit };
}

/** T22: 税委会〔2019〕17号; 海关总署公告2010年第43号 (limits of parcels), 第54号 (travellers). */
export const postalTaxCalculator = calculator({
  id: 'T22',
  rule: 'T22',
  packs: ['tax-postal'],
  source: '税委会〔2019〕17号；海关总署公告2010年第43号、第54号',
  inForceFrom: '2016-04-08',
  input,
  aliases: {
    names: {
      value: ['dutiableValue', 'customsValue', 'dutiablePrice', 'price', 'amount', '完税价格', '计税价格'],
      rate: ['taxRate', 'postalRate', 'postalTaxRate', '税率'],
      singleIndivisible: ['indivisible', 'singleItem', 'isSingleIndivisible'],
    },
    words: {
      channel: { parcel: ['post', 'postal', 'mail', '邮递'], traveller: ['traveler', 'passenger', '旅客'] },
      origin: { HMT: ['HK', 'HongKong', 'Macao', 'Macau', 'Taiwan', '港澳台'], OTHER: ['其他'] },
    },
  },
  calculate: postalTax,
});
