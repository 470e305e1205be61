import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { PortbookError } from '../../../shared/errors.ts';
import { type PackContent, packContent } from '../../../shared/sync/pack-file.ts';
import { type PackIssuer, type PackManifest, packManifest } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';

/** Packs of code tables and rules that came to a book, who issues them, and what was refused. */

/** What is in a pack without its rows: enough to list it and to put it in force. */
const partSchema = z.object({
  /** Id of the table or of the rule pack. */
  id: z.string(),
  titleZh: z.string(),
  titleEn: z.string(),
  /** Of tables: digest and number of the rows, source, state of the world. */
  sha256: z.string().default(''),
  rows: z.number().int().default(0),
  source: z.string().default(''),
  asOf: z.string().default(''),
});
export type PackPart = z.infer<typeof partSchema>;

export interface StoredPack {
  readonly manifest: PackManifest;
  readonly parts: readonly PackPart[];
  readonly source: 'line' | 'file';
  readonly sourceName: string;
  readonly receivedAt: string;
  readonly takenAt: string | undefined;
  readonly inForce: boolean;
}

interface PackRow {
  readonly manifest: string;
  readonly parts: string;
  readonly source: 'line' | 'file';
  readonly sourceName: string;
  readonly receivedAt: string;
  readonly takenAt: string | null;
  readonly inForce: number;
}

const columns = `manifest, parts, source, source_name AS sourceName, received_at AS receivedAt, taken_at AS takenAt, in_force AS inForce`;

const fromRow = (row: PackRow): StoredPack => ({
  ...row,
  manifest: packManifest.parse(JSON.parse(row.manifest)),
  parts: z.array(partSchema).parse(JSON.parse(row.parts)),
  takenAt: row.takenAt ?? undefined,
  inForce: row.inForce === 1,
});

/** Every pack the book keeps, by id, the latest version first. */
export function listPacks(book: Book): StoredPack[] {
  return (book.prepare(`SELECT ${columns} FROM pack ORDER BY id, version DESC`).all() as PackRow[]).map(fromRow);
}

/** One version of a pack. Refusal: `PACK_UNKNOWN` {id, version}. */
export function requirePack(book: Book, id: string, version: number): StoredPack {
  const row = book.prepare(`SELECT ${columns} FROM pack WHERE id = ? AND version = ?`).get(id, version) as
    | PackRow
    | undefined;
  if (row === undefined) throw new PortbookError('PACK_UNKNOWN', { id, version });
  return fromRow(row);
}

/** The bytes that were signed for. Refusal: `PACK_UNKNOWN` {id, version}. */
export function packBytes(book: Book, id: string, version: number): Uint8Array {
  const row = book.prepare('SELECT body FROM pack WHERE id = ? AND version = ?').get(id, version) as
    | { body: Uint8Array }
    | undefined;
  if (row === undefined) throw new PortbookError('PACK_UNKNOWN', { id, version });
  return gunzipSync(row.body);
}

/** What is in a pack that the book keeps. Refusal: `PACK_UNKNOWN` {id, version}. */
export function storedContent(book: Book, id: string, version: number): PackContent {
  return packContent.parse(JSON.parse(Buffer.from(packBytes(book, id, version)).toString('utf8')));
}

