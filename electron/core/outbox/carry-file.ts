import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  scrypt,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PortbookError } from '../../../shared/errors.ts';
import {
  CARRY_FORMAT,
  CARRY_MOST_BYTES,
  CARRY_SM4_INFO,
  type CarriedMessages,
  type CarriedReceipts,
  type CarryCipher,
  type CarryHeader,
  type CarrySeal,
  carriedReceipts,
  carryHeader,
  carryScrypt,
  carrySignature,
  carrySignedText,
} from '../../../shared/sync/carry.ts';
import { loadSm4, type Sm4Gcm } from '../keys/sm4.ts';
import type { RequestSigner } from './transport.ts';

/** The desk's side of files carried by hand: messages out, receipts in. */

const scryptKey = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt as never,
);
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_HEADER_BYTES = 4096;

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** A key of SubjectPublicKeyInfo in base64. Refusal: `CARRY_KEY_INVALID`. */
function publicKeyOf(text: string, type: 'x25519' | 'ed25519'): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === type) return key;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  throw new PortbookError('CARRY_KEY_INVALID', { type });
}

/** Refusal: `CARRY_KEY_INVALID` {type}. Empty keys are none. */
export function checkCarryKeys(keys: { readonly recipientKey: string; readonly signerKey: string }): void {
  if (keys.recipientKey !== '') publicKeyOf(keys.recipientKey, 'x25519');
  if (keys.signerKey !== '') publicKeyOf(keys.signerKey, 'ed25519');
}

/** The fingerprint by which a file names the recipient it is for. */
export const keyFingerprint = (key: string): string => sha256(Buffer.from(key, 'base64')).slice(0, 32);

function passphraseKey(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return scryptKey(passphrase.normalize('NFKC'), Buffer.from(salt), KEY_BYTES, {
    ...carryScrypt,
    maxmem: 256 * carryScrypt.N * carryScrypt.r,
  });
}

/** Who can open a file of messages: the holder of a key, or whoever is told a passphrase. */
export type CarryRecipient = { readonly key: string } | { readonly passphrase: string };

async function sealFor(recipient: CarryRecipient): Promise<{ seal: CarrySeal; key: Buffer }> {
  if ('passphrase' in recipient) {
    const salt = randomBytes(16);
    const key = await passphraseKey(recipient.passphrase, salt);
    return { seal: { by: 'passphrase', salt: salt.toString('base64') }, key };
  }
  const own = generateKeyPairSync('x25519');
  const ephemeral = own.publicKey.export({ format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey: publicKeyOf(recipient.key, 'x25519') });
  const salt = Buffer.concat([ephemeral, Buffer.from(recipient.key, 'base64')]);
  return {
    seal: { by: 'x25519', ephemeral: ephemeral.toString('base64'), recipient: keyFingerprint(recipient.key) },
    key: Buffer.from(hkdfSync('sha256', shared, salt, CARRY_FORMAT, KEY_BYTES)),
  };
}

const sm4Key = (key: Uint8Array): Buffer => Buffer.from(hkdfSync('sha256', key, new Uint8Array(), CARRY_SM4_INFO, 16));

/** Seals and signs messages for a recipient. Refusal: `CARRY_KEY_INVALID` {type}. */
export async function sealMessages(
  content: CarriedMessages,
  recipient: CarryRecipient,
  signer: RequestSigner,
  cipherName: CarryCipher = 'aes-256-gcm',
): Promise<Uint8Array> {
  const { seal, key } = await sealFor(recipient);
  const nonce = randomBytes(NONCE_BYTES);
  const header: CarryHeader = {
    kind: 'messages',
    seal,
    nonce: nonce.toString('base64'),
    ...(cipherName === 'aes-256-gcm' ? {} : { cipher: cipherName }),
  };
  const headerLine = JSON.stringify(header);
  const body = deflateRawSync(Buffer.from(JSON.stringify(content), 'utf8'));
  const signature = await signer.sign(new TextEncoder().encode(carrySignedText(headerLine, sha256(body))));
  const first = JSON.stringify({
    publicKey: signer.publicKey,
    signature: Buffer.from(signature).toString('base64'),
  });
  const open = Buffer.from(`${CARRY_FORMAT}\n${headerLine}\n`, 'utf8');
  if (cipherName === 'sm4-gcm') {
    const plain = Buffer.concat([Buffer.from(`${first}\n`, 'utf8'), body]);
    return Buffer.concat([open, (await loadSm4()).seal(sm4Key(key), nonce, open, plain)]);
  }
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(open);
  return Buffer.concat([
    open,
    cipher.update(Buffer.from(`${first}\n`, 'utf8')),
    cipher.update(body),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** Whether bytes begin as a file carried by hand does. */
export function isCarryFile(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, CARRY_FORMAT.length + 1)).toString('latin1') === `${CARRY_FORMAT}\n`;
}

/** What opening a file takes beside its keys: SM4 where its header asks for it. */
export async function sm4For(bytes: Uint8Array): Promise<Sm4Gcm | undefined> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = CARRY_FORMAT.length + 1;
  const end = all.subarray(0, start + MAX_HEADER_BYTES).indexOf(0x0a, start);
  const header = carryHeader.safeParse(end < 0 ? undefined : parse(all.subarray(start, end).toString('utf8')));
  return header.data?.cipher === 'sm4-gcm' ? loadSm4() : undefined;
}

