/**
 * F08: what of a natural person's settlement counts against the yearly quota (个人年度便利化额度). Proof of trade takes its sum
 * out: 交易额证明 or 交易电子信息. US dollars; a sole trader (个体工商户) goes by the rules of institutions.
 */
import { z } from 'zod';
import { calculator } from '../calculator.ts';
import { amount, date, fen, Num } from '../figures.ts';
import { packSchema } from '../pack.ts';
import { note } from '../tax/steps.ts';

const proofs = ['tradeProof', 'electronicInfo'] as const;

export const personalQuotaPackId = 'forex-personal-quota';
export const personalQuotaPackSchema = packSchema(
  z.object({
    quotaUsd: amount,
    /** Proofs that take a settlement out of the quota. */
    outsideWith: z.array(z.enum(proofs)),
  }),
);

const input = z
  .strictObject({
    /** By the identity document used: 个人, 个体工商户, 企业. */
    holder: z.enum(['individual', 'soleTrader', 'enterprise']),
    amountUsd: amount,
    proof: z.enum(['none', ...proofs]).default('none'),
    /** The part that is proven; without it all of the amount. */
    provenUsd: amount.optional(),
    /** Counted already this calendar year. */
    usedUsd: amount.optional(),
    settledOn: date.optional(),
    /** Into the person's own account (外汇储蓄账户 or 外汇结算账户). */
    ownAccount: z.boolean().optional(),
  })
  .refine(({ proof, provenUsd }) => provenUsd === undefined || proof !== 'none', {
    path: ['provenUsd'],
    message: 'needs a proof',
  })
  .refine(({ amountUsd, provenUsd }) => provenUsd === undefined || provenUsd.lte(amountUsd), {
    path: ['provenUsd'],
    message: 'above amountUsd',
  });

/**
 * F08: `countedUsd` of the amount against the quota, `outsideUsd` not; `status`: `NOT_COUNTED`, `WITHIN`, `OVER_QUOTA`, or
 * `INSTITUTION_RULES` with nothing counted.
 */
export const personalQuota = calculator({
  id: 'F08',
  rule: 'F08',
  packs: [personalQuotaPackId],
  source: '《个人外汇管理办法实施细则》（汇发〔2007〕1号）；汇发〔2020〕11号',
  inForceFrom: '2007-02-01',
  input,
  calculate(given, trace) {
    const { quotaUsd, outsideWith } = trace.parametersOrNewest(
      personalQuotaPackId,
      personalQuotaPackSchema,
      given.settledOn,
    );
    const { amountUsd, proof } = given;
    const usedUsd = given.usedUsd ?? new Num(0);
    const institution = given.holder !== 'individual';
    if (institution) trace.warn('institutionRules');
    const accepted = outsideWith.some((one) => one === proof);
    if (!institution && proof !== 'none' && !accepted) trace.warn('proofNotAccepted');
    const outside = institution ? amountUsd : accepted ? (given.provenUsd ?? amountUsd) : new Num(0);
    const outsideUsd = note(
      trace,
      'outsideUsd',
      'provenUsd',
      { holder: given.holder, proof, provenUsd: given.provenUsd, amountUsd },
      outside,
      'fen',
    );
    const counted = amountUsd.minus(outside);
    const countedUsd = note(trace, 'countedUsd', 'amountUsd − outsideUsd', { amountUsd, outsideUsd }, counted, 'fen');
    const usedAfter = usedUsd.plus(counted);
    const usedAfterUsd = note(trace, 'usedAfterUsd', 'usedUsd + countedUsd', { usedUsd, countedUsd }, usedAfter, 'fen');
    const remainingUsd = note(
      trace,
      'remainingUsd',
      'max(quotaUsd − usedAfterUsd, 0)',
      { quotaUsd, usedAfterUsd },
      Num.max(quotaUsd.minus(usedAfter), 0),
      'fen',
    );
    const status = institution
      ? 'INSTITUTION_RULES'
      : counted.isZero()
        ? 'NOT_COUNTED'
        : usedAfter.lte(quotaUsd)
          ? 'WITHIN'
          : 'OVER_QUOTA';
    if (status === 'OVER_QUOTA')
      trace.warn('quotaExceeded', { over: fen(usedAfter.minus(quotaUsd)), quota: fen(quotaUsd) });
    if (!institution && counted.gt(0) && !accepted) trace.warn('countsWithoutProof');
    if (!institution && given.ownAccount === false) trace.warn('notOwnAccount');
    return { countedUsd, outsideUsd, usedAfterUsd, remainingUsd, status };
  },
});
