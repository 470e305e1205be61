import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { PortbookError } from '../../../shared/errors.ts';
import { writeFileAtomically } from '../files/atomic.ts';

/**
 * `keys.json`: the ways to a book's key. The key itself is random and never changes; each way holds it sealed with
 * AES-256-GCM under a secret of its own (a wrap). So a new passphrase rewrites this small file and no page of the book.
 */

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);
const sealed = { iv: base64, tag: base64, key: base64 };

const passphraseWrap = z.object({
  kind: z.literal('passphrase'),
  kdf: z.object({
    name: z.literal('scrypt'),
    // Bounds: a file made by someone else must not make us allocate without end, nor weaken what we write.
    N: z
      .number()
      .int()
      .min(2 ** 15)
      .max(2 ** 20),
    r: z.number().int().min(8).max(32),
    p: z.number().int().min(1).max(4),
    salt: base64,
  }),
  ...sealed,
});
const hkdf = z.object({ name: z.literal('hkdf-sha256'), salt: base64 });
const recoveryWrap = z.object({ kind: z.literal('recovery'), kdf: hkdf, ...sealed });
/** `secret`: random bytes sealed by the OS keyring of one user on one computer. Only ever an additional way. */
const keyringWrap = z.object({ kind: z.literal('keyring'), kdf: hkdf, secret: base64, ...sealed });
const wrapSchema = z.discriminatedUnion('kind', [passphraseWrap, recoveryWrap, keyringWrap]);
type Wrap = z.infer<typeof wrapSchema>;

const keyFileSchema = z.object({
  format: z.literal(1),
  bookId: z.string().min(1),
  createdAt: z.string(),
  wraps: z.array(wrapSchema).min(1),
});
export type KeyFile = z.infer<typeof keyFileSchema>;

/** What a guess at a passphrase costs (scrypt). Every key file says what its own was made with. */
export interface PassphraseCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** About 64 MB and 0.15 s of one core for each guess. */
const usualCost: PassphraseCost = { N: 2 ** 16, r: 8, p: 1 };

/** A new book's key: 256 random bits. */
export function randomBookKey(): Uint8Array {
  return Uint8Array.from(randomBytes(32));
}

/** Reads a book's key file. Refusals: `KEYS_MISSING`, `KEYS_DAMAGED`, `BOOK_FROM_FUTURE` for a newer format. */
export function readKeyFile(path: string): KeyFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new PortbookError('KEYS_MISSING', { path });
    throw error;
  }
  const parsed = parseJson(text);
  const format = z.object({ format: z.number() }).safeParse(parsed);
  if (format.success && format.data.format > 1)
    throw new PortbookError('BOOK_FROM_FUTURE', { version: format.data.format });
  const file = keyFileSchema.safeParse(parsed);
  if (!file.success) throw new PortbookError('KEYS_DAMAGED', { path });
  return file.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is as damaged as wrong JSON: the schema says so.
    return undefined;
  }
}

/** Replaces the key file in one step: after a power cut either the old one or the new one is there, whole. */
export function writeKeyFile(path: string, file: KeyFile): void {
  writeFileAtomically(path, `${JSON.stringify(file, null, 1)}\n`);
}

/** A key file with a passphrase and a fresh recovery key. The recovery key is nowhere but in the answer. */
export async function makeKeyFile(made: {
  bookId: string;
  key: Uint8Array;
  passphrase: string;
  at: string;
  cost?: PassphraseCost | undefined;
}): Promise<{ file: KeyFile; recoveryKey: string }> {
  const recovery = randomBytes(recoveryBytes);
  const file: KeyFile = {
    format: 1,
    bookId: made.bookId,
    createdAt: made.at,
    wraps: [
      await wrapByPassphrase(made.bookId, made.key, made.passphrase, made.cost),
      wrapByRecovery(made.bookId, made.key, recovery),
    ],
  };
  return { file, recoveryKey: formatRecoveryKey(recovery) };
}

