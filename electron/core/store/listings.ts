import { type ListingBody, listingBody } from '../../../shared/contract/listings.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { sha256Of } from './archive.ts';
import type { Book } from './book.ts';

/** A product as it stands, or shall stand, in the provincial product library. */
export interface ListingRecord {
  readonly id: number;
  readonly number: string;
  readonly sku: string;
  /** The product's Chinese name, else the one of its source; empty where it has none. */
  readonly nameZh: string;
  readonly hsCode: string;
  readonly template: string;
  readonly state: 'open' | 'withdrawn';
  readonly body: ListingBody;
  readonly acceptNo: string | null;
  readonly acceptedOn: string | null;
  readonly photos: number;
  readonly updatedAt: string;
}

interface Row extends Omit<ListingRecord, 'body'> {
  readonly body: string;
}

const select = `SELECT l.id, l.number, l.sku, coalesce(p.name_cn, p.name_source) AS nameZh, coalesce(p.hs_code, '') AS hsCode, l.template,
  l.state, l.body, l.accept_no AS acceptNo, l.accepted_on AS acceptedOn, l.updated_at AS updatedAt,
  (SELECT count(*) FROM listing_photo f WHERE f.listing_id = l.id AND f.removed_at IS NULL) AS photos
  FROM listing l JOIN product p ON p.sku = l.sku`;

const fromRow = (row: Row): ListingRecord => ({ ...row, body: listingBody.parse(JSON.parse(row.body)) });

/** Open ones first, the newest first. */
export function listListings(book: Book): ListingRecord[] {
  return (book.prepare(`${select} ORDER BY l.state = 'withdrawn', l.id DESC`).all() as Row[]).map(fromRow);
}

/** What the open listing of a SKU says of its brand; undefined: it has none. */
export function brandOf(book: Book, sku: string): { readonly type: string; readonly hasRight: boolean } | undefined {
  const row = book
    .prepare(
      `SELECT coalesce(json_extract(body, '$.brandType'), '') AS type, coalesce(json_extract(body, '$.ip'), '') AS ip
       FROM listing WHERE sku = ? AND state = 'open'`,
    )
    .get(sku) as { type: string; ip: string } | undefined;
  return row === undefined ? undefined : { type: row.type, hasRight: row.ip !== '' };
}

/** Refusal: `LISTING_UNKNOWN` {id}. */
export function requireListing(book: Book, id: number): ListingRecord {
  const row = book.prepare(`${select} WHERE l.id = ?`).get(id) as Row | undefined;
  if (row === undefined) throw new PortbookError('LISTING_UNKNOWN', { id }, 'id');
  return fromRow(row);
}

/**
 * Lists a product of the book, numbered by the year: CP-2026-001. One that was withdrawn is opened again under its number. Refusal:
 * `LISTING_EXISTS` {number, sku}.
 */
export function openListing(
  book: Book,
  { sku, template, body }: { readonly sku: string; readonly template: string; readonly body: ListingBody },
  year: string,
  now: string,
): number {
  const there = book.prepare('SELECT id, number, state FROM listing WHERE sku = ?').get(sku) as
    | { id: number; number: string; state: string }
    | undefined;
  if (there?.state === 'open') throw new PortbookError('LISTING_EXISTS', { number: there.number, sku }, 'sku');
  if (there !== undefined) {
    book.prepare(`UPDATE listing SET state = 'open', updated_at = ? WHERE id = ?`).run(now, there.id);
    return there.id;
  }
  const number = `CP-${year}-${String(book.nextNumber(`listing:${year}`)).padStart(3, '0')}`;
  const { lastInsertRowid } = book
    .prepare('INSERT INTO listing (number, sku, template, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)')
    .run(number, sku, template, JSON.stringify(body), now, now);
  return Number(lastInsertRowid);
}

/** Filings of what changes are marked by a trigger. */
export function saveListing(book: Book, id: number, body: ListingBody, now: string): void {
  book.prepare('UPDATE listing SET body = ?, updated_at = ? WHERE id = ?').run(JSON.stringify(body), now, id);
}

