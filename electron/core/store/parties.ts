import type { z } from 'zod';
import type { partyKinds, partyView } from '../../../shared/contract/accounting.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';

export type PartyView = z.infer<typeof partyView>;
export type PartyKind = (typeof partyKinds)[number];

const select = 'SELECT id, kind, name, tax_no AS taxNo, customs_code AS customsCode, country, note, active FROM party';
type PartyRow = Omit<PartyView, 'active'> & { active: number };
const viewOf = (row: PartyRow): PartyView => ({ ...row, active: row.active === 1 });

/** A party of the book. Refusal: `PARTY_UNKNOWN` {id}. */
export function requireParty(book: Book, id: number, path?: string): PartyView {
  const row = book.prepare(`${select} WHERE id = ?`).get(id) as PartyRow | undefined;
  if (row === undefined) throw new PortbookError('PARTY_UNKNOWN', { id }, path);
  return viewOf(row);
}

/** Parties by name, of one kind or of all, whose name or tax number or customs code contains the text. */
export function listParties(
  book: Book,
  filter: {
    readonly kind: PartyKind | undefined;
    readonly text: string | undefined;
    readonly after: string | undefined;
    readonly limit: number;
  },
) {
  const [name, id] = decodeCursor(filter.after, ['', 0]);
  const where = `(:kind = '' OR kind = :kind) AND (:text = '' OR name LIKE :like ESCAPE '\\' OR tax_no LIKE :like ESCAPE '\\' OR customs_code LIKE :like ESCAPE '\\')`;
  const text = filter.text?.trim() ?? '';
  const only = { kind: filter.kind ?? '', text, like: containing(text) };
  const rows = book
    .prepare(`${select} WHERE ${where} AND (name, id) > (:name, :id) ORDER BY name, id LIMIT :limit`)
    .all({ ...only, name, id, limit: filter.limit }) as PartyRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM party WHERE ${where}`).get(only) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(viewOf),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.name, last.id]) } : {}),
  };
}

export type PartyInput = Omit<PartyView, 'id'> & { readonly id?: number | undefined };

/** Adds a party or changes one. Refusals: `PARTY_UNKNOWN`, `PARTY_EXISTS` {name} for a name or tax number of its kind. */
export function saveParty(book: Book, party: PartyInput, now: string): PartyView {
  const { id, kind, name, taxNo, customsCode, country, note, active } = party;
  const twin = book
    .prepare('SELECT id FROM party WHERE kind = ? AND (name = ? OR tax_no = ?) AND id <> ?')
    .get(kind, name, taxNo, id ?? 0) as { id: number } | undefined;
  if (twin !== undefined) throw new PortbookError('PARTY_EXISTS', { name }, 'name');
  if (id !== undefined) {
    requireParty(book, id, 'id');
    book
      .prepare(
        'UPDATE party SET kind = ?, name = ?, tax_no = ?, customs_code = ?, country = ?, note = ?, active = ?, updated_at = ? WHERE id = ?',
      )
      .run(kind, name, taxNo, customsCode, country, note, active ? 1 : 0, now, id);
    return requireParty(book, id);
  }
  const { lastInsertRowid } = book
    .prepare(
      'INSERT INTO party (kind, name, tax_no, customs_code, country, note, active, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(kind, name, taxNo, customsCode, country, note, active ? 1 : 0, now, now);
  return requireParty(book, Number(lastInsertRowid));
}

/**
 * The party of a kind that a paper names, by its tax number or else its name; made where the book has none. A tax number
 * the book lacks is added.
 * @returns its id
 */
export function ensureParty(
  book: Book,
  party: { readonly kind: PartyKind; readonly name: string; readonly taxNo?: string | undefined },
  now: string,
): number {
  const { kind, name } = party;
  const taxNo = party.taxNo === undefined || party.taxNo === '' ? null : party.taxNo;
  const found = book
    .prepare(
      'SELECT id, tax_no AS taxNo FROM party WHERE kind = ? AND (tax_no = ? OR name = ?) ORDER BY tax_no IS ? DESC LIMIT 1',
    )
    .get(kind, taxNo, name, taxNo) as { id: number; taxNo: string | null } | undefined;
  if (found === undefined)
    return saveParty(book, { kind, name, taxNo, customsCode: null, country: null, note: '', active: true }, now).id;
  if (taxNo !== null && found.taxNo === null)
    book.prepare('UPDATE party SET tax_no = ?, updated_at = ? WHERE id = ?').run(taxNo, now, found.id);
  return found.id;
}
