import { type RequestName, requestNames } from '../../../shared/documents/catalogue.ts';
import type { Book } from './book.ts';
import { keepsStock } from './stock.ts';

/** What the first page of the day counts. Amounts are scaled by 10^5, in `currency`. */
export interface RejectedDocuments {
  readonly kind: string;
  readonly currency: string;
  readonly documents: number;
  readonly amountE5: number;
  /** The reason the platform gave most often. */
  readonly why: string;
}

/** Rejected documents by kind and currency, most first. */
export function rejectedDocuments(book: Book): RejectedDocuments[] {
  return book
    .prepare(
      `SELECT kind, currency, count(*) AS documents, sum(amount_e5) AS amountE5,
         coalesce((SELECT i.status_info FROM document i WHERE i.kind = d.kind AND i.state = 'rejected' AND i.currency = d.currency
           GROUP BY i.status_info ORDER BY count(*) DESC LIMIT 1), '') AS why
       FROM document d WHERE state = 'rejected' AND kind IN (${requestNames.map((kind) => `'${kind}'`).join(',')})
       GROUP BY kind, currency ORDER BY documents DESC`,
    )
    .all() as RejectedDocuments[];
}

/** With more products than this to classify, nearly every order has one, and looking order by order ends soonest. */
const manyProducts = 200;

/**
 * Open orders that wait for the classification of one of their products.
 * @param products how many wait, which decides from which side to look
 */
export function ordersToClassify(book: Book, products: number): number {
  const waits = `p.state = 'to-classify' AND l.qty_e5 > l.cancelled_qty_e5`;
  const sql =
    products > manyProducts
      ? `SELECT count(*) AS n FROM sales_order o WHERE o.state = 'open' AND EXISTS (
           SELECT 1 FROM order_line l CROSS JOIN product p ON p.sku = l.sku WHERE l.order_id = o.id AND ${waits})`
      : `SELECT count(DISTINCT l.order_id) AS n FROM product p CROSS JOIN order_line l ON l.sku = p.sku
           JOIN sales_order o ON o.id = l.order_id WHERE o.state = 'open' AND ${waits}`;
  return (book.prepare(sql).get() as { n: number }).n;
}

/** Open orders whose country no customs code was found for, and one of the texts. */
export function ordersWithoutCountry(book: Book): { orders: number; example: string } {
  return book
    .prepare(
      `SELECT count(*) AS orders, coalesce(min(country_text), '') AS example FROM sales_order WHERE state = 'open' AND country IS NULL`,
    )
    .get() as { orders: number; example: string };
}

/** Sales that wait for a rate, by currency. */
export function pendingSales(book: Book): { currency: string; orders: number; from: string }[] {
  return book
    .prepare(
      'SELECT currency, count(*) AS orders, min(event_date) AS "from" FROM pending_posting GROUP BY currency ORDER BY currency',
    )
    .all() as { currency: string; orders: number; from: string }[];
}

/** Source documents that wait: why, by currency where it is for want of a rate (else ''), and the day of the first. */
export function waitingPapers(book: Book): { reason: string; currency: string; documents: number; from: string }[] {
  return book
    .prepare(
      `SELECT reason, iif(reason = 'rate', coalesce(json_extract(body, '$.currency'), ''), '') AS currency, count(*) AS documents,
         min(date) AS "from" FROM source_document WHERE state = 'waiting' GROUP BY 1, 2 ORDER BY reason DESC, currency`,
    )
    .all() as { reason: string; currency: string; documents: number; from: string }[];
}

/** What left without being in stock, where stock is kept: lines and articles. */
export function stockShortages(book: Book): { lines: number; articles: number } {
  if (!keepsStock(book)) return { lines: 0, articles: 0 };
  return book.prepare('SELECT count(*) AS lines, count(DISTINCT sku) AS articles FROM stock_short').get() as {
    lines: number;
    articles: number;
  };
}

/** Rows the last committed import of each kind left behind and nobody has mended. */
export function failedRows(book: Book): { runId: number; kind: string; fileName: string; rows: number }[] {
  return book
    .prepare(
      `SELECT r.id AS runId, r.kind, r.file_name AS fileName, (SELECT count(*) FROM import_failure f WHERE f.run_id = r.id) AS rows
       FROM import_run r WHERE r.id IN (SELECT max(id) FROM import_run WHERE state = 'committed' GROUP BY kind) AND rows > 0 ORDER BY r.id DESC`,
    )
    .all() as { runId: number; kind: string; fileName: string; rows: number }[];
}

