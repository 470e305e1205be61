/**
 * The financing data pack (融资数据包): what a bank is given of a book, with its consent and masks. The text of the consent stands in
 * `resources/rules/financing-consent.json`. Pure.
 */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';

export const financingConsentPackId = 'financing-consent';

/** Orders, declarations, receipts, settlements (结汇), receivables and refunds by age, insured limits, own credit, stock abroad. */
export const financingSections = [
  'orders',
  'declarations',
  'receipts',
  'settlements',
  'receivables',
  'refunds',
  'insured',
  'credit',
  'abroad',
] as const;
/** Sections that say what is open on the day the pack is made, whenever it arose: the book keeps what is owed now, not what was. */
export const stockSections = ['receivables', 'refunds', 'abroad'] as const;
/** Sections as of the day the pack is made; the others are what happened in the period. */
export const asOfSections: readonly FinancingSection[] = [...stockSections, 'insured', 'credit'];
export type FinancingSection = (typeof financingSections)[number];

/** Rows of one section at most; how many are beyond is said. */
export const mostFinancingRows = 20_000;

const bilingual = z.object({ zh: z.string().min(1), en: z.string().min(1) });
export const financingConsentPack = packSchema(
  z.object({
    version: z.string().min(1).max(20),
    /** Paragraphs, in Chinese: what the firm agrees to. */
    text: z.array(z.string().min(1)).min(1),
    /** What is left out or masked in every pack. */
    leftOut: z.array(bilingual).min(1),
  }),
);

/** A name of a person or firm that need not be known: its first character. */
export function maskedName(name: string): string {
  const [first] = [...name.trim()];
  return first === undefined ? '' : `${first}***`;
}

/**
 * Free text without what names a person or an account: runs of digits as long as a telephone, account or identity number by their last
 * four, e-mail addresses by their sign.
 */
export function maskedDigits(text: string): string {
  return text
    .replaceAll(/[^\s@]+@[^\s@]+/g, '***@***')
    .replaceAll(/\d[\d -]{9,}[\dXx]/g, (run) => `****${run.replaceAll(/[ -]/g, '').slice(-4)}`);
}

/** Days since an amount fell open, as its bucket's last day; the last bucket has no end. */
export const receivableDays = [30, 60, 90, 180, 365] as const;

/** First and last age in days of the bucket that an age falls into; the last bucket has no last day. */
export function ageBounds(days: number): { readonly first: number; readonly last?: number } {
  const at = receivableDays.findIndex((last) => days <= last);
  const before = receivableDays[(at === -1 ? receivableDays.length : at) - 1];
  const first = before === undefined ? 0 : before + 1;
  const last = receivableDays[at];
  return last === undefined ? { first } : { first, last };
}

/** The bucket of an age in days: `0-30`, `31-60`, …, `365+`. */
export function ageBucket(days: number): string {
  const { first, last } = ageBounds(days);
  return last === undefined ? `${first - 1}+` : `${first}-${last}`;
}

/** A line of SHA256SUMS; undefined for what is none. */
export function sumLine(line: string): { readonly sha256: string; readonly path: string } | undefined {
  const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
  const [, sha256, path] = match ?? [];
  return sha256 === undefined || path === undefined ? undefined : { sha256, path };
}
