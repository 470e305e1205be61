/** T02: income tax of small low-profit enterprises (小型微利企业), brackets by year: 财税〔2019〕13号 and what followed it. */
import { z } from 'zod';
import { calculator, type Trace } from '../../calculator.ts';
import { amount, fen, Num, ratio } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note, shown } from '../steps.ts';

export const smallProfitPackId = 'tax-small-profit';
export const smallProfitPackSchema = packSchema(
  z.object({
    /** Rate of everybody else. */
    ordinaryRate: ratio,
    rate: ratio,
    /** Taxable income (应纳税所得额) a year, in yuan, itself still within. */
    ceiling: amount,
    maxEmployees: amount,
    maxAssets: amount,
    /** From this share of the ceiling on the user is warned of the cliff. */
    cliffWarnShare: ratio,
    /** Parts of the income from low to high and the share of each that is counted (减按…计入). */
    brackets: z.array(z.object({ upTo: amount, included: ratio })).min(1),
  }),
);
export type SmallProfitParameters = z.output<typeof smallProfitPackSchema>['versions'][number]['parameters'];

/** A tax year. The pack is the one in force on its last day. */
export const taxYear = z
  .union([z.number(), z.string().regex(/^\d{4}$/)])
  .transform(Number)
  .pipe(z.number().int().min(1900).max(9999));

/** The legal event date of a tax year: its last day. */
export function endOfTaxYear(year: number): string {
  return `${year.toString().padStart(4, '0')}-12-31`;
}

/** Other names of {@link taxYear} and {@link enterpriseFacts}. */
export const enterpriseNames = {
  year: ['taxYear', '年度'],
  employees: ['employeeCount', 'averageEmployees', 'headcount', '从业人数'],
  totalAssets: ['averageAssets', 'averageTotalAssets', '资产总额'],
};

/** What decides on the relief besides the income: averages of the period in persons and yuan. */
export const enterpriseFacts = {
  employees: amount.optional(),
  totalAssets: amount.optional(),
  restrictedIndustry: z.boolean().optional(),
};

export interface EnterpriseFacts {
  readonly employees?: Num | undefined;
  readonly totalAssets?: Num | undefined;
  readonly restrictedIndustry?: boolean | undefined;
}

/** Unrounded, in yuan. */
export interface IncomeTax {
  readonly smallLowProfit: boolean;
  readonly tax: Num;
  /** Tax at the ordinary rate less `tax`. */
  readonly reduction: Num;
}

/** Tax of the brackets on an income within the ceiling, unrounded. */
export function bracketTax(taxableIncome: Num, parameters: SmallProfitParameters): Num {
  let from = new Num(0);
  let tax = new Num(0);
  for (const { upTo, included } of parameters.brackets) {
    const part = Num.max(0, Num.min(taxableIncome, upTo).minus(from));
    tax = tax.plus(part.times(included).times(parameters.rate));
    from = upTo;
  }
  return tax;
}

/**
 * Income tax on a taxable income in yuan, with the relief if it is due. Beyond the ceiling the whole income is taxed at the
 * ordinary rate (the cliff), of which the user is warned beforehand. Averages that are not given count as within the limits,
 * with a warning.
 */
export function incomeTax(
  taxableIncome: Num,
  facts: EnterpriseFacts,
  parameters: SmallProfitParameters,
  trace: Trace,
): IncomeTax {
  const { ceiling, maxEmployees, maxAssets, ordinaryRate, cliffWarnShare } = parameters;
  const otherwise =
    facts.restrictedIndustry !== true &&
    (facts.employees === undefined || facts.employees.lte(maxEmployees)) &&
    (facts.totalAssets === undefined || facts.totalAssets.lte(maxAssets));
  const smallLowProfit = otherwise && taxableIncome.lte(ceiling);
  note(
    trace,
    'smallLowProfit',
    'taxableIncome ≤ ceiling, employees ≤ maxEmployees, totalAssets ≤ maxAssets, not restrictedIndustry',
    { taxableIncome, ceiling, ...facts, maxEmployees, maxAssets },
    smallLowProfit,
  );
  if (facts.employees === undefined || facts.totalAssets === undefined) trace.warn('factsAssumed');
  const ordinaryTax = taxableIncome.times(ordinaryRate);
  note(trace, 'ordinaryTax', 'taxableIncome × ordinaryRate', { taxableIncome, ordinaryRate }, ordinaryTax);
  if (otherwise && smallLowProfit && taxableIncome.gte(ceiling.times(cliffWarnShare)))
    trace.warn('nearCliff', { taxableIncome: shown(taxableIncome), ceiling: shown(ceiling) });
  if (otherwise && !smallLowProfit)
    trace.warn('overCliff', {
      ceiling: shown(ceiling),
      taxAtCeiling: fen(bracketTax(ceiling, parameters)),
      tax: fen(ordinaryTax),
    });
  if (!smallLowProfit) return { smallLowProfit, tax: ordinaryTax, reduction: new Num(0) };
  const tax = bracketTax(taxableIncome, parameters);
  const [first, second] = parameters.brackets;
  note(
    trace,
    'bracketTax',
    'Σ part × included × rate',
    {
      taxableIncome,
      firstUpTo: first?.upTo,
      firstIncluded: first?.included,
      secondUpTo: second?.upTo,
      secondIncluded: second?.included,
      rate: parameters.rate,
    },
    tax,
  );
  return { smallLowProfit, tax, reduction: ordinaryTax.minus(tax) };
}

/** T02. In yuan a year: taxable income (应纳税所得额); out: tax payable and what the relief saves, each rounded once. */
export const smallProfitBrackets = calculator({
  id: 'T02',
  rule: 'T02',
  packs: [smallProfitPackId],
  source: '财税〔2019〕13号；财政部 税务总局公告2021年第12号、2022年第13号、2023年第6号、2023年第12号',
  inForceFrom: '2019-01-01',
  input: z.strictObject({ year: taxYear, taxableIncome: amount, ...enterpriseFacts }),
  aliases: {
    names: { ...enterpriseNames, taxableIncome: ['annualTaxableIncome', 'taxableProfit', '应纳税所得额'] },
  },
  calculate({ year, taxableIncome, ...facts }, trace) {
    const parameters = trace.parameters(smallProfitPackId, smallProfitPackSchema, endOfTaxYear(year));
    const { tax, reduction } = incomeTax(taxableIncome, facts, parameters, trace);
    return {
      taxPayable: note(trace, 'taxPayable', 'tax', { tax }, tax, 'fen'),
      reduction: note(trace, 'reduction', 'ordinaryTax − tax', { tax }, reduction, 'fen'),
    };
  },
});
