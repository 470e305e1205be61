import { z } from 'zod';
import type { ClassificationDoubt, DecisionView, decisionBases } from '../../../shared/contract/classification.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { ElementValue } from '../../../shared/tables/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';

// Declaration elements ------------------------------------------------------------------------------------------------

const itemsSchema = z.array(z.object({ name: z.string(), value: z.string() }));
const namesSchema = z.array(z.string());

/** The elements of a product under a code, in the order they were written. */
export function elementsOfProduct(book: Book, sku: string, hsCode: string): ElementValue[] {
  const row = book.prepare('SELECT items FROM product_elements WHERE sku = ? AND hs_code = ?').get(sku, hsCode) as
    | { items: string }
    | undefined;
  return row === undefined ? [] : itemsSchema.parse(JSON.parse(row.items));
}

/** Elements last given under a code by any product, the latest first. */
export function elementsUnderCode(book: Book, hsCode: string, limit: number): ElementValue[][] {
  const rows = book
    .prepare('SELECT items FROM product_elements WHERE hs_code = ? ORDER BY updated_at DESC LIMIT ?')
    .all(hsCode, limit) as { items: string }[];
  return rows.map(({ items }) => itemsSchema.parse(JSON.parse(items)));
}

export function saveProductElements(
  book: Book,
  sku: string,
  hsCode: string,
  items: readonly ElementValue[],
  now: string,
): void {
  book
    .prepare(
      `INSERT INTO product_elements (sku, hs_code, items, updated_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (sku, hs_code) DO UPDATE SET items = excluded.items, updated_at = excluded.updated_at`,
    )
    .run(sku, hsCode, JSON.stringify(items), now);
}

/** The order of output of a code; of the nearest code under the same heading where it has none of its own. */
export function elementOrder(book: Book, hsCode: string): string[] {
  const row = book
    .prepare(
      `SELECT names FROM element_order WHERE hs_code = :code OR substr(hs_code, 1, 4) = substr(:code, 1, 4)
       ORDER BY hs_code = :code DESC, updated_at DESC LIMIT 1`,
    )
    .get({ code: hsCode }) as { names: string } | undefined;
  return row === undefined ? [] : namesSchema.parse(JSON.parse(row.names));
}

export function saveElementOrder(book: Book, hsCode: string, names: readonly string[], now: string): void {
  book
    .prepare(
      `INSERT INTO element_order (hs_code, names, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (hs_code) DO UPDATE SET names = excluded.names, updated_at = excluded.updated_at`,
    )
    .run(hsCode, JSON.stringify(names), now);
}

// Decisions -----------------------------------------------------------------------------------------------------------

