/** 六税两费减半 for small firms, small-scale taxpayers and self-employed people: T23 and T24 share it. */
import { z } from 'zod';
import { PortbookError } from '../../../errors.ts';
import type { Trace } from '../../calculator.ts';
import { Num, ratio } from '../../figures.ts';
import { shown } from '../steps.ts';
import type { LocalTaxFigures } from './pack.ts';

export const halvingInput = {
  /** The factor that remains payable, e.g. `0.5`. */
  halving: ratio.optional(),
  /** 小型微利企业, 小规模纳税人 or 个体工商户: the factor of the pack applies. */
  small: z.boolean().optional(),
};

/**
 * The factor to pay by: 1 without relief. On a day outside the relief's own dates it is refused (`RULE_PACK_MISSING`), since
 * nobody knows the rule of that day; without a day it is taken as in force (the calculator has warned `noDate`).
 */
export function halvingFactor(
  given: {
    readonly halving?: Num | undefined;
    readonly small?: boolean | undefined;
    readonly date?: string | undefined;
  },
  { halving }: Pick<LocalTaxFigures, 'halving'>,
  trace: Trace,
): Num {
  const factor = given.halving ?? new Num(given.small === true ? halving.factor : 1);
  if (factor.eq(1)) return factor;
  if (given.date !== undefined && (given.date < halving.inForceFrom || given.date > halving.inForceTo))
    throw new PortbookError('RULE_PACK_MISSING', { pack: 'tax-local', title: '六税两费减征', date: given.date });
  if (!factor.eq(halving.factor))
    trace.warn('rateUnusual', { name: 'halving', rate: shown(factor), known: halving.factor });
  trace.warn('halvingEnds', { date: halving.inForceTo });
  return factor;
}
