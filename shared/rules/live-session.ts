/** Live selling (直播销售): what is looked at in every session, and how long its recording is kept. */
import { z } from 'zod';
import { addMonths, type IsoDate } from '../calendar/dates.ts';
import { packSchema } from './pack.ts';

export const liveSessionPackId = 'live-session';
export const liveSessionPack = packSchema(
  z.object({
    /** Months from the end of the session; 网络交易监督管理办法第二十条. */
    keepMonths: z.number().int().positive(),
    items: z
      .array(z.object({ id: z.string().regex(/^[a-z]+$/), zh: z.string(), en: z.string(), source: z.string() }))
      .min(1),
  }),
);
export type LiveSessionRules = z.output<typeof liveSessionPack>['versions'][number]['parameters'];

/** The last day on which the recording must still be there. */
export function keepRecordingUntil(heldOn: IsoDate, { keepMonths }: Pick<LiveSessionRules, 'keepMonths'>): IsoDate {
  return addMonths(heldOn, keepMonths);
}

interface Said {
  readonly host: string;
  readonly hostVerifiedOn: string | null;
  readonly recording: string;
  readonly goods: readonly {
    readonly sku: string;
    readonly claims: string;
    readonly evidence: string;
    readonly price: string;
    readonly priceProof: string;
  }[];
  readonly answers: Readonly<Record<string, { readonly answer: 'yes' | 'no' | 'none'; readonly note: string }>>;
}

/** What is still open of a session. `at`: the field, a SKU or the item of the list. */
export interface SessionGap {
  readonly code: 'host' | 'identity' | 'recording' | 'goods' | 'evidence' | 'priceProof' | 'unanswered' | 'failed';
  readonly at: string;
}

/**
 * What is missing or wrong: a claim without evidence, a price without proof, an item of the list not answered or answered with no and
 * without a word on what was done.
 */
export function sessionGaps(said: Said, { items }: Pick<LiveSessionRules, 'items'>): SessionGap[] {
  const gaps: SessionGap[] = [];
  if (said.host === '') gaps.push({ code: 'host', at: 'host' });
  if (said.hostVerifiedOn === null) gaps.push({ code: 'identity', at: 'hostVerifiedOn' });
  if (said.recording === '') gaps.push({ code: 'recording', at: 'recording' });
  if (said.goods.length === 0) gaps.push({ code: 'goods', at: 'goods' });
  for (const { sku, claims, evidence, price, priceProof } of said.goods) {
    if (claims !== '' && evidence === '') gaps.push({ code: 'evidence', at: sku });
    if (price !== '' && priceProof === '') gaps.push({ code: 'priceProof', at: sku });
  }
  for (const { id } of items) {
    const given = said.answers[id];
    if (given === undefined) gaps.push({ code: 'unanswered', at: id });
    else if (given.answer === 'no' && given.note === '') gaps.push({ code: 'failed', at: id });
  }
  return gaps;
}
