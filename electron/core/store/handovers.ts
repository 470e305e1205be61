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

/** Notes that a message is about to be put there; the first note stands. @returns whether this is it */
export function noteHandover(book: Book, endpoint: string, guid: string, handover: Handover): boolean {
  const { changes } = book
    .prepare(
      `INSERT INTO handover (message_guid, endpoint, name, sha256, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (message_guid) DO NOTHING`,
    )
    .run(guid, endpoint, handover.name, handover.sha256, handover.at);
  return changes === 1;
}

/**
 * What is noted of a message. One that was written to a file before it belonged to these folders may have been handed in by hand: that is
 * noted here as well, until a person says that it never was.
 */
export function handoverOrExport(book: Book, endpoint: string, guid: string, at: string): Handover | undefined {
  const noted = handoverOf(book, guid);
  if (noted !== undefined) return noted;
  const last = book
    .prepare(
      `SELECT t.event, m.sha256 FROM transition t JOIN message m ON m.guid = t.subject_id
       WHERE t.subject = 'message' AND t.subject_id = ? AND t.event IN ('export','miss') ORDER BY t.id DESC LIMIT 1`,
    )
    .get(guid) as { event: string; sha256: string } | undefined;
  if (last?.event !== 'export') return undefined;
  noteHandover(book, endpoint, guid, { name: `${guid}.xml`, sha256: last.sha256, at });
  return handoverOf(book, guid);
}

/** A person has made sure that it never was taken: it may be put there once more. */
export function forgetHandover(book: Book, guid: string): boolean {
  return book.prepare('DELETE FROM handover WHERE message_guid = ?').run(guid).changes === 1;
}

/** Receipts in an endpoint's folder that the book has, by name: size and time of the file they were read from. */
export function folderMarks(book: Book, endpoint: string): Map<string, string> {
  const rows = book.prepare('SELECT name, mark FROM folder_mark WHERE endpoint = ?').all(endpoint) as {
    name: string;
    mark: string;
  }[];
  return new Map(rows.map(({ name, mark }) => [name, mark]));
}

/** Remembers a receipt that the book has. */
export function saveFolderMark(book: Book, endpoint: string, name: string, mark: string): void {
  book
    .prepare(
      `INSERT INTO folder_mark (endpoint, name, mark) VALUES (?, ?, ?)
       ON CONFLICT (endpoint, name) DO UPDATE SET mark = excluded.mark`,
    )
    .run(endpoint, name, mark);
}

/** Forgets files that are not in the folder any more. */
export function forgetFolderMarks(book: Book, endpoint: string, names: readonly string[]): void {
  book.transaction(() => {
    const forget = book.prepare('DELETE FROM folder_mark WHERE endpoint = ? AND name = ?');
    for (const name of names) forget.run(endpoint, name);
  });
}
