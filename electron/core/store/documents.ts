import type { FindingView } from '../../../shared/contract/common.ts';
import type { documentStates, FilingSubjectKind } from '../../../shared/contract/filing.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { DraftedDocument } from '../../../shared/drafting/retail-export.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';
import { requireUnapproved } from './broker/review.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { unconfirmedOf } from './entry.ts';
import { askedOf } from './restoring.ts';

export type DocumentState = (typeof documentStates)[number];

/** What a document without an order declares. */
export interface DocumentSubject {
  readonly kind: FilingSubjectKind;
  readonly id: number;
}

/** One version of a business document (单证). `body` has the catalogue's shape, decimals as text. */
export interface DocumentRecord {
  readonly id: number;
  readonly kind: RequestName;
  readonly businessKey: string;
  readonly version: number;
  readonly guid: string;
  readonly orderId: number | undefined;
  readonly orderNo: string;
  readonly shipmentId: number | undefined;
  readonly subject: DocumentSubject | undefined;
  readonly body: Record<string, unknown>;
  readonly amountE5: number;
  readonly currency: string;
  readonly state: DocumentState;
  readonly statusCode: string | undefined;
  readonly statusInfo: string | undefined;
  readonly rejectFindings: number;
  readonly doubtFindings: number;
  readonly stale: boolean;
  readonly platformNo: string | undefined;
  /** The receipt's field that the number came in; unknown for older ones. */
  readonly platformNoField: string | undefined;
  readonly messageGuid: string | undefined;
}

interface Row {
  id: number;
  kind: RequestName;
  business_key: string;
  version: number;
  guid: string;
  order_id: number | null;
  order_no: string | null;
  shipment_id: number | null;
  subject_kind: DocumentSubject['kind'] | null;
  subject_id: number | null;
  body: string;
  amount_e5: number;
  currency: string;
  state: DocumentState;
  status_code: string | null;
  status_info: string | null;
  reject_findings: number;
  doubt_findings: number;
  stale: number;
  platform_no: string | null;
  platform_no_field: string | null;
  message_guid: string | null;
}

// The order number of the paper: a split order's parts have their own, in the business key or the head.
const select = `SELECT d.id, d.kind, d.business_key, d.version, d.guid, d.order_id, o.order_no, d.shipment_id, d.subject_kind, d.subject_id, d.body, d.amount_e5,
  d.currency, d.state, d.status_code, d.status_info, d.reject_findings, d.doubt_findings, d.stale, d.platform_no, d.platform_no_field, d.message_guid
  FROM document d LEFT JOIN sales_order o ON o.id = d.order_id`;

function fromRow(row: Row): DocumentRecord {
  return {
    id: row.id,
    kind: row.kind,
    businessKey: row.business_key,
    version: row.version,
    guid: row.guid,
    orderId: row.order_id ?? undefined,
    orderNo: row.order_no ?? '',
    shipmentId: row.shipment_id ?? undefined,
    subject: row.subject_kind === null ? undefined : { kind: row.subject_kind, id: row.subject_id ?? 0 },
    body: JSON.parse(row.body) as Record<string, unknown>,
    amountE5: row.amount_e5,
    currency: row.currency,
    state: row.state,
    statusCode: row.status_code ?? undefined,
    statusInfo: row.status_info ?? undefined,
    rejectFindings: row.reject_findings,
    doubtFindings: row.doubt_findings,
    stale: row.stale === 1,
    platformNo: row.platform_no ?? undefined,
    platformNoField: row.platform_no_field ?? undefined,
    messageGuid: row.message_guid ?? undefined,
  };
}

/** The document of an id. Throws `DOCUMENT_UNKNOWN`. */
export function requireDocument(book: Book, id: number): DocumentRecord {
  const row = book.prepare(`${select} WHERE d.id = ?`).get(id) as Row | undefined;
  if (row === undefined) throw new PortbookError('DOCUMENT_UNKNOWN', { id });
  return fromRow(row);
}

