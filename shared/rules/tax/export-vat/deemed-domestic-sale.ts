/** T09: exports taxed as if sold at home (视同内销征税). Yuan. */
import { z } from 'zod';
import { daysBetween } from '../../../calendar/index.ts';
import { calculator, type RuleSetting, type Trace } from '../../calculator.ts';
import { amount, date, Num, ratio } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note } from '../steps.ts';
import { exportVatPackId, exportVatPackSchema } from './export-vat-pack.ts';

export const smallVatPackId = 'tax-small-vat';
export const smallVatPackSchema = packSchema(
  z.object({
    /** Of a small-scale taxpayer's sales (征收率). */
    levyRate: ratio,
    /** To which it is reduced for a time (减按); null: it is not. */
    reliefRate: ratio.nullable(),
  }),
);
/** Whether the reduced rate counts for exports taxed as sold at home: the announcement does not say. */
export const smallRateSetting: RuleSetting = { id: 'T09.smallRate', rule: 'T09', options: ['levy', 'relief'] };

const nought = new Num(0);

/** The levy rate of a small-scale taxpayer on the day of the tax event. */
function smallRate(on: z.output<typeof date> | undefined, trace: Trace): Num {
  const { levyRate, reliefRate } = trace.parametersOrNewest(smallVatPackId, smallVatPackSchema, on);
  const relieved = reliefRate !== null && trace.setting(smallRateSetting) === 'relief';
  const rate = relieved ? reliefRate : levyRate;
  note(trace, 'rate', relieved ? 'reliefRate' : 'levyRate', { levyRate, reliefRate: reliefRate ?? '' }, rate);
  return rate;
}

/** VAT inside a FOB value that counts as tax included: (FOB − bonded material) ÷ (1 + rate) × rate; unrounded. */
export function deemedOutputVat(fobCny: Num, bondedMaterial: Num, rate: Num): Num {
  return Num.max(0, fobCny.minus(bondedMaterial)).div(rate.plus(1)).times(rate);
}

/**
 * T09: output tax of a general taxpayer, tax of a small-scale one. What was put to cost as not deductible is taken back into
 * input tax; with `dueOn` and `paidOn` the late fee (滞纳金) of the days after the due date. A small-scale taxpayer's rate, left
 * out, is the levy rate of the day of the tax event (`taxEvent`).
 */
export const deemedDomesticSale = calculator({
  id: 'T09',
  rule: 'T09',
  packs: [exportVatPackId, smallVatPackId],
  settings: [smallRateSetting],
  source: '财税〔2012〕39号；财政部 税务总局公告2026年第11号；天津市税务局2025年6月10日解答；税收征收管理法第三十二条',
  inForceFrom: '2012-07-01',
  input: z
    .strictObject({
      taxpayer: z.enum(['general', 'small']),
      fobCny: amount,
      rate: ratio.optional(),
      /** Of a small-scale taxpayer without `rate`. */
      taxEvent: date.optional(),
      bondedMaterial: amount.optional(),
      /** Already put to cost: FOB × (tax rate − refund rate). */
      costedNonDeductible: amount.optional(),
      /** Input tax with a proper certificate. */
      creditableInputVat: amount.optional(),
      domesticallyExempt: z.boolean().optional(),
      dueOn: date.optional(),
      paidOn: date.optional(),
    })
    .superRefine((input, context) => {
      const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if ((input.dueOn === undefined) !== (input.paidOn === undefined)) refuse('paidOn', 'dueOn and paidOn together');
      if (input.bondedMaterial?.gt(input.fobCny) === true) refuse('bondedMaterial', 'more than fobCny');
      if (input.taxpayer === 'general' && input.rate === undefined) refuse('rate', 'missing');
      if (input.taxpayer === 'small')
        for (const field of ['bondedMaterial', 'costedNonDeductible', 'creditableInputVat'] as const)
          if (input[field] !== undefined) refuse(field, 'not of a small-scale taxpayer');
    }),
  calculate(input, trace) {
    const { taxpayer, fobCny } = input;
    const rate = input.rate ?? smallRate(input.taxEvent, trace);
    const exempt = input.domesticallyExempt === true;
    if (exempt) trace.warn('domesticallyExempt');
    const bondedMaterial = input.bondedMaterial ?? nought;
    const vat = exempt ? nought : deemedOutputVat(fobCny, bondedMaterial, rate);
    const formula =
      taxpayer === 'small' ? 'fobCny ÷ (1 + rate) × rate' : '(fobCny − bondedMaterial) ÷ (1 + rate) × rate';
    const inputs = { fobCny, rate, ...(taxpayer === 'small' ? {} : { bondedMaterial }) };
    if (taxpayer === 'small') {
      const vatPayable = note(trace, 'vatPayable', formula, inputs, vat, 'fen');
      return {
        ...(input.rate === undefined ? { rate: rate.toFixed() } : {}),
        vatPayable,
        ...lateFee(input, vat, trace),
      };
    }
    const outputVat = note(trace, 'outputVat', formula, inputs, vat, 'fen');
    const { costedNonDeductible, creditableInputVat } = input;
    if (costedNonDeductible === undefined && creditableInputVat === undefined)
      return { outputVat, ...lateFee(input, vat, trace) };
    const inputVatReversal = costedNonDeductible ?? nought;
    const owed = vat.minus(inputVatReversal).minus(creditableInputVat ?? nought);
    return {
      outputVat,
      inputVatReversal: note(
        trace,
        'inputVatReversal',
        'costedNonDeductible',
        { costedNonDeductible: inputVatReversal },
        inputVatReversal,
        'fen',
      ),
      vatPayable: note(
        trace,
        'vatPayable',
        'outputVat − inputVatReversal − creditableInputVat',
        { outputVat: vat, inputVatReversal, creditableInputVat: creditableInputVat ?? nought },
        owed,
        'fen',
      ),
      ...lateFee(input, owed, trace),
    };
  },
});

function lateFee(
  {
    dueOn,
    paidOn,
  }: { readonly dueOn?: z.output<typeof date> | undefined; readonly paidOn?: z.output<typeof date> | undefined },
  tax: Num,
  trace: Trace,
): { readonly lateDays?: number; readonly lateFee?: string } {
  if (dueOn === undefined || paidOn === undefined) return {};
  const { lateFeeDaily } = trace.parameters(exportVatPackId, exportVatPackSchema, dueOn);
  const lateDays = Math.max(0, daysBetween(dueOn, paidOn));
  const fee = Num.max(0, tax).times(lateFeeDaily).times(lateDays);
  return {
    lateDays,
    lateFee: note(trace, 'lateFee', 'tax × lateFeeDaily × lateDays', { tax, lateFeeDaily, lateDays }, fee, 'fen'),
  };
}