/** A receipt file as it was opened. */
export interface OpenedReceipts {
  readonly content: CarriedReceipts;
  /** The Ed25519 key that signed it, base64 of its SubjectPublicKeyInfo. */
  readonly signerKey: string;
}

/**
 * Opens and verifies a file of receipts. @param replyKeys keys of the files that were handed out, one of which it answers
 * @param signerKey the platform's key; empty: not known yet, whoever could open the messages may have signed
 * @param sm4 of {@link sm4For}
 * Refusals: `CARRY_FILE_NOT`, `CARRY_FILE_NOT_FOR_US`, `CARRY_SIGNATURE_WRONG`.
 */
export function openReceipts(
  bytes: Uint8Array,
  replyKeys: readonly Uint8Array[],
  signerKey: string,
  sm4?: Sm4Gcm,
): OpenedReceipts {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = CARRY_FORMAT.length + 1;
  const end = all.subarray(0, start + MAX_HEADER_BYTES).indexOf(0x0a, start);
  const headerLine = end < 0 ? '' : all.subarray(start, end).toString('utf8');
  const header = carryHeader.safeParse(parse(headerLine));
  if (!isCarryFile(bytes) || !header.success || header.data.kind !== 'receipts' || all.length < end + 1 + TAG_BYTES)
    throw new PortbookError('CARRY_FILE_NOT', {}, 'file');
  const sealed = all.subarray(end + 1, all.length - TAG_BYTES);
  const tag = all.subarray(all.length - TAG_BYTES);
  const nonce = Buffer.from(header.data.nonce, 'base64');
  if (header.data.seal.by !== 'reply' || nonce.length !== NONCE_BYTES)
    throw new PortbookError('CARRY_FILE_NOT_FOR_US', {}, 'file');
  const open = all.subarray(0, end + 1);
  const plain =
    header.data.cipher === 'sm4-gcm'
      ? unsealSm4(all.subarray(end + 1), nonce, open, replyKeys, sm4)
      : unseal(sealed, tag, nonce, open, replyKeys);
  if (plain === undefined) throw new PortbookError('CARRY_FILE_NOT_FOR_US', {}, 'file');
  const firstEnd = plain.indexOf(0x0a);
  const vouched = carrySignature.safeParse(parse(plain.subarray(0, Math.max(firstEnd, 0)).toString('utf8')));
  const body = plain.subarray(firstEnd + 1);
  if (!vouched.success) throw new PortbookError('CARRY_SIGNATURE_WRONG', {}, 'file');
  const { publicKey, signature } = vouched.data;
  const text = Buffer.from(carrySignedText(headerLine, sha256(body)), 'utf8');
  const isRight =
    (signerKey === '' || signerKey === publicKey) &&
    verify(null, text, publicKeyOf(publicKey, 'ed25519'), Buffer.from(signature, 'base64'));
  if (!isRight) throw new PortbookError('CARRY_SIGNATURE_WRONG', {}, 'file');
  const content = carriedReceipts.safeParse(parse(inflate(body)));
  if (!content.success) throw new PortbookError('CARRY_FILE_NOT', {}, 'file');
  return { content: content.data, signerKey: publicKey };
}

function unseal(
  sealed: Uint8Array,
  tag: Uint8Array,
  nonce: Uint8Array,
  open: Uint8Array,
  keys: readonly Uint8Array[],
): Buffer | undefined {
  for (const key of keys) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(open).setAuthTag(tag);
    const plain = decipher.update(sealed);
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      // Not this key, or not the bytes that were sealed: GCM tells no more.
    }
  }
  return undefined;
}

function unsealSm4(
  sealed: Uint8Array,
  nonce: Uint8Array,
  open: Uint8Array,
  keys: readonly Uint8Array[],
  sm4: Sm4Gcm | undefined,
): Buffer | undefined {
  for (const key of keys) {
    const plain = sm4?.unseal(sm4Key(key), nonce, open, sealed);
    if (plain !== undefined) return Buffer.from(plain);
  }
  return undefined;
}

function inflate(body: Uint8Array): string {
  try {
    return inflateRawSync(body, { maxOutputLength: CARRY_MOST_BYTES }).toString('utf8');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new PortbookError('CARRY_FILE_NOT', {}, 'file');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is refused by the schema.
    return undefined;
  }
}