export interface DocumentFilter {
  readonly kind?: RequestName | undefined;
  readonly state?: DocumentState | undefined;
  readonly shipmentId?: number | undefined;
  readonly level?: 'reject' | 'doubt' | undefined;
  readonly text?: string | undefined;
  readonly caseOf?: number | undefined;
  readonly asked?: boolean | undefined;
  /** Month of China, `yyyy-mm`. */
  readonly sentIn?: string | undefined;
}

/** The filter as a condition on `document d` joined to `sales_order o`. Throws `DOCUMENT_UNKNOWN` for the case of one there is not. */
export function documentsWhere(book: Book, filter: DocumentFilter): { sql: string; values: (string | number)[] } {
  const terms: string[] = [];
  const values: (string | number)[] = [];
  const add = (term: string, ...bound: (string | number)[]) => {
    terms.push(term);
    values.push(...bound);
  };
  if (filter.kind !== undefined) add('d.kind = ?', filter.kind);
  // Superseded versions are history: they are seen on the document, and in the list only when asked for.
  if (filter.state !== undefined) add('d.state = ?', filter.state);
  else if (filter.sentIn === undefined) add(`d.state <> 'superseded'`);
  if (filter.sentIn !== undefined)
    add(
      `d.id IN (SELECT md.document_id FROM message m JOIN message_document md ON md.message_guid = m.guid
        WHERE m.sent_at IS NOT NULL AND strftime('%Y-%m', m.sent_at, '+8 hours') = ?)`,
      filter.sentIn,
    );
  if (filter.shipmentId !== undefined) add('d.shipment_id = ?', filter.shipmentId);
  if (filter.caseOf !== undefined) {
    const papers = documentsOfCase(book, caseOf(requireDocument(book, filter.caseOf)));
    // One that was given up is in no case, and is still itself.
    add('d.id IN (SELECT value FROM json_each(?))', JSON.stringify([filter.caseOf, ...papers.map(({ id }) => id)]));
  }
  if (filter.asked === true) {
    const asked = askedOf(book);
    add(asked.sql, ...asked.values);
  }
  if (filter.level === 'reject') add('d.reject_findings > 0');
  if (filter.level === 'doubt') add('d.doubt_findings > 0');
  if (filter.text !== undefined && filter.text !== '') {
    const like = `%${filter.text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    add(
      `(d.business_key LIKE ? ESCAPE '\\' OR o.order_no LIKE ? ESCAPE '\\' OR d.platform_no LIKE ? ESCAPE '\\')`,
      like,
      like,
      like,
    );
  }
  return { sql: terms.join(' AND '), values };
}

/** A page of documents, newest first, with the totals per currency of the whole filter. */
export function listDocuments(book: Book, filter: DocumentFilter, page: { after: string | undefined; limit: number }) {
  const { sql, values } = documentsWhere(book, filter);
  const [before] = decodeCursor(page.after, [Number.MAX_SAFE_INTEGER]);
  // The page is picked first: sorting whole documents would read and carry all their bodies.
  const rows = book
    .prepare(
      `${select} WHERE d.id IN (
         SELECT d.id FROM document d LEFT JOIN sales_order o ON o.id = d.order_id
         WHERE ${sql} AND d.id < ? ORDER BY d.id DESC LIMIT ?)
       ORDER BY d.id DESC`,
    )
    .all(...values, before, page.limit) as Row[];
  const totals = book
    .prepare(
      `SELECT d.currency, count(*) AS n, sum(d.amount_e5) AS amountE5
       FROM document d LEFT JOIN sales_order o ON o.id = d.order_id WHERE ${sql} GROUP BY d.currency`,
    )
    .all(...values) as { currency: string; n: number; amountE5: number }[];
  const last = rows.at(-1);
  return {
    rows: rows.map(fromRow),
    total: totals.reduce((sum, { n }) => sum + n, 0),
    totals,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.id]) } : {}),
  };
}

/** Ids of the filter's documents in the given states, in the order they were drafted. */
export function documentIds(book: Book, filter: DocumentFilter, states: readonly DocumentState[]): number[] {
  const { sql, values } = documentsWhere(book, filter);
  const marks = states.map(() => '?').join(',');
  const rows = book
    .prepare(
      `SELECT d.id FROM document d LEFT JOIN sales_order o ON o.id = d.order_id
       WHERE ${sql} AND d.state IN (${marks}) ORDER BY d.id`,
    )
    .all(...values, ...states) as { id: number }[];
  return rows.map(({ id }) => id);
}

/**
 * Documents that are checked and held back together: the papers of an order; of what has none, one document. Either with the papers of order,
 * receipt, waybill and list that name the same parcel, whether an order of the book stands behind them or not.
 */
export type DocumentCase = { readonly orderId: number } | { readonly documentId: number };

export const caseOf = ({ id, orderId }: DocumentRecord): DocumentCase =>
  orderId === undefined ? { documentId: id } : { orderId };

/** Cases that were met: papers that stand together are one, whichever of them it was found by. */
export class MetCases {
  readonly #met = new Set<string>();

  has(of: DocumentCase): boolean {
    return this.#met.has(JSON.stringify(of));
  }

  add(documents: readonly DocumentRecord[]): void {
    for (const one of documents) this.#met.add(JSON.stringify(caseOf(one)));
  }
}

const live = `state NOT IN ('superseded','withdrawn')`;
/** SQL: the order that a list `l` names, and the waybill. */
export const orderOfList = `json_extract(l.body, '$.InventoryHead.orderNo')`;
export const waybillOfList = `json_extract(l.body, '$.InventoryHead.logisticsNo')`;
/** A copy still names the parcel of the list that it was made from, until somebody has looked at that. */
const namesItsOrder = `NOT EXISTS (SELECT 1 FROM entry_fact f, json_each(f.unconfirmed) u
  WHERE f.document_id = l.id AND u.value = 'InventoryHead/orderNo')`;
/** SQL: whether the document `l` is a live list that no order of the book stands behind. */
export const looseList = `l.kind = 'CEB603Message' AND l.order_id IS NULL AND l.${live} AND ${namesItsOrder}`;
const parcelKinds: ReadonlySet<RequestName> = new Set([
  'CEB303Message',
  'CEB403Message',
  'CEB505Message',
  'CEB603Message',
]);

/** The numbers by which papers of parcels find each other; a waybill's own also finds the lists that name it. */
function parcelNumbers(book: Book, documents: readonly DocumentRecord[]) {
  const [orders, waybills, ownWaybills] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { id, kind, businessKey, orderId, orderNo, body } of documents) {
    if (orderId !== undefined) orders.add(orderNo);
    if (kind === 'CEB303Message' || kind === 'CEB403Message') orders.add(businessKey);
    if (kind === 'CEB505Message') ownWaybills.add(businessKey);
    if (kind !== 'CEB603Message') continue;
    if (orderId === undefined && unconfirmedOf(book, id).includes('InventoryHead/orderNo')) continue;
    const head = body['InventoryHead'] as Record<string, string | undefined> | undefined;
    orders.add(head?.['orderNo'] ?? '');
    waybills.add(head?.['logisticsNo'] ?? '');
  }
  for (const one of ownWaybills) waybills.add(one);
  const json = (numbers: Set<string>): string => JSON.stringify([...numbers].filter((one) => one !== ''));
  return { orders: json(orders), waybills: json(waybills), ownWaybills: json(ownWaybills) };
}

/** SQL: papers without an order that have one of the numbers, or name it. */
const looseByNumber = `SELECT id FROM document WHERE kind IN ('CEB303Message','CEB403Message') AND order_id IS NULL AND ${live}
    AND business_key IN (SELECT value FROM json_each(:orders))
  UNION SELECT id FROM document WHERE kind = 'CEB505Message' AND order_id IS NULL AND ${live}
    AND business_key IN (SELECT value FROM json_each(:waybills))
  UNION SELECT l.id FROM document l WHERE ${looseList} AND ${orderOfList} IN (SELECT value FROM json_each(:orders))
  UNION SELECT l.id FROM document l WHERE ${looseList} AND ${waybillOfList} IN (SELECT value FROM json_each(:ownWaybills))`;
/** SQL: orders one of whose papers has one of the numbers, or names it. */
const ordersByNumber = `SELECT order_id AS orderId FROM document WHERE kind IN ('CEB303Message','CEB403Message') AND order_id IS NOT NULL
    AND ${live} AND business_key IN (SELECT value FROM json_each(:orders))
  UNION SELECT order_id FROM document WHERE kind = 'CEB505Message' AND order_id IS NOT NULL AND ${live}
    AND business_key IN (SELECT value FROM json_each(:waybills))
  UNION SELECT l.order_id FROM document l WHERE l.kind = 'CEB603Message' AND l.order_id IS NOT NULL AND l.${live}
    AND ${waybillOfList} IN (SELECT value FROM json_each(:ownWaybills))
  UNION SELECT id FROM sales_order WHERE order_no IN (SELECT value FROM json_each(:orders))`;

/**
 * Papers with those that name the same parcels, live and oldest first: those of an order come all together; two orders stand together only
 * where a paper without an order names both.
 */
function withPartners(book: Book, of: readonly DocumentRecord[]): DocumentRecord[] {
  const found = new Map<number, DocumentRecord>();
  for (let fresh = of; fresh.length > 0; ) {
    for (const one of fresh) found.set(one.id, one);
    const loose = book.prepare(`${select} WHERE d.id IN (${looseByNumber})`).all(parcelNumbers(book, fresh)) as Row[];
    // Only a paper without an order leads to the orders of others.
    const alone = fresh.filter(({ orderId }) => orderId === undefined);
    const orders = book.prepare(ordersByNumber).all(parcelNumbers(book, alone)) as { orderId: number }[];
    const drafted = orders.flatMap(({ orderId }) => documentsOfOrder(book, orderId));
    fresh = [...loose.map(fromRow), ...drafted].filter(({ id }) => !found.has(id));
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** Cases of the filter's documents in the given states, in the order they were drafted; see {@link MetCases} for those that are one. */
export function casesOfDocuments(book: Book, filter: DocumentFilter, states: readonly DocumentState[]): DocumentCase[] {
  const { sql, values } = documentsWhere(book, filter);
  const marks = states.map(() => '?').join(',');
  const rows = book
    .prepare(
      `SELECT d.order_id AS orderId, min(d.id) AS documentId FROM document d LEFT JOIN sales_order o ON o.id = d.order_id
       WHERE ${sql} AND d.state IN (${marks}) GROUP BY d.order_id, iif(d.order_id IS NULL, d.id, 0) ORDER BY min(d.id)`,
    )
    .all(...values, ...states) as { orderId: number | null; documentId: number }[];
  return rows.map(({ orderId, documentId }) => (orderId === null ? { documentId } : { orderId }));
}

/** The live documents of a case, oldest first. */
export function documentsOfCase(book: Book, of: DocumentCase): DocumentRecord[] {
  if ('orderId' in of) return withPartners(book, documentsOfOrder(book, of.orderId));
  const one = requireDocument(book, of.documentId);
  if (one.state === 'superseded' || one.state === 'withdrawn') return [];
  return parcelKinds.has(one.kind) ? withPartners(book, [one]) : [one];
}

/** Every version of the documents that declare something, oldest first. */
export function documentsOfSubject(book: Book, { kind, id }: DocumentSubject): DocumentRecord[] {
  const rows = book
    .prepare(`${select} WHERE d.subject_kind = ? AND d.subject_id = ? ORDER BY d.id`)
    .all(kind, id) as Row[];
  return rows.map(fromRow);
}

/** What the last check found on the filter's documents in the given states. */
export function checkSummary(book: Book, filter: DocumentFilter, states: readonly DocumentState[]) {
  const { sql, values } = documentsWhere(book, filter);
  const marks = states.map(() => '?').join(',');
  return book
    .prepare(
      `SELECT count(*) AS documents, coalesce(sum(d.reject_findings = 0 AND d.doubt_findings = 0), 0) AS clean,
         coalesce(sum(d.reject_findings > 0), 0) AS reject, coalesce(sum(d.doubt_findings > 0), 0) AS doubt
       FROM document d LEFT JOIN sales_order o ON o.id = d.order_id WHERE ${sql} AND d.state IN (${marks})`,
    )
    .get(...values, ...states) as { documents: number; clean: number; reject: number; doubt: number };
}

/** The live documents of an order, oldest first (superseded and withdrawn versions left out). */
export function documentsOfOrder(book: Book, orderId: number): DocumentRecord[] {
  const rows = book
    .prepare(`${select} WHERE d.order_id = ? AND d.state NOT IN ('superseded','withdrawn') ORDER BY d.id`)
    .all(orderId) as Row[];
  return rows.map(fromRow);
}

/** Counts by kind and state from the kept tally. */
export function documentCounts(book: Book): { kind: RequestName; state: DocumentState; documents: number }[] {
  const rows = book.prepare(`SELECT state, n FROM tally WHERE area = 'document' AND n > 0`).all() as {
    state: string;
    n: number;
  }[];
  return rows.map(({ state, n }) => {
    const [kind, of] = state.split(':');
    return { kind: kind as RequestName, state: of as DocumentState, documents: n };
  });
}

/** Where a document comes from: an order of a shipment, or what it declares. */
export type DocumentOrigin =
  | { readonly orderId: number; readonly shipmentId: number }
  | { readonly subject: DocumentSubject };

/** Stores drafted documents. Must run inside the transaction that moves their order or subject. */
export function insertDocuments(
  book: Book,
  documents: readonly DraftedDocument[],
  of: DocumentOrigin & { tablesVersion: string; version?: number; now: string },
): number[] {
  const insert = book.prepare(
    `INSERT INTO document (kind, business_key, version, guid, order_id, shipment_id, subject_kind, subject_id, body, amount_e5, currency,
       state, tables_version, created_at, updated_at)
     VALUES (?, ?, coalesce(?, (SELECT iif(total(state NOT IN ('withdrawn','superseded')) > 0, 1, coalesce(max(version), 0) + 1)
       FROM document WHERE kind = ? AND business_key = ?)), ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?, ?)`,
  );
  const origin =
    'orderId' in of ? [of.orderId, of.shipmentId, null, null] : [null, null, of.subject.kind, of.subject.id];
  return documents.map((document) => {
    const { lastInsertRowid } = insert.run(
      document.kind,
      document.businessKey,
      // A number whose drafts were all given up is used again by the next version; one that stands is never there twice.
      of.version ?? null,
      document.kind,
      document.businessKey,
      document.guid,
      ...origin,
      JSON.stringify(document.body),
      document.amountE5,
      document.currency,
      of.tablesVersion,
      of.now,
      of.now,
    );
    return Number(lastInsertRowid);
  });
}

/**
 * Stores the next version of a filed document as a draft of the same order, subject or of none, under the same number; what the one before
 * was about it is about as well. Must run inside a transaction. @returns its id
 */
export function insertVersion(
  book: Book,
  before: DocumentRecord,
  next: { guid: string; body: Record<string, unknown>; tablesVersion: string; now: string },
): number {
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO document (kind, business_key, version, guid, order_id, shipment_id, subject_kind, subject_id, body, amount_e5, currency,
         state, tables_version, created_at, updated_at)
       SELECT kind, business_key, (SELECT max(version) + 1 FROM document v WHERE v.kind = d.kind AND v.business_key = d.business_key),
         ?, order_id, shipment_id, subject_kind, subject_id, ?, amount_e5, currency, 'draft', ?, ?, ? FROM document d WHERE id = ?`,
    )
    .run(next.guid, JSON.stringify(next.body), next.tablesVersion, next.now, next.now, before.id);
  const id = Number(lastInsertRowid);
  book
    .prepare(
      `INSERT OR IGNORE INTO document_about (document_id, about_id, purpose) SELECT :id, about_id, purpose FROM document_about
       WHERE document_id = :before AND (purpose NOT IN ('withdraw','return','summary')
         OR NOT EXISTS (SELECT 1 FROM document_named WHERE document_id = :id)
           AND NOT EXISTS (SELECT 1 FROM summary_period WHERE document_id = :id))`,
    )
    .run({ id, before: before.id });
  // What was typed for its papers, the totals of its invoice among them, is of the trade and not of one version.
  book
    .prepare(
      `INSERT OR IGNORE INTO paper_detail (subject_kind, subject_id, body, updated_at)
       SELECT subject_kind, ?, body, ? FROM paper_detail WHERE subject_kind = 'document' AND subject_id = ?`,
    )
    .run(id, next.now, before.id);
  return id;
}

