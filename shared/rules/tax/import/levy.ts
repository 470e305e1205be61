/** What the calculators of import taxes share: charges per quantity, the threshold of a ticket, the 13 %/9 % check. */
import { z } from 'zod';
import type { Trace } from '../../calculator.ts';
import { amount, fen, Num, ratio } from '../../figures.ts';
import { shown } from '../steps.ts';
import type { ImportTaxFigures } from './packs.ts';

/** A rate of a price that includes the tax: below 1, since the price is divided by 1 − rate. */
export const includedRate = ratio.refine((value) => value.lt(1), 'not below 1');
/** A factor that may not be nought, e.g. a rate of exchange. */
export const positive = amount.refine((value) => value.gt(0), 'not above 0');

/** 从量税额: the sum in yuan, or a quantity and yuan a unit. */
export const specificCharge = z.union([
  amount,
  z.strictObject({ qty: amount, unit: amount }).transform(({ qty, unit }) => qty.times(unit)),
]);

/** The same thresholds and rates every calculator of import taxes looks at. */
export const ticketInput = {
  /** Whether these goods are the whole ticket (一票货物), so that the threshold of a ticket may be judged. */
  wholeTicket: z.boolean().optional(),
};

/**
 * A tax of a ticket, rounded to the fen. Below the threshold (`levyThreshold`, 50 yuan) it is not levied: where the goods
 * are the whole ticket the answer is `0.00`, else the tax, with the warning `belowThreshold` {tax, amount, threshold}.
 */
export function levied(
  tax: string,
  value: Num,
  { levyThreshold }: Pick<ImportTaxFigures, 'levyThreshold'>,
  wholeTicket: boolean | undefined,
  trace: Trace,
): string {
  const assessed = fen(value);
  if (value.lte(0) || value.gte(levyThreshold)) return assessed;
  trace.warn('belowThreshold', { tax, amount: assessed, threshold: levyThreshold });
  if (wholeTicket !== true) return assessed;
  return trace.step({
    id: `${tax}NotLevied`,
    formula: `${tax} < levyThreshold → 0`,
    inputs: { [tax]: assessed, levyThreshold },
    result: '0.00',
  });
}

/** Warns `rateUnusual` {name, rate, known} where the pack of the day knows no such rate: an old rate, or a slip. */
export function checkRate(name: string, rate: Num, known: readonly string[], trace: Trace): void {
  if (!rate.isZero() && !known.some((one) => rate.eq(one)))
    trace.warn('rateUnusual', { name, rate: shown(rate), known: known.join(' / ') });
}

/**
 * 从价、从量、复合计税 of a tax that the price includes: (base + specific) ÷ (1 − rate) × rate + specific, unrounded.
 * @param base 计税价格＋关税, yuan; specific 数量×定额, yuan
 */
export function includedTax(base: Num, specific: Num, rate: Num): Num {
  return base.plus(specific).div(new Num(1).minus(rate)).times(rate).plus(specific);
}
