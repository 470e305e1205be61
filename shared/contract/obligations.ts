/** What the firm owes by a day: guarantees, tax bills, deadlines, papers on file. No date is stated as certain law. */
import { z } from 'zod';
import { deadlineKinds, deadlineRuleIds, shifts } from '../rules/deadlines/pack.ts';
import { reliabilities } from '../rules/pack.ts';
import { amountText } from './accounting.ts';
import { fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

const bilingual = z.object({ zh: z.string(), en: z.string() });
/** Yuan with two decimals. */
const yuan = z.string();

// Guarantees (税款担保) --------------------------------------------------------------------------------------------------
/** 保证金, 银行保函, 关税保证保险. */
export const guaranteeKinds = ['cash', 'bank-letter', 'insurance'] as const;
export const guaranteeSubjects = ['document', 'shipment', 'tax-bill', 'show', 'other'] as const;
export const guaranteeInput = z.object({
  id: z.number().int().optional(),
  kind: z.enum(guaranteeKinds),
  number: z.string().min(1).max(60),
  issuer: z.string().min(1).max(100),
  /** Customs district it is for; left out: any. */
  customs: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  amount: amountText,
  validFrom: isoDate,
  validTo: isoDate,
  state: z.enum(['active', 'ended']).default('active'),
  note: z.string().max(500).default(''),
});
export const guaranteeView = z.object({
  id: z.number().int(),
  kind: z.enum(guaranteeKinds),
  number: z.string(),
  issuer: z.string(),
  customs: z.string().nullable(),
  amount: yuan,
  used: yuan,
  free: yuan,
  /** Used part, in percent with one decimal. */
  usedPercent: z.string(),
  /** More is used than the pack's warning level. */
  warning: z.boolean(),
  validFrom: isoDate,
  validTo: isoDate,
  daysLeft: z.number().int(),
  state: z.enum(['active', 'ended']),
  note: z.string(),
  openUses: z.number().int(),
});
export const guaranteeUseView = z.object({
  id: z.number().int(),
  subjectKind: z.enum(guaranteeSubjects),
  subjectId: z.string(),
  /** The number of the document, shipment or bill. */
  label: z.string(),
  amount: yuan,
  takenOn: isoDate,
  releasedOn: isoDate.nullable(),
  text: z.string(),
});

// Tax bills (税单) -----------------------------------------------------------------------------------------------------
export const taxBillKinds = [
  'import-duty',
  'import-vat',
  'import-consumption',
  'export-duty',
  'late-declaration',
  'surcharge',
  'other',
] as const;
export const taxBillStates = ['due', 'overdue', 'paid'] as const;
export const taxBillInput = z.object({
  id: z.number().int().optional(),
  number: z.string().min(1).max(60),
  kind: z.enum(taxBillKinds),
  declarationNo: z.string().max(30).default(''),
  authority: z.string().max(100).default(''),
  amount: amountText,
  /** 税款缴纳通知制发之日. */
  issuedOn: isoDate,
  /** As on the bill; left out: computed from the day of issue. */
  dueOn: isoDate.optional(),
  /** Paid with others in the next month (汇总征税); only for the computed day. */
  monthlySummary: z.boolean().default(false),
  note: z.string().max(500).default(''),
});
export const taxBillView = z.object({
  id: z.number().int(),
  number: z.string(),
  kind: z.enum(taxBillKinds),
  declarationNo: z.string(),
  authority: z.string(),
  amount: yuan,
  issuedOn: isoDate,
  dueOn: isoDate,
  days: z.number().int(),
  state: z.enum(taxBillStates),
  paidOn: isoDate.nullable(),
  paid: yuan.nullable(),
  /** 滞纳金 if paid today, or as of the day it was paid; `0.00` within the term. */
  surcharge: yuan,
  surchargeDays: z.number().int(),
  sourceDocumentId: z.number().int().nullable(),
  /** Guarantee that covers it. */
  guarantee: z.string().nullable(),
  note: z.string(),
});

// Deadlines (期限) -----------------------------------------------------------------------------------------------------
export const deadlineStates = ['open', 'snoozed', 'done'] as const;
export const deadlineRow = z.object({
  /** Unique in the list. */
  key: z.string(),
  rule: z.enum(deadlineRuleIds),
  kind: z.enum(deadlineKinds),
  title: bilingual,
  /** The day to be done by, rest days considered. */
  date: isoDate,
  days: z.number().int(),
  /** The last day before rest days were looked at, and how they moved it. */
  statutory: isoDate,
  shift: z.enum(shifts),
  /** False: holidays of a year that was crossed are not published (未公布); only weekends were counted. */
  certain: z.boolean(),
  /** What the clock runs from; `eventTo` later than `event` where several share the day. */
  event: isoDate,
  eventTo: isoDate,
  /** The day of the event is not in the book and was assumed at its earliest. */
  assumed: z.boolean(),
  /** `2026-10`, `2026-Q3`, `2026` of a periodic rule. */
  period: z.string().optional(),
  /** Number or name of what it is about; empty where several declarations share the row. */
  subject: z.string(),
  detail: z.string(),
  /** Declarations (报关单) or documents behind it, and their lines. */
  count: z.number().int(),
  lines: z.number().int(),
  /** Money at risk in yuan where it is known; `amountMissing` lines have none. */
  amount: yuan.optional(),
  amountKind: z.enum(['fob', 'refund', 'tax', 'guarantee']).optional(),
  amountMissing: z.number().int(),
  source: z.string(),
  reliability: z.enum(reliabilities),
  verifiedBy: z.object({ name: z.string(), on: isoDate, how: z.string() }),
  note: bilingual,
  ladder: z.array(z.number().int()),
  reminders: z.array(isoDate),
  /** The step of the ladder that is reached, in days. */
  reached: z.number().int().nullable(),
  state: z.enum(deadlineStates),
  until: isoDate.optional(),
  reason: z.string().optional(),
  /** Own entries and letters carry the id `deadlines.remove` takes. */
  entryId: z.string().optional(),
  /** The page that shows what is meant. */
  target: z.string(),
});
export type DeadlineView = z.infer<typeof deadlineRow>;

/** What a word on a deadline is about: the rule with one subject, or all declarations due on the day. */
const deadlineOf = { rule: z.enum(deadlineRuleIds), date: isoDate, subject: z.string().optional() };
const reason = z.string().trim().min(1).max(500);
/** A date typed in by a person: an own one, or the reply to a verification letter (函调). */
export const deadlineEntry = z.object({
  kind: z.enum(['own', 'letter']),
  title: z.string().trim().min(1).max(200),
  date: isoDate,
  /** Letter number, or anything to find it by. */
  subject: z.string().max(100).default(''),
  supplier: z.string().max(100).default(''),
  source: z.string().max(200).default(''),
});
export const deadlineRuleView = z.object({
  id: z.enum(deadlineRuleIds),
  kind: z.enum(deadlineKinds),
  title: bilingual,
  source: z.string(),
  reliability: z.enum(reliabilities),
  verifiedBy: z.object({ name: z.string(), on: isoDate, how: z.string() }),
  note: bilingual,
  inForceFrom: isoDate,
  inForceTo: isoDate.nullable(),
  shift: z.enum(shifts),
  ladder: z.array(z.number().int()),
  off: z.object({ reason: z.string(), changedAt: isoInstant }).optional(),
});

export const calendarYear = z.object({
  year: z.number().int(),
  /** `none`: 未公布, only weekends count. */
  source: z.enum(['shipped', 'imported', 'none']),
  detail: z.string(),
  off: z.number().int(),
  work: z.number().int(),
});

// Papers on file (单证备案) ---------------------------------------------------------------------------------------------
export const archiveSubjects = [
  'declaration',
  'invoice',
  'guarantee',
  'tax-bill',
  'source-document',
  'receipt',
  // By the id of the decision.
  'classification',
  'delegation',
  // By the number of the sheet, the id of the settlement, the number of the record, shipment or report.
  'netting',
  'quota',
  'money-record',
  'shipment',
  'trade-credit-report',
  'registration',
  'credit-record',
  'credit-pledge',
  // By its number.
  'lot-inspection',
  'return-certificate',
  // By the id of the account.
  'personal-account',
] as const;
export const archivePaperKind = z.object({
  code: z.string(),
  title: bilingual,
  condition: bilingual,
  required: z.boolean(),
});
export const archivePaperView = z.object({
  id: z.number().int(),
  paper: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  size: z.number().int(),
  note: z.string(),
  addedAt: isoInstant,
  removedAt: isoInstant.nullable(),
  /** The same bytes are on file for these subjects too. */
  alsoOf: z.array(z.string()),
});
export const archiveRow = z.object({
  declarationNo: z.string(),
  mode: z.string(),
  exportDate: isoDate,
  lines: z.number().int(),
  claimed: z.string().nullable(),
  papers: z.number().int(),
  /** Codes of required papers that are not there. */
  missing: z.array(z.string()),
  keepUntil: isoDate.nullable(),
});

export const obligations = {
  'guarantees.list': query(
    z.object({ date: isoDate, state: z.enum(['active', 'ended']).optional() }),
    z.object({
      rows: z.array(guaranteeView),
      totalAmount: yuan,
      totalUsed: yuan,
      totalFree: yuan,
      warnAbovePercent: z.string(),
    }),
  ),
  /** Refusals: `GUARANTEE_NUMBER_USED` {number}, `GUARANTEE_BELOW_USE` {number, used}, `DATE_ORDER`, `GUARANTEE_IN_USE` when ended. */
  'guarantees.save': command(guaranteeInput, z.object({ id: z.number().int() })),
  /** Refusals: `GUARANTEE_SHORT` {number, free, want}, `GUARANTEE_NOT_VALID` {number, date}, `GUARANTEE_TAKEN` {subject}. */
  'guarantees.take': command(
    z.object({
      id: z.number().int(),
      /** Goods on show take their part by themselves. */
      subjectKind: z.enum(guaranteeSubjects).exclude(['show']),
      subjectId: z.string().min(1).max(60),
      amount: amountText,
      date: isoDate,
      text: z.string().max(200).default(''),
    }),
    z.object({ useId: z.number().int(), free: yuan, warning: z.boolean() }),
  ),
  /** Refusals: `GUARANTEE_USE_UNKNOWN`, `DATE_ORDER`, `GUARANTEE_SHOWN` {paperNo} for goods on show, which end there. */
  'guarantees.release': command(z.object({ useId: z.number().int(), date: isoDate }), z.object({ free: yuan })),
  /** Uses between two days, and the tax bills it covers by month (汇总征税). */
  'guarantees.statement': query(
    z.object({ id: z.number().int(), from: isoDate, to: isoDate }),
    z.object({
      guarantee: guaranteeView,
      opening: yuan,
      taken: yuan,
      released: yuan,
      closing: yuan,
      uses: z.array(guaranteeUseView),
      months: z.array(z.object({ month: z.string(), bills: z.number().int(), amount: yuan, unpaid: yuan })),
    }),
  ),

  'taxBills.list': query(
    z.object({
      date: isoDate,
      state: z.enum(taxBillStates).optional(),
      /** In the number of the bill or of its declaration. */
      text: z.string().max(100).optional(),
      ...pageInput,
    }),
    pageOf(taxBillView).extend({
      totals: z.object({ due: yuan, overdue: yuan, paid: yuan }),
    }),
  ),
  /** Refusals: `TAX_BILL_NUMBER_USED` {number}, `TAX_BILL_PAID` {number}, `DATE_ORDER`. */
  'taxBills.save': command(taxBillInput, z.object({ id: z.number().int(), dueOn: isoDate })),
  /** Pays a bill and posts it as an import-tax document, surcharge included. Refusal: `TAX_BILL_PAID` {number}. */
  'taxBills.pay': command(
    z.object({
      id: z.number().int(),
      date: isoDate,
      account: z.string().default('1002'),
      reference: z.string().max(100).default(''),
    }),
    z.object({ paid: yuan, surcharge: yuan, sourceDocumentId: z.number().int().nullable() }),
  ),

  /**
   * The calendar. Left out, `from` is open: whatever is over and not done stays, periodic ones since the book began or for a month.
   * Rows by date; declarations of a rule with the same last day are one row.
   */
  'deadlines.list': query(
    z.object({
      /** Left out: today in China. */
      today: isoDate.optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      kind: z.enum(deadlineKinds).optional(),
      state: z.enum(deadlineStates).optional(),
    }),
    z.object({
      rows: z.array(deadlineRow),
      /** Rows by kind before the filter of kind. */
      counts: z.record(z.string(), z.number().int()),
      /** Years without published holidays that a date rests on. */
      unknownYears: z.array(z.number().int()),
    }),
  ),
  /** The declarations behind a row. */
  'deadlines.declarations': query(
    z.object({
      today: isoDate.optional(),
      rule: z.enum(deadlineRuleIds),
      date: isoDate,
      state: z.enum(deadlineStates),
      ...pageInput,
    }),
    pageOf(
      z.object({
        declarationNo: z.string(),
        event: isoDate,
        lines: z.number().int(),
        amount: yuan.optional(),
        state: z.enum(deadlineStates),
        until: isoDate.optional(),
        reason: z.string().optional(),
      }),
    ),
  ),
  /** Later (`until`) or done, with the reason. Without a subject: all declarations due that day that are not done yet. */
  'deadlines.mark': command(
    z.object({
      ...deadlineOf,
      today: isoDate.optional(),
      state: z.enum(['snoozed', 'done']),
      until: isoDate.optional(),
      reason,
    }),
    z.object({ marked: z.number().int(), at: isoInstant }),
  ),
  /** Takes a word back; with `at` only what was said at that instant. */
  'deadlines.unmark': command(
    z.object({ ...deadlineOf, today: isoDate.optional(), at: isoInstant.optional() }),
    z.object({ unmarked: z.number().int() }),
  ),
  'deadlines.add': command(deadlineEntry, z.object({ id: z.string() })),
  /** Answers the entry as it was, for taking the removal back. Refusal: `DEADLINE_UNKNOWN`. */
  'deadlines.remove': command(z.object({ id: z.string() }), deadlineEntry),
  'deadlines.rules': query(z.object({}), z.object({ rows: z.array(deadlineRuleView) })),
  'deadlines.switchRule': command(z.object({ id: z.enum(deadlineRuleIds), off: z.boolean(), reason }), z.object({})),

  'calendar.years': query(z.object({ today: isoDate.optional() }), z.object({ years: z.array(calendarYear) })),
  /** A year's notice of holidays, CSV or JSON: date, off or work, name. Refusals: `CALENDAR_ROW`, `CALENDAR_YEAR`, `CALENDAR_EMPTY`. */
  'calendar.import': command(
    z.object({ file: fileToken, source: z.string().trim().min(1).max(200) }),
    z.object({ year: z.number().int(), off: z.number().int(), work: z.number().int(), replaced: z.boolean() }),
  ),
  /** Takes an imported year away; a shipped one is in force again. */
  'calendar.remove': command(z.object({ year: z.number().int() }), z.object({})),

  'archive.list': query(
    z.object({ text: z.string().optional(), missing: z.boolean().default(false), ...pageInput }),
    pageOf(archiveRow).extend({ incomplete: z.number().int() }),
  ),
  /** Papers of a declaration (or another subject): what is asked for by its mode and export date, and what is there. */
  'archive.get': query(
    z.object({ subjectKind: z.enum(archiveSubjects).default('declaration'), subjectId: z.string().min(1) }),
    z.object({
      declaration: archiveRow.optional(),
      required: z.array(archivePaperKind),
      papers: z.array(archivePaperView),
      source: z.string(),
      retentionYears: z.number().int(),
      maxFileMb: z.number().int(),
    }),
  ),
  /**
   * Seals a file into the book. `duplicates`: other subjects that have the same bytes. Refusals: `ARCHIVE_FILE_TOO_LARGE` {name,
   * limitMb}, `ARCHIVE_PAPER_UNKNOWN` {paper}, `ARCHIVE_PAPER_THERE` {name}, `FILE_EMPTY`, `FILE_MISSING`.
   */
  'archive.add': command(
    z.object({
      subjectKind: z.enum(archiveSubjects).default('declaration'),
      subjectId: z.string().min(1).max(60),
      paper: z.string(),
      file: fileToken,
      note: z.string().max(500).default(''),
    }),
    z.object({ id: z.number().int(), sha256: z.string(), duplicates: z.array(z.string()) }),
  ),
  /** Marks a paper as removed; its bytes stay. `removed: false` puts it back. */
  'archive.remove': command(
    z.object({ id: z.number().int(), removed: z.boolean().default(true), reason }),
    z.object({}),
  ),
  /** Recomputes every hash. */
  'archive.verify': job(
    z.object({}),
    z.object({
      papers: z.number().int(),
      damaged: z.array(z.object({ id: z.number().int(), subjectId: z.string(), fileName: z.string() })),
    }),
  ),
  /** A ZIP with an index page, the papers and SHA256SUMS. Empty list: every declaration that has papers. */
  'archive.export': job(
    z.object({ declarations: z.array(z.string()).max(5000).default([]), to: fileToken }),
    z.object({
      declarations: z.number().int(),
      papers: z.number().int(),
      bytes: z.number().int(),
      index: z.enum(['pdf', 'html']),
    }),
  ),
} as const;
