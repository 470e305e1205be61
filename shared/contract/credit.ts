/** 信用: ratings, certificates and decisions (等级、证书、处罚), the firm's own score of its conduct, pledges (信用承诺). */
import { z } from 'zod';
import { creditAuthorities, creditClassesFigures } from '../credit/classes.ts';
import { pledgeTemplate } from '../credit/pledge.ts';
import { behaviourCodes } from '../credit/score.ts';
import { reliabilities } from '../rules/pack.ts';
import { fileToken, isoDate, isoInstant } from './common.ts';
import { documentState } from './filing.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int().positive();
const count = z.number().int();
const bilingual = z.object({ zh: z.string(), en: z.string() });
const text = (max: number) => z.string().trim().max(max).default('');
const reason = z.string().trim().min(1).max(500);

// Records (等级、证书、处罚) -------------------------------------------------------------------------------------------------
const common = {
  /** Of the rating, the issue or the decision. */
  date: isoDate,
  /** Null where it does not end. */
  validTo: isoDate.nullable().default(null),
  /** Who said it, and where it can be looked up. */
  source: z.string().trim().min(1).max(200),
  note: text(500),
};

export const creditRecordBody = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rating'),
    authority: z.enum(creditAuthorities),
    /** Code of a class of the pack, or the authority's own word. */
    level: z.string().trim().min(1).max(60),
    ...common,
  }),
  z.object({
    kind: z.literal('mark'),
    /** Certificate (证书), mark on a site (电子标识), entry in a public list (公示). */
    form: z.enum(['certificate', 'e-mark', 'publication']),
    name: z.string().trim().min(1).max(100),
    no: text(100),
    ...common,
  }),
  z.object({
    kind: z.literal('decision'),
    nature: z.enum(['smuggling', 'penalty']),
    no: text(100),
    /** Yuan with up to two decimals; what was fined. */
    amount: z
      .string()
      .regex(/^\d{1,12}(\.\d{1,2})?$/)
      .default('0'),
    ...common,
  }),
]);
export type CreditRecordBody = z.output<typeof creditRecordBody>;
export const creditRecordKinds = ['rating', 'mark', 'decision'] as const;

export const creditRecordRow = z.object({
  id,
  /** Its papers are on file under this number. */
  number: z.string(),
  body: creditRecordBody,
  /** The rating's class, or the name, as it is called. */
  title: bilingual,
  standing: z.enum(['good', 'plain', 'bad', 'unknown']),
  /** future: of a day to come; current: in force, of ratings the latest of its authority; past: replaced by a later one; ended: over. */
  state: z.enum(['future', 'current', 'past', 'ended', 'removed']),
  papers: count,
  updatedAt: isoInstant,
});

// Own conduct (S04) ---------------------------------------------------------------------------------------------------------
const behaviourRow = z.object({
  key: z.string(),
  label: bilingual,
  date: isoDate,
  detail: bilingual,
  /** Page and parameters. */
  target: z.string(),
  deducted: count,
});
const scoreView = z.object({
  on: isoDate,
  from: isoDate,
  start: count,
  score: count,
  deducted: count,
  level: bilingual,
  /** False: facts are missing, so the score may be lower. */
  isComplete: z.boolean(),
  items: z.array(
    z.object({
      code: z.enum(behaviourCodes),
      points: count,
      per: z.enum(['each', 'once']),
      cap: count.nullable(),
      count,
      cannotTell: z.boolean(),
      deducted: count,
      /** Those that deduct, and the newest others. */
      rows: z.array(behaviourRow),
    }),
  ),
  figures: z.object({ months: count, penaltyAbove: count, taxMonths: count, unmatchedPercent: count }),
  source: z.string(),
  reliability: z.enum(reliabilities),
  inForceFrom: isoDate,
});

// Pledges (信用承诺) ---------------------------------------------------------------------------------------------------------
export const pledgeBody = z.object({
  /** Blanks of the text by name. */
  blanks: z.record(z.string().regex(/^\w{1,30}$/), z.string().trim().max(200)).default({}),
  /** The name alone, no identity number. */
  signer: text(60),
  validTo: isoDate.nullable().default(null),
  note: text(500),
});
export type PledgeBody = z.output<typeof pledgeBody>;