const doubtsSchema = z.array(
  z.object({
    code: z.enum(['CODE-REUSED', 'NAME-SPLIT', 'CODE-UNKNOWN', 'CODE-CHANGED']),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
);

interface Row {
  id: number;
  sku: string | null;
  name: string;
  description: string;
  hs_code: string;
  code_name: string;
  previous_code: string;
  decided_by: string;
  decided_on: string;
  reason: string;
  basis: (typeof decisionBases)[number];
  evidence: string;
  tables_version: string;
  doubts: string;
  withdrawn_at: string | null;
  withdrawn_reason: string;
  created_at: string;
  papers: number;
  is_current: number;
}

// The latest decision of a product that still stands; one without a product stands for itself.
const current = `(d.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM classification_decision n
  WHERE n.sku = d.sku AND n.withdrawn_at IS NULL AND n.id > d.id))`;
const columns = `d.*, ${current} AS is_current,
  (SELECT count(*) FROM archive_paper p WHERE p.subject_kind = 'classification' AND p.subject_id = CAST(d.id AS TEXT)
     AND p.removed_at IS NULL) AS papers`;

function fromRow(row: Row): DecisionView {
  return {
    id: row.id,
    sku: row.sku ?? '',
    name: row.name,
    description: row.description,
    hsCode: row.hs_code,
    codeName: row.code_name,
    previousCode: row.previous_code,
    decidedBy: row.decided_by,
    decidedOn: row.decided_on,
    reason: row.reason,
    basis: row.basis,
    evidence: row.evidence,
    tablesVersion: row.tables_version,
    doubts: doubtsSchema.parse(JSON.parse(row.doubts)),
    papers: row.papers,
    isCurrent: row.is_current === 1,
    ...(row.withdrawn_at === null ? {} : { withdrawnAt: row.withdrawn_at }),
    withdrawnReason: row.withdrawn_reason,
    createdAt: row.created_at,
  };
}

/** Refusal: `DECISION_UNKNOWN` {id}. */
export function requireDecision(book: Book, id: number): DecisionView {
  const row = book.prepare(`SELECT ${columns} FROM classification_decision d WHERE d.id = ?`).get(id) as
    | Row
    | undefined;
  if (row === undefined) throw new PortbookError('DECISION_UNKNOWN', { id });
  return fromRow(row);
}

/** Decisions, the latest first. */
export function listDecisions(
  book: Book,
  filter: {
    readonly text?: string | undefined;
    readonly state: 'current' | 'all' | 'doubtful' | 'withdrawn';
    readonly after?: string | undefined;
    readonly limit: number;
  },
): { rows: DecisionView[]; total: number; nextCursor?: string } {
  const [after] = decodeCursor(filter.after, ['']);
  const states = {
    current,
    all: '1',
    doubtful: `(${current} AND d.doubts <> '[]')`,
    withdrawn: 'd.withdrawn_at IS NOT NULL',
  } as const;
  const where = `${states[filter.state]} AND (:text = '%%' OR d.name LIKE :text ESCAPE '\\' OR d.description LIKE :text ESCAPE '\\'
    OR d.sku LIKE :text ESCAPE '\\' OR d.hs_code LIKE :text ESCAPE '\\' OR d.reason LIKE :text ESCAPE '\\')`;
  const bind = { text: containing((filter.text ?? '').trim()) };
  const rows = book
    .prepare(
      `SELECT ${columns} FROM classification_decision d WHERE ${where} AND (:after = '' OR d.id < CAST(:after AS INTEGER))
       ORDER BY d.id DESC LIMIT :limit`,
    )
    .all({ ...bind, after, limit: filter.limit }) as Row[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM classification_decision d WHERE ${where}`).get(bind) as {
    n: number;
  };
  const last = rows.at(-1);
  return {
    rows: rows.map(fromRow),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([String(last.id)]) } : {}),
  };
}

/** All decisions on a product, the latest first. */
export function historyOf(book: Book, sku: string): DecisionView[] {
  const rows = book
    .prepare(`SELECT ${columns} FROM classification_decision d WHERE d.sku = ? ORDER BY d.id DESC LIMIT 100`)
    .all(sku) as Row[];
  return rows.map(fromRow);
}

export function insertDecision(
  book: Book,
  decision: {
    readonly sku: string;
    readonly name: string;
    readonly description: string;
    readonly hsCode: string;
    readonly codeName: string;
    readonly previousCode: string;
    readonly decidedBy: string;
    readonly decidedOn: string;
    readonly reason: string;
    readonly basis: string;
    readonly evidence: string;
    readonly tablesVersion: string;
    readonly doubts: readonly ClassificationDoubt[];
  },
  now: string,
): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO classification_decision (sku, name, description, hs_code, code_name, previous_code, decided_by, decided_on, reason,
         basis, evidence, tables_version, doubts, created_at)
       VALUES (nullif(:sku, ''), :name, :description, :hsCode, :codeName, :previousCode, :decidedBy, :decidedOn, :reason, :basis,
         :evidence, :tablesVersion, :doubts, :now)`,
    )
    .run({ ...decision, doubts: JSON.stringify(decision.doubts), now });
  return Number(lastInsertRowid);
}

export function withdrawDecision(book: Book, id: number, reason: string, now: string): void {
  requireDecision(book, id);
  book
    .prepare('UPDATE classification_decision SET withdrawn_at = ?, withdrawn_reason = ? WHERE id = ?')
    .run(now, reason, id);
}

export interface DescribedCode {
  readonly sku: string;
  readonly name: string;
  readonly hsCode: string;
}

/** Goods that carry a code, by product and by decision; the product that is being classified left out. */
export function describedUnder(book: Book, hsCode: string, exceptSku: string): DescribedCode[] {
  return book
    .prepare(
      `SELECT sku, trim(coalesce(name_cn, '') || iif(name_source = name_cn, '', ' ' || name_source)) AS name, hs_code AS hsCode FROM product
         WHERE hs_code = :code AND sku <> :sku AND line_kind = 'goods'
       UNION ALL
       SELECT coalesce(sku, ''), name || ' ' || description, hs_code FROM classification_decision
         WHERE hs_code = :code AND sku IS NULL AND withdrawn_at IS NULL
       LIMIT 2000`,
    )
    .all({ code: hsCode, sku: exceptSku }) as DescribedCode[];
}

/** Goods under another code whose Chinese name is the same or shares its last characters. */
export function describedElsewhere(book: Book, name: string, hsCode: string, exceptSku: string): DescribedCode[] {
  const tail = [...name.trim()].slice(-2).join('');
  if (tail === '') return [];
  return book
    .prepare(
      `SELECT sku, name_cn AS name, hs_code AS hsCode FROM product
       WHERE hs_code IS NOT NULL AND hs_code <> :code AND sku <> :sku AND name_cn LIKE :tail ESCAPE '\\' LIMIT 500`,
    )
    .all({ code: hsCode, sku: exceptSku, tail: containing(tail) }) as DescribedCode[];
}
