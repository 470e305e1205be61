/** T19 出口关税: 计税价格 = FOB ÷ (1 + 出口税率). */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num } from '../../figures.ts';
import {
  dealNames,
  deliveryTerm,
  exchangeRateNames,
  insuranceByRate,
  insuranceMarkup,
  termWords,
} from '../delivery-terms.ts';
import { shown } from '../steps.ts';
import { levied, positive, ticketInput } from './levy.ts';
import { importTaxPack } from './packs.ts';

const input = z
  .strictObject({
    date: date.optional(),
    term: deliveryTerm,
    /** Price of the deal in its currency, as are freight and insurance. */
    amount,
    /** 计征汇率: yuan for one unit of that currency. */
    fx: positive.default(new Num(1)),
    freight: amount.optional(),
    /** An amount goes before a rate. */
    insurance: amount.optional(),
    /** Insurance as a part of the CIF price with its markup (投保加成): CIF × (1 + markup) × insRate. */
    insRate: amount.refine((value) => value.lt(1), 'not below 1').optional(),
    markup: insuranceMarkup.optional(),
    rate: amount.optional(),
    /** 暂定出口税率: overrides `rate`. */
    provisionalRate: amount.optional(),
    ...ticketInput,
  })
  .superRefine((given, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if ((given.rate ?? given.provisionalRate) === undefined) refuse('rate', 'missing: rate or provisionalRate');
    if (given.markup !== undefined && (given.insRate ?? given.insurance) === undefined)
      refuse('insRate', 'missing: markup needs insRate');
    const charges = (given.freight ?? new Num(0)).plus(insuranceOf(given));
    if (given.term !== 'FOB' && charges.gt(given.amount)) refuse('freight', 'charges above the price');
  });
export type ExportDutyInput = z.output<typeof input>;

export interface ExportDuty {
  readonly dutiableValue: string;
  readonly duty: string;
}

/** Insurance of a CIF price: the amount, else by its rate; unrounded. */
function insuranceOf(given: {
  readonly amount: Num;
  readonly insurance?: Num | undefined;
  readonly insRate?: Num | undefined;
  readonly markup?: Num | undefined;
}): Num {
  const nought = new Num(0);
  return given.insurance ?? insuranceByRate(given.amount, given.markup ?? nought, given.insRate ?? nought);
}

/** FOB in yuan, unrounded. */
function fobInYuan(given: ExportDutyInput, trace: Trace): Num {
  const { term, amount: price, fx, freight, insurance, insRate, markup } = given;
  if (insurance !== undefined)
    for (const field of ['insRate', 'markup'] as const)
      if (given[field] !== undefined) trace.warn('inputUnused', { field });
  if (term !== 'FOB' && freight === undefined) trace.warn('freightMissing', { term });
  if (term === 'CIF' && insurance === undefined && insRate === undefined) trace.warn('insuranceMissing', { term });
  if (term !== 'CIF' && (insurance ?? insRate) !== undefined)
    trace.warn('chargesNotIncluded', { term, charge: 'insurance' });
  if (term === 'FOB' && freight !== undefined) trace.warn('chargesNotIncluded', { term, charge: 'freight' });
  const carriage = term === 'FOB' ? new Num(0) : (freight ?? new Num(0));
  const cover = term === 'CIF' ? insuranceOf(given) : new Num(0);
  if (term === 'CIF' && insurance === undefined && insRate !== undefined) {
    if (markup === undefined) trace.warn('noMarkup');
    trace.step({
      id: 'insurance',
      formula: markup === undefined ? 'amount × insRate' : 'amount × (1 + markup) × insRate',
      inputs: {
        amount: shown(price),
        insRate: shown(insRate),
        ...(markup === undefined ? {} : { markup: shown(markup) }),
      },
      result: shown(cover),
    });
  }
  const fob = price.minus(carriage).minus(cover).times(fx);
  trace.step({
    id: 'fobCny',
    formula: { FOB: 'amount × fx', CFR: '(amount − freight) × fx', CIF: '(amount − freight − insurance) × fx' }[term],
    inputs: {
      amount: shown(price),
      fx: shown(fx),
      ...(term === 'FOB' ? {} : { freight: shown(carriage) }),
      ...(term === 'CIF' ? { insurance: shown(cover) } : {}),
    },
    result: fen(fob),
    rounding: 'fen',
  });
  return fob;
}

/** T19 as a function; yuan, each figure half-up to the fen at its end. */
export function exportDuty(given: ExportDutyInput, trace: Trace): ExportDuty {
  const pack = trace.parametersOrNewest('tax-import', importTaxPack, given.date);
  const fob = fobInYuan(given, trace);
  const rate = given.provisionalRate ?? given.rate ?? new Num(0);
  if (given.provisionalRate !== undefined) {
    trace.step({
      id: 'rate',
      formula: 'provisionalRate',
      inputs: {
        provisionalRate: shown(given.provisionalRate),
        ...(given.rate === undefined ? {} : { rate: shown(given.rate) }),
      },
      result: shown(rate),
    });
  }
  const value = fob.div(rate.plus(1));
  trace.step({
    id: 'dutiableValue',
    formula: 'fobCny ÷ (1 + rate)',
    inputs: { fobCny: shown(fob), rate: shown(rate) },
    result: fen(value),
    rounding: 'fen',
  });
  const duty = value.times(rate);
  trace.step({
    id: 'duty',
    formula: 'dutiableValue × rate',
    inputs: { dutiableValue: shown(value), rate: shown(rate) },
    result: fen(duty),
    rounding: 'fen',
  });
  return { dutiableValue: fen(value), duty: levied('duty', duty, pack, given.wholeTicket, trace) };
}

/** T19: 关税法, 进出口税则. */
export const exportDutyCalculator = calculator({
  id: 'T19',
  rule: 'T19',
  packs: ['tax-import'],
  source: '《关税法》；《进出口税则》',
  inForceFrom: '2004-03-01',
  input,
  aliases: {
    names: {
      ...dealNames,
      fx: exchangeRateNames,
      markup: ['insuranceMarkup', 'markupRate', '加成', '投保加成'],
      rate: ['dutyRate', 'tariffRate', 'exportRate', 'exportDutyRate', 'adRate', '出口税率'],
      provisionalRate: ['provisionalExportRate', '暂定税率'],
    },
    words: { term: termWords },
  },
  calculate: exportDuty,
});
