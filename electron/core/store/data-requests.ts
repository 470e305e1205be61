import { z } from 'zod';
import { PortbookError } from '../../../shared/errors.ts';
import type { DataReply, DataRequestPage } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** What customs asked about orders, what was answered, and the originals of payments that answers are made of. */

export type DataRequestState = 'open' | 'ready' | 'answered' | 'declined';

export interface DataRequest {
  readonly sessionId: string;
  readonly endpoint: string;
  readonly orderNo: string;
  readonly askedAt: string;
  readonly receivedAt: string;
  readonly state: DataRequestState;
  readonly problem: string | undefined;
  readonly answer: string | undefined;
  readonly preparedAt: string | undefined;
  readonly preparedBy: 'user' | 'rule' | undefined;
  readonly replyCode: string | undefined;
  readonly replyMessage: string | undefined;
  readonly answeredAt: string | undefined;
}

interface Row {
  n: number;
  session_id: string;
  endpoint: string;
  order_no: string;
  asked_at: string;
  received_at: string;
  state: DataRequestState;
  problem: string | null;
  answer: string | null;
  prepared_at: string | null;
  prepared_by: 'user' | 'rule' | null;
  reply_code: string | null;
  reply_message: string | null;
  answered_at: string | null;
}

function fromRow(row: Row): DataRequest {
  return {
    sessionId: row.session_id,
    endpoint: row.endpoint,
    orderNo: row.order_no,
    askedAt: row.asked_at,
    receivedAt: row.received_at,
    state: row.state,
    problem: row.problem ?? undefined,
    answer: row.answer ?? undefined,
    preparedAt: row.prepared_at ?? undefined,
    preparedBy: row.prepared_by ?? undefined,
    replyCode: row.reply_code ?? undefined,
    replyMessage: row.reply_message ?? undefined,
    answeredAt: row.answered_at ?? undefined,
  };
}

const cursorKey = (endpoint: string): string => `sync.dataRequests:${endpoint}`;

/** Where this book has got to in a platform's requests. */
export function dataRequestCursor(book: Book, endpoint: string): string {
  return book.setting(cursorKey(endpoint)) ?? '';
}

/** Stores a page with its cursor in one transaction; a request that is known is left as it is. @returns how many were new */
export function storeDataRequests(book: Book, endpoint: string, page: DataRequestPage, at: string): number {
  return book.transaction(() => {
    let added = 0;
    for (const { sessionID, orderNo, serviceTime } of page.requests) {
      const { changes } = book
        .prepare(
          `INSERT INTO data_request (session_id, endpoint, order_no, asked_at, received_at, state) VALUES (?, ?, ?, ?, ?, 'open')
           ON CONFLICT (session_id) DO NOTHING`,
        )
        .run(sessionID, endpoint, orderNo, new Date(serviceTime).toISOString(), at);
      if (changes === 0) continue;
      added += 1;
      book.audit('data-request.received', sessionID, { orderNo, endpoint }, at);
    }
    book.setSetting(cursorKey(endpoint), page.next);
    return added;
  });
}

/** A request. Throws `DATA_REQUEST_UNKNOWN`. */
export function requireDataRequest(book: Book, sessionId: string): DataRequest {
  const row = book.prepare('SELECT rowid AS n, * FROM data_request WHERE session_id = ?').get(sessionId) as
    | Row
    | undefined;
  if (row === undefined) throw new PortbookError('DATA_REQUEST_UNKNOWN', { sessionId });
  return fromRow(row);
}

/** Requests of a state, those asked first before the others. */
export function dataRequestsIn(book: Book, state: DataRequestState, endpoint?: string): DataRequest[] {
  const rows = book
    .prepare(
      `SELECT rowid AS n, * FROM data_request WHERE state = ? AND (? IS NULL OR endpoint = ?) ORDER BY asked_at, rowid`,
    )
    .all(state, endpoint ?? null, endpoint ?? null) as Row[];
  return rows.map(fromRow);
}

/** How many wait for a person or for the upload. */
export function openDataRequests(book: Book): { open: number; ready: number } {
  const rows = book
    .prepare(`SELECT state, count(*) AS n FROM data_request WHERE state IN ('open','ready') GROUP BY state`)
    .all() as { state: string; n: number }[];
  const of = (state: string) => rows.find((row) => row.state === state)?.n ?? 0;
  return { open: of('open'), ready: of('ready') };
}