/** The book's key by its passphrase. Refusal: `PASSPHRASE_WRONG`. */
export async function keyByPassphrase(file: KeyFile, passphrase: string): Promise<Uint8Array> {
  for (const wrap of file.wraps) {
    if (wrap.kind !== 'passphrase') continue;
    const key = unseal(file.bookId, wrap, await deriveScrypt(passphrase, wrap.kdf));
    if (key !== undefined) return key;
  }
  throw new PortbookError('PASSPHRASE_WRONG');
}

/** The book's key by the printed recovery key. Refusals: `RECOVERY_KEY_TYPO` before anything is tried, `RECOVERY_KEY_WRONG`. */
export function keyByRecovery(file: KeyFile, recoveryKey: string): Uint8Array {
  const secret = parseRecoveryKey(recoveryKey);
  for (const wrap of file.wraps) {
    if (wrap.kind !== 'recovery') continue;
    const key = unseal(file.bookId, wrap, deriveHkdf(secret, wrap.kdf.salt, 'recovery'));
    if (key !== undefined) return key;
  }
  throw new PortbookError('RECOVERY_KEY_WRONG');
}

/** The OS keyring as {@link Host} offers it. */
export interface Keyring {
  seal(plain: Uint8Array): Promise<Uint8Array | undefined>;
  open(sealed: Uint8Array): Promise<Uint8Array | undefined>;
}

/** The book's key by this computer's keyring; undefined where it has no way in. */
export async function keyByKeyring(file: KeyFile, keyring: Keyring): Promise<Uint8Array | undefined> {
  for (const wrap of file.wraps) {
    if (wrap.kind !== 'keyring') continue;
    const secret = await keyring.open(Buffer.from(wrap.secret, 'base64'));
    if (secret === undefined) continue;
    const key = unseal(file.bookId, wrap, deriveHkdf(secret, wrap.kdf.salt, 'keyring'));
    if (key !== undefined) return key;
  }
  return undefined;
}

/** The key file with a way in by this computer's keyring besides the others; undefined where there is no keyring. */
export async function withKeyring(file: KeyFile, key: Uint8Array, keyring: Keyring): Promise<KeyFile | undefined> {
  const secret = randomBytes(32);
  const sealedSecret = await keyring.seal(secret);
  if (sealedSecret === undefined) return undefined;
  const salt = randomBytes(16).toString('base64');
  const wrap: Wrap = {
    kind: 'keyring',
    kdf: { name: 'hkdf-sha256', salt },
    secret: Buffer.from(sealedSecret).toString('base64'),
    ...seal(file.bookId, 'keyring', key, deriveHkdf(secret, salt, 'keyring')),
  };
  return { ...file, wraps: [...file.wraps.filter((one) => one.kind !== 'keyring'), wrap] };
}

/** The key file with another passphrase; recovery key and book stay as they are. */
export async function withPassphrase(file: KeyFile, key: Uint8Array, passphrase: string): Promise<KeyFile> {
  const wrap = await wrapByPassphrase(file.bookId, key, passphrase);
  return { ...file, wraps: [wrap, ...file.wraps.filter((one) => one.kind !== 'passphrase')] };
}

async function wrapByPassphrase(
  bookId: string,
  key: Uint8Array,
  passphrase: string,
  { N, r, p } = usualCost,
): Promise<Wrap> {
  const kdf = { name: 'scrypt' as const, N, r, p, salt: randomBytes(16).toString('base64') };
  return { kind: 'passphrase', kdf, ...seal(bookId, 'passphrase', key, await deriveScrypt(passphrase, kdf)) };
}

function wrapByRecovery(bookId: string, key: Uint8Array, secret: Uint8Array): Wrap {
  const salt = randomBytes(16).toString('base64');
  return {
    kind: 'recovery',
    kdf: { name: 'hkdf-sha256', salt },
    ...seal(bookId, 'recovery', key, deriveHkdf(secret, salt, 'recovery')),
  };
}

