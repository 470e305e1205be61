import type { Book } from './book.ts';
import { carriedOut } from './carry.ts';
import { currentEndpoint, endpointOf } from './endpoints.ts';
import { noteHandover } from './handovers.ts';
import { moveMessage } from './messages.ts';

/**
 * A book brought back from a copy: what waits in it may have left since the copy was made. What is queued is asked about before it is sent;
 * a folder answers no questions once a file was cleared away, so there a person has to say that it never was taken. Messages for which
 * no platform was known stay queued: there is nobody to ask. @returns how many are in doubt
 */
export function doubtQueue(book: Book, now: string): number {
  return book.transaction(() => {
    const current = currentEndpoint(book)?.id;
    const rows = book
      .prepare(
        `SELECT guid, sha256, state, endpoint FROM message WHERE state IN ('unsigned','queued','sending') ORDER BY seq`,
      )
      .all() as { guid: string; sha256: string; state: string; endpoint: string | null }[];
    let doubted = 0;
    for (const { guid, sha256, state, endpoint } of rows) {
      const id = endpoint ?? current;
      const transport = id === undefined ? undefined : endpointOf(book, id)?.transport;
      if (id === undefined || transport === undefined) continue;
      if (transport === 'folder') noteHandover(book, id, guid, { name: `${guid}.xml`, sha256, at: now });
      if (state === 'unsigned') continue;
      moveMessage(book, guid, 'doubt', now);
      // What is carried by hand is handed out again as what may be there already.
      book
        .prepare(
          `UPDATE message SET endpoint = ?, lease_until = NULL, next_attempt_at = ?, waits_since = ?, last_error = ? WHERE guid = ?`,
        )
        .run(id, now, now, transport === 'carry' ? carriedOut : null, guid);
      doubted += 1;
    }
    return doubted;
  });
}
