/** Natural persons (个人): what they can file, and the data of an individual forex account (个人外汇账户) for the bank. */
import { z } from 'zod';
import { identityDocuments } from '../identity/index.ts';
import { fileToken, isoDate } from './common.ts';
import { command, job, query } from './operation.ts';
import type { quotaPersonView } from './supervision.ts';
import { bilingual } from './tax.ts';

/** 外汇结算账户 (of individual traders who are registered, run like an institution's) and 外汇储蓄账户. */
export const personalAccountNatures = ['settlement', 'savings'] as const;
export const personalAccountStates = ['preparing', 'applied', 'opened', 'closed'] as const;
export const residencies = ['resident', 'nonResident'] as const;

const id = z.number().int().positive();
const text = (max: number) => z.string().trim().max(max).default('');
const formFields = {
  nature: z.enum(personalAccountNatures),
  state: z.enum(personalAccountStates),
  idType: z.enum(identityDocuments),
  residency: z.enum(residencies),
  /** Branch of the bank (开户网点). */
  branch: text(100),
  /** 工商登记 or another registration of the trade; empty where there is none. */
  registrationNo: text(60),
  /** What the money is for (账户用途). */
  purpose: text(200),
  openedOn: isoDate.nullable().default(null),
  note: text(500),
};

/** What is still missing, by name of the field or code of the paper; `registration`: the kind of account is of registered traders. */
const personalAccountGaps = ['number', 'idNumber', 'branch', 'purpose', 'openedOn', 'registration'] as const;

const personalAccountView = z.object({
  accountId: id,
  name: z.string(),
  institution: z.string(),
  currency: z.string(),
  /** Masked. */
  number: z.string(),
  /** Absent: nothing was entered yet. */
  form: z.object({ ...formFields, idNumberMasked: z.string() }).optional(),
  gaps: z.array(z.enum(personalAccountGaps)),
  missingPapers: z.array(bilingual),
});
export type PersonalAccountView = z.infer<typeof personalAccountView>;

export const person = {
  /** Every message that is filed, with what of it asks for a code and whether a natural person files it, by the dated pack of today. */
  'person.filings': query(
    z.object({}),
    z.object({
      rows: z.array(
        z.object({
          kind: z.string(),
          title: bilingual,
          fields: z.array(bilingual),
          state: z.enum(['no', 'bank', 'ask']),
          why: bilingual,
          source: z.string(),
        }),
      ),
    }),
  ),
  /** Personal forex accounts of an owner, with the data for the bank. */
  'person.accounts': query(z.object({ name: z.string().min(1) }), z.object({ rows: z.array(personalAccountView) })),
  /**
   * `idNumber` left out keeps the stored one; the first time the one of the book is taken where it is the same person's. Refusals:
   * `MONEY_ACCOUNT_UNKNOWN` {id}, `PERSONAL_ACCOUNT_ONLY` {name}, `IDENTITY_NUMBER_FORMAT` {reason}.
   */
  'person.saveAccount': command(
    z.object({ accountId: id, ...formFields, idNumber: z.string().trim().max(40).optional() }),
    z.object({}),
  ),
  /**
   * The data and the list of papers on A4, with the yearly quota; numbers masked unless `whole`, of which a line is kept. Refusals:
   * `PERSONAL_ACCOUNT_EMPTY` {name}, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`.
   */
  'person.printAccount': job(
    z.object({ accountId: id, year: z.string().regex(/^\d{4}$/), whole: z.boolean(), to: fileToken }),
    z.object({ pages: z.literal('pdf') }),
  ),
} as const;

/** What the printed page says of the quota of its owner. */
export type PersonQuota = z.infer<typeof quotaPersonView>;
