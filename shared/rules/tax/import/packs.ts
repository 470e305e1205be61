/** What the packs of import taxes hold: `resources/rules/tax-import*.json`, `tax-late-fees.json`, `tax-postal.json`. */
import { z } from 'zod';
import { packSchema } from '../../pack.ts';

/** Figures of a pack are decimal text. */
const text = z.string().regex(/^\d+(\.\d+)?$/);
const days = z.number().int().positive();

export const importTaxPack = packSchema(
  z.object({
    /** 一票货物税额起征点, yuan. */
    levyThreshold: text,
    /** 保险费无法确定时按（货价＋运费）的比例. */
    unknownInsuranceRate: text,
    vatRates: z.array(text),
    cigarette: z.object({
      /** 定额税率, yuan a carton of 200 (标准条). */
      fixedPerCarton: text,
      cartonsPerBox: text,
      /** Rate of the first step, which fixes the price that chooses the rate. */
      testRate: text,
      thresholdPerCarton: text,
      rateFromThreshold: text,
      rateBelowThreshold: text,
    }),
    beer: z.object({
      thresholdUsdPerTon: text,
      perTonFromThreshold: text,
      perTonBelowThreshold: text,
      litresPerTon: text,
    }),
  }),
);
export type ImportTaxFigures = z.output<typeof importTaxPack>['versions'][number]['parameters'];

export const retailPack = packSchema(
  z.object({
    /** 单次交易限值, yuan, itself within. */
    transactionLimit: text,
    /** 个人年度交易限值, yuan, itself within. */
    annualLimit: text,
    preferentialDutyRate: text,
    /** 限值以内进口环节增值税、消费税按法定应纳税额的比例征收. */
    preferentialShare: text,
    /** What becomes of one indivisible article over the limit of a transaction: taxed in full in this channel, or not of it. */
    singleItemOverLimit: z.enum(['fullRate', 'generalTrade']),
    /** Natural days after release (放行). */
    returnApplyDays: days,
    returnArriveDays: days,
    taxFromDay: days,
    taxToDay: days,
  }),
);

const lateDeclarationConvention = z.object({
  /** The fee starts on this day after the arrival (起征日). */
  startDay: days,
  /** Whether the day of arrival is itself day one. */
  countArrivalDay: z.boolean(),
  shiftToWorkingDay: z.boolean(),
  dailyRate: text,
  /** 起征点, yuan: less is not charged. */
  minimum: text,
});

export const lateFeesPack = packSchema(
  z.object({
    lateDeclaration: z.object({
      /** The convention that was law; the others are there to compare. */
      inForce: z.string(),
      conventions: z.record(z.string(), lateDeclarationConvention),
    }),
    latePayment: z.object({
      payWithinDays: days,
      shiftToWorkingDay: z.boolean(),
      dailyRate: text,
      minimum: text,
      /** 汇总征税: the n-th working day of the next month; null where there was none. */
      monthlyWorkingDay: days.nullable(),
      /** 延期缴纳 at most. */
      deferralMonths: days,
      interestDayBase: days,
    }),
  }),
);

export const postalPack = packSchema(
  z.object({
    rates: z.array(text),
    /** 税额起征点, yuan, itself exempt. */
    exemptUpTo: text,
    /** 个人邮递物品限值, yuan: from 港澳台, and from elsewhere. */
    parcelLimitHmt: text,
    parcelLimitOther: text,
    /** 进境居民旅客免税额度, yuan. */
    travellerAllowance: text,
  }),
);
