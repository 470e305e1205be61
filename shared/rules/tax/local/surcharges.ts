/** T23 城市维护建设税, 教育费附加, 地方教育附加. */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, date, fen, Num, ratio } from '../../figures.ts';
import { shown } from '../steps.ts';
import { halvingFactor, halvingInput } from './halving.ts';
import { localTaxPack } from './pack.ts';

const input = z
  .strictObject({
    date: date.optional(),
    /** VAT and consumption tax really paid, yuan; taxes on imports do not belong here. */
    vatPaid: amount.default(new Num(0)),
    consPaid: amount.default(new Num(0)),
    /** 免抵税额 of the period (T07): part of the base though nothing was paid. */
    exemptCredit: amount.default(new Num(0)),
    /** Rates; or the place, by which the pack gives all three. */
    urban: ratio.optional(),
    edu: ratio.optional(),
    localEdu: ratio.optional(),
    location: z.enum(['city', 'town', 'other']).optional(),
    ...halvingInput,
  })
  .refine(({ urban, edu, localEdu, location }) => (urban ?? edu ?? localEdu ?? location) !== undefined, {
    path: ['urban'],
    message: 'missing: urban, edu or localEdu (rates), or location',
  });
export type SurchargesInput = z.output<typeof input>;

/** Result of T23: yuan with two decimals; a surcharge that was not asked for is left out. */
export interface Surcharges {
  readonly base: string;
  readonly urban?: string;
  readonly edu?: string;
  readonly localEdu?: string;
  readonly total: string;
}

/** T23 as a function: each surcharge half-up to the fen, the total is their sum. */
export function surcharges(given: SurchargesInput, trace: Trace): Surcharges {
  const pack = trace.parametersOrNewest('tax-local', localTaxPack, given.date);
  const { vatPaid, consPaid, exemptCredit, location } = given;
  const factor = halvingFactor(given, pack, trace);
  const base = vatPaid.plus(consPaid).plus(exemptCredit);
  trace.step({
    id: 'base',
    formula: 'vatPaid + consPaid + exemptCredit',
    inputs: { vatPaid: shown(vatPaid), consPaid: shown(consPaid), exemptCredit: shown(exemptCredit) },
    result: fen(base),
    rounding: 'fen',
  });
  const rates = {
    urban: given.urban ?? (location === undefined ? undefined : new Num(pack.urban[location])),
    edu: given.edu ?? (location === undefined ? undefined : new Num(pack.education)),
    localEdu: given.localEdu ?? (location === undefined ? undefined : new Num(pack.localEducation)),
  };
  const parts = Object.fromEntries(
    Object.entries(rates).flatMap(([id, rate]) =>
      rate === undefined
        ? []
        : [
            [
              id,
              trace.step({
                id,
                formula: 'base × rate × halving',
                inputs: { base: shown(base), rate: shown(rate), halving: shown(factor) },
                result: fen(base.times(rate).times(factor)),
                rounding: 'fen',
              }),
            ],
          ],
    ),
  );
  const total = trace.step({
    id: 'total',
    formula: Object.keys(parts).join(' + '),
    inputs: parts,
    result: fen(Num.sum(0, ...Object.values(parts))),
  });
  return { base: fen(base), ...parts, total };
}

/** T23: 城市维护建设税法; 公告2023年第12号 (六税两费). */
export const surchargesCalculator = calculator({
  id: 'T23',
  rule: 'T23',
  packs: ['tax-local'],
  source: '《城市维护建设税法》；教育费附加、地方教育附加；财政部 税务总局公告2023年第12号',
  inForceFrom: '2021-09-01',
  input,
  aliases: {
    names: {
      vatPaid: ['vat', 'paidVat', 'vatActuallyPaid', '实缴增值税', '增值税'],
      consPaid: ['cons', 'consumptionTax', 'consumptionTaxPaid', 'consTax', 'consTaxPaid', '实缴消费税', '消费税'],
      exemptCredit: ['exemptCreditTax', 'exemptCreditVat', 'exemptCreditAmount', '免抵税额'],
      urban: ['urbanRate', 'urbanTaxRate', 'urbanMaintenanceRate', 'cityRate', '城建税税率'],
      edu: ['eduRate', 'educationRate', 'educationSurchargeRate', '教育费附加率'],
      localEdu: ['localEduRate', 'localEducation', 'localEducationRate', '地方教育附加率'],
      small: ['isSmall', 'smallLowProfit'],
    },
    words: { location: { city: ['urban', '市区'], town: ['county', '县城', '镇', '县城、镇'], other: ['其他'] } },
  },
  calculate: surcharges,
});
