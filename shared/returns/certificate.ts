/** 《出口货物已补税/未退税证明》 of exports that come back: its states, and what has to be there before it is asked for. */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';

export const certificateStates = ['draft', 'handedIn', 'obtained', 'used', 'void'] as const;
export type CertificateState = (typeof certificateStates)[number];

/** `repaid` (已补税): the refund was paid back; `notRefunded` (未退税): there was none. */
export const certificateKinds = ['repaid', 'notRefunded'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

const order: readonly CertificateState[] = ['draft', 'handedIn', 'obtained', 'used'];

/** States it may go to: the next one, one step back where that was a mistake, and void until customs has it. */
export function nextCertificateStates(state: CertificateState): readonly CertificateState[] {
  const at = order.indexOf(state);
  if (at < 0) return [];
  const near = [order[at + 1], order[at - 1]].flatMap((one) => (one === undefined ? [] : [one]));
  return state === 'used' ? near : [...near, 'void'];
}

/** A step back, or void, is not the way of the paper: it needs a reason. */
export function needsReason(from: CertificateState, to: CertificateState): boolean {
  return to === 'void' || order.indexOf(to) < order.indexOf(from);
}

export const certificateGaps = ['repaidOn', 'repaidCny', 'repayPaper', 'repaidShort', 'repayUnknown'] as const;
export type CertificateGap = (typeof certificateGaps)[number];

/**
 * What stands against handing the request in. Of a refunded line: when, how much and by which paper it was paid back; less than the book's own
 * figure, or a figure the book cannot work out, wants a word on why. Money in fen.
 */
export function certificateGapsOf(of: {
  readonly isRefunded: boolean;
  readonly repaidOn: string | null;
  readonly repaidFen: number | null;
  readonly repayPaper: string;
  /** What the book works out for the quantity; undefined: no match says what was refunded. */
  readonly toRepayFen: number | undefined;
  readonly note: string;
}): CertificateGap[] {
  if (!of.isRefunded) return [];
  const gaps: CertificateGap[] = [];
  if (of.repaidOn === null) gaps.push('repaidOn');
  if (of.repaidFen === null || of.repaidFen <= 0) gaps.push('repaidCny');
  if (of.repayPaper === '') gaps.push('repayPaper');
  if (of.note === '') {
    if (of.toRepayFen === undefined) gaps.push('repayUnknown');
    else if (of.repaidFen !== null && of.repaidFen > 0 && of.repaidFen < of.toRepayFen) gaps.push('repaidShort');
  }
  return gaps;
}

export const returnCertificatePackId = 'return-certificate';
/** What is known of the form on the day it is handed in. */
export const returnCertificatePack = packSchema(
  z.object({
    formZh: z.string(),
    formEn: z.string(),
    /** Handed in and issued over the electronic tax bureau; null: not known. */
    isElectronic: z.boolean().nullable(),
    /** What the rules at hand do not say. */
    unknownZh: z.string(),
    unknownEn: z.string(),
  }),
);
