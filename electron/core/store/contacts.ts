import { contactKinds, type ServiceContact } from '../../../shared/contract/contacts.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';

/** By service in the order of the contract, then by name. */
export function listContacts(book: Book): (ServiceContact & { readonly id: number })[] {
  const rows = book
    .prepare('SELECT id, kind, name, person, phone, email, link, note FROM service_contact ORDER BY name, id')
    .all() as (ServiceContact & { readonly id: number })[];
  return contactKinds.flatMap((kind) => rows.filter((row) => row.kind === kind));
}

/** Adds a contact, or changes the one with the id. Refusal: `CONTACT_UNKNOWN` {id}. */
export function saveContact(
  book: Book,
  { id, ...contact }: ServiceContact & { readonly id?: number | undefined },
): number {
  if (id === undefined)
    return Number(
      book
        .prepare(
          `INSERT INTO service_contact (kind, name, person, phone, email, link, note)
           VALUES (:kind, :name, :person, :phone, :email, :link, :note)`,
        )
        .run(contact).lastInsertRowid,
    );
  const { changes } = book
    .prepare(
      `UPDATE service_contact SET kind = :kind, name = :name, person = :person, phone = :phone, email = :email, link = :link, note = :note
       WHERE id = :id`,
    )
    .run({ ...contact, id });
  if (changes === 0) throw new PortbookError('CONTACT_UNKNOWN', { id }, 'id');
  return id;
}

/** Refusal: `CONTACT_UNKNOWN` {id}. */
export function removeContact(book: Book, id: number): void {
  if (book.prepare('DELETE FROM service_contact WHERE id = ?').run(id).changes === 0)
    throw new PortbookError('CONTACT_UNKNOWN', { id }, 'id');
}
