/** Personal quota (个人年度便利化额度): settlements of persons, what proves the trade behind them, and what is known from outside the book. */
import { PortbookError } from '../../../../shared/errors.ts';
import type { Book } from '../book.ts';

export type QuotaProof = 'none' | 'tradeProof' | 'electronicInfo';
export type QuotaHolder = 'individual' | 'soleTrader';

export interface QuotaPerson {
  readonly name: string;
  readonly holder: QuotaHolder;
  readonly note: string;
}

/** Owners of personal accounts and whoever was entered, by name. */
export function quotaPersons(book: Book): QuotaPerson[] {
  return book
    .prepare(
      `SELECT n.name, coalesce(p.holder, 'individual') AS holder, coalesce(p.note, '') AS note FROM (
         SELECT owner AS name FROM money_account WHERE owner_kind = 'person' AND owner <> '' UNION SELECT name FROM quota_person
         UNION SELECT person FROM quota_entry) n
       LEFT JOIN quota_person p ON p.name = n.name ORDER BY n.name`,
    )
    .all() as QuotaPerson[];
}

export function saveQuotaPerson(book: Book, person: QuotaPerson, now: string): void {
  book
    .prepare(
      `INSERT INTO quota_person (name, holder, note, updated_at) VALUES (:name, :holder, :note, :now)
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, note = excluded.note, updated_at = excluded.updated_at`,
    )
    .run({ ...person, now });
}

/** A settlement (结汇) that may count. `usdMinor` null: of a record without a value in US dollars. */
export interface QuotaSettlement {
  readonly recordId: number | null;
  readonly entryId: number | null;
  readonly number: string;
  readonly date: string;
  readonly currency: string;
  readonly minor: number;
  readonly usdMinor: number | null;
  readonly proof: QuotaProof;
  readonly provenUsdMinor: number | null;
  readonly reference: string;
  readonly note: string;
}

/** Settlements of a person in a range, in the order they were made; proof as said here, else as the record itself says. */
export function settlementsOf(book: Book, person: string, from: string, to: string): QuotaSettlement[] {
  return book
    .prepare(
      `SELECT r.id AS recordId, q.id AS entryId, r.number, r.date, r.currency, r.amount_minor AS minor, r.usd_minor AS usdMinor,
         coalesce(q.proof, CASE json_extract(r.detail, '$.personProof') WHEN 'amount' THEN 'tradeProof' WHEN 'electronic' THEN 'electronicInfo' ELSE 'none' END) AS proof,
         q.proven_usd_minor AS provenUsdMinor, coalesce(q.reference, json_extract(r.detail, '$.proofNote'), '') AS reference, coalesce(q.note, '') AS note
       FROM money_record r JOIN money_account a ON a.id = r.account_id LEFT JOIN quota_entry q ON q.record_id = r.id
       WHERE r.kind = 'settlement' AND r.state = 'entered' AND a.owner_kind = 'person' AND a.owner = :person AND r.date BETWEEN :from AND :to
       UNION ALL
       SELECT NULL, q.id, '', q.date, 'USD', q.usd_minor, q.usd_minor, q.proof, q.proven_usd_minor, q.reference, q.note FROM quota_entry q
       WHERE q.record_id IS NULL AND q.person = :person AND q.date BETWEEN :from AND :to
       ORDER BY 4, 1, 2`,
    )
    .all({ person, from, to }) as QuotaSettlement[];
}

/** The settlement behind a record of a person. Refusals: `MONEY_RECORD_UNKNOWN` {id}, `QUOTA_RECORD` {number}. */
export function personSettlement(
  book: Book,
  recordId: number,
): {
  readonly owner: string;
  readonly usdMinor: number | null;
  readonly currency: string;
  readonly minor: number;
  readonly date: string;
} {
  const row = book
    .prepare(
      `SELECT r.number, r.kind, r.state, a.owner_kind AS ownerKind, a.owner, r.usd_minor AS usdMinor, r.currency, r.amount_minor AS minor, r.date
       FROM money_record r JOIN money_account a ON a.id = r.account_id WHERE r.id = ?`,
    )
    .get(recordId) as
    | {
        number: string;
        kind: string;
        state: string;
        ownerKind: string;
        owner: string;
        usdMinor: number | null;
        currency: string;
        minor: number;
        date: string;
      }
    | undefined;
  if (row === undefined) throw new PortbookError('MONEY_RECORD_UNKNOWN', { id: recordId }, 'recordId');
  if (row.kind !== 'settlement' || row.ownerKind !== 'person' || row.state !== 'entered')
    throw new PortbookError('QUOTA_RECORD', { number: row.number }, 'recordId');
  return row;
}

export interface QuotaEntry {
  readonly person: string;
  readonly recordId: number | null;
  readonly date: string | null;
  readonly usdMinor: number | null;
  readonly proof: QuotaProof;
  readonly provenUsdMinor: number | null;
  readonly reference: string;
  readonly note: string;
}

/** Adds an entry, or changes the one of the id or of the record. @returns its id */
export function saveQuotaEntry(book: Book, id: number | undefined, entry: QuotaEntry, now: string): number {
  const known =
    id ??
    (entry.recordId === null
      ? undefined
      : (
          book.prepare('SELECT id FROM quota_entry WHERE record_id = ?').get(entry.recordId) as
            | { id: number }
            | undefined
        )?.id);
  if (known === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO quota_entry (person, record_id, date, usd_minor, proof, proven_usd_minor, reference, note, created_at, updated_at)
         VALUES (:person, :recordId, :date, :usdMinor, :proof, :provenUsdMinor, :reference, :note, :now, :now)`,
      )
      .run({ ...entry, now });
    return Number(lastInsertRowid);
  }
  const { changes } = book
    .prepare(
      `UPDATE quota_entry SET person = :person, record_id = :recordId, date = :date, usd_minor = :usdMinor, proof = :proof,
         proven_usd_minor = :provenUsdMinor, reference = :reference, note = :note, updated_at = :now WHERE id = :id`,
    )
    .run({ ...entry, id: known, now });
  if (changes === 0) throw new PortbookError('QUOTA_ENTRY_UNKNOWN', { id: known }, 'id');
  return known;
}

/** Refusal: `QUOTA_ENTRY_UNKNOWN` {id}. */
export function removeQuotaEntry(book: Book, id: number): { readonly person: string } {
  const row = book.prepare('DELETE FROM quota_entry WHERE id = ? RETURNING person').get(id) as
    | { person: string }
    | undefined;
  if (row === undefined) throw new PortbookError('QUOTA_ENTRY_UNKNOWN', { id }, 'id');
  return row;
}
