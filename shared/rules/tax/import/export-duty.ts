/** T19 出口关税: 计税价格 = FOB ÷ (1 + 出口税率). */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num } from '../../figures.ts';
import { shown } from '../steps.ts';
import { levied, positive, ticketInput } from './levy.ts';
import { importTaxPack } from './packs.ts';

const input = z
  .strictObject({
    date: date.optional(),
    term: z.enum(['FOB', 'CFR', 'CIF']),
    /** Price of the deal in its currency, as are freight and insurance. */
    amount,
    /** 计征汇率: yuan for one unit of that currency. */
    fx: positive.default(new Num(1)),
    freight: amount.optional(),
    insurance: amount.optional(),
    /** Insurance as a part of the CIF price. */
    insRate: amount.refine((value) => value.lt(1), 'not below 1').optional(),
    rate: amount.optional(),
    /** 暂定出口税率: overrides `rate`. */
    provisionalRate: amount.optional(),
    ...ticketInput,
  })
  .superRefine((given, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if ((given.rate ?? given.provisionalRate) === undefined) refuse('rate', 'missing');
    if (given.insurance !== undefined && given.insRate !== undefined) refuse('insRate', 'insurance is given too');
    const charges = (given.freight ?? new Num(0))
      .plus(given.insurance ?? 0)
      .plus(given.amount.times(given.insRate ?? 0));
    if (given.term !== 'FOB' && charges.gt(given.amount)) refuse('freight', 'charges above the price');
  });
export type ExportDutyInput = z.output<typeof input>;

export interface ExportDuty {
  readonly dutiableValue: string;
  readonly duty: string;
}

/** FOB in yuan, unrounded. */
function fobInYuan({ term, amount: price, fx, freight, insurance, insRate }: ExportDutyInput, trace: Trace): Num {
  if (term !== 'FOB' && freight === undefined) trace.warn('freightMissing', { term });
  if (term === 'CIF' && insurance === undefined && insRate === undefined) trace.warn('insuranceMissing', { term });
  if (term !== 'CIF' && (insurance ?? insRate) !== undefined)
    trace.warn('chargesNotIncluded', { term, charge: 'insurance' });
  if (term === 'FOB' && freight !== undefined) trace.warn('chargesNotIncluded', { term, charge: 'freight' });
  const carriage = term === 'FOB' ? new Num(0) : (freight ?? new Num(0));
  const cover = term === 'CIF' ? (insurance ?? price.times(insRate ?? 0)) : new Num(0);
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
  calculate: exportDuty,
});