/**
 * Replaces the content of a draft; the check has to be run again. Under a number that others had before and gave up it is the next version
 * of it, as versions of a number never meet. Throws `DOCUMENT_APPROVED`; frozen documents are refused by the
 * schema.
 */
export function rewriteDraft(
  book: Book,
  id: number,
  to: {
    body: Record<string, unknown>;
    businessKey: string;
    amountE5: number;
    /** Left out: it stays what its order or subject gave it. */
    currency?: string | undefined;
    stale: boolean;
  },
  now: string,
): void {
  requireUnapproved(book, id);
  book
    .prepare(
      `UPDATE document SET body = :body, business_key = :number, amount_e5 = :amountE5, currency = coalesce(:currency, currency),
         stale = :stale, state = 'draft', updated_at = :now,
         version = iif(business_key = :number, version, (SELECT coalesce(max(v.version), 0) + 1 FROM document v
           WHERE v.kind = document.kind AND v.business_key = :number
             AND NOT EXISTS (SELECT 1 FROM document s WHERE s.kind = v.kind AND s.business_key = v.business_key AND s.id <> :id
               AND s.state NOT IN ('superseded','withdrawn'))))
       WHERE id = :id`,
    )
    .run({
      id,
      body: JSON.stringify(to.body),
      number: to.businessKey,
      amountE5: to.amountE5,
      currency: to.currency ?? null,
      stale: to.stale ? 1 : 0,
      now,
    });
}

