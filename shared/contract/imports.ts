import { z } from 'zod';
import { currencyCode, fileToken } from './common.ts';
import { documentKind, documentState } from './filing.ts';
import { command, job, query } from './operation.ts';

/** Kinds of one table each; `documents` has a table for every message. */
export const tableKinds = [
  'orders',
  'products',
  'waybills',
  'rates',
  'invoices',
  'exportLines',
  // Before the tariff, of which one column is enough to be recognised.
  'parcels',
  'tariff',
  'warehouse',
  'stockCounts',
  'bonded',
  'taxBills',
  'payments',
  'statement',
  'watchlist',
  'declarationCopies',
  'tracking',
  'notices',
] as const;
export const importKinds = [...tableKinds, 'documents'] as const;
export const importKind = z.enum(importKinds);
export type ImportKind = z.infer<typeof importKind>;
export type TableKind = (typeof tableKinds)[number];

/** What becomes of a document or record whose number or key the book has with other content: refused, written over, or left as it is. */
export const onDuplicate = z.enum(['insert', 'update', 'skip']);
export type OnDuplicate = z.infer<typeof onDuplicate>;

/** Field id of the kind (e.g. `orderNo`) -> column index from 0. */
export const columnMapping = z.record(z.string(), z.number().int().min(0));

export const importSource = z.object({
  kind: importKind,
  /** Of documents: which message they are. Left out: recognised by the columns. */
  message: documentKind.optional(),
  file: fileToken,
  /** Left out: found by the reader. */
  sheet: z.string().optional(),
  headerRow: z.number().int().min(1).optional(),
  mapping: columnMapping.optional(),
  /** What the file does not say, e.g. the currency of its prices. */
  defaults: z
    .object({
      currency: currencyCode.optional(),
      /** Of a statement: the money account it is of. Left out: recognised by the number it shows. */
      accountId: z.number().int().optional(),
      /** Of documents, where it is `skip` when left out, and of kinds with a natural key (shared/import/duplicates.ts): `update`. */
      onDuplicate: onDuplicate.optional(),
      /**
       * First field of the key by which rows find their records (shared/import/duplicates.ts). Left out: that of the last time for these
       * headers, or the book's own. Refusal: `IMPORT_KEY_UNKNOWN` {field}.
       */
      key: z.string().max(80).optional(),
    })
    .default({}),
});
export type ImportSource = z.infer<typeof importSource>;

/** What became of the lines. `lines` = ordered + cancellations + alreadyThere + failed, always. */
export const importCounts = z.object({
  lines: z.number().int(),
  /** Lines (products, waybills, rates: records) newly taken. */
  taken: z.number().int(),
  updated: z.number().int(),
  cancellations: z.number().int(),
  cancellationsUnknown: z.number().int(),
  alreadyThere: z.number().int(),
  failed: z.number().int(),
  orders: z.number().int(),
  products: z.number().int(),
  /** Of documents: how many drafts are made or changed. */
  documents: z.number().int().optional(),
});
export type ImportCounts = z.infer<typeof importCounts>;

