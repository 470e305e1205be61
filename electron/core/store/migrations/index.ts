import { sql as book } from './0010-book.sql.ts';
import { sql as platformNumber } from './0020-platform-number.sql.ts';
import { sql as ledger } from './0030-ledger.sql.ts';

export interface Migration {
  /** Multiples of ten, ascending; never changed once released. */
  readonly id: number;
  readonly name: string;
  readonly sql: string;
}

/** Forward only. A released migration is never edited: its checksum is in every book. */
export const migrations: readonly Migration[] = [
  { id: 10, name: 'book', sql: book },
  { id: 20, name: 'platform-number', sql: platformNumber },
  { id: 30, name: 'ledger', sql: ledger },
];