/**
 * Stores what the check found, its counts, and on what may still be changed the state that follows: `checked` when nothing will be
 * rejected. What waits in the queue stays queued, and is found by its findings all the same.
 * @param versions of the code tables and rules it was checked with; left out where only a finding was added
 */
export function storeFindings(
  book: Book,
  id: number,
  findings: readonly FindingView[],
  now: string,
  versions?: { readonly tables: string; readonly rules: string },
): void {
  const reject = findings.filter(({ level }) => level === 'reject').length;
  const doubt = findings.filter(({ level }) => level === 'doubt').length;
  book.prepare('DELETE FROM finding WHERE document_id = ?').run(id);
  const insert = book.prepare(
    'INSERT INTO finding (document_id, position, rule, level, path, params, source) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  for (const [position, finding] of findings.entries()) {
    insert.run(id, position, finding.rule, finding.level, finding.path, JSON.stringify(finding.params), finding.source);
  }
  book
    .prepare(
      `UPDATE document SET state = CASE WHEN state IN ('draft','checked') THEN ? ELSE state END, reject_findings = ?, doubt_findings = ?,
         tables_version = coalesce(?, tables_version), rules_version = coalesce(?, rules_version), updated_at = ?
       WHERE id = ?`,
    )
    .run(reject === 0 ? 'checked' : 'draft', reject, doubt, versions?.tables ?? null, versions?.rules ?? null, now, id);
}

