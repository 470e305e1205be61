import { z } from 'zod';
import { customsStages } from '../logistics/way.ts';
import { firmDetails, paperDetails } from '../papers/details.ts';
import { paperKinds, paperLanguages } from '../papers/kinds.ts';
import { fileToken, isoDate } from './common.ts';
import { command, job, query } from './operation.ts';

/** Papers of a shipment (单据): draft declaration, invoice, packing list, contract, and the users’ own templates. */

/** Whose papers: a shipment (货运) with all its lists, or one document of the catalogue. */
export const paperSubject = z.union([
  z.object({ shipmentId: z.number().int() }),
  z.object({ documentId: z.number().int() }),
]);

const params = z.record(z.string(), z.union([z.string(), z.number()]));
const amountRow = z.object({ currency: z.string(), amount: z.string() });
const totals = z.object({
  amounts: z.array(amountRow),
  quantities: z.array(z.object({ unit: z.string(), qty: z.string() })),
  /** Kilograms. */
  net: z.string(),
  gross: z.string(),
  packages: z.string(),
});
const party = z.object({ code: z.string(), name: z.string() });

/** A paper asked for by the mode or the goods, and whether it is on file. */
export const paperSlot = z.object({
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  /** `must`: required; `doubt`: likely; `maybe`: where it applies. */
  level: z.enum(['must', 'doubt', 'maybe']),
  /** Why it is asked for, in both languages. */
  whyZh: z.string(),
  whyEn: z.string(),
  source: z.string(),
  /** Made by this program from the same figures: one of the paper kinds. */
  made: z.enum(paperKinds).optional(),
  files: z.array(z.object({ id: z.number().int(), fileName: z.string() })),
  /** Stage of customs it belongs to. */
  stage: z.enum(customsStages),
});

/** Papers of one stage of customs (通关环节): documents at it and past it, papers asked for, and others on file that belong to it. */
export const stagePapers = z.object({
  stage: z.enum(customsStages),
  total: z.number().int(),
  done: z.number().int(),
  /** When one of them last got that far: an instant, or the day where no more is known. */
  at: z.string().optional(),
  slots: z.array(paperSlot),
  /** What may be filed at the stage, asked for or not. */
  kinds: z.array(z.object({ code: z.string(), zh: z.string(), en: z.string() })),
  others: z.array(z.object({ id: z.number().int(), fileName: z.string(), zh: z.string(), en: z.string() })),
  /** Required or likely papers that are neither on file nor made here. */
  missing: z.number().int(),
});

/** A question that must be answered before the queue, e.g. of brands. */
export const paperQuestion = z.object({
  field: z.enum(['dangerous', 'brand']),
  /** Why it is asked: what in the goods made one think of it. */
  items: z.array(z.string()),
  answer: z.string(),
});

export const paperOverview = z.object({
  subject: z.object({ kind: z.enum(['shipment', 'document']), id: z.number().int(), number: z.string() }),
  isAccepted: z.boolean(),
  /** Drawn in memory from orders that were not drafted yet. */
  isUndrafted: z.boolean(),
  /** Orders left out because they cannot be drafted yet. */
  blocked: z.number().int(),
  /** The papers that can be made of it: not all of an import. */
  kinds: z.array(z.enum(paperKinds)),
  documents: z.number().int(),
  declarations: z.array(
    z.object({
      no: z.number().int(),
      arrival: z.string(),
      items: z.number().int(),
      lists: z.number().int(),
      totals,
    }),
  ),
  totals,
  parties: z.object({ consignor: party, producer: party, declarant: party, consignee: party }),
  details: paperDetails,
  firm: firmDetails,
  /** What is proposed where nothing was typed. */
  proposed: z.object({ contractNo: z.string(), invoiceNo: z.string(), date: z.string(), marks: z.string() }),
  gaps: z.array(z.object({ code: z.string(), params })),
  archive: z.object({ subjectKind: z.enum(['shipment', 'declaration']), subjectId: z.string() }),
  slots: z.array(paperSlot),
  questions: z.array(paperQuestion),
});

/** A template (模板) of the firm's own as it is kept. */
export const paperTemplateRow = z.object({
  id: z.number().int(),
  name: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  size: z.number().int(),
  placeholders: z.number().int(),
  addedAt: z.string(),
});
const problem = z.object({
  /** `unknown`, `unclosed`, `outsideGoods`, `mixedGoods`, `formula`. */
  code: z.enum(['unknown', 'unclosed', 'outsideGoods', 'mixedGoods', 'formula']),
  sheet: z.string(),
  cell: z.string(),
  text: z.string(),
  /** The nearest known placeholder, empty where none is near. */
  nearest: z.string(),
});

