/** Forms of foreign exchange as documents, evidence packs (证据包), electronic transaction data (交易电子信息). */
import { z } from 'zod';
import { currencyCode, fileToken, isoDate, totalSchema } from './common.ts';
import { command, job, query } from './operation.ts';

const id = z.number().int();
const bilingual = z.object({ zh: z.string(), en: z.string() });
/** Where a row leads: a page of the desk and its parameters. */
const target = z.object({ page: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
const params = z.record(z.string(), z.union([z.string(), z.number()]));

/** What a pack is about: a record of money by id or number, a shipment by id or number. */
const subjectKind = z.enum(['record', 'shipment']);
export const evidenceSubject = z.union([
  z.object({ kind: subjectKind, id }),
  z.object({ kind: subjectKind, number: z.string().min(1) }),
]);
export type EvidenceSubject = z.infer<typeof evidenceSubject>;

/** What a pack proves, in the order of its index: record, what it pays for, and every paper of that. */
export const evidenceSections = [
  'record',
  'shipment',
  'allocations',
  'orders',
  'payments',
  'waybills',
  'lists',
  'declarations',
  'answers',
  'forms',
  'netting',
  'invoices',
  'vouchers',
  'match',
] as const;
export const evidenceSection = z.object({
  id: z.enum(evidenceSections),
  title: bilingual,
  columns: z.array(z.object({ title: bilingual, kind: z.enum(['text', 'code', 'amount']) })),
  /** Terms of ours in both languages, what the book says as it is. */
  rows: z.array(z.object({ cells: z.array(z.union([z.string(), bilingual])), target: target.optional() })),
  /** Of which the first {@link evidenceRows} are given. */
  total: z.number().int(),
});
export type EvidenceSection = z.infer<typeof evidenceSection>;
/** Rows of a section on the screen and in the index; a CSV in the pack has them all. */
export const evidenceRows = 200;

/** A file of the pack. `made`: printed or written when the pack is made, so that its size is not known before. */
export const evidenceFile = z.object({
  path: z.string(),
  title: z.string(),
  source: z.enum(['archive', 'message', 'receipt', 'made']),
  size: z.number().int().optional(),
  sha256: z.string().optional(),
});

/**
 * What is missing; texts: i18n `evidence.gap.<code>`: slip {number}, unallocated {number, amount, currency}, undeclared {number, declareBy},
 * unposted {number}, noOrder {number}, noReceipt {number}; payment, waybill, list, unreleased, papers, nettingPaper, match {count, first}.
 */
export const evidenceGap = z.object({ code: z.string(), level: z.enum(['reject', 'doubt']), params });

export const evidenceView = z.object({
  subject: z.object({ kind: subjectKind, id, number: z.string(), date: isoDate }),
  sections: z.array(evidenceSection),
  files: z.array(evidenceFile),
  gaps: z.array(evidenceGap),
  papers: z.number().int(),
  /** Of papers, messages and receipts; printed pages come on top. */
  bytes: z.number().int(),
});
export type EvidenceView = z.infer<typeof evidenceView>;

/** A transaction as the bank takes it (汇发〔2019〕13号): order, payer, goods, money, parcel, list, receipt. */
export const electronicRow = z.object({
  orderNo: z.string(),
  orderedOn: isoDate,
  payer: z.string(),
  /** ISO 3166 alpha-3; empty: not known. */
  country: z.string(),
  currency: currencyCode,
  amount: z.string(),
  goods: z.string(),
  paidOn: z.string(),
  payNo: z.string(),
  waybillNo: z.string(),
  listNo: z.string(),
  receiptNo: z.string(),
  amountUsd: z.string().optional(),
  /** Above the limit of a single transaction (F09). */
  overLimit: z.boolean(),
  /** Why it is there although its records do not match. */
  exception: z.string(),
});
export type ElectronicRow = z.infer<typeof electronicRow>;

export const electronicScope = z
  .object({
    /** Orders that a receipt pays for. */
    recordId: id.optional(),
    /** Orders of these days; both left out: all of the receipt. */
    from: isoDate.optional(),
    to: isoDate.optional(),
  })
  .refine((scope) => scope.recordId !== undefined || (scope.from !== undefined && scope.to !== undefined), {
    path: ['recordId'],
    message: 'a receipt, or both days',
  });

const electronicSummary = {
  transactions: z.number().int(),
  overLimit: z.number().int(),
  leftOut: z.number().int(),
  totals: z.array(totalSchema.extend({ transactions: z.number().int() })),
  /** In USD as far as rates are known; how many have none. */
  totalUsd: z.string(),
  unrated: z.number().int(),
  limitUsd: z.string(),
};

/** Evidence packs and electronic transaction data. */
export const evidence = {
  /** What a pack would hold, and what is missing. Refusals: `MONEY_RECORD_UNKNOWN`, `MONEY_RECORD_NUMBER_UNKNOWN` {number}, `SHIPMENT_UNKNOWN`. */
  'evidence.preview': query(z.object({ of: evidenceSubject }), evidenceView),
  /**
   * Writes the pack: an index, the papers, messages and receipts as they were sent and received, tables, SHA256SUMS; one ZIP. Refusals: those
   * of the preview, `ARCHIVE_DAMAGED` {name}, `ARCHIVE_EXPORT_TOO_LARGE` {limitMb}, `FILE_NOT_WRITTEN`, `CANCELLED`.
   */
  'evidence.export': job(
    z.object({ of: evidenceSubject, to: fileToken }),
    z.object({
      number: z.string(),
      files: z.number().int(),
      papers: z.number().int(),
      bytes: z.number().int(),
      gaps: z.number().int(),
      index: z.enum(['pdf', 'html']),
      /** SHA-256 of the ZIP. */
      sha256: z.string(),
    }),
  ),

  /**
   * Transactions that may be settled on electronic information: those whose records match, or are accepted as they are; the others are named
   * with what stands in their way. What changed is matched first. Refusals: `MONEY_RECORD_UNKNOWN`, `DATE_RANGE`, `RULE_PACK_MISSING`.
   */
  'electronicData.preview': command(
    electronicScope,
    z.object({
      ...electronicSummary,
      rows: z.array(electronicRow),
      out: z.array(z.object({ orderNo: z.string(), orderId: id, codes: z.array(z.string()) })),
    }),
  ),
  /**
   * Writes them for the bank: `transactions.csv` (UTF-8 with byte order mark), the same as a workbook, and a cover sheet with the totals and
   * the SHA-256 of the CSV, into a folder. Refusals: those of the preview, `ELECTRONIC_DATA_EMPTY`, `FILE_NOT_WRITTEN`, `CANCELLED`.
   */
  'electronicData.export': job(
    z.object({ scope: electronicScope, to: fileToken }),
    z.object({
      ...electronicSummary,
      sha256: z.string(),
      files: z.array(z.string()),
      cover: z.enum(['pdf', 'html']),
    }),
  ),
} as const;