/** Keeps a pack, not in force. The caller has verified it. */
export function insertPack(
  book: Book,
  pack: Pick<StoredPack, 'manifest' | 'parts' | 'source' | 'sourceName'>,
  bytes: Uint8Array,
  now: string,
): void {
  const { manifest } = pack;
  book
    .prepare(
      `INSERT INTO pack (id, version, kind, valid_from, sha256, key_id, manifest, parts, body, source, source_name, received_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      manifest.id,
      manifest.version,
      manifest.kind,
      manifest.validFrom,
      manifest.sha256,
      manifest.keyId,
      JSON.stringify(manifest),
      JSON.stringify(pack.parts),
      gzipSync(bytes),
      pack.source,
      pack.sourceName,
      now,
    );
}

/** Puts a version in force, or with `undefined` what ships. */
export function choosePack(book: Book, id: string, version: number | undefined, now: string): void {
  book.prepare('UPDATE pack SET in_force = 0 WHERE id = ? AND in_force = 1').run(id);
  if (version === undefined) return;
  book.prepare('UPDATE pack SET in_force = 1, taken_at = ? WHERE id = ? AND version = ?').run(now, id, version);
}

// Issuers -------------------------------------------------------------------------------------------------------------

export interface StoredIssuer extends PackIssuer {
  readonly keyId: string;
  /** Name of the endpoint that told of it; empty: entered by a person. */
  readonly namedBy: string;
  readonly trustedAt: string | undefined;
}

/** Issuers that are trusted or that a platform named, by name. */
export function listIssuers(book: Book): StoredIssuer[] {
  const rows = book
    .prepare(
      `SELECT key_id AS keyId, name, public_key AS publicKey, named_by AS namedBy, trusted_at AS trustedAt FROM pack_issuer
       ORDER BY trusted_at IS NULL, name, key_id`,
    )
    .all() as (Omit<StoredIssuer, 'trustedAt'> & { trustedAt: string | null })[];
  return rows.map((row) => ({ ...row, trustedAt: row.trustedAt ?? undefined }));
}

/** Notes an issuer a platform names; one that is known stays as it is. @returns whether it is new */
export function nameIssuer(book: Book, keyId: string, issuer: PackIssuer, namedBy: string): boolean {
  const { changes } = book
    .prepare('INSERT OR IGNORE INTO pack_issuer (key_id, name, public_key, named_by) VALUES (?, ?, ?, ?)')
    .run(keyId, issuer.name, issuer.publicKey, namedBy);
  return changes > 0;
}

export function trustIssuer(book: Book, keyId: string, issuer: PackIssuer, now: string): void {
  book
    .prepare(
      `INSERT INTO pack_issuer (key_id, name, public_key, named_by, trusted_at) VALUES (?, ?, ?, '', ?)
       ON CONFLICT (key_id) DO UPDATE SET name = excluded.name, trusted_at = excluded.trusted_at`,
    )
    .run(keyId, issuer.name, issuer.publicKey, now);
}

/** Takes trust away; what it signed before stays where it is. @returns false when it was not trusted */
export function distrustIssuer(book: Book, keyId: string): boolean {
  return (
    book.prepare('UPDATE pack_issuer SET trusted_at = NULL WHERE key_id = ? AND trusted_at IS NOT NULL').run(keyId)
      .changes > 0
  );
}

// Refusals of the line ------------------------------------------------------------------------------------------------

export interface PackRefusal {
  readonly endpointName: string;
  readonly packId: string;
  readonly version: number;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly at: string;
}

const paramsSchema = z.record(z.string(), z.union([z.string(), z.number()]));

/** What the platforms offered and the book refused when they were last asked. */
export function listPackRefusals(book: Book): PackRefusal[] {
  const rows = book
    .prepare(
      `SELECT endpoint_name AS endpointName, pack_id AS packId, version, code, params, at FROM pack_refusal
       ORDER BY at DESC, pack_id, version`,
    )
    .all() as (Omit<PackRefusal, 'params'> & { params: string })[];
  return rows.map((row) => ({ ...row, params: paramsSchema.parse(JSON.parse(row.params)) }));
}

/** Puts what an endpoint's packs were refused for in place of what stood there. @returns those that were not refused so before */
export function replacePackRefusals(
  book: Book,
  endpoint: { readonly id: string; readonly name: string },
  refusals: readonly Omit<PackRefusal, 'endpointName' | 'at'>[],
  now: string,
): Omit<PackRefusal, 'endpointName' | 'at'>[] {
  const known = new Set(
    (
      book.prepare('SELECT pack_id, version, code FROM pack_refusal WHERE endpoint = ?').all(endpoint.id) as {
        pack_id: string;
        version: number;
        code: string;
      }[]
    ).map(({ pack_id, version, code }) => `${pack_id} ${version} ${code}`),
  );
  book.prepare('DELETE FROM pack_refusal WHERE endpoint = ?').run(endpoint.id);
  const insert = book.prepare(
    `INSERT INTO pack_refusal (endpoint, endpoint_name, pack_id, version, code, params, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { packId, version, code, params } of refusals)
    insert.run(endpoint.id, endpoint.name, packId, version, code, JSON.stringify(params), now);
  return refusals.filter(({ packId, version, code }) => !known.has(`${packId} ${version} ${code}`));
}
