import type { EntryLayout, EntryPlace, PendingEntry } from '../../../shared/contract/entry.ts';
import { isCommand, type KeyMap } from '../../../shared/desk-keys.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { Book } from './book.ts';
import { containing } from './like.ts';

/** The place the cursor was left at; undefined when the document was never in the editor. */
export function placeOf(book: Book, documentId: number): EntryPlace | undefined {
  const row = book.prepare('SELECT path, typed, caret FROM entry_place WHERE document_id = ?').get(documentId) as
    | { path: string; typed: string | null; caret: number | null }
    | undefined;
  if (row === undefined) return undefined;
  return {
    path: row.path,
    ...(row.typed === null ? {} : { typed: row.typed }),
    ...(row.caret === null ? {} : { caret: row.caret }),
  };
}

/** As many of the newest drafts as are looked through for one nothing was typed into. */
const NEWEST = 50;

/** Drafts without an order, a shipment or a filing behind them, the newest first. */
export function looseDrafts(
  book: Book,
  kind: RequestName,
): { readonly id: number; readonly body: Record<string, unknown> }[] {
  const rows = book
    .prepare(
      `SELECT id, body FROM document WHERE kind = ? AND state IN ('draft','checked')
       AND order_id IS NULL AND shipment_id IS NULL AND subject_id IS NULL
       -- What was on its way when a window ended was typed.
       AND NOT EXISTS (SELECT 1 FROM entry_place p WHERE p.document_id = document.id AND (p.pending IS NOT NULL OR p.typed IS NOT NULL))
       ORDER BY id DESC LIMIT ${NEWEST}`,
    )
    .all(kind) as { id: number; body: string }[];
  return rows.map(({ id, body }) => ({ id, body: JSON.parse(body) as Record<string, unknown> }));
}

/** Keeps the place; the document counts as open from then on. */
export function keepPlace(book: Book, documentId: number, place: EntryPlace, now: string): void {
  book
    .prepare(
      `INSERT INTO entry_place (document_id, path, typed, caret, is_open, at) VALUES (?, ?, ?, ?, 1, ?)
       ON CONFLICT (document_id) DO UPDATE SET path = excluded.path, typed = excluded.typed, caret = excluded.caret, is_open = 1,
         at = excluded.at`,
    )
    .run(documentId, place.path, place.typed ?? null, place.caret ?? null, now);
}

/** The document was left by the editor's own door: its place stays, but it is no longer open. */
export function closePlace(book: Book, documentId: number): void {
  book.prepare('UPDATE entry_place SET is_open = 0 WHERE document_id = ?').run(documentId);
}

/** What was entered while a save was under way, and on top of which content. */
type KeptEntry = PendingEntry & { readonly revision: string };

/** Keeps what is on its way; undefined: everything has come. Only a document whose place is kept can have something on its way. */
export function keepPending(book: Book, documentId: number, pending: KeptEntry | undefined): void {
  book
    .prepare('UPDATE entry_place SET pending = :pending WHERE document_id = :documentId AND pending IS NOT :pending')
    .run({ documentId, pending: pending === undefined ? null : JSON.stringify(pending) });
}

export function pendingOf(book: Book, documentId: number): KeptEntry | undefined {
  const row = book.prepare('SELECT pending FROM entry_place WHERE document_id = ?').get(documentId) as
    | { pending: string | null }
    | undefined;
  return row?.pending == null ? undefined : (JSON.parse(row.pending) as KeptEntry);
}

/** The draft that was last open and never closed. */
export function unfinishedEntry(
  book: Book,
): { id: number; kind: RequestName; businessKey: string; at: string } | undefined {
  return book
    .prepare(
      `SELECT d.id, d.kind, d.business_key AS businessKey, p.at FROM entry_place p JOIN document d ON d.id = p.document_id
       WHERE p.is_open = 1 AND d.state IN ('draft','checked') ORDER BY p.at DESC LIMIT 1`,
    )
    .get() as { id: number; kind: RequestName; businessKey: string; at: string } | undefined;
}

/** Paths of carried-over facts that nobody has looked at yet. */
export function unconfirmedOf(book: Book, documentId: number): string[] {
  const row = book.prepare('SELECT unconfirmed FROM entry_fact WHERE document_id = ?').get(documentId) as
    | { unconfirmed: string }
    | undefined;
  return row === undefined ? [] : (JSON.parse(row.unconfirmed) as string[]);
}

/** The same, with the number of the document they come from. */
export function carriedFacts(book: Book, documentId: number): { paths: string[]; from: string } {
  const row = book
    .prepare(
      `SELECT f.unconfirmed, coalesce(d.business_key, '') AS "from" FROM entry_fact f LEFT JOIN document d ON d.id = f.source_id
       WHERE f.document_id = ?`,
    )
    .get(documentId) as { unconfirmed: string; from: string } | undefined;
  return row === undefined
    ? { paths: [], from: '' }
    : { paths: JSON.parse(row.unconfirmed) as string[], from: row.from };
}

