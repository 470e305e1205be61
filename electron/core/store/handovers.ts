import type { Book } from './book.ts';

/** Messages put where somebody else takes them: noted before they are visible there, so that none is ever put there twice. */
export interface Handover {
  readonly name: string;
  readonly sha256: string;
  readonly at: string;
}

export function handoverOf(book: Book, guid: string): Handover | undefined {
  return book.prepare('SELECT name, sha256, at FROM handover WHERE message_guid = ?').get(guid) as Handover | undefined;
}

/** Notes that a message is about to be put there; the first note stands. */
export function noteHandover(book: Book, endpoint: string, guid: string, handover: Handover): void {
  book
    .prepare(
      `INSERT INTO handover (message_guid, endpoint, name, sha256, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (message_guid) DO NOTHING`,
    )
    .run(guid, endpoint, handover.name, handover.sha256, handover.at);
}

/** A person has made sure that it never was taken: it may be put there once more. */
export function forgetHandover(book: Book, guid: string): boolean {
  return book.prepare('DELETE FROM handover WHERE message_guid = ?').run(guid).changes === 1;
}
