import type { Book } from './book.ts';

/** Tables of what is filed with the provincial platform. Each has `accept_no`, the platform's number, and `accepted_on`, `yyyy-mm-dd`. */
export type FiledTable = 'credit_pledge' | 'listing' | 'registration' | 'statistics_report';

/** The platform has accepted: its number, kept where none comes again, and the day. */
export function noteFiled(
  book: Book,
  table: FiledTable,
  id: number,
  at: { readonly acceptNo: string | undefined; readonly on: string },
): void {
  book
    .prepare(`UPDATE ${table} SET accept_no = coalesce(?, accept_no), accepted_on = ? WHERE id = ?`)
    .run(at.acceptNo ?? null, at.on, id);
}

/** It stands there no more: deleted, with its number, or sent back after all. */
export function noteNotFiled(book: Book, table: FiledTable, id: number, isDeleted: boolean): void {
  book
    .prepare(`UPDATE ${table} SET accept_no = iif(?, NULL, accept_no), accepted_on = NULL WHERE id = ?`)
    .run(isDeleted ? 1 : 0, id);
}