export interface FindingRow {
  document_id: number;
  position: number;
  rule: string;
  level: 'reject' | 'doubt' | 'note';
  path: string;
  params: string;
  source: string;
  reason: string | null;
  by_name: string | null;
  given_at: string | null;
}

/** A finding with the reason given for it as it stands. */
export const findingWithReason = `SELECT f.*, r.reason, r.by_name, r.given_at`;
export const findingReasonJoin = `LEFT JOIN finding_reason r
  ON r.document_id = f.document_id AND r.rule = f.rule AND r.path = f.path AND r.params = f.params`;

export function findingFromRow(row: FindingRow): FindingView {
  return {
    rule: row.rule,
    level: row.level,
    path: row.path,
    params: JSON.parse(row.params) as FindingView['params'],
    source: row.source,
    ...(row.reason === null ? {} : { reason: { text: row.reason, by: row.by_name ?? '', at: row.given_at ?? '' } }),
  };
}

/** The findings of a document in the order the check gave them. */
export function findingsOf(book: Book, id: number): FindingView[] {
  const rows = book
    .prepare(`${findingWithReason} FROM finding f ${findingReasonJoin} WHERE f.document_id = ? ORDER BY f.position`)
    .all(id) as FindingRow[];
  return rows.map(findingFromRow);
}