/** Kinds of which a sent message has heard nothing yet, with when each was sent, oldest first. */
export function silentMessages(book: Book): { kind: string; sentAt: string[] }[] {
  const rows = book
    .prepare(
      `SELECT m.kind, m.sent_at AS sentAt FROM message m
       WHERE m.state = 'sent' AND m.sent_at IS NOT NULL
         AND EXISTS (SELECT 1 FROM document d WHERE d.message_guid = m.guid AND d.state = 'sent') ORDER BY m.sent_at`,
    )
    .all() as { kind: string; sentAt: string }[];
  const byKind = new Map<string, string[]>();
  for (const { kind, sentAt } of rows) byKind.set(kind, [...(byKind.get(kind) ?? []), sentAt]);
  return [...byKind].map(([kind, sentAt]) => ({ kind, sentAt }));
}

/** Applications to withdraw a list, changes and deletions that customs has taken, oldest first, with what it said of them last and since when. */
export function takenApplications(
  book: Book,
  id?: number,
): { kind: RequestName; body: string; statusCode: string; since: string }[] {
  return book
    .prepare(
      `SELECT d.kind, d.body, d.status_code AS statusCode, (SELECT max(t.at) FROM transition t
           WHERE t.subject = 'document' AND t.subject_id = CAST(d.id AS TEXT) AND t.to_state = 'accepted' AND t.from_state <> 'accepted') AS since
       FROM document d WHERE d.state = 'accepted' AND d.status_code IS NOT NULL AND (:id IS NULL OR d.id = :id)
         AND (d.kind IN ('CEB605Message','CEB623Message') OR d.id IN (SELECT document_id FROM document_about WHERE purpose = 'amend'))
       ORDER BY since`,
    )
    .all({ id: id ?? null }) as { kind: RequestName; body: string; statusCode: string; since: string }[];
}

/** How long the newest answered messages of a kind waited for their first receipt, in milliseconds. */
export function answerTimes(book: Book, kind: string, most: number): number[] {
  const rows = book
    .prepare(
      `SELECT m.sent_at AS sentAt, (SELECT min(r.received_at) FROM receipt r WHERE r.message_guid = m.guid) AS heardAt
       FROM message m WHERE m.kind = ? AND m.sent_at IS NOT NULL AND EXISTS (SELECT 1 FROM receipt r WHERE r.message_guid = m.guid)
       ORDER BY m.seq DESC LIMIT ?`,
    )
    .all(kind, most) as { sentAt: string; heardAt: string }[];
  return rows.map(({ sentAt, heardAt }) => Math.max(0, Date.parse(heardAt) - Date.parse(sentAt)));
}

/** A worklist count by area (`order`, `product`, `message`, `document`), as the triggers keep it. */
export function tallies(book: Book): (area: string, ...states: readonly string[]) => number {
  const rows = book.prepare('SELECT area, state, n FROM tally').all() as { area: string; state: string; n: number }[];
  const byKey = new Map(rows.map((row) => [`${row.area} ${row.state}`, row.n]));
  return (area, ...states) => {
    let sum = 0;
    for (const state of states) {
      const keys = area === 'document' ? requestNames.map((kind) => `${kind}:${state}`) : [state];
      for (const key of keys) sum += byKey.get(`${area} ${key}`) ?? 0;
    }
    return sum;
  };
}

/** Shipments not drafted yet. */
export function draftShipments(book: Book): number {
  return (book.prepare(`SELECT count(*) AS n FROM shipment WHERE state = 'draft'`).get() as { n: number }).n;
}

/** Documents accepted and rejected by China's day, from `fromInstant` on (ISO 8601). A release without a word of acceptance before it counts as one. */
export function answersByDay(book: Book, fromInstant: string): Map<string, { accepted: number; rejected: number }> {
  const rows = book
    .prepare(
      `SELECT date(at, '+8 hours') AS day, sum(event <> 'reject') AS accepted, sum(event = 'reject') AS rejected FROM transition
       WHERE subject = 'document' AND at >= ? AND (event IN ('accept','reject') OR (event IN ('release','close') AND from_state NOT IN ('accepted','released')))
       GROUP BY day`,
    )
    .all(fromInstant) as { day: string; accepted: number; rejected: number }[];
  return new Map(rows.map(({ day, accepted, rejected }) => [day, { accepted, rejected }]));
}
