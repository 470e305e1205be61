/** T18 进口环节增值税: on the value with duty and consumption tax. */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num, ratio } from '../../figures.ts';
import { shown } from '../steps.ts';
import { checkRate, includedRate, includedTax, levied, specificCharge, ticketInput } from './levy.ts';
import { importTaxPack } from './packs.ts';

const input = z
  .strictObject({
    date: date.optional(),
    /** 计税价格, yuan. */
    dutiableValue: amount,
    /** Rate of the duty, or the duty itself in yuan (e.g. from T16 where it is specific). */
    dutyRate: amount.optional(),
    duty: amount.optional(),
    antiDumpingDuty: amount.optional(),
    /** Rate and specific part of the consumption tax, or the tax itself in yuan (e.g. from T17). */
    consRate: includedRate.optional(),
    consSpecific: specificCharge.optional(),
    consumptionTax: amount.optional(),
    vatRate: ratio,
    ...ticketInput,
  })
  .superRefine((given, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (given.duty !== undefined && given.dutyRate !== undefined) refuse('duty', 'dutyRate is given too');
    if (given.consumptionTax !== undefined && (given.consRate ?? given.consSpecific) !== undefined)
      refuse('consumptionTax', 'consRate or consSpecific is given too');
  });
export type ImportVatInput = z.output<typeof input>;

/** Result of T18, yuan with two decimals; `compositePrice` is 组成计税价格. */
export interface ImportVat {
  readonly duty: string;
  readonly consumptionTax: string;
  readonly compositePrice: string;
  readonly vat: string;
}

/** T18 as a function. Taxes are carried unrounded from one to the next, each rounded half-up to the fen for itself. */
export function importVat(given: ImportVatInput, trace: Trace): ImportVat {
  const pack = trace.parametersOrNewest('tax-import', importTaxPack, given.date);
  const { dutiableValue, vatRate, wholeTicket } = given;
  checkRate('vatRate', vatRate, pack.vatRates, trace);
  const dutyRate = given.dutyRate ?? new Num(0);
  const duty = given.duty ?? dutiableValue.times(dutyRate);
  trace.step({
    id: 'duty',
    formula: given.duty === undefined ? 'dutiableValue × dutyRate' : 'duty',
    inputs:
      given.duty === undefined
        ? { dutiableValue: shown(dutiableValue), dutyRate: shown(dutyRate) }
        : { duty: shown(given.duty) },
    result: fen(duty),
    rounding: 'fen',
  });
  const antiDumping = given.antiDumpingDuty ?? new Num(0);
  const dutied = dutiableValue.plus(duty).plus(antiDumping);
  const inputs = {
    dutiableValue: shown(dutiableValue),
    duty: shown(duty),
    ...(given.antiDumpingDuty === undefined ? {} : { antiDumpingDuty: shown(antiDumping) }),
  };
  const base = given.antiDumpingDuty === undefined ? 'dutiableValue + duty' : 'dutiableValue + duty + antiDumpingDuty';
  const rate = given.consRate ?? new Num(0);
  const specific = given.consSpecific ?? new Num(0);
  const consumptionTax = given.consumptionTax ?? includedTax(dutied, specific, rate);
  trace.step({
    id: 'consumptionTax',
    formula:
      given.consumptionTax === undefined
        ? `(${base} + consSpecific) ÷ (1 − consRate) × consRate + consSpecific`
        : 'consumptionTax',
    inputs:
      given.consumptionTax === undefined
        ? { ...inputs, consRate: shown(rate), consSpecific: shown(specific) }
        : { consumptionTax: shown(consumptionTax) },
    result: fen(consumptionTax),
    rounding: 'fen',
  });
  const compositePrice = dutied.plus(consumptionTax);
  trace.step({
    id: 'compositePrice',
    formula: `${base} + consumptionTax`,
    inputs: { ...inputs, consumptionTax: shown(consumptionTax) },
    result: fen(compositePrice),
    rounding: 'fen',
  });
  const vat = compositePrice.times(vatRate);
  trace.step({
    id: 'vat',
    formula: 'compositePrice × vatRate',
    inputs: { compositePrice: shown(compositePrice), vatRate: shown(vatRate) },
    result: fen(vat),
    rounding: 'fen',
  });
  return {
    duty: levied('duty', duty, pack, wholeTicket, trace),
    consumptionTax: levied('consumptionTax', consumptionTax, pack, wholeTicket, trace),
    compositePrice: fen(compositePrice),
    vat: levied('vat', vat, pack, wholeTicket, trace),
  };
}

/** T18: 增值税法 (from 2026-01-01), before 增值税暂行条例. */
export const importVatCalculator = calculator({
  id: 'T18',
  rule: 'T18',
  packs: ['tax-import'],
  source: '《增值税法》（2026-01-01 起；此前《增值税暂行条例》）；财政部 税务总局 海关总署公告2019年第39号',
  inForceFrom: '2004-03-01',
  input,
  aliases: {
    names: {
      dutiableValue: ['customsValue', 'dutiablePrice', 'dutiableValueCny', '计税价格', '完税价格'],
      dutyRate: ['tariffRate', 'customsDutyRate', '关税税率'],
      duty: ['customsDuty', 'importDuty', 'tariff', '关税'],
      consRate: ['consumptionRate', 'consumptionTaxRate', '消费税税率'],
      consumptionTax: ['consTax', '消费税'],
      vatRate: ['增值税税率'],
    },
  },
  calculate: importVat,
});
