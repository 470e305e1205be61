/** 融资数据包: what a bank is given of the book, with consent, list and hashes; what was given to whom; the check of a pack. */
import { z } from 'zod';
import { financingSections } from '../finance/data-pack.ts';
import { fileToken, isoDate, isoInstant } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int().positive();
const count = z.number().int();
const bilingual = z.object({ zh: z.string(), en: z.string() });
const section = z.enum(financingSections);
const period = { from: isoDate, to: isoDate };

const column = z.object({
  /** i18n `financing.cell.<section>.<id>`, filled with `params`. */
  id: z.string(),
  params: z.record(z.string(), z.string()),
  kind: z.enum(['text', 'code', 'amount', 'figure']),
  width: count,
});
const sectionView = z.object({
  id: section,
  title: z.string(),
  /** The day it is as of, where it says what is open and not what happened: the day the pack is made. */
  asOf: isoDate.nullable(),
  columns: z.array(column),
  /** The first rows as they go into the pack; `target` leads to what is behind one in the book. */
  rows: z.array(z.object({ key: z.string(), cells: z.array(z.string()), target: z.string() })),
  total: count,
  /** Rows beyond what a pack takes. */
  beyond: count,
});

export const financingPackRow = z.object({
  id,
  number: z.string(),
  bank: z.string(),
  purpose: z.string(),
  ...period,
  sections: z.array(section),
  consent: z.object({
    name: z.string(),
    at: isoInstant,
    version: z.string(),
    textSha256: z.string(),
    /** The words that were agreed to; none of a pack made before they were kept: they are in its `consent.json`. */
    text: z.array(z.string()),
  }),
  fileName: z.string(),
  files: count,
  bytes: count,
  /** Of the contents list (SHA256SUMS): the pack is known by it. */
  listSha256: z.string(),
  madeAt: isoInstant,
  given: z.array(
    z.object({ id, toWhom: z.string(), on: isoDate, how: z.string(), note: z.string(), notedAt: isoInstant }),
  ),
});

export const financing = {
  /** What a pack of a period would say, masked as it goes out. Refusal: `DATE_ORDER` {from, to}. */
  'financing.preview': query(
    z.object({ ...period, sections: z.array(section).default([...financingSections]) }),
    z.object({ sections: z.array(sectionView) }),
  ),
  /** The text that is agreed to, and what is left out of every pack. Refusal: `RULE_PACK_MISSING`. */
  'financing.consent': query(
    z.object({}),
    z.object({
      version: z.string(),
      text: z.array(z.string()),
      leftOut: z.array(bilingual),
      source: z.string(),
    }),
  ),
  /**
   * Makes a pack: one ZIP with an index page, a workbook, JSON and printed pages of each section, the consent, and SHA256SUMS over all of
   * it; enters it in the register. Refusals: `DATE_ORDER`, `FINANCING_CONSENT_OTHER` {version} where the text has another version by
   * now, `FINANCING_NOTHING` {from, to} where nothing is in it, those of the ZIP, `CANCELLED`.
   */
  'financing.make': job(
    z.object({
      bank: z.string().trim().min(1).max(100),
      purpose: z.string().trim().min(1).max(200),
      ...period,
      sections: z.array(section).min(1),
      consent: z.object({ name: z.string().trim().min(1).max(60), version: z.string() }),
      out: fileToken,
    }),
    z.object({
      id,
      number: z.string(),
      files: count,
      bytes: count,
      listSha256: z.string(),
      index: z.enum(['pdf', 'html']),
    }),
  ),
  'financing.list': query(z.object({}), z.object({ rows: z.array(financingPackRow) })),
  /** Notes that a pack was given to somebody; a note stands. Refusals: `FINANCING_UNKNOWN` {id}, `DATE_FUTURE` {date}. */
  'financing.give': command(
    z.object({
      id,
      toWhom: z.string().trim().min(1).max(100),
      on: isoDate,
      how: z.string().trim().min(1).max(100),
      note: z.string().trim().max(500).default(''),
    }),
    z.object({ id }),
  ),
  /**
   * Holds a pack against its contents list, and the list against the register. Refusals: `FILE_DAMAGED` {detail}, `FINANCING_NO_LIST`
   * {name} for a file without one, `ARCHIVE_FILE_TOO_LARGE` {name, limitMb}.
   */
  'financing.verify': command(
    z.object({ file: fileToken }),
    z.object({
      files: z.array(z.object({ path: z.string(), state: z.enum(['same', 'changed', 'missing', 'unlisted']) })),
      isWhole: z.boolean(),
      listSha256: z.string(),
      /** Of this book's register; null: made elsewhere, or its list was changed. */
      pack: z.object({ id, number: z.string(), bank: z.string(), madeAt: isoInstant }).nullable(),
    }),
  ),
} as const;
