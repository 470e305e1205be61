/** T16 进口关税: 计税价格 from the deal, then 从价, 从量 or 复合. */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num } from '../../figures.ts';
import { dealNames, deliveryTerm, exchangeRateNames, termWords } from '../delivery-terms.ts';
import { shown } from '../steps.ts';
import { levied, positive, ticketInput } from './levy.ts';
import { importTaxPack } from './packs.ts';

const input = z
  .strictObject({
    date: date.optional(),
    term: deliveryTerm,
    /** 货价 in the currency of the deal, as are freight and insurance. */
    amount,
    /** 计征汇率: yuan for one unit of that currency. */
    fx: positive.default(new Num(1)),
    freight: amount.optional(),
    /** An amount goes before a rate. */
    insurance: amount.optional(),
    insRate: amount.refine((value) => value.lt(1), 'not below 1').optional(),
    /** The ad valorem rate that applies; or leave it and give the rates it is chosen from. */
    adRate: amount.optional(),
    provisionalRate: amount.optional(),
    agreementRate: amount.optional(),
    mfnRate: amount.optional(),
    generalRate: amount.optional(),
    qty: amount.optional(),
    /** Yuan a unit of `qty`. */
    specRate: amount.optional(),
    antiDumpingRate: amount.optional(),
    ...ticketInput,
  })
  .superRefine((given, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (given.qty === undefined && given.specRate !== undefined) refuse('qty', 'missing beside specRate');
    const choices = [given.provisionalRate, given.agreementRate, given.mfnRate, given.generalRate];
    const isChoice = choices.some((one) => one !== undefined);
    if (given.adRate !== undefined && isChoice) refuse('adRate', 'rates to choose from are given too');
    if (given.provisionalRate !== undefined && choices.slice(1).every((one) => one === undefined))
      refuse('mfnRate', 'missing');
    if (given.adRate === undefined && !isChoice && given.specRate === undefined)
      refuse(
        'adRate',
        'missing: adRate, or mfnRate, agreementRate, provisionalRate, generalRate to choose from, or qty and specRate',
      );
  });
export type ImportDutyInput = z.output<typeof input>;

/** Result of T16: money in yuan with two decimals; `rate` and `antiDumpingDuty` only where they were asked for. */
export interface ImportDuty {
  readonly dutiableValue: string;
  readonly duty: string;
  readonly rate?: string;
  readonly antiDumpingDuty?: string;
}

/**
 * The ad valorem rate in force. 关税法: a provisional rate replaces the most-favoured one; beside an agreement rate the lower
 * of the two applies; where the general rate applies there is no provisional one.
 */
function chosenRate(given: ImportDutyInput, trace: Trace): Num | undefined {
  if (given.adRate !== undefined) return given.adRate;
  const { provisionalRate: provisional, agreementRate: agreement, mfnRate: mfn, generalRate: general } = given;
  const preferred = [agreement, provisional ?? mfn].filter((one) => one !== undefined);
  const isGeneralOnly = agreement === undefined && mfn === undefined;
  const rate = isGeneralOnly ? general : Num.min(...preferred);
  if (rate === undefined) return undefined;
  if (isGeneralOnly && provisional !== undefined) trace.warn('provisionalNotForGeneral');
  trace.step({
    id: 'rate',
    formula: isGeneralOnly ? 'generalRate' : 'min(agreementRate, provisionalRate ?? mfnRate)',
    inputs: figures({ provisionalRate: provisional, agreementRate: agreement, mfnRate: mfn, generalRate: general }),
    result: shown(rate),
  });
  return rate;
}

function figures(values: Readonly<Record<string, Num | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, shown(value)]])),
  );
}