/** A page of findings over all drafts, or of one document whatever its state. */
export function listFindings(
  book: Book,
  { level, documentId }: { level?: 'reject' | 'doubt' | undefined; documentId?: number | undefined },
  page: { after: string | undefined; limit: number },
) {
  const [document, position] = decodeCursor(page.after, [0, -1]);
  const whose = documentId === undefined ? `d.state IN ('draft','checked')` : 'd.id = :document';
  const of = `(:level IS NULL OR f.level = :level) AND ${whose}`;
  const bound = { level: level ?? null, document: documentId ?? null };
  const rows = book
    .prepare(
      `${findingWithReason}, d.kind, d.business_key FROM finding f JOIN document d ON d.id = f.document_id ${findingReasonJoin}
       WHERE ${of} AND (f.document_id, f.position) > (:afterDocument, :afterPosition)
       ORDER BY f.document_id, f.position LIMIT :limit`,
    )
    .all({ ...bound, afterDocument: document, afterPosition: position, limit: page.limit }) as (FindingRow & {
    kind: RequestName;
    business_key: string;
  })[];
  const { n } = book
    .prepare(`SELECT count(*) AS n FROM finding f JOIN document d ON d.id = f.document_id WHERE ${of}`)
    .get(bound) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => ({
      ...findingFromRow(row),
      documentId: row.document_id,
      kind: row.kind,
      businessKey: row.business_key,
    })),
    total: n,
    ...(rows.length === page.limit && last !== undefined
      ? { nextCursor: encodeCursor([last.document_id, last.position]) }
      : {}),
  };
}

