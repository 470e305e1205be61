import type { Book } from './book.ts';

/** A device's key pair as stored: the private half is sealed by the OS keyring, or lies in the sealed book as it is. */
export interface StoredDeviceKey {
  readonly id: string;
  /** Base64 of the SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly sealedBy: 'keyring' | 'book';
  readonly privateKey: Uint8Array;
}

/** Newest first, those of a keyring before those of the book. */
export function listDeviceKeys(book: Book): StoredDeviceKey[] {
  return book
    .prepare(
      `SELECT id, public_key AS publicKey, sealed_by AS sealedBy, private_key AS privateKey FROM device_key
       ORDER BY sealed_by = 'book', created_at DESC, id`,
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