/** 计税价格 in yuan, unrounded: CIF; CFR and FOB with insurance by amount, by rate, or unknown by the rate of the pack. */
function valueInYuan(given: ImportDutyInput, unknownInsuranceRate: string, trace: Trace): Num {
  const { term, amount: price, fx, freight, insurance, insRate } = given;
  if (insurance !== undefined && insRate !== undefined) trace.warn('inputUnused', { field: 'insRate' });
  const isFreightIn = term !== 'FOB';
  if (isFreightIn && freight !== undefined) trace.warn('chargesIncluded', { term, charge: 'freight' });
  if (!isFreightIn && freight === undefined) trace.warn('freightMissing', { term });
  if (term === 'CIF' && (insurance !== undefined || insRate !== undefined))
    trace.warn('chargesIncluded', { term, charge: 'insurance' });
  const carried = isFreightIn ? price : price.plus(freight ?? 0);
  const base = isFreightIn ? 'amount' : '(amount + freight)';
  const used = { amount: price, ...(isFreightIn ? {} : { freight: freight ?? new Num(0) }), fx };
  const note = (formula: string, inputs: Readonly<Record<string, Num>>, value: Num): Num => {
    trace.step({ id: 'dutiableValue', formula, inputs: figures(inputs), result: fen(value), rounding: 'fen' });
    return value;
  };
  if (term === 'CIF') return note('amount × fx', used, price.times(fx));
  if (insurance !== undefined)
    return note(`(${base} + insurance) × fx`, { ...used, insurance }, carried.plus(insurance).times(fx));
  if (insRate !== undefined)
    return note(`${base} × fx ÷ (1 − insRate)`, { ...used, insRate }, carried.times(fx).div(new Num(1).minus(insRate)));
  const unknown = new Num(unknownInsuranceRate);
  trace.warn('insuranceEstimated', { rate: unknownInsuranceRate });
  return note(
    `${base} × (1 + unknownInsuranceRate) × fx`,
    { ...used, unknownInsuranceRate: unknown },
    carried.times(unknown.plus(1)).times(fx),
  );
}

/** T16 as a function; rounding: half-up to the fen at the end of each figure. */
export function importDuty(given: ImportDutyInput, trace: Trace): ImportDuty {
  const pack = trace.parametersOrNewest('tax-import', importTaxPack, given.date);
  const value = valueInYuan(given, pack.unknownInsuranceRate, trace);
  const rate = chosenRate(given, trace);
  const { specRate, antiDumpingRate } = given;
  // A quantity alone says nothing of a specific duty: papers state it for every kind.
  const qty = specRate === undefined ? undefined : given.qty;
  if (given.qty !== undefined && qty === undefined) trace.warn('inputUnused', { field: 'qty' });
  const adValorem = rate === undefined ? new Num(0) : value.times(rate);
  const specific = qty === undefined || specRate === undefined ? new Num(0) : qty.times(specRate);
  const duty = adValorem.plus(specific);
  trace.step({
    id: 'duty',
    formula: [
      ...(rate === undefined ? [] : ['dutiableValue × rate']),
      ...(specRate === undefined ? [] : ['qty × specRate']),
    ].join(' + '),
    inputs: figures({ ...(rate === undefined ? {} : { dutiableValue: value, rate }), qty, specRate }),
    result: fen(duty),
    rounding: 'fen',
  });
  const antiDumping = antiDumpingRate === undefined ? undefined : value.times(antiDumpingRate);
  if (antiDumpingRate !== undefined && antiDumping !== undefined) {
    trace.step({
      id: 'antiDumpingDuty',
      formula: 'dutiableValue × antiDumpingRate',
      inputs: figures({ dutiableValue: value, antiDumpingRate }),
      result: fen(antiDumping),
      rounding: 'fen',
    });
  }
  return {
    dutiableValue: fen(value),
    duty: levied('duty', duty, pack, given.wholeTicket, trace),
    ...(given.adRate === undefined && rate !== undefined ? { rate: shown(rate) } : {}),
    ...(antiDumping === undefined ? {} : { antiDumpingDuty: fen(antiDumping) }),
  };
}

/** T16: 关税法 (from 2024-12-01), 海关审定进出口货物完税价格办法. */
export const importDutyCalculator = calculator({
  id: 'T16',
  rule: 'T16',
  packs: ['tax-import'],
  source: '《关税法》；海关审定进出口货物完税价格办法',
  inForceFrom: '2004-03-01',
  input,
  aliases: {
    names: {
      ...dealNames,
      fx: exchangeRateNames,
      adRate: ['rate', 'dutyRate', 'tariffRate', 'adValoremRate', '关税税率'],
      qty: ['quantity', '数量'],
      specRate: ['specificRate', 'unitDuty', 'dutyPerUnit', 'unitTax'],
      antiDumpingRate: ['antiDumpingDutyRate'],
      mfnRate: ['mostFavouredRate', 'mostFavoredRate'],
      agreementRate: ['conventionalRate', 'treatyRate', 'ftaRate'],
    },
    words: { term: termWords },
  },
  calculate: importDuty,
});