function deriveScrypt(passphrase: string, kdf: { N: number; r: number; p: number; salt: string }): Promise<Buffer> {
  const { N, r, p } = kdf;
  return new Promise((resolve, reject) => {
    // The same characters must give the same bytes whichever keyboard or system composed them.
    const secret = passphrase.normalize('NFKC');
    scrypt(secret, Buffer.from(kdf.salt, 'base64'), 32, { N, r, p, maxmem: 256 * N * r }, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
}

/** For secrets that are random already: no stretching needed, only separation by use. */
function deriveHkdf(secret: Uint8Array, salt: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.from(salt, 'base64'), `portbook ${use} 1`, 32));
}

/** Binds a wrap to its book and kind: a wrap copied from another book's file does not open. */
function associated(bookId: string, kind: string): Buffer {
  return Buffer.from(`portbook-key-1:${bookId}:${kind}`);
}

function seal(bookId: string, kind: string, key: Uint8Array, under: Buffer): { iv: string; tag: string; key: string } {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', under, iv).setAAD(associated(bookId, kind));
  const body = Buffer.concat([cipher.update(key), cipher.final()]);
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), key: body.toString('base64') };
}

/** The key inside a wrap; undefined when the secret is not the right one. */
function unseal(bookId: string, wrap: Wrap, under: Buffer): Uint8Array | undefined {
  const decipher = createDecipheriv('aes-256-gcm', under, Buffer.from(wrap.iv, 'base64'), { authTagLength: 16 });
  decipher.setAAD(associated(bookId, wrap.kind)).setAuthTag(Buffer.from(wrap.tag, 'base64'));
  try {
    return Uint8Array.from(Buffer.concat([decipher.update(Buffer.from(wrap.key, 'base64')), decipher.final()]));
  } catch {
    // GCM says no more than that: another secret, or a changed file.
    return undefined;
  }
}

// The recovery key ----------------------------------------------------------------------------------------------------

/** Crockford's base 32: no I, L, O, U, so that a printed key survives being read aloud and typed. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 160 bits: 32 characters in eight groups of four, and a ninth group that only checks the others. */
const recoveryBytes = 20;
const groupLength = 4;

function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31] ?? '';
    }
    value &= (1 << bits) - 1;
  }
  return text;
}

function fromBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    value = (value << 5) | alphabet.indexOf(character);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 255);
      value &= (1 << bits) - 1;
    }
  }
  return Uint8Array.from(bytes);
}

/** Twenty bits of SHA-256: one typing mistake in a million slips through, and then the key is simply wrong. */
function checkGroup(secret: Uint8Array): string {
  return toBase32(createHash('sha256').update('portbook-recovery-1').update(secret).digest().subarray(0, 5)).slice(
    0,
    groupLength,
  );
}

/** `XXXX-XXXX-…`, nine groups, the last one a check of the others. */
export function formatRecoveryKey(secret: Uint8Array): string {
  const text = toBase32(secret) + checkGroup(secret);
  return (text.match(/.{4}/g) ?? []).join('-');
}

/**
 * Reads a typed recovery key. Blanks, hyphens and small letters do not matter, O is 0, I and L are 1.
 * Refusal: `RECOVERY_KEY_TYPO` with `characters` (how many of `expected` were typed) or the check that fails.
 */
export function parseRecoveryKey(typed: string): Uint8Array {
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-–—]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  const expected = (recoveryBytes * 8) / 5 + groupLength;
  const strange = [...text].findIndex((character) => !alphabet.includes(character));
  if (text.length !== expected || strange >= 0) {
    throw new PortbookError('RECOVERY_KEY_TYPO', { characters: text.length, expected }, 'recoveryKey');
  }
  const secret = fromBase32(text.slice(0, -groupLength));
  if (checkGroup(secret) !== text.slice(-groupLength)) {
    throw new PortbookError('RECOVERY_KEY_TYPO', { characters: text.length, expected }, 'recoveryKey');
  }
  return secret;
}

/** Whether a text is a recovery key by its form and check group. */
export function isRecoveryKey(text: string): boolean {
  try {
    parseRecoveryKey(text);
    return true;
  } catch (error) {
    if (error instanceof PortbookError) return false;
    throw error;
  }
}
