import { type LiveSessionBody, liveSessionBody } from '../../../shared/contract/services.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';

export interface LiveSession {
  readonly id: number;
  readonly number: string;
  readonly heldOn: string;
  readonly body: LiveSessionBody;
}

interface Row extends Omit<LiveSession, 'body'> {
  readonly body: string;
}

const select = 'SELECT id, number, held_on AS heldOn, body FROM live_session';
const holds = `(number LIKE :like ESCAPE '\\' OR body ->> '$.title' LIKE :like ESCAPE '\\' OR body ->> '$.host' LIKE :like ESCAPE '\\'
  OR EXISTS (SELECT 1 FROM json_each(body, '$.goods') WHERE value ->> '$.sku' LIKE :like ESCAPE '\\'))`;
const fromRow = (row: Row): LiveSession => ({ ...row, body: liveSessionBody.parse(JSON.parse(row.body)) });

/** Sessions by their day, the newest first; `text` is looked for in number, title, host and the articles shown. */
export function listLiveSessions(
  book: Book,
  {
    text,
    after,
    limit,
  }: { readonly text?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): { rows: LiveSession[]; total: number; nextCursor?: string } {
  const like = containing(text?.trim() ?? '');
  const [day, id] = decodeCursor(after, ['9999-12-31', Number.MAX_SAFE_INTEGER]);
  const rows = book
    .prepare(`${select} WHERE ${holds} AND (held_on, id) < (:day, :id) ORDER BY held_on DESC, id DESC LIMIT :limit`)
    .all({ like, day, id, limit }) as Row[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM live_session WHERE ${holds}`).get({ like }) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(fromRow),
    total: n,
    ...(rows.length === limit && last !== undefined ? { nextCursor: encodeCursor([last.heldOn, last.id]) } : {}),
  };
}

/** Refusal: `LIVE_SESSION_UNKNOWN` {id}. */
export function requireLiveSession(book: Book, id: number): LiveSession {
  const row = book.prepare(`${select} WHERE id = ?`).get(id) as Row | undefined;
  if (row === undefined) throw new PortbookError('LIVE_SESSION_UNKNOWN', { id }, 'id');
  return fromRow(row);
}

/** Adds a session, numbered by the year it is held in, or changes one. Refusal: `LIVE_SESSION_UNKNOWN` {id}. */
export function saveLiveSession(
  book: Book,
  session: { readonly id?: number | undefined; readonly heldOn: string; readonly body: LiveSessionBody },
  now: string,
): { readonly id: number; readonly number: string } {
  const { id, heldOn, body } = session;
  const text = JSON.stringify(body);
  if (id !== undefined) {
    const { number } = requireLiveSession(book, id);
    book
      .prepare('UPDATE live_session SET held_on = ?, body = ?, updated_at = ? WHERE id = ?')
      .run(heldOn, text, now, id);
    return { id, number };
  }
  const year = heldOn.slice(0, 4);
  const number = `ZB-${year}-${String(book.nextNumber(`live-session:${year}`)).padStart(3, '0')}`;
  const { lastInsertRowid } = book
    .prepare('INSERT INTO live_session (number, held_on, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?)')
    .run(number, heldOn, text, now, now);
  return { id: Number(lastInsertRowid), number };
}

/** The orders `ordersWith` counts for a live session, as a condition on `sales_order o` with the id as text. */
export const ofLiveSession = `o.state <> 'cancelled' AND EXISTS (
  SELECT 1 FROM live_session s WHERE s.id = CAST(? AS INTEGER) AND o.order_date BETWEEN s.held_on AND date(s.held_on, '+1 day')
  AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id
    AND l.sku IN (SELECT value ->> '$.sku' FROM json_each(s.body, '$.goods'))))`;

/** Orders of two days that have one of the goods, cancelled ones left out, and the value of those lines by currency. */
export function ordersWith(
  book: Book,
  skus: readonly string[],
  from: string,
  until: string,
): { readonly count: number; readonly totals: { readonly currency: string; readonly amount: string }[] } {
  const rows = book
    .prepare(
      `SELECT o.currency, count(DISTINCT o.id) AS n, sum(l.total_e5) AS valueE5
       FROM sales_order o JOIN order_line l ON l.order_id = o.id
       WHERE o.order_date BETWEEN ? AND ? AND o.state <> 'cancelled' AND l.sku IN (SELECT value FROM json_each(?))
       GROUP BY o.currency ORDER BY o.currency`,
    )
    .all(from, until, JSON.stringify(skus)) as { currency: string; n: number; valueE5: number }[];
  return {
    count: rows.reduce((sum, { n }) => sum + n, 0),
    totals: rows.map(({ currency, valueE5 }) => ({ currency, amount: storedText(valueE5) })),
  };
}