/** Findings by rule over the given documents' latest check: the summary under the list. */
export function findingsByRule(book: Book): { rule: string; level: 'reject' | 'doubt' | 'note'; documents: number }[] {
  return book
    .prepare(
      `SELECT f.rule, f.level, count(DISTINCT f.document_id) AS documents FROM finding f
       JOIN document d ON d.id = f.document_id WHERE d.state IN ('draft','checked')
       GROUP BY f.rule, f.level ORDER BY documents DESC, f.rule`,
    )
    .all() as { rule: string; level: 'reject' | 'doubt' | 'note'; documents: number }[];
}

/** Everything that happened to a document, oldest first. */
export function timelineOf(
  book: Book,
  id: number,
): { at: string; from: string; to: string; event: string; detail: Record<string, string | number> }[] {
  const rows = book
    .prepare(
      `SELECT at, from_state AS "from", to_state AS "to", event, detail FROM transition
       WHERE subject = 'document' AND subject_id = ? ORDER BY id`,
    )
    .all(String(id)) as { at: string; from: string; to: string; event: string; detail: string }[];
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, string | number> }));
}

/**
 * What the version before a document was sent back with, where it was made to be filed again in its place; undefined where that one was
 * not refused.
 */
export function sentBackOf(
  book: Book,
  { id, kind, businessKey }: Pick<DocumentRecord, 'id' | 'kind' | 'businessKey'>,
): { statusCode: string; statusInfo: string } | undefined {
  const row = book
    .prepare(
      `SELECT coalesce(d.status_code, '') AS statusCode, coalesce(d.status_info, '') AS statusInfo, d.state,
         (SELECT t.to_state FROM transition t WHERE t.subject = 'document' AND t.subject_id = CAST(d.id AS TEXT) ORDER BY t.id DESC LIMIT 1) AS said
       FROM document d WHERE d.kind = :kind AND d.business_key = :businessKey AND d.version < (SELECT version FROM document WHERE id = :id)
       ORDER BY d.version DESC LIMIT 1`,
    )
    .get({ id, kind, businessKey }) as
    | { statusCode: string; statusInfo: string; state: string; said: string | null }
    | undefined;
  if (row === undefined || row.state !== 'superseded' || row.said !== 'rejected') return undefined;
  const { statusCode, statusInfo } = row;
  return { statusCode, statusInfo };
}

