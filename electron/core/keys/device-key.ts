import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Book } from '../store/book.ts';
import { insertDeviceKey, listDeviceKeys, replaceDeviceKeys, type StoredDeviceKey } from '../store/device-keys.ts';
import type { Keyring } from './key-file.ts';

/** The Ed25519 key by which a platform knows this device. */
export interface DeviceKey {
  readonly id: string;
  /** Base64 of the SubjectPublicKeyInfo (DER). */
  readonly publicKey: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/** Opened once a book: asking the keyring may show the user a prompt. */
const opened = new WeakMap<Book, Promise<DeviceKey>>();

/**
 * The device key of a book that this process can use. One sealed by the OS keyring comes first; where none opens (another
 * computer, the command line) the book's own serves, and where there is none a new one is made.
 */
export function deviceKey(
  book: Book,
  keyring: Keyring,
  now: () => string = () => new Date().toISOString(),
): Promise<DeviceKey> {
  const known = opened.get(book);
  if (known !== undefined) return known;
  const made = openOrCreate(book, keyring, now);
  opened.set(book, made);
  made.catch(() => opened.delete(book));
  return made;
}

async function openOrCreate(book: Book, keyring: Keyring, now: () => string): Promise<DeviceKey> {
  for (const stored of listDeviceKeys(book)) {
    const der = stored.sealedBy === 'book' ? stored.privateKey : await keyring.open(stored.privateKey);
    if (der !== undefined) return usable(stored, readPrivateKey(der));
  }
  const made = await makeKey(keyring);
  insertDeviceKey(book, made.stored, now());
  return usable(made.stored, made.key);
}

/**
 * Makes a new key for this book in the place of all it has had, after one may have been seen by others or a computer is gone. A platform
 * meets it at the next contact; that it should refuse the old one from now on has to be said to its operator, the protocol has no word
 * for it.
 */
export function rotateDeviceKey(
  book: Book,
  keyring: Keyring,
  reason: string,
  now: () => string = () => new Date().toISOString(),
): Promise<DeviceKey> {
  const made = makeKey(keyring).then(({ stored, key }) => {
    replaceDeviceKeys(book, stored, reason, now());
    return usable(stored, key);
  });
  const before = opened.get(book);
  opened.set(book, made);
  made.catch(() => {
    if (before === undefined) opened.delete(book);
    else opened.set(book, before);
  });
  return made;
}

async function makeKey(keyring: Keyring): Promise<{ stored: StoredDeviceKey; key: KeyObject }> {
  const pair = generateKeyPairSync('ed25519');
  const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const sealed = await keyring.seal(der);
  const stored: StoredDeviceKey = {
    id: randomUUID(),
    publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    sealedBy: sealed === undefined ? 'book' : 'keyring',
    privateKey: sealed ?? der,
  };
  return { stored, key: pair.privateKey };
}

function readPrivateKey(der: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
}

function usable(stored: StoredDeviceKey, key: KeyObject): DeviceKey {
  return { id: stored.id, publicKey: stored.publicKey, sign: (bytes) => Uint8Array.from(sign(null, bytes, key)) };
}
