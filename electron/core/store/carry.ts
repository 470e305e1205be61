import { randomBytes } from 'node:crypto';
import { sendingRank } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';
import { moveMessage, settle } from './messages.ts';

/** Messages carried by hand: which are handed out, and the keys of the answers. */

/** What a message says of itself while it is on its way in somebody's pocket. */
export const carriedOut = 'CARRIED_OUT';

const replyKeyName = (endpoint: string): string => `carry.reply:${endpoint}`;

export interface CarriedMessage {
  readonly guid: string;
  readonly kind: string;
  readonly sha256: string;
  /** Handed out before, without a receipt so far. */
  readonly again: boolean;
}

/**
 * What is to be handed out for an endpoint, in the order of filing: all that is queued for it, and all that was handed out and has no
 * receipt. @param takesUnbound whether messages without an endpoint are its own, as of the one in use
 */
export function messagesToCarry(book: Book, endpoint: string, takesUnbound: boolean): CarriedMessage[] {
  const rank = `CASE m.kind ${Object.entries(sendingRank)
    .map(([kind, at]) => `WHEN '${kind}' THEN ${at}`)
    .join(' ')} END`;
  const rows = book
    .prepare(
      `SELECT m.guid, m.kind, m.sha256, m.state <> 'queued' AS again FROM message m
       WHERE (m.endpoint = ? OR (m.endpoint IS NULL AND ? = 1))
         AND (m.state = 'queued' OR (m.state = 'unknown' AND m.last_error = '${carriedOut}'))
       ORDER BY ${rank}, m.seq`,
    )
    .all(endpoint, takesUnbound ? 1 : 0) as { guid: string; kind: string; sha256: string; again: number }[];
  return rows.map((row) => ({ ...row, again: row.again === 1 }));
}

/** Hands a queued message out: from now on nobody knows what became of it until a receipt tells. */
export function handOut(book: Book, guid: string, endpoint: string, at: string): void {
  book.transaction(() => {
    book
      .prepare('UPDATE message SET attempts = attempts + 1, endpoint = coalesce(endpoint, ?) WHERE guid = ?')
      .run(endpoint, guid);
    moveMessage(book, guid, 'lease', at, { by: 'hand' });
    settle(book, guid, { event: 'lose', at, nextAttemptAt: at, error: carriedOut });
  });
}

/** The key of an endpoint's answers, made at first use. */
export function replyKey(book: Book, endpoint: string): Uint8Array {
  const known = book.setting(replyKeyName(endpoint));
  if (known !== undefined) return Buffer.from(known, 'base64');
  const made = randomBytes(32);
  book.setSetting(replyKeyName(endpoint), made.toString('base64'));
  return made;
}

/** The endpoints that something was handed out for, with the keys of their answers. */
export function replyKeys(book: Book): { endpoint: string; key: Uint8Array }[] {
  const rows = book.prepare(`SELECT key, value FROM setting WHERE key LIKE 'carry.reply:%'`).all() as {
    key: string;
    value: string;
  }[];
  return rows.map(({ key, value }) => ({
    endpoint: key.slice(replyKeyName('').length),
    key: Buffer.from(value, 'base64'),
  }));
}
