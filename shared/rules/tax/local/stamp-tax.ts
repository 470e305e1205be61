/** T24 印花税 on sales contracts (买卖合同). */
import { z } from 'zod';
import { PortbookError } from '../../../errors.ts';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num, ratio } from '../../figures.ts';
import { shown } from '../steps.ts';
import { halvingFactor, halvingInput } from './halving.ts';
import { localTaxPack } from './pack.ts';

const input = z.strictObject({
  date: date.optional(),
  /** Price of the contract without VAT, yuan. */
  amountExVat: amount,
  /** VAT that the contract does not state separately: it belongs to the base. */
  unstatedVat: amount.default(new Num(0)),
  /** Another rate than that of sales contracts. */
  rate: ratio.optional(),
  /** An electronic order of an individual (个人): exempt. */
  individualOrder: z.boolean().default(false),
  ...halvingInput,
});
export type StampTaxInput = z.output<typeof input>;

export interface StampTax {
  readonly stampTax: string;
}

/** T24 as a function; half-up to the fen. */
export function stampTax(given: StampTaxInput, trace: Trace): StampTax {
  const pack = trace.parametersOrNewest('tax-local', localTaxPack, given.date);
  if (pack.stampSale === null)
    throw new PortbookError('RULE_PACK_MISSING', { pack: 'tax-local', title: '印花税', date: given.date ?? '' });
  if (given.individualOrder) {
    return {
      stampTax: trace.step({
        id: 'stampTax',
        formula: 'individualOrder → 0',
        inputs: { individualOrder: 'true' },
        result: '0.00',
      }),
    };
  }
  const factor = halvingFactor(given, pack, trace);
  const rate = given.rate ?? new Num(pack.stampSale);
  const base = given.amountExVat.plus(given.unstatedVat);
  return {
    stampTax: trace.step({
      id: 'stampTax',
      formula: '(amountExVat + unstatedVat) × rate × halving',
      inputs: {
        amountExVat: shown(given.amountExVat),
        unstatedVat: shown(given.unstatedVat),
        rate: shown(rate),
        halving: shown(factor),
      },
      result: fen(base.times(rate).times(factor)),
      rounding: 'fen',
    }),
  };
}

/** T24: 印花税法 (from 2022-07-01). */
export const stampTaxCalculator = calculator({
  id: 'T24',
  rule: 'T24',
  packs: ['tax-local'],
  source: '《印花税法》；财政部 税务总局公告2023年第12号',
  inForceFrom: '2022-07-01',
  input,
  aliases: {
    names: {
      amountExVat: ['amountExTax', 'amountWithoutVat', 'amountExcludingVat', 'contractAmountExVat', '不含税金额'],
      unstatedVat: ['vatNotStated'],
      rate: ['taxRate', 'stampRate', 'stampTaxRate', '印花税税率'],
      small: ['isSmall', 'smallLowProfit'],
    },
  },
  calculate: stampTax,
});
