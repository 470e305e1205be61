/** The figures of `resources/rules/forex-allocation.json`: what speaks for a suggestion and how much, windows, shares, names. */
import { z } from 'zod';
import { ratio } from '../rules/figures.ts';
import { packSchema } from '../rules/pack.ts';

export const allocationPackId = 'forex-allocation';

const points = z.number().int().min(0).max(100);
const days = z.number().int().min(0);

/** Reasons that speak for a suggestion. */
export const allocationReasons = [
  /** The slip names the order, declaration, waybill or payout. */
  'referenceFound',
  /** As before by a number so short that it may be chance. */
  'referenceShort',
  'amountEqual',
  /** Less by no more than banks keep. */
  'amountWithinCharges',
  /** Equal at the rate of the day, across currencies. */
  'amountAtRate',
  /** A usual part of the price: a deposit, or the rest. */
  'depositShare',
  /** All open items of one buyer, or all that the slip names. */
  'sumEqual',
  'sumWithinCharges',
  /** Some open items of one buyer; may be chance. */
  'sumOfSome',
  'buyerSame',
  'buyerSimilar',
  /** This payer has paid for this buyer before. */
  'paidBefore',
  'payerIsPlatform',
  'dateUsual',
  'dateLate',
  'dateAdvance',
  'storeSame',
  'countrySame',
] as const;
/** What speaks against one. */
export const allocationDoubts = [
  /** As many others fit as well. */
  'alsoFits',
  'currencyOther',
  /** The payer is not the buyer. */
  'thirdParty',
] as const;

export const allocationPack = packSchema(
  z.object({
    weights: z.object(
      Object.fromEntries(allocationReasons.map((one) => [one, points])) as Record<
        (typeof allocationReasons)[number],
        typeof points
      >,
    ),
    deductions: z.object(
      Object.fromEntries(allocationDoubts.map((one) => [one, points])) as Record<
        (typeof allocationDoubts)[number],
        typeof points
      >,
    ),
    /** From the sale to the money: usual, at most; before the sale; and around a payout. */
    days: z.object({ usual: days, late: days, advance: days, payout: days }),
    /** How far an amount across currencies may be from what the rate of the day gives. */
    rateShare: ratio,
    depositShares: z.array(ratio),
    /** Likeness of names from which they are the same or similar, in percent. */
    likeness: z.object({ same: points, similar: points }),
    /** Sums of several: of how many open items of a buyer, and of how many parts where it is not all. */
    sum: z.object({ items: z.number().int().min(2).max(28), parts: z.number().int().min(2).max(28) }),
    /** Characters of a number found in a slip: fewer are none, from so many on it is no chance. */
    reference: z.object({ least: z.number().int().min(3), full: z.number().int().min(3) }),
    /** Score from which a suggestion is shown, and from which many at once are proposed. */
    showFrom: points,
    confirmFrom: points,
    legalForms: z.array(z.string().min(1)),
    /** Platforms and payment institutions: they pay for everyone. */
    institutions: z.array(z.string().min(1)),
  }),
);
export type AllocationParameters = z.output<typeof allocationPack>['versions'][number]['parameters'];
