import { PortbookError } from '../../../shared/errors.ts';
import { type FirmDetails, firmDetails, type PaperDetails, paperDetails } from '../../../shared/papers/details.ts';
import { sha256Of } from './archive.ts';
import type { Book } from './book.ts';
import type { DocumentState } from './documents.ts';
import { isNewestVersion } from './versions.ts';

/** What was typed for papers, and the templates (模板) a firm fills of its own. */

export type PaperSubject = { readonly kind: 'shipment' | 'document'; readonly id: number };

function detailText(book: Book, kind: 'firm' | PaperSubject['kind'], id: number): unknown {
  const row = book.prepare('SELECT body FROM paper_detail WHERE subject_kind = ? AND subject_id = ?').get(kind, id) as
    | { body: string }
    | undefined;
  return row === undefined ? {} : JSON.parse(row.body);
}

function saveDetail(book: Book, kind: 'firm' | PaperSubject['kind'], id: number, body: object, now: string): void {
  book
    .prepare(
      `INSERT INTO paper_detail (subject_kind, subject_id, body, updated_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (subject_kind, subject_id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at`,
    )
    .run(kind, id, JSON.stringify(body), now);
}

/** What papers say of the firm; empty where nothing was typed. */
export const firmDetailsOf = (book: Book): FirmDetails => firmDetails.parse(detailText(book, 'firm', 0));
export const saveFirmDetails = (book: Book, body: FirmDetails, now: string): void =>
  saveDetail(book, 'firm', 0, body, now);

/** What was typed for the papers of a subject. */
export const paperDetailsOf = (book: Book, { kind, id }: PaperSubject): PaperDetails =>
  paperDetails.parse(detailText(book, kind, id));
export const savePaperDetails = (book: Book, { kind, id }: PaperSubject, body: PaperDetails, now: string): void =>
  saveDetail(book, kind, id, body, now);

// Sources ------------------------------------------------------------------------------------------------------------------

/** A filed or drafted document as papers read it. */
export interface PaperDocument {
  readonly id: number;
  readonly kind: string;
  readonly businessKey: string;
  readonly body: Record<string, unknown>;
  readonly state: DocumentState;
  readonly platformNo: string;
}

const select = `SELECT id, kind, business_key AS businessKey, body, state, coalesce(platform_no, '') AS platformNo FROM document`;
type Row = Omit<PaperDocument, 'body'> & { readonly body: string };
const fromRow = (row: Row): PaperDocument => ({ ...row, body: JSON.parse(row.body) as Record<string, unknown> });

/** Documents of a kind of a shipment that stand, each number once, by number. */
export function shipmentDocuments(book: Book, shipmentId: number, kind: string): PaperDocument[] {
  const rows = book
    .prepare(
      `${select} d WHERE d.shipment_id = ? AND d.kind = ? AND ${isNewestVersion('d')} ORDER BY d.business_key, d.id`,
    )
    .all(shipmentId, kind) as Row[];
  return rows.map(fromRow);
}

/** When the Single Window (申报成功) or customs (入库) had a declaration, as its receipts say: `yyyyMMddHHmmssSSS`; undefined before. */
export function declaredAt(book: Book, documentId: number): string | undefined {
  const { at } = book
    .prepare(`SELECT min(status_time) AS at FROM receipt_item WHERE document_id = ? AND status_code IN ('SW-7','SW-L')`)
    .get(documentId) as { at: string | null };
  return at ?? undefined;
}

/** Live lists (清单) that customs or the platform numbered so. */
export function listsByNumber(book: Book, numbers: readonly string[]): PaperDocument[] {
  const find = book.prepare(
    `${select} WHERE kind = 'CEB603Message' AND platform_no = ? AND state NOT IN ('superseded','withdrawn') ORDER BY id`,
  );
  return numbers.flatMap((number) => (find.all(number) as Row[]).map(fromRow));
}

/** What papers take from the product master beyond the documents. Net weight of one declared unit, scaled by 10^5. */
export interface PaperProduct {
  readonly nameSource: string;
  readonly netWeightE5: number;
  readonly needsLicence: boolean;
}

/** A reader of products that reads each once. */
export function paperProducts(book: Book): (sku: string) => PaperProduct | undefined {
  const find = book.prepare(
    'SELECT name_source AS nameSource, coalesce(net_weight_e5, 0) AS netWeightE5, needs_licence AS needsLicence FROM product WHERE sku = ?',
  );
  const seen = new Map<string, PaperProduct | undefined>();
  return (sku) => {
    if (!seen.has(sku)) {
      const row = find.get(sku) as (Omit<PaperProduct, 'needsLicence'> & { needsLicence: number }) | undefined;
      seen.set(sku, row === undefined ? undefined : { ...row, needsLicence: row.needsLicence === 1 });
    }
    return seen.get(sku);
  };
}

// Templates ----------------------------------------------------------------------------------------------------------------

export interface PaperTemplate {
  readonly id: number;
  readonly name: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly size: number;
  readonly placeholders: number;
  readonly addedAt: string;
}

const templateColumns = `id, name, file_name AS fileName, sha256, length(content) AS size, placeholders, added_at AS addedAt`;

/** Templates by name. */
export const listTemplates = (book: Book): PaperTemplate[] =>
  book.prepare(`SELECT ${templateColumns} FROM paper_template ORDER BY name`).all() as PaperTemplate[];

/** Refusal: `PAPER_TEMPLATE_UNKNOWN` {id}. */
export function requireTemplate(book: Book, id: number): PaperTemplate & { readonly content: Uint8Array } {
  const row = book.prepare(`SELECT ${templateColumns}, content FROM paper_template WHERE id = ?`).get(id) as
    | (PaperTemplate & { content: Uint8Array })
    | undefined;
  if (row === undefined) throw new PortbookError('PAPER_TEMPLATE_UNKNOWN', { id });
  return row;
}

/** Adds a template, or puts another workbook in the place of the one of the same name. */
export function saveTemplate(
  book: Book,
  one: {
    readonly name: string;
    readonly fileName: string;
    readonly content: Uint8Array;
    readonly placeholders: number;
  },
  now: string,
): PaperTemplate {
  const { name, fileName, content, placeholders } = one;
  book
    .prepare(
      `INSERT INTO paper_template (name, file_name, sha256, content, placeholders, added_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET file_name = excluded.file_name, sha256 = excluded.sha256, content = excluded.content,
         placeholders = excluded.placeholders, added_at = excluded.added_at`,
    )
    .run(name, fileName, sha256Of(content), content, placeholders, now);
  return book.prepare(`SELECT ${templateColumns} FROM paper_template WHERE name = ?`).get(name) as PaperTemplate;
}

/** Refusal: `PAPER_TEMPLATE_UNKNOWN` {id}. */
export function removeTemplate(book: Book, id: number): PaperTemplate {
  const { content: _, ...template } = requireTemplate(book, id);
  book.prepare('DELETE FROM paper_template WHERE id = ?').run(id);
  return template;
}
