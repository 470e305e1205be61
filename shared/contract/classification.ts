import { z } from 'zod';
import { fileToken, isoDate, isoInstant, pageInput, pageOf } from './common.ts';
import { command, job, query } from './operation.ts';

/** `yyyy`, `yyyy-mm` or `yyyy-mm-dd`: the state of the world a table shows. */
const asOf = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/);
const tableId = z.string().min(1).max(60);

const codeChange = z.object({
  code: z.string(),
  kind: z.enum(['added', 'gone', 'renamed']),
  /** Name before; empty for an added code. */
  before: z.string(),
  /** Name after; empty for one that is gone. */
  after: z.string(),
});

const codeTableView = z.object({
  id: z.string(),
  titleZh: z.string(),
  titleEn: z.string(),
  rows: z.number().int(),
  source: z.string(),
  asOf: z.string(),
  /** What ships, where the book uses an edition of its own. */
  shipped: z.object({ rows: z.number().int(), source: z.string(), asOf: z.string() }).optional(),
  editions: z.number().int(),
});

const ownColumn = z.enum(['code', 'zh', 'en', 'elements', 'optional']);
const tableFile = z.object({
  table: tableId,
  file: fileToken,
  sheet: z.string().optional(),
  /** Column from 0 by field; left out: found by the headers. */
  mapping: z.partialRecord(ownColumn, z.number().int().min(0)).optional(),
  /** `replace`: the file is the whole table. `add`: codes it does not name stay. */
  mode: z.enum(['replace', 'add']).default('replace'),
});

const importView = z.object({
  rows: z.number().int(),
  added: z.number().int(),
  renamed: z.number().int(),
  gone: z.number().int(),
  elementsChanged: z.number().int(),
  same: z.number().int(),
  failures: z.array(z.object({ row: z.number().int(), code: z.string(), value: z.string() })),
  failed: z.number().int(),
});

const draftChange = z.object({
  path: z.string(),
  table: z.string(),
  code: z.string(),
  kind: z.enum(['gone', 'renamed']),
  before: z.string(),
  after: z.string(),
});

const elementValue = z.object({ name: z.string().min(1).max(100), value: z.string().max(500) });

const elementView = z.object({
  name: z.string(),
  required: z.boolean(),
  /** Code table of its values, where they are digits. */
  table: z.string().optional(),
  value: z.string(),
  /** Values last given for this element under this code, the latest first. */
  lately: z.array(z.string()),
});

export const decisionBases = ['ruling', 'precedent', 'customs', 'broker', 'own'] as const;