/** The latest first. */
export function listDataRequests(
  book: Book,
  state: DataRequestState | undefined,
  page: { after: string | undefined; limit: number },
) {
  const [before] = decodeCursor(page.after, [Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(
      `SELECT rowid AS n, * FROM data_request WHERE rowid < ? AND (? IS NULL OR state = ?) ORDER BY rowid DESC LIMIT ?`,
    )
    .all(before, state ?? null, state ?? null, page.limit) as Row[];
  const { total } = book
    .prepare('SELECT count(*) AS total FROM data_request WHERE ? IS NULL OR state = ?')
    .get(state ?? null, state ?? null) as { total: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(fromRow),
    total,
    ...(rows.length === page.limit && last !== undefined ? { nextCursor: encodeCursor([last.n]) } : {}),
  };
}

/** Writes down why an open request is not answered by itself. */
export function noteDataProblem(book: Book, sessionId: string, problem: string): void {
  book
    .prepare(`UPDATE data_request SET problem = ? WHERE session_id = ? AND state = 'open' AND problem IS NOT ?`)
    .run(problem, sessionId, problem);
}

/** Puts the signed answer to an open request: from now on it is uploaded as it stands. @returns false when it is open no more */
export function putDataAnswer(
  book: Book,
  sessionId: string,
  answer: { readonly text: string; readonly serial: string; readonly by: 'user' | 'rule'; readonly at: string },
): boolean {
  return book.transaction(() => {
    const { changes } = book
      .prepare(
        `UPDATE data_request SET state = 'ready', answer = ?, serial = ?, prepared_at = ?, prepared_by = ?, problem = NULL
         WHERE session_id = ? AND state = 'open'`,
      )
      .run(answer.text, answer.serial, answer.at, answer.by, sessionId);
    if (changes === 0) return false;
    book.audit('data-request.signed', sessionId, { by: answer.by, serial: answer.serial }, answer.at);
    return true;
  });
}

/** The book may no longer answer by itself: what it has answered so and not uploaded waits for a person. @returns how many */
export function revokeRuleAnswers(book: Book, at: string): number {
  const ready = dataRequestsIn(book, 'ready').filter(({ preparedBy }) => preparedBy === 'rule');
  for (const { sessionId } of ready) {
    book.prepare(`UPDATE data_request SET state = 'open' WHERE session_id = ? AND state = 'ready'`).run(sessionId);
    book.audit('data-request.revoked', sessionId, {}, at);
  }
  return ready.length;
}

/** What customs said to the upload. One that it did not take is open again, and nothing is sent until it is answered anew. */
export function settleDataAnswer(book: Book, sessionId: string, reply: DataReply, isTaken: boolean, at: string): void {
  book.transaction(() => {
    const { changes } = book
      .prepare(
        `UPDATE data_request SET state = ?, reply_code = ?, reply_message = ?, answered_at = ?, problem = ?
         WHERE session_id = ? AND state = 'ready'`,
      )
      .run(
        isTaken ? 'answered' : 'open',
        reply.code,
        reply.message.slice(0, 1000),
        isTaken ? at : null,
        isTaken ? null : 'DATA_ANSWER_REFUSED',
        sessionId,
      );
    if (changes === 1) book.audit('data-request.replied', sessionId, { code: reply.code, taken: isTaken }, at);
  });
}

/** Closes a request without an answer. Refusals: `DATA_REQUEST_UNKNOWN`, `DATA_REQUEST_CLOSED`. */
export function declineDataRequest(book: Book, sessionId: string, reason: string, at: string): void {
  book.transaction(() => {
    const { state } = requireDataRequest(book, sessionId);
    if (state !== 'open') throw new PortbookError('DATA_REQUEST_CLOSED', { sessionId, state });
    book
      .prepare(`UPDATE data_request SET state = 'declined', problem = ?, answered_at = ? WHERE session_id = ?`)
      .run(reason, at, sessionId);
    book.audit('data-request.declined', sessionId, { reason }, at);
  });
}

/** A payment as it went through the payment firm; names of the interface. Empty: take what is known otherwise. */
export const paymentOriginal = z.object({
  initalRequest: z.string().max(8000).default(''),
  initalResponse: z.string().max(8000).default(''),
  verDept: z.string().max(1).default(''),
  payType: z.string().max(1).default(''),
  tradingTime: z.string().max(14).default(''),
  recpAccount: z.string().max(60).default(''),
  recpCode: z.string().max(18).default(''),
  recpName: z.string().max(100).default(''),
  itemLinks: z.array(z.string().max(3000)).max(99).default([]),
});
export type PaymentOriginal = z.infer<typeof paymentOriginal>;

/** Keeps what is given of an order's original; the rest stays as it was. */
export function putPaymentOriginal(
  book: Book,
  orderNo: string,
  given: { readonly [K in keyof PaymentOriginal]?: PaymentOriginal[K] | undefined },
  at: string,
): void {
  book.transaction(() => {
    const changed = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const original = paymentOriginal.parse({ ...paymentOriginalOf(book, orderNo), ...changed });
    book
      .prepare(
        `INSERT INTO payment_original (order_no, body, saved_at) VALUES (?, ?, ?)
         ON CONFLICT (order_no) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at`,
      )
      .run(orderNo, JSON.stringify(original), at);
    book.audit('payment-original.saved', orderNo, { fields: Object.keys(changed) }, at);
  });
}

export function paymentOriginalOf(book: Book, orderNo: string): PaymentOriginal | undefined {
  const row = book.prepare('SELECT body FROM payment_original WHERE order_no = ?').get(orderNo) as
    | { body: string }
    | undefined;
  return row === undefined ? undefined : paymentOriginal.parse(JSON.parse(row.body));
}

/** The newest import order (CEB311) and payment (CEB411) of an order number that were not taken back, as they were filed. */
export function papersOfOrder(book: Book, orderNo: string): { order: unknown; payment: unknown } {
  const newest = (kind: string, head: string): unknown => {
    const row = book
      .prepare(
        `SELECT body FROM document WHERE kind = ? AND json_extract(body, ?) = ? AND state NOT IN ('withdrawn','superseded')
         ORDER BY version DESC, id DESC LIMIT 1`,
      )
      .get(kind, `$.${head}.orderNo`, orderNo) as { body: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.body) as unknown);
  };
  return { order: newest('CEB311Message', 'OrderHead'), payment: newest('CEB411Message', 'PaymentHead') };
}
