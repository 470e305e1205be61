import type { Book } from './book.ts';

/** A device's key pair as stored: the private half is sealed by the OS keyring, or lies in the sealed book as it is. */
export interface StoredDeviceKey {
  readonly id: string;
  /** Base64 of the SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly sealedBy: 'keyring' | 'book';
  readonly privateKey: Uint8Array;
}

/** The keys in use, newest first, those of a keyring before those of the book. */
export function listDeviceKeys(book: Book): StoredDeviceKey[] {
  return book
    .prepare(
      `SELECT id, public_key AS publicKey, sealed_by AS sealedBy, private_key AS privateKey FROM device_key
       WHERE retired_at IS NULL ORDER BY sealed_by = 'book', created_at DESC, id`,
    )
    .all() as StoredDeviceKey[];
}

export function insertDeviceKey(book: Book, key: StoredDeviceKey, at: string): void {
  book.transaction(() => {
    book
      .prepare('INSERT INTO device_key (id, public_key, sealed_by, private_key, created_at) VALUES (?, ?, ?, ?, ?)')
      .run(key.id, key.publicKey, key.sealedBy, Buffer.from(key.privateKey), at);
    book.audit('device.created', key.id, { sealedBy: key.sealedBy }, at);
  });
}

/**
 * Puts a new key in the place of every other one of this book. Of the others the private half is gone for good; the public one stays,
 * to tell what was signed by it.
 */
export function replaceDeviceKeys(book: Book, key: StoredDeviceKey, reason: string, at: string): void {
  book.transaction(() => {
    for (const { id } of listDeviceKeys(book)) {
      book
        .prepare(`UPDATE device_key SET private_key = x'', retired_at = ?, retire_reason = ? WHERE id = ?`)
        .run(at, reason, id);
      book.audit('device.retired', id, { reason, by: key.id }, at);
    }
    insertDeviceKey(book, key, at);
  });
}

/** Every key this book ever had, newest first. */
export function deviceKeyHistory(book: Book): {
  id: string;
  publicKey: string;
  sealedBy: 'keyring' | 'book';
  createdAt: string;
  retiredAt: string | undefined;
  reason: string | undefined;
}[] {
  const rows = book
    .prepare(
      `SELECT id, public_key, sealed_by, created_at, retired_at, retire_reason FROM device_key
       ORDER BY retired_at IS NOT NULL, created_at DESC, id`,
    )
    .all() as {
    id: string;
    public_key: string;
    sealed_by: 'keyring' | 'book';
    created_at: string;
    retired_at: string | null;
    retire_reason: string | null;
  }[];
  return rows.map((row) => ({
    id: row.id,
    publicKey: row.public_key,
    sealedBy: row.sealed_by,
    createdAt: row.created_at,
    retiredAt: row.retired_at ?? undefined,
    reason: row.retire_reason ?? undefined,
  }));
}