export function writeUnconfirmed(
  book: Book,
  documentId: number,
  unconfirmed: readonly string[],
  sourceId?: number,
): void {
  book
    .prepare(
      `INSERT INTO entry_fact (document_id, source_id, unconfirmed) VALUES (?, ?, ?)
       ON CONFLICT (document_id) DO UPDATE SET unconfirmed = excluded.unconfirmed`,
    )
    .run(documentId, sourceId ?? null, JSON.stringify(unconfirmed));
}

/** Whether a live document of the kind other than those named has the number; one that was given up or withdrawn leaves it free. */
export function isNumberTaken(book: Book, kind: RequestName, number: string, ...exceptIds: readonly number[]): boolean {
  return (
    book
      .prepare(
        `SELECT 1 FROM document WHERE kind = ? AND business_key = ? AND state NOT IN ('superseded','withdrawn')
           AND id NOT IN (SELECT value FROM json_each(?)) LIMIT 1`,
      )
      .get(kind, number, JSON.stringify(exceptIds)) !== undefined
  );
}

/** Whether any document of the kind ever had the number: the program never gives one out twice. */
export function isNumberUsed(book: Book, kind: RequestName, number: string): boolean {
  return (
    book.prepare('SELECT 1 FROM document WHERE kind = ? AND business_key = ? LIMIT 1').get(kind, number) !== undefined
  );
}