/** A doubt about a code: i18n `classification.doubt.<code>` with `params`. */
const doubt = z.object({
  code: z.enum(['CODE-REUSED', 'NAME-SPLIT', 'CODE-UNKNOWN', 'CODE-CHANGED']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ClassificationDoubt = z.infer<typeof doubt>;

const decisionView = z.object({
  id: z.number().int(),
  sku: z.string(),
  name: z.string(),
  description: z.string(),
  hsCode: z.string(),
  codeName: z.string(),
  previousCode: z.string(),
  decidedBy: z.string(),
  decidedOn: isoDate,
  reason: z.string(),
  basis: z.enum(decisionBases),
  evidence: z.string(),
  tablesVersion: z.string(),
  doubts: z.array(doubt),
  papers: z.number().int(),
  /** The latest decision on its product. */
  isCurrent: z.boolean(),
  withdrawnAt: isoInstant.optional(),
  withdrawnReason: z.string(),
  createdAt: isoInstant,
});
export type DecisionView = z.infer<typeof decisionView>;

/** Classification of goods (归类): code tables, tariff, declaration elements (申报要素), decisions. */
export const classification = {
  /** Every code table with its age and source, and the version all of them make. */
  'codeTables.list': query(z.object({}), z.object({ version: z.string(), rows: z.array(codeTableView) })),
  /** Rows of a table as they are looked up in. Refusal: `TABLE_UNKNOWN`. */
  'codeTables.rows': query(
    z.object({ table: tableId, text: z.string().default(''), limit: z.number().int().min(1).max(500).default(200) }),
    z.object({
      rows: z.array(z.object({ code: z.string(), name: z.string(), nameEn: z.string(), more: z.string() })),
      total: z.number().int(),
    }),
  ),
  /** Our template of a table as a workbook, with the rows in force or empty. */
  'codeTables.writeTemplate': job(
    z.object({ table: tableId, to: fileToken, filled: z.boolean().default(true) }),
    z.object({ rows: z.number().int() }),
  ),
  /**
   * Dry run: what a workbook would change, writing nothing. Refusals: those of opening a file, `TABLE_COLUMNS_MISSING` {fields},
   * `TABLE_FILE_EMPTY`.
   */
  'codeTables.inspect': job(
    tableFile,
    importView.extend({
      fileName: z.string(),
      sheets: z.array(z.string()),
      sheet: z.string(),
      headers: z.array(z.string()),
      mapping: z.partialRecord(ownColumn, z.number().int()),
      columns: z.array(z.object({ id: ownColumn, header: z.string() })),
      /** The first of the changes. */
      changes: z.array(codeChange),
    }),
  ),
  /** Stores the edition and puts it in force for every lookup and check of this book. Refusals: as of `codeTables.inspect`. */
  'codeTables.import': job(
    tableFile.extend({ asOf, source: z.string().trim().min(1).max(300) }),
    importView.extend({ editionId: z.number().int(), version: z.string() }),
  ),
  'codeTables.editions': query(
    z.object({ table: tableId }),
    z.object({
      rows: z.array(
        z.object({
          id: z.number().int(),
          asOf: z.string(),
          source: z.string(),
          fileName: z.string(),
          rows: z.number().int(),
          importedAt: isoInstant,
          inForce: z.boolean(),
        }),
      ),
    }),
  ),
  /** Puts an earlier edition in force again, or the shipped table (null). Refusal: `TABLE_EDITION_UNKNOWN`. */
  'codeTables.restore': command(
    z.object({ table: tableId, editionId: z.number().int().nullable(), reason: z.string().trim().min(1).max(500) }),
    z.object({ version: z.string() }),
  ),

  /** What differs between two versions of the tables, `to` left out: the present one. `known` false: this book never kept one of them. */
  'tables.changes': query(
    z.object({ from: z.string(), to: z.string().optional() }),
    z.object({
      from: z.string(),
      to: z.string(),
      known: z.boolean(),
      tables: z.array(
        z.object({
          id: z.string(),
          titleZh: z.string(),
          titleEn: z.string(),
          asOfBefore: z.string(),
          asOfAfter: z.string(),
          added: z.number().int(),
          gone: z.number().int(),
          renamed: z.number().int(),
          /** The first of them. */
          rows: z.array(codeChange),
        }),
      ),
    }),
  ),
  /** Drafts checked with other tables or rules, and which of their codes are gone or have another name since. */
  'tables.affected': query(
    z.object({}),
    z.object({
      version: z.string(),
      rulesVersion: z.string(),
      drafts: z.array(
        z.object({
          documentId: z.number().int(),
          kind: z.string(),
          businessKey: z.string(),
          tablesVersion: z.string(),
          changes: z.array(draftChange),
        }),
      ),
      /** Drafts of other versions whose codes are as they were. */
      untouched: z.number().int(),
      /** Drafts of versions this book has not kept. */
      unknown: z.number().int(),
      /** How many of all of them were checked with other rules. */
      otherRules: z.number().int(),
    }),
  ),
  /** Checks the drafts of other versions again, says whose findings are others now, and notes the present versions on them. */
  'tables.recheck': job(
    z.object({ ids: z.array(z.number().int()).max(5000).optional() }),
    z.object({
      version: z.string(),
      checked: z.number().int(),
      reject: z.number().int(),
      /** Documents whose findings are others than before; the first of them are listed. */
      different: z.number().int(),
      changed: z.array(
        z.object({
          documentId: z.number().int(),
          kind: z.string(),
          businessKey: z.string(),
          /** Rules that speak up now and did not before, and those that no longer do. */
          added: z.array(z.string()),
          gone: z.array(z.string()),
        }),
      ),
    }),
  ),

  /** Notes that a code was taken for something: `for` is a key such as `client|sku|field`. */
  'recents.use': command(
    z.object({ table: tableId, for: z.string().max(200), code: z.string().min(1).max(60) }),
    z.object({}),
  ),
  'recents.list': query(
    z.object({ table: tableId, for: z.string().max(200) }),
    z.object({ codes: z.array(z.string()) }),
  ),
  /** Remembers text that named no code (未确认). */
  'recents.unconfirmed': command(
    z.object({ table: tableId, text: z.string().trim().min(1).max(200), for: z.string().max(200).default('') }),
    z.object({}),
  ),
  'recents.listUnconfirmed': query(
    z.object({ all: z.boolean().default(false) }),
    z.object({
      rows: z.array(
        z.object({
          table: z.string(),
          tableZh: z.string(),
          tableEn: z.string(),
          text: z.string(),
          usedFor: z.string(),
          times: z.number().int(),
          lastAt: isoInstant,
          code: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** Says which code a text means from now on; null forgets the text. Refusals: `TABLE_CODE_UNKNOWN` {code, table}, `TEXT_UNKNOWN`. */
  'recents.settle': command(
    z.object({ table: tableId, text: z.string().min(1).max(200), code: z.string().nullable() }),
    z.object({}),
  ),

  /**
   * The declaration elements of a commodity code in the order of output, with the values last given for the product. With `text` its
   * values are read from that text instead. `known` false: the code is not in the table.
   */
  'elements.of': query(
    z.object({ gcode: z.string().max(13), sku: z.string().max(60).optional(), text: z.string().max(2000).optional() }),
    z.object({
      gcode: z.string(),
      codeName: z.string(),
      known: z.boolean(),
      elements: z.array(elementView),
      /** Parts of the text that belong to no element. */
      rest: z.array(z.string()),
      separator: z.string(),
      max: z.number().int(),
      source: z.string(),
      asOf: z.string(),
    }),
  ),
  /**
   * Keeps the values of a product under its code and writes them as its 规格型号. `order`: the names in the order of output, kept for
   * the code. Refusals: `PRODUCT_UNKNOWN`, `ELEMENTS_TOO_LONG` {length, max}.
   */
  'elements.save': command(
    z.object({
      sku: z.string().min(1).max(60),
      gcode: z.string().regex(/^\d{10}$/),
      items: z.array(elementValue).max(60),
    }),
    z.object({ text: z.string(), length: z.number().int() }),
  ),
  /** Keeps the order of output of a code; the last one given wins. */
  'elements.order': command(
    z.object({ gcode: z.string().regex(/^\d{10}$/), names: z.array(z.string().max(100)).max(60) }),
    z.object({}),
  ),

  /** What speaks against a code for a description, and the facts of short codes (C10). */
  'classification.doubts': query(
    z.object({
      hsCode: z.string().max(13),
      name: z.string().max(250),
      description: z.string().max(500).default(''),
      sku: z.string().max(60).optional(),
    }),
    z.object({
      codeName: z.string(),
      codeNameEn: z.string(),
      chapter: z.string(),
      elements: z.number().int(),
      /** Codes of the table under the same first four and six digits: what a shorter code would leave open. */
      under4: z.number().int(),
      under6: z.number().int(),
      doubts: z.array(doubt),
      /** The product's standing decision is for this code: whoever made it has seen the doubts. */
      isDecided: z.boolean(),
    }),
  ),
  'classification.list': query(
    z.object({
      text: z.string().optional(),
      state: z.enum(['current', 'all', 'doubtful', 'withdrawn']).default('current'),
      ...pageInput,
    }),
    pageOf(decisionView),
  ),
  /** A decision with those before it on the same product, the products that use its code, and its papers. */
  'classification.get': query(
    z.object({ id: z.number().int() }),
    z.object({
      decision: decisionView,
      history: z.array(decisionView),
      sameCode: z.array(z.object({ sku: z.string(), name: z.string(), score: z.number() })),
      papers: z.array(
        z.object({
          id: z.number().int(),
          fileName: z.string(),
          size: z.number().int(),
          addedAt: isoInstant,
          removed: z.boolean(),
        }),
      ),
    }),
  ),
  /**
   * Records a decision and, with a SKU, gives the product the code. Doubts have to be accepted by `acceptDoubts`.
   * Refusals: `CLASSIFICATION_DOUBTS` {codes}, `PRODUCT_UNKNOWN`, `TABLE_CODE_UNKNOWN`.
   */
  'classification.decide': command(
    z.object({
      sku: z.string().max(60).default(''),
      name: z.string().trim().min(1).max(250),
      description: z.string().trim().max(500).default(''),
      hsCode: z.string().regex(/^\d{10}$/),
      decidedBy: z.string().trim().min(1).max(60),
      decidedOn: isoDate,
      reason: z.string().trim().min(1).max(2000),
      basis: z.enum(decisionBases),
      evidence: z.string().trim().max(4000).default(''),
      acceptDoubts: z.boolean().default(false),
    }),
    z.object({ id: z.number().int() }),
  ),
  /** A decision is never changed; it may be withdrawn with a reason. Refusal: `DECISION_UNKNOWN`. */
  'classification.withdraw': command(
    z.object({ id: z.number().int(), reason: z.string().trim().min(1).max(500) }),
    z.object({}),
  ),
  /** Seals a paper (ruling, test report, photo) into the archive under the decision. Refusals: those of `archive.add`, `DECISION_UNKNOWN`. */
  'classification.attach': command(
    z.object({ id: z.number().int(), file: fileToken, note: z.string().max(500).default('') }),
    z.object({ paperId: z.number().int(), sha256: z.string() }),
  ),
} as const;