/** A draft of its filing is given up by a trigger; what was accepted waits for a deletion. Photos taken out of it are not kept any longer. */
export function withdrawListing(book: Book, id: number, now: string): void {
  book.prepare('DELETE FROM listing_photo WHERE listing_id = ? AND removed_at IS NOT NULL').run(id);
  book.prepare(`UPDATE listing SET state = 'withdrawn', updated_at = ? WHERE id = ?`).run(now, id);
}

// Photos --------------------------------------------------------------------------------------------------------------

export interface ListingPhoto {
  readonly id: number;
  readonly fileName: string;
  readonly sha256: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

const selectPhoto = 'SELECT id, file_name AS fileName, sha256, size, width, height FROM listing_photo';

/** In the order they were added. */
export function photosOf(book: Book, listingId: number): ListingPhoto[] {
  return book
    .prepare(`${selectPhoto} WHERE listing_id = ? AND removed_at IS NULL ORDER BY id`)
    .all(listingId) as ListingPhoto[];
}

/** Those that were taken out, the last one first. */
export function removedPhotosOf(book: Book, listingId: number): ListingPhoto[] {
  return book
    .prepare(`${selectPhoto} WHERE listing_id = ? AND removed_at IS NOT NULL ORDER BY removed_at DESC, id DESC`)
    .all(listingId) as ListingPhoto[];
}

/** One that was taken out and is added again is put back. Refusal: `PHOTO_THERE` {name} where the listing has the same picture. */
export function insertPhoto(
  book: Book,
  listingId: number,
  photo: {
    readonly fileName: string;
    readonly bytes: Uint8Array;
    readonly width: number;
    readonly height: number;
  },
  now: string,
): number {
  const { fileName, bytes, width, height } = photo;
  const sha256 = sha256Of(bytes);
  const there = photosOf(book, listingId).find((one) => one.sha256 === sha256);
  if (there !== undefined) throw new PortbookError('PHOTO_THERE', { name: there.fileName });
  const removed = removedPhotosOf(book, listingId).find((one) => one.sha256 === sha256);
  if (removed !== undefined) {
    setPhotoRemoved(book, removed.id, null);
    return removed.id;
  }
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO listing_photo (listing_id, file_name, sha256, width, height, size, content, added_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(listingId, fileName, sha256, width, height, bytes.length, bytes, now);
  return Number(lastInsertRowid);
}

/** Refusal: `PHOTO_UNKNOWN` {id}. */
export function requirePhoto(
  book: Book,
  id: number,
): { readonly listingId: number; readonly fileName: string; readonly content: Uint8Array } {
  const row = book
    .prepare('SELECT listing_id AS listingId, file_name AS fileName, content FROM listing_photo WHERE id = ?')
    .get(id) as { listingId: number; fileName: string; content: Uint8Array } | undefined;
  if (row === undefined) throw new PortbookError('PHOTO_UNKNOWN', { id });
  return row;
}

/** Takes a photo out of its listing, kept, or puts it back. */
export function setPhotoRemoved(book: Book, id: number, removedAt: string | null): void {
  book.prepare('UPDATE listing_photo SET removed_at = ? WHERE id = ?').run(removedAt, id);
}

/** Days on which a certificate of a listing runs out, of those that are not withdrawn. */
export function endingCertificates(
  book: Book,
): { id: number; number: string; kind: string; no: string; validTo: string }[] {
  return book
    .prepare(
      `SELECT l.id, l.number, c.value ->> '$.kind' AS kind, c.value ->> '$.no' AS no, c.value ->> '$.validTo' AS validTo
       FROM listing l, json_each(l.body, '$.certificates') c
       WHERE l.state = 'open' AND c.value ->> '$.validTo' IS NOT NULL ORDER BY 5, 1`,
    )
    .all() as ReturnType<typeof endingCertificates>;
}