/** How it is put on the sheet. Refusal: `PRINTER_UNKNOWN` {name}. */
const setup = {
  /** Only the values (套打), for a form that is printed already. */
  overlay: z.boolean().default(false),
  /** The printer it is for; left out: the current one of the book. */
  printer: z.string().min(1).optional(),
};
const printed = {
  subject: paperSubject,
  kind: z.enum(paperKinds),
  language: z.enum(paperLanguages).default('zh'),
  ...setup,
};

export const papers = {
  /** What can be printed of a subject, its totals, gaps and papers on file. Refusals: `SHIPMENT_UNKNOWN`, `DOCUMENT_UNKNOWN`, `PAPERS_NO_SOURCE` {kind}, `PAPERS_NO_GOODS` {number}. */
  'papers.list': query(z.object({ subject: paperSubject }), paperOverview),
  /**
   * The papers of a shipment by stage of customs. `isKnown` false: it has no goods yet, so what they ask for is not in it. Refusals:
   * `SHIPMENT_UNKNOWN` {id}, `RULE_PACK_MISSING`.
   */
  'papers.stages': query(
    z.object({ shipmentId: z.number().int() }),
    z.object({
      shipmentNo: z.string(),
      isKnown: z.boolean(),
      stages: z.array(stagePapers),
      /** On file for the shipment and of no stage. */
      others: stagePapers.shape.others,
      source: z.string(),
      inForceFrom: isoDate,
    }),
  ),
  /** The page that is printed, byte for byte. Refusals: those of `papers.list`, `PAPERS_TOO_LONG` {sheets, most}. */
  'papers.preview': query(z.object(printed), z.object({ html: z.string(), pages: z.number().int() })),
  /** Refusals: those of the preview, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'papers.print': job(
    z.object({ ...printed, copies: z.number().int().min(1).max(9).default(1), to: fileToken }),
    z.object({ pages: z.number().int(), bytes: z.number().int() }),
  ),
  /** The five sheets (报关单, 发票, 装箱单, 申报要素, 合同) as one workbook. */
  'papers.workbook': job(
    z.object({ subject: paperSubject, fieldCodes: z.boolean().default(false), to: fileToken }),
    z.object({ items: z.number().int(), amounts: z.array(amountRow) }),
  ),
  /** Every kind of paper and the workbook into a folder: PDF where there is a window, HTML otherwise. */
  'papers.export': job(
    z.object({
      subject: paperSubject,
      kinds: z.array(z.enum(paperKinds)).min(1),
      language: z.enum(paperLanguages).default('zh'),
      workbook: z.boolean().default(false),
      ...setup,
      to: fileToken,
    }),
    z.object({ files: z.array(z.string()), as: z.enum(['pdf', 'html']) }),
  ),
  /** What is typed for the papers of a subject. Nothing of it reaches a message. */
  'papers.saveDetails': command(z.object({ subject: paperSubject, details: paperDetails }), z.object({})),
  'papers.saveFirm': command(z.object({ firm: firmDetails }), z.object({})),
  'papers.templates': query(
    z.object({}),
    z.object({
      rows: z.array(paperTemplateRow),
      /** Every placeholder with what it stands for. */
      placeholders: z.array(
        z.object({ name: z.string(), zh: z.string(), en: z.string(), group: z.enum(['paper', 'goods', 'packing']) }),
      ),
    }),
  ),
  /**
   * Reads a workbook and says what is wrong with its placeholders; keeps it under a name when nothing is. Refusals: `FILE_MISSING`,
   * `FILE_UNREADABLE`, `PAPER_TEMPLATE_TOO_LARGE` {limitMb}, `PAPER_TEMPLATE_NOT_XLSX` {name}, `PAPER_TEMPLATE_EMPTY` {name}.
   */
  'papers.addTemplate': command(
    z.object({ file: fileToken, name: z.string().trim().min(1).max(60) }),
    z.object({ problems: z.array(problem), template: paperTemplateRow.optional() }),
  ),
  /** Refusal: `PAPER_TEMPLATE_UNKNOWN`. */
  'papers.removeTemplate': command(z.object({ id: z.number().int() }), z.object({})),
  /** Fills a template. Refusals: those of `papers.list`, `PAPER_TEMPLATE_UNKNOWN`, `FILE_NOT_WRITTEN`. */
  'papers.fillTemplate': job(
    z.object({ id: z.number().int(), subject: paperSubject, to: fileToken }),
    z.object({ cells: z.number().int(), rows: z.number().int() }),
  ),
} as const;
