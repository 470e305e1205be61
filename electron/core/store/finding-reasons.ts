import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import type { Book } from './book.ts';
import {
  type DocumentFilter,
  documentsWhere,
  type FindingRow,
  findingFromRow,
  findingReasonJoin,
} from './documents.ts';

/** Reminders (提醒, findings of level `doubt`) and the reasons for which documents go on with them. */

type Reminder = OutputOf<'documents.reminders'>['rows'][number];
type Given = InputOf<'documents.explain'>['reasons'][number];

/** Up to so many are asked about one by one; beyond, by rule. */
const MOST_SINGLE = 12;

/** Open reminders of the filter's checked documents. */
function openOf(book: Book, filter: DocumentFilter): { from: string; values: (string | number)[] } {
  const { sql, values } = documentsWhere(book, filter);
  return {
    from: `FROM finding f JOIN document d ON d.id = f.document_id LEFT JOIN sales_order o ON o.id = d.order_id ${findingReasonJoin}
      WHERE f.level = 'doubt' AND r.reason IS NULL AND d.state = 'checked' AND ${sql}`,
    values,
  };
}

/** How many reminders of a document have no reason. */
export function unexplainedOf(book: Book, documentId: number): number {
  const { n } = book
    .prepare(
      `SELECT count(*) AS n FROM finding f ${findingReasonJoin} WHERE f.document_id = ? AND f.level = 'doubt' AND r.reason IS NULL`,
    )
    .get(documentId) as { n: number };
  return n;
}

/** The highest `score` in a reason for a rule on a document of a shipment, or on one document; -1: none was given. */
export function explainedScore(
  book: Book,
  of: { readonly shipmentId: number } | { readonly documentId: number },
  rule: string,
): number {
  const [term, id] = 'shipmentId' in of ? ['d.shipment_id', of.shipmentId] : ['d.id', of.documentId];
  const { score } = book
    .prepare(
      `SELECT coalesce(max(r.params ->> '$.score'), -1) AS score FROM finding_reason r JOIN document d ON d.id = r.document_id
       WHERE ${term} = ? AND r.rule = ?`,
    )
    .get(id, rule) as { score: number };
  return score;
}

/** See `documents.reminders`. */
export function openReminders(book: Book, filter: DocumentFilter): OutputOf<'documents.reminders'> {
  const { from, values } = openOf(book, filter);
  type Row = FindingRow & { kind: RequestName; business_key: string; findings: number; documents: number };
  const { total } = book.prepare(`SELECT count(*) AS total ${from}`).get(...values) as { total: number };
  if (total === 0) return { total, rows: [] };
  const isSingle = total <= MOST_SINGLE;
  const counted = isSingle
    ? '1 AS findings, 1 AS documents'
    : 'count(*) AS findings, count(DISTINCT f.document_id) AS documents';
  const rows = book
    .prepare(
      `SELECT f.*, NULL AS reason, d.kind, d.business_key, ${counted}, min(f.document_id * 100000 + f.position) AS place ${from}
       GROUP BY ${isSingle ? 'f.document_id, f.position' : 'f.rule'} ORDER BY place`,
    )
    .all(...values) as Row[];
  return {
    total,
    rows: rows.map(
      (row): Reminder => ({
        ...findingFromRow(row),
        ...(isSingle ? { documentId: row.document_id } : {}),
        kind: row.kind,
        businessKey: row.business_key,
        findings: row.findings,
        documents: row.documents,
      }),
    ),
  };
}

/** Gives a reason to the open reminders it is meant for. @returns the documents concerned, with the rules and the reason */
export function giveReason(
  book: Book,
  filter: DocumentFilter,
  { rule, documentId, path, reason }: Given,
  now: string,
): { number: string; rules: string[]; reason: string }[] {
  const { from, values } = openOf(book, filter);
  const rows = book
    .prepare(
      `SELECT f.document_id AS id, f.rule, f.path, f.params, d.kind || ' ' || d.business_key AS number ${from}
         AND (? IS NULL OR f.rule = ?) AND (? IS NULL OR f.document_id = ?) AND (? IS NULL OR f.path = ?)
       ORDER BY f.document_id, f.position`,
    )
    .all(...values, ...[rule, rule, documentId, documentId, path, path].map((one) => one ?? null)) as {
    id: number;
    rule: string;
    path: string;
    params: string;
    number: string;
  }[];
  const insert = book.prepare(
    `INSERT INTO finding_reason (document_id, rule, path, params, reason, by_name, given_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (document_id, rule, path, params) DO NOTHING`,
  );
  const given = new Map<number, { number: string; rules: string[]; reason: string }>();
  const by = book.who();
  for (const row of rows) {
    insert.run(row.id, row.rule, row.path, row.params, reason, by, now);
    const one = given.get(row.id) ?? { number: row.number, rules: [], reason };
    one.rules.push(row.rule);
    given.set(row.id, one);
  }
  return [...given.values()];
}

/** Reasons go with their lines; `moved` says where a path stands after an edit, undefined when its line is gone. */
export function moveReasons(book: Book, documentId: number, moved: (path: string) => string | undefined): void {
  const rows = book.prepare('SELECT * FROM finding_reason WHERE document_id = ?').all(documentId) as {
    rule: string;
    path: string;
    params: string;
    reason: string;
    by_name: string;
    given_at: string;
  }[];
  const stays = rows.flatMap((row) => {
    const path = row.path === '' ? '' : moved(row.path);
    return path === undefined ? [] : [{ ...row, path }];
  });
  if (stays.every(({ path }, at) => path === rows[at]?.path) && stays.length === rows.length) return;
  book.prepare('DELETE FROM finding_reason WHERE document_id = ?').run(documentId);
  const insert = book.prepare(
    `INSERT OR IGNORE INTO finding_reason (document_id, rule, path, params, reason, by_name, given_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { rule, path, params, reason, by_name, given_at } of stays)
    insert.run(documentId, rule, path, params, reason, by_name, given_at);
}

/** A new version of a document starts with the reasons of the one before: what is found again as it was is not asked about again. */
export function copyReasons(book: Book, from: number, to: number): void {
  book
    .prepare(
      `INSERT INTO finding_reason (document_id, rule, path, params, reason, by_name, given_at)
       SELECT ?, rule, path, params, reason, by_name, given_at FROM finding_reason WHERE document_id = ?`,
    )
    .run(to, from);
}