/** Stores a draft that no order and no record stands behind. */
export function insertLooseDraft(
  book: Book,
  draft: {
    kind: RequestName;
    businessKey: string;
    guid: string;
    body: Record<string, unknown>;
    amountE5: number;
    currency: string;
    tablesVersion: string;
  },
  now: string,
): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO document (kind, business_key, version, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES (?, ?, (SELECT iif(total(state NOT IN ('withdrawn','superseded')) > 0, 1, coalesce(max(version), 0) + 1)
         FROM document WHERE kind = ? AND business_key = ?), ?, ?, ?, ?, 'draft', ?, ?, ?)`,
    )
    .run(
      draft.kind,
      draft.businessKey,
      // A number that was given up is used again by the next version; one that stands is never there twice.
      draft.kind,
      draft.businessKey,
      draft.guid,
      JSON.stringify(draft.body),
      draft.amountE5,
      draft.currency,
      draft.tablesVersion,
      now,
      now,
    );
  return Number(lastInsertRowid);
}

export interface SourceRow {
  readonly id: number;
  readonly kind: RequestName;
  readonly businessKey: string;
  readonly body: Record<string, unknown>;
  readonly customer: string;
  readonly amountE5: number;
  readonly currency: string;
  readonly state: string;
  readonly createdAt: string;
}

/**
 * Earlier documents, newest first, whose stored text carries all of the words: a first sieve, over at most `limit` that pass. Buyer stands
 * for the order's customer as well as for any name in the document.
 */
export function documentsCarrying(
  book: Book,
  of: { kind: RequestName | undefined; buyer: string; product: string; text: string },
  limit: number,
): SourceRow[] {
  const terms = [`d.state <> 'superseded'`];
  const values: string[] = [];
  const carry = (sql: string, text: string): void => {
    if (text.trim() === '') return;
    terms.push(sql);
    for (let from = 0; from < sql.split('?').length - 1; from += 1) values.push(containing(text.trim()));
  };
  if (of.kind !== undefined) {
    terms.push('d.kind = ?');
    values.push(of.kind);
  }
  carry(`(o.customer LIKE ? ESCAPE '\\' OR o.country_text LIKE ? ESCAPE '\\' OR d.body LIKE ? ESCAPE '\\')`, of.buyer);
  carry(`d.body LIKE ? ESCAPE '\\'`, of.product);
  carry(`(d.business_key LIKE ? ESCAPE '\\' OR o.order_no LIKE ? ESCAPE '\\')`, of.text);
  const rows = book
    .prepare(
      `SELECT d.id, d.kind, d.business_key AS businessKey, d.body, coalesce(o.customer, '') AS customer, d.amount_e5 AS amountE5, d.currency,
         d.state, d.created_at AS createdAt
       FROM document d LEFT JOIN sales_order o ON o.id = d.order_id WHERE ${terms.join(' AND ')} ORDER BY d.id DESC LIMIT ?`,
    )
    .all(...values, limit) as (Omit<SourceRow, 'body'> & { body: string })[];
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) as Record<string, unknown> }));
}

export interface TemplateRecord {
  readonly id: number;
  readonly kind: RequestName;
  readonly name: string;
  readonly client: string;
  readonly product: string;
  readonly mode: string;
  readonly body: Record<string, unknown>;
  readonly updatedAt: string;
}

const templateSelect =
  'SELECT id, kind, name, client, product, mode, body, updated_at AS updatedAt FROM entry_template';
const templateFrom = (row: Omit<TemplateRecord, 'body'> & { body: string }): TemplateRecord => ({
  ...row,
  body: JSON.parse(row.body) as Record<string, unknown>,
});

export function templatesOf(book: Book, kind: RequestName): TemplateRecord[] {
  const rows = book.prepare(`${templateSelect} WHERE kind = ? ORDER BY name`).all(kind) as (Omit<
    TemplateRecord,
    'body'
  > & { body: string })[];
  return rows.map(templateFrom);
}

export function templateById(book: Book, id: number): TemplateRecord | undefined {
  const row = book.prepare(`${templateSelect} WHERE id = ?`).get(id) as
    | (Omit<TemplateRecord, 'body'> & { body: string })
    | undefined;
  return row === undefined ? undefined : templateFrom(row);
}

/** Stores a template; one of the same kind and name is replaced. */
export function writeTemplate(book: Book, template: Omit<TemplateRecord, 'id'>): number {
  const { id } = book
    .prepare(
      `INSERT INTO entry_template (kind, name, client, product, mode, body, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (kind, name) DO UPDATE SET client = excluded.client, product = excluded.product, mode = excluded.mode,
         body = excluded.body, updated_at = excluded.updated_at
       RETURNING id`,
    )
    .get(
      template.kind,
      template.name,
      template.client,
      template.product,
      template.mode,
      JSON.stringify(template.body),
      template.updatedAt,
    ) as { id: number };
  return id;
}

export function deleteTemplate(book: Book, id: number): boolean {
  return book.prepare('DELETE FROM entry_template WHERE id = ?').run(id).changes > 0;
}

/** The book's arrangement of a message's fields; empty where it has none. */
export function layoutOf(book: Book, kind: RequestName): EntryLayout {
  const row = book.prepare('SELECT layout FROM entry_layout WHERE kind = ?').get(kind) as
    | { layout: string }
    | undefined;
  return row === undefined ? { head: [], lines: [], hidden: [] } : (JSON.parse(row.layout) as EntryLayout);
}

export function writeLayout(book: Book, kind: RequestName, layout: EntryLayout): void {
  book
    .prepare(
      'INSERT INTO entry_layout (kind, layout) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET layout = excluded.layout',
    )
    .run(kind, JSON.stringify(layout));
}

export interface SavedView {
  readonly id: number;
  readonly name: string;
  readonly filter: Record<string, string | number>;
}

export function savedViews(book: Book): SavedView[] {
  const rows = book.prepare('SELECT id, name, filter FROM entry_view ORDER BY id').all() as {
    id: number;
    name: string;
    filter: string;
  }[];
  return rows.map((row) => ({ ...row, filter: JSON.parse(row.filter) as SavedView['filter'] }));
}

/** Saves a filter under a name; one of that name is replaced. */
export function writeView(book: Book, view: Omit<SavedView, 'id'>): SavedView {
  const { id } = book
    .prepare(
      `INSERT INTO entry_view (name, filter) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET filter = excluded.filter RETURNING id`,
    )
    .get(view.name, JSON.stringify(view.filter)) as { id: number };
  return { id, ...view };
}

export function deleteView(book: Book, id: number): boolean {
  return book.prepare('DELETE FROM entry_view WHERE id = ?').run(id).changes > 0;
}

/** Keys a clerk has given to commands; 0: nobody has said who sits here. */
export function deskKeys(book: Book, clerkId: number): KeyMap {
  const rows = book.prepare('SELECT command, key FROM desk_key WHERE clerk_id = ?').all(clerkId) as {
    command: string;
    key: string;
  }[];
  // A command that an earlier version had is passed over.
  return Object.fromEntries(rows.flatMap(({ command, key }) => (isCommand(command) ? [[command, key]] : [])));
}

export function writeDeskKeys(book: Book, clerkId: number, keys: KeyMap): void {
  book.prepare('DELETE FROM desk_key WHERE clerk_id = ?').run(clerkId);
  const insert = book.prepare('INSERT INTO desk_key (clerk_id, command, key) VALUES (?, ?, ?)');
  for (const [command, key] of Object.entries(keys)) insert.run(clerkId, command, key);
}

/** Values kept at hand for a field of a message, the latest first. */
export function ownValues(book: Book, kind: RequestName, field: string): string[] {
  const rows = book
    .prepare('SELECT value FROM entry_own_value WHERE kind = ? AND field = ? ORDER BY at DESC, value')
    .all(kind, field) as { value: string }[];
  return rows.map(({ value }) => value);
}

export function keepOwnValue(
  book: Book,
  { kind, field, value, isKept }: { kind: RequestName; field: string; value: string; isKept: boolean },
  now: string,
): void {
  if (isKept)
    book
      .prepare(
        `INSERT INTO entry_own_value (kind, field, value, at) VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, field, value) DO UPDATE SET at = excluded.at`,
      )
      .run(kind, field, value, now);
  else book.prepare('DELETE FROM entry_own_value WHERE kind = ? AND field = ? AND value = ?').run(kind, field, value);
}

/** Bodies of a kind, the newest first: what was declared before. */
export function latestBodies(
  book: Book,
  kind: RequestName,
  limit: number,
): { body: Record<string, unknown>; at: string }[] {
  const rows = book
    .prepare(
      `SELECT body, created_at AS at FROM document WHERE kind = ? AND state <> 'superseded' ORDER BY id DESC LIMIT ?`,
    )
    .all(kind, limit) as { body: string; at: string }[];
  return rows.map(({ body, at }) => ({ body: JSON.parse(body) as Record<string, unknown>, at }));
}