/** Why a row was refused: i18n `importReason.<code>` (what, remedy); `field` is the field id of the kind. */
export const rowReason = z.object({
  code: z.string(),
  field: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type RowReason = z.infer<typeof rowReason>;

/** What the whole of a file says that none of its rows does, e.g. a balance that does not follow: i18n `importReason.<code>`. */
export const importFinding = z.object({
  code: z.string(),
  /** `doubt` deserves a look; `note` is good to know. */
  level: z.enum(['doubt', 'note']),
  rowNo: z.number().int().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ImportFinding = z.infer<typeof importFinding>;

export const failedRow = z.object({
  rowNo: z.number().int(),
  /** Every cell of the source row as text, in the file's columns. */
  cells: z.array(z.string()),
  reasons: z.array(rowReason),
});

/** A document of the file whose number the book has with other content: the rows that differ, side by side in the file's columns. */
export const duplicateDocument = z.object({
  number: z.string(),
  documentId: z.number().int(),
  state: documentState,
  rows: z.array(z.object({ rowNo: z.number().int(), file: z.array(z.string()), book: z.array(z.string()) })),
});
export type DuplicateDocument = z.infer<typeof duplicateDocument>;

/** What a row does to the book: a new record, a change of one, nothing because it is there or because it is kept, nothing because it is refused. */
export const rowPlan = z.object({
  rowNo: z.number().int(),
  /** Its value of the key, a blank between several fields. */
  key: z.string(),
  does: z.enum(['insert', 'update', 'same', 'skip', 'refuse']),
  /** The record by the book's own key, where the rows go by another. */
  record: z.string().optional(),
});
export type RowPlan = z.infer<typeof rowPlan>;

/** Counts of all rows; of each outcome the first rows. */
export const rowPlans = z.object({
  counts: z.record(rowPlan.shape.does, z.number().int()),
  rows: z.array(rowPlan),
});
export type RowPlans = z.infer<typeof rowPlans>;

/** What a return (回执) says of a document, as a file of it shows before it is taken. */
export const receiptItem = z.object({
  number: z.string(),
  status: z.string(),
  time: z.string(),
  info: z.string(),
  /** The document of the book it is about; absent: none that was sent. */
  documentId: z.number().int().optional(),
});

export const importFieldView = z.object({ id: z.string(), required: z.boolean() });

export const imports = {
  /**
   * What a file seems to be, by its content and never by its name: a table or message of documents, a receipt of customs, a payout of a
   * marketplace, or some other table, of which the kind is found by its columns.
   */
  'imports.recognise': query(
    z.object({ file: fileToken }),
    z.discriminatedUnion('form', [
      z.object({ form: z.literal('table') }),
      z.object({ form: z.literal('payout') }),
      z.object({ form: z.literal('documents'), message: documentKind }),
      z.object({
        form: z.literal('receipt'),
        /** Root element of the receipt and its names. */
        message: z.string(),
        zh: z.string(),
        en: z.string(),
        items: z.array(receiptItem),
        total: z.number().int(),
        /** The book has this very file already. */
        isKnown: z.boolean(),
      }),
    ]),
  ),
  /**
   * Stores a receipt of customs as it is and applies it as one that came over the line. What cannot be applied is parked, with the reason
   * (`problem`: i18n `receiptProblem`) and tried again at every synchronisation; the same file again changes nothing. Refusals:
   * `RECEIPT_FILE_NOT` {name}, `MESSAGE_NOT_UTF8` {name}.
   */
  'imports.receipts': command(
    z.object({ file: fileToken }),
    z.object({
      message: z.string(),
      isNew: z.boolean(),
      state: z.enum(['stored', 'applied', 'parked']),
      problem: z.string().optional(),
      items: z.array(receiptItem),
      total: z.number().int(),
    }),
  ),
  'imports.inspect': query(
    importSource,
    z.object({
      fileName: z.string(),
      sheets: z.array(z.string()),
      sheet: z.string(),
      headerRow: z.number().int(),
      headers: z.array(z.string()),
      preview: z.array(z.array(z.string())),
      fields: z.array(importFieldView),
      mapping: columnMapping,
      /** `remembered` by header set, `recognised` by header names, or `guess` to be confirmed. */
      mappingFrom: z.enum(['remembered', 'recognised', 'guess']),
      /** When these very bytes were committed before. */
      importedBefore: z.string().optional(),
      /** Of a statement: the account it was recognised to be of. */
      accountId: z.number().int().optional(),
      /** Of documents: the message they are read as. */
      message: documentKind.optional(),
      /** First field of the key that the rows go by, where the kind has any. */
      key: z.string().optional(),
    }),
  ),
  /** Reads the whole file, writes nothing but the run and its failed rows. */
  'imports.dryRun': job(
    importSource,
    z.object({
      runId: z.number().int(),
      counts: importCounts,
      headers: z.array(z.string()),
      mapping: columnMapping,
      findings: z.array(importFinding),
      /** The first of them. */
      duplicates: z.array(duplicateDocument),
      duplicatesTotal: z.number().int(),
      /** Of kinds whose records are found by a key. */
      rowPlans: rowPlans.optional(),
    }),
  ),
  'imports.failures': query(
    z.object({
      runId: z.number().int(),
      afterRow: z.number().int().default(0),
      limit: z.number().int().min(1).max(500).default(200),
    }),
    z.object({
      kind: importKind,
      message: documentKind.optional(),
      rows: z.array(failedRow),
      total: z.number().int(),
      headers: z.array(z.string()),
      mapping: columnMapping,
    }),
  ),
  /** New texts for cells of failed rows, checked again at once; a row that passes leaves the failed list. */
  'imports.mend': command(
    z.object({
      runId: z.number().int(),
      rows: z.array(z.object({ rowNo: z.number().int(), cells: z.array(z.string()) })).max(500),
    }),
    z.object({
      /** Rows that pass now, those freed by it among them. */
      mended: z.number().int(),
      rows: z.array(failedRow),
      failed: z.number().int(),
      /** Other rows of the same documents that pass now as well. */
      freed: z.array(z.number().int()),
    }),
  ),
  /** One transaction: all that passed, the mended rows with it; the rest stays in the run for the failed-rows file. */
  'imports.commit': job(
    z.object({ runId: z.number().int(), file: fileToken }),
    z.object({ counts: importCounts, findings: z.array(importFinding) }),
  ),
  /** Dry run and commit in one pass, as the command line does. */
  'imports.run': job(
    importSource.extend({ failedTo: fileToken.optional(), dryRun: z.boolean().default(false) }),
    z.object({
      runId: z.number().int(),
      counts: importCounts,
      importedBefore: z.string().optional(),
      findings: z.array(importFinding),
      failures: z.array(failedRow),
      message: documentKind.optional(),
      duplicates: z.array(duplicateDocument),
      duplicatesTotal: z.number().int(),
    }),
  ),
  /** `.xlsx`: the columns of the source plus the reason; goes in again after mending. */
  'imports.writeFailed': command(
    z.object({ runId: z.number().int(), to: fileToken }),
    z.object({ rows: z.number().int() }),
  ),
  /**
   * An empty template (own export = own template); products: every product to classify filled in; documents: that of `message`, field codes
   * in its second row.
   */
  'imports.writeTemplate': command(
    z.object({ kind: importKind, message: documentKind.optional(), to: fileToken }),
    z.object({ rows: z.number().int() }),
  ),
} as const;