export const pledgeRow = z.object({
  id,
  number: z.string(),
  templateId: z.string(),
  version: z.string(),
  title: bilingual,
  state: z.enum(['draft', 'signed', 'revoked']),
  signer: z.string(),
  signedOn: isoDate.nullable(),
  validTo: isoDate.nullable(),
  /** Number and day of the platform's acceptance that stands. */
  acceptNo: z.string().nullable(),
  acceptedOn: isoDate.nullable(),
  filing: z
    .object({
      documentId: id,
      state: documentState,
      appType: z.string(),
      stale: z.boolean(),
      statusInfo: z.string().optional(),
    })
    .nullable(),
  updatedAt: isoInstant,
});

const written = z.object({ rows: count });

export const credit = {
  /** The firm's own score by S04, each deduction with the row of the book it comes from. Refusal: `RULE_PACK_MISSING`. */
  'credit.score': query(z.object({ on: isoDate.optional() }), scoreView),
  /** Own conduct and what is on record, as one sheet. Refusals: `FILE_NOT_GRANTED`, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'credit.print': job(z.object({ on: isoDate.optional(), to: fileToken }), written),
  'credit.export': job(z.object({ on: isoDate.optional(), to: fileToken }), written),
  /** What classes are called and what follows from each on a day. Refusal: `RULE_PACK_MISSING`. */
  'credit.classes': query(
    z.object({ on: isoDate.optional() }),
    z.object({
      inForceFrom: isoDate,
      inForceTo: isoDate.nullable(),
      figures: creditClassesFigures,
      /** The class that the book reckons with, where one is set, and where. */
      set: z.array(z.object({ authority: z.enum(creditAuthorities), level: z.string(), target: z.string() })),
    }),
  ),
  'creditRecords.list': query(z.object({}), z.object({ rows: z.array(creditRecordRow) })),
  /** Refusals: `CREDIT_RECORD_UNKNOWN` {id}, `CREDIT_RECORD_KIND` {number} for another kind, `DATE_ORDER` {from, to}. */
  'creditRecords.save': command(z.object({ id: id.optional(), body: creditRecordBody }), z.object({ id })),
  /** Entered by mistake: it counts no more and stays to be seen; `removed: false` puts it back. Refusal: `CREDIT_RECORD_UNKNOWN`. */
  'creditRecords.remove': command(z.object({ id, removed: z.boolean().default(true), reason }), z.object({})),

  'pledges.templates': query(
    z.object({}),
    z.object({ rows: z.array(pledgeTemplate), source: z.string(), inForceFrom: isoDate }),
  ),
  'pledges.list': query(z.object({}), z.object({ rows: z.array(pledgeRow) })),
  /** One with its text as it is filled, or as it was signed. Refusal: `PLEDGE_UNKNOWN` {id}. */
  'pledges.get': query(
    z.object({ id }),
    pledgeRow.extend({
      body: pledgeBody,
      blanks: pledgeTemplate.shape.blanks,
      text: z.array(z.string()),
      /** Names of what is still empty. */
      missing: z.array(z.string()),
      /** Of the text as signed; empty before. */
      textSha256: z.string(),
      source: z.string(),
    }),
  ),
  /** Refusal: `PLEDGE_TEMPLATE_UNKNOWN` {template}. */
  'pledges.open': command(z.object({ templateId: z.string() }), z.object({ id })),
  /** Refusals: `PLEDGE_UNKNOWN`, `PLEDGE_SIGNED` {number}: what was signed does not change. */
  'pledges.save': command(z.object({ id, body: pledgeBody }), z.object({ id })),
  /** The pledge on A4, to be signed; a mark on what is not complete. Refusals: `PLEDGE_UNKNOWN`, `PRINT_NEEDS_WINDOW`. */
  'pledges.print': command(z.object({ id, to: fileToken }), z.object({ bytes: count })),
  /**
   * Notes that it was signed: from then on its text stands. Refusals: `PLEDGE_UNKNOWN`, `PLEDGE_SIGNED` {number}, `PLEDGE_INCOMPLETE`
   * {number, blanks}, `PLEDGE_PAPER_MISSING` {number} while no signed copy is on file, `DATE_FUTURE` {date}.
   */
  'pledges.sign': command(z.object({ id, signedOn: isoDate }), z.object({ id })),
  /**
   * Takes one back: a draft of its filing is given up, what the platform has accepted is taken back by a filing of its own. Refusals:
   * `PLEDGE_UNKNOWN`, `FILING_VOID` {number}, `FILING_UNDERWAY` {number, state}.
   */
  'pledges.revoke': command(z.object({ id, reason }), z.object({ filed: z.boolean() })),
} as const;
