import { parseIsoDate } from '../../../shared/calendar/dates.ts';
import { type RegistrationBody, registrationBody } from '../../../shared/contract/registrations.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Registered } from '../../../shared/rules/customs/index.ts';
import type { OperatorType } from '../../../shared/rules/matters/pack.ts';
import type { Book } from './book.ts';

/** What the firm is registered as with the provincial platform. */
export interface RegistrationRecord {
  readonly id: number;
  readonly number: string;
  readonly subjectType: OperatorType;
  readonly state: 'open' | 'cancelled';
  readonly body: RegistrationBody;
  readonly acceptNo: string | null;
  readonly acceptedOn: string | null;
  readonly updatedAt: string;
}

interface Row extends Omit<RegistrationRecord, 'body'> {
  readonly body: string;
}

const select = `SELECT id, number, subject_type AS subjectType, state, body, accept_no AS acceptNo, accepted_on AS acceptedOn,
  updated_at AS updatedAt FROM registration`;

const fromRow = (row: Row): RegistrationRecord => ({ ...row, body: registrationBody.parse(JSON.parse(row.body)) });

/** Open ones first, the newest first. */
export function listRegistrations(book: Book): RegistrationRecord[] {
  return (book.prepare(`${select} ORDER BY state = 'cancelled', id DESC`).all() as Row[]).map(fromRow);
}

/** What the platform has accepted and holds: the scope and the end of each. */
export function acceptedRegistrations(book: Book): Registered[] {
  const rows = book.prepare(`${select} WHERE state = 'open' AND accepted_on IS NOT NULL ORDER BY id`).all() as Row[];
  return rows.map(fromRow).map(({ number, body: { modes, validTo } }) => ({
    number,
    modes,
    to: validTo === null ? undefined : parseIsoDate(validTo),
  }));
}

/** Refusal: `REGISTRATION_UNKNOWN` {id}. */
export function requireRegistration(book: Book, id: number): RegistrationRecord {
  const row = book.prepare(`${select} WHERE id = ?`).get(id) as Row | undefined;
  if (row === undefined) throw new PortbookError('REGISTRATION_UNKNOWN', { id }, 'id');
  return fromRow(row);
}

/**
 * Opens one, numbered by the year: BA-2026-001. What the firm has said on its last one is taken over; papers, scope and remarks are of the
 * kind. Refusal: `REGISTRATION_EXISTS` {number}.
 */
export function openRegistration(book: Book, subjectType: OperatorType, year: string, now: string): number {
  const open = book
    .prepare(`SELECT number FROM registration WHERE subject_type = ? AND state = 'open'`)
    .get(subjectType) as { number: string } | undefined;
  if (open !== undefined) throw new PortbookError('REGISTRATION_EXISTS', { number: open.number }, 'subjectType');
  const last = book.prepare(`${select} ORDER BY updated_at DESC, id DESC LIMIT 1`).get() as Row | undefined;
  const { address, division, legalPerson, contactName, contactPhone } =
    last === undefined ? registrationBody.parse({}) : fromRow(last).body;
  const body = registrationBody.parse({ address, division, legalPerson, contactName, contactPhone });
  const number = `BA-${year}-${String(book.nextNumber(`registration:${year}`)).padStart(3, '0')}`;
  const { lastInsertRowid } = book
    .prepare('INSERT INTO registration (number, subject_type, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?)')
    .run(number, subjectType, JSON.stringify(body), now, now);
  return Number(lastInsertRowid);
}

/** Filings of what changes are marked by a trigger. */
export function saveRegistration(book: Book, id: number, body: RegistrationBody, now: string): void {
  book.prepare('UPDATE registration SET body = ?, updated_at = ? WHERE id = ?').run(JSON.stringify(body), now, id);
}

/** A draft of its filing is given up by a trigger; what was accepted waits for a deletion. */
export function cancelRegistration(book: Book, id: number, now: string): void {
  book.prepare(`UPDATE registration SET state = 'cancelled', updated_at = ? WHERE id = ?`).run(now, id);
}

/** Dates on which a registration or a paper of it runs out, of those that are not cancelled. */
export function endingRegistrations(
  book: Book,
): { id: number; number: string; subjectType: OperatorType; validTo: string; paper: string | null }[] {
  return book
    .prepare(
      `SELECT id, number, subject_type AS subjectType, body ->> '$.validTo' AS validTo, NULL AS paper FROM registration
       WHERE state = 'open' AND body ->> '$.validTo' IS NOT NULL
       UNION ALL
       SELECT r.id, r.number, r.subject_type, p.value ->> '$.validTo', p.value ->> '$.paper' FROM registration r, json_each(r.body, '$.papers') p
       WHERE r.state = 'open' AND p.value ->> '$.validTo' IS NOT NULL
       ORDER BY 4, 1`,
    )
    .all() as ReturnType<typeof endingRegistrations>;
}