/** Receipts of a document, by the platform's time. */
export function receiptsOf(
  book: Book,
  id: number,
): { statusCode: string; statusTime: string; info: string; receivedAt: string }[] {
  return book
    .prepare(
      `SELECT i.status_code AS statusCode, i.status_time AS statusTime, i.info, r.received_at AS receivedAt
       FROM receipt_item i JOIN receipt r ON r.id = i.receipt_id WHERE i.document_id = ?
       ORDER BY i.status_time, i.receipt_id`,
    )
    .all(id) as { statusCode: string; statusTime: string; info: string; receivedAt: string }[];
}

/**
 * Marks every document stale that no longer shows its order, product, waybill or shipment as it is: also what is queued
 * or sent, so that a withdrawal, a regrouping or a correction never files the old facts again. What customs has accepted
 * stays as it is: that is corrected by a filing of its own.
 */
export function markStale(book: Book, of: { orderId: number } | { shipmentId: number } | { sku: string }): void {
  const [term, value] =
    'orderId' in of
      ? ['order_id = ?', of.orderId]
      : 'shipmentId' in of
        ? ['shipment_id = ?', of.shipmentId]
        : ['order_id IN (SELECT order_id FROM order_line WHERE sku = ?)', of.sku];
  book
    .prepare(
      `UPDATE document SET stale = 1 WHERE stale = 0 AND ${term}
         AND state IN ('draft','checked','queued','sending','unknown','sent','rejected')`,
    )
    .run(value);
}

/** The same of the forms that declare something; when it changes, triggers mark them. */
export function markSubjectStale(book: Book, { kind, id }: DocumentSubject): void {
  book
    .prepare(
      `UPDATE document SET stale = 1 WHERE stale = 0 AND subject_kind = ? AND subject_id = ? AND state NOT IN ('superseded','withdrawn')`,
    )
    .run(kind, id);
}

/** Drafts that are no longer wanted, of an order cancelled whole or of a part it no longer has: kept, never filed. */
export function abandonDrafts(book: Book, ids: readonly number[], now: string): void {
  const statement = book.prepare(
    `UPDATE document SET state = 'withdrawn', updated_at = ? WHERE id = ? AND state IN ('draft','checked')`,
  );
  for (const id of ids) statement.run(now, id);
}

/** Takes drafts up again that were given up for what is undone now; the check has to be run. @returns those that were */
export function restoreDrafts(book: Book, ids: readonly number[], now: string): number {
  const statement = book.prepare(
    `UPDATE document SET state = 'draft', updated_at = ? WHERE id = ? AND state = 'withdrawn' AND platform_no IS NULL`,
  );
  return ids.reduce((sum, id) => sum + statement.run(now, id).changes, 0);
}

/** A rejected version gives way to the next, an accepted one to what changes it: it stays as it was sent. */
export function supersede(book: Book, id: number, now: string): void {
  book
    .prepare(
      `UPDATE document SET state = 'superseded', updated_at = ? WHERE id = ? AND state IN ('rejected','withdrawn','accepted','released','closed')`,
    )
    .run(now, id);
}

/** Customs agreed to end it: it stays as it was filed and counts no longer. */
export function revoke(book: Book, id: number, now: string): void {
  book
    .prepare(
      `UPDATE document SET state = 'withdrawn', updated_at = ? WHERE id = ? AND state IN ('accepted','released','closed')`,
    )
    .run(now, id);
}
