import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  scryptSync,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { sm4 } from 'sm-crypto-v2';
import { z } from 'zod';
import {
  CARRY_FORMAT,
  CARRY_MOST_BYTES,
  CARRY_SM4_INFO,
  type CarriedMessages,
  type CarriedReceipts,
  type CarryCipher,
  type CarryHeader,
  carriedMessages,
  carryHeader,
  carryScrypt,
  carrySignature,
  carrySignedText,
} from '../shared/sync/carry.ts';
import {
  canonicalRequest,
  fingerprintText,
  headerNames,
  health,
  problem,
  receiptPage,
  transportReceipt,
} from '../shared/sync/protocol.ts';

/**
 * The counter (窗口) for files carried by hand: it opens a file of messages, hands each message to a running platform under its own GUID and
 * bytes, and writes a file of receipts. Towards the platform it is one more device of the enterprise, over the protocol that desks use; a
 * file may be brought any number of times.
 */

/** Why a file is not taken. */
export class CarryRefusal extends Error {}

interface CounterKeys {
  /** X25519: files are sealed for it. */
  readonly recipient: KeyObject;
  readonly recipientKey: string;
  /** Ed25519: answers are signed with it, and requests to the platform. */
  readonly signer: KeyObject;
  readonly signerKey: string;
  readonly deviceId: string;
}

const storedKeys = z.object({ recipient: z.string(), signer: z.string(), deviceId: z.string() });
const spki = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** The counter's keys, made at first use and kept in a folder that only its owner reads. */
export function counterKeys(folder: string): CounterKeys {
  const file = path.join(folder, 'carry-keys.json');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const pem = { format: 'pem', type: 'pkcs8' } as const;
    const made = {
      recipient: generateKeyPairSync('x25519').privateKey.export(pem),
      signer: generateKeyPairSync('ed25519').privateKey.export(pem),
      deviceId: randomUUID(),
    };
    writeFileSync(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
  }
  const { recipient, signer, deviceId } = storedKeys.parse(JSON.parse(readFileSync(file, 'utf8')));
  const keys = { recipient: createPrivateKey(recipient), signer: createPrivateKey(signer) };
  return { ...keys, recipientKey: spki(keys.recipient), signerKey: spki(keys.signer), deviceId };
}

function keyOf({ seal }: CarryHeader, keys: CounterKeys, passphrase: string | undefined): Buffer {
  switch (seal.by) {
    case 'x25519': {
      const own = Buffer.from(keys.recipientKey, 'base64');
      if (seal.recipient !== sha256(own).slice(0, 32)) throw new CarryRefusal('the file is sealed for somebody else');
      const ephemeral = Buffer.from(seal.ephemeral, 'base64');
      const publicKey = createPublicKey({ key: ephemeral, format: 'der', type: 'spki' });
      const shared = diffieHellman({ privateKey: keys.recipient, publicKey });
      return Buffer.from(hkdfSync('sha256', shared, Buffer.concat([ephemeral, own]), CARRY_FORMAT, 32));
    }
    case 'passphrase':
      if (passphrase === undefined) throw new CarryRefusal('the file is sealed with a passphrase');
      return scryptSync(passphrase.normalize('NFKC'), Buffer.from(seal.salt, 'base64'), 32, {
        ...carryScrypt,
        maxmem: 256 * carryScrypt.N * carryScrypt.r,
      });
    case 'reply':
      throw new CarryRefusal('the file holds receipts, no messages');
  }
}

const sm4Form = { mode: 'gcm', padding: 'none', output: 'array' } as const;
const sm4Key = (key: Uint8Array): Buffer => Buffer.from(hkdfSync('sha256', key, new Uint8Array(), CARRY_SM4_INFO, 16));

/** What was sealed, ciphertext and tag, in the clear. Throws where the key or a byte is another. */
function unseal(
  cipher: CarryCipher | undefined,
  key: Uint8Array,
  nonce: Uint8Array,
  open: Uint8Array,
  sealed: Buffer,
): Buffer {
  const [body, tag] = [sealed.subarray(0, -16), sealed.subarray(-16)];
  if (cipher === 'sm4-gcm')
    return Buffer.from(sm4.decrypt(body, sm4Key(key), { ...sm4Form, iv: nonce, associatedData: open, tag }));
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(open).setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

function sealed(cipher: CarryCipher, key: Uint8Array, nonce: Uint8Array, open: Uint8Array, plain: Uint8Array): Buffer {
  if (cipher === 'sm4-gcm') {
    const { output, tag } = sm4.encrypt(plain, sm4Key(key), {
      ...sm4Form,
      iv: nonce,
      associatedData: open,
      outputTag: true,
    });
    if (tag === undefined) throw new Error('SM4-GCM gave no tag');
    return Buffer.concat([output, tag]);
  }
  const made = createCipheriv('aes-256-gcm', key, nonce).setAAD(open);
  return Buffer.concat([made.update(plain), made.final(), made.getAuthTag()]);
}

/** What a file says it is sealed with; of one that nobody can read the usual. */
export function cipherOf(file: Uint8Array): CarryCipher {
  const [, line = ''] = Buffer.from(file.subarray(0, 8192)).toString('utf8').split('\n', 2);
  try {
    return carryHeader.parse(JSON.parse(line)).cipher ?? 'aes-256-gcm';
  } catch {
    return 'aes-256-gcm';
  }
}

const storedDevices = z.record(z.string(), z.array(z.string()));

/** Devices for which an enterprise has vouched at the counter: fingerprints by its 统一社会信用代码, kept beside the counter's keys. */
export class KnownDevices {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, 'carry-devices.json');
  }

  #read(): Record<string, string[]> {
    return existsSync(this.#file) ? storedDevices.parse(JSON.parse(readFileSync(this.#file, 'utf8'))) : {};
  }

  has(uscc: string, fingerprint: string): boolean {
    return this.#read()[uscc]?.includes(fingerprint) === true;
  }

  add(uscc: string, fingerprint: string): void {
    const known = this.#read();
    known[uscc] = [...new Set([...(known[uscc] ?? []), fingerprint])];
    writeFileSync(this.#file, JSON.stringify(known), { mode: 0o600 });
  }
}

/** A file of messages that was opened, and the fingerprint of the device key that signed it. */
interface Opened {
  readonly content: CarriedMessages;
  readonly fingerprint: string;
}

/**
 * Opens a file of messages and makes sure that it is as it was signed; by whom is for the caller to judge. Throws {@link CarryRefusal}.
 */
export function openMessages(file: Uint8Array, keys: CounterKeys, passphrase?: string): Opened {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const end = bytes.subarray(0, 8192).indexOf(0x0a, CARRY_FORMAT.length + 1);
  if (end < 0 || bytes.subarray(0, CARRY_FORMAT.length + 1).toString('latin1') !== `${CARRY_FORMAT}\n`)
    throw new CarryRefusal('not a file carried by hand');
  const headerLine = bytes.subarray(CARRY_FORMAT.length + 1, end).toString('utf8');
  let header: CarryHeader;
  let content: CarriedMessages;
  let signer: string;
  try {
    header = carryHeader.parse(JSON.parse(headerLine));
    const key = keyOf(header, keys, passphrase);
    const nonce = Buffer.from(header.nonce, 'base64');
    const plain = unseal(header.cipher, key, nonce, bytes.subarray(0, end + 1), bytes.subarray(end + 1));
    const lineEnd = plain.indexOf(0x0a);
    const vouched = carrySignature.parse(JSON.parse(plain.subarray(0, lineEnd).toString('utf8')));
    const body = plain.subarray(lineEnd + 1);
    const publicKey = createPublicKey({ key: Buffer.from(vouched.publicKey, 'base64'), format: 'der', type: 'spki' });
    const text = Buffer.from(carrySignedText(headerLine, sha256(body)), 'utf8');
    if (
      publicKey.asymmetricKeyType !== 'ed25519' ||
      !verify(null, text, publicKey, Buffer.from(vouched.signature, 'base64'))
    )
      throw new CarryRefusal('the signature does not fit');
    signer = vouched.publicKey;
    content = carriedMessages.parse(
      JSON.parse(inflateRawSync(body, { maxOutputLength: CARRY_MOST_BYTES }).toString('utf8')),
    );
  } catch (error) {
    if (error instanceof CarryRefusal) throw error;
    throw new CarryRefusal(`the file cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (header.kind !== 'messages' || signer === '') throw new CarryRefusal('not a file of messages');
  for (const { guid, sha256: said, bytes: text } of content.messages)
    if (sha256(Buffer.from(text, 'base64')) !== said) throw new CarryRefusal(`message ${guid} is not what was signed`);
  return { content, fingerprint: fingerprintText(sha256(Buffer.from(signer, 'base64'))) };
}

/** Seals and signs receipts with the key that the messages brought along, and with the cipher they were sealed with. */
export function sealReceipts(
  content: CarriedReceipts,
  replyKey: string,
  keys: CounterKeys,
  cipher: CarryCipher = 'aes-256-gcm',
): Uint8Array {
  const nonce = randomBytes(12);
  const header: CarryHeader = {
    kind: 'receipts',
    seal: { by: 'reply' },
    nonce: nonce.toString('base64'),
    ...(cipher === 'aes-256-gcm' ? {} : { cipher }),
  };
  const headerLine = JSON.stringify(header);
  const body = deflateRawSync(Buffer.from(JSON.stringify(content), 'utf8'));
  const signature = sign(null, Buffer.from(carrySignedText(headerLine, sha256(body)), 'utf8'), keys.signer);
  const first = JSON.stringify({ publicKey: keys.signerKey, signature: signature.toString('base64') });
  const open = Buffer.from(`${CARRY_FORMAT}\n${headerLine}\n`, 'utf8');
  const plain = Buffer.concat([Buffer.from(`${first}\n`, 'utf8'), body]);
  return Buffer.concat([open, sealed(cipher, Buffer.from(replyKey, 'base64'), nonce, open, plain)]);
}

export interface CounterOptions {
  readonly url: string;
  readonly keys: CounterKeys;
  readonly passphrase?: string | undefined;
  /** Whose files are taken. A practice platform takes everybody's. */
  readonly devices?: KnownDevices | undefined;
  /** The fingerprint that the enterprise has just read out: from now on the device is known. */
  readonly accept?: string | undefined;
  /** How long it stays for receipts after the last one, in milliseconds. */
  readonly patienceMs?: number;
}

/** Takes a file of messages to a running platform. @returns the file of receipts, and what stands in it. Throws {@link CarryRefusal}. */
export async function takeCarried(
  file: Uint8Array,
  { url, keys, passphrase, devices, accept, patienceMs = 3_000 }: CounterOptions,
): Promise<{ answer: Uint8Array; content: CarriedReceipts }> {
  const { content: brought, fingerprint } = openMessages(file, keys, passphrase);
  await vouch(brought.enterprise.uscc, fingerprint);
  // A device belongs to one enterprise: the counter is another one to each.
  const deviceId = sha256(`${keys.deviceId} ${brought.enterprise.uscc}`).slice(0, 32);

  const ask = async (method: string, route: string, type?: string, body: Uint8Array = new Uint8Array()) => {
    const time = new Date().toISOString();
    const hash = sha256(body);
    const at = new URL(url + route);
    const path = at.pathname + at.search;
    const signed = canonicalRequest({ audience: at.host, method, path, time, contentSha256: hash });
    const reply = await fetch(at, {
      method,
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        [headerNames.device]: deviceId,
        [headerNames.audience]: at.host,
        [headerNames.time]: time,
        [headerNames.contentSha256]: hash,
        [headerNames.signature]: sign(null, Buffer.from(signed, 'utf8'), keys.signer).toString('base64'),
      },
      redirect: 'error',
      ...(method === 'GET' ? {} : { body: body as Uint8Array<ArrayBuffer> }),
    });
    const json = jsonIn(await reply.text());
    // A proxy in between says what it likes, a 413 among it: the platform has said nothing then, and the file can be brought again.
    const isOurs = json !== undefined && (reply.status < 300 || problem.safeParse(json).success);
    if (!isOurs) throw new CarryRefusal(`${url} answers ${reply.status}, and not as a platform does`);
    return { status: reply.status, json };
  };

  /** Anybody can make a key and a file in an enterprise's name; only the enterprise knows which device is its own. */
  async function vouch(uscc: string, own: string): Promise<void> {
    const door = health.safeParse(jsonIn(await (await fetch(`${url}/v1/health`, { redirect: 'error' })).text()));
    if (!door.success) throw new CarryRefusal(`no platform answers at ${url}`);
    if (door.data.practice === true || devices?.has(uscc, own) === true) return;
    const plain = (text: string): string => text.replaceAll(/\s/g, '').toLowerCase();
    if (accept === undefined || plain(accept) !== plain(own))
      throw new CarryRefusal(
        `nobody has vouched for the device that signed this file in the name of ${uscc}: let the enterprise read the fingerprint of its device key from its desk (设置, 签名); if it is ${own}, add --accept "${own}"`,
      );
    devices?.add(uscc, own);
  }

  const enrolled = await ask(
    'POST',
    '/v1/enrolments',
    'application/json',
    Buffer.from(JSON.stringify({ ...brought.enterprise, deviceId, publicKey: keys.signerKey })),
  );
  if (enrolled.status >= 300)
    throw new CarryRefusal(`the platform does not take the enterprise (device ${deviceId}): ${said(enrolled.json)}`);

  const stored: CarriedReceipts['stored'] = [];
  const refused: CarriedReceipts['refused'] = [];
  for (const { guid, bytes } of brought.messages) {
    const { status, json } = await ask('PUT', `/v1/messages/${guid}`, 'application/xml', Buffer.from(bytes, 'base64'));
    if (status < 300) stored.push(transportReceipt.parse(json));
    else if (status === 409 || status === 413 || status === 422) {
      const { code, detail } = problem.parse(json);
      refused.push({ guid, code, detail });
    } else throw new CarryRefusal(`the platform did not take message ${guid}: ${said(json)}`);
  }

  const ours = new Set(brought.messages.map(({ guid }) => guid));
  const receipts: CarriedReceipts['receipts'] = [];
  let after = '';
  for (let quietSince = performance.now(); performance.now() - quietSince < patienceMs; ) {
    const { status, json } = await ask('GET', `/v1/receipts?${new URLSearchParams({ after, limit: '100' })}`);
    if (status >= 300) throw new CarryRefusal(`the platform gives no receipts: ${said(json)}`);
    const page = receiptPage.parse(json);
    after = page.next;
    receipts.push(...page.receipts.filter(({ messageGuid }) => ours.has(messageGuid)));
    if (page.receipts.length > 0) quietSince = performance.now();
    else await setTimeout(100);
  }
  const content: CarriedReceipts = {
    deviceId: brought.deviceId,
    createdAt: new Date().toISOString(),
    stored,
    refused,
    receipts,
  };
  return { answer: sealReceipts(content, brought.replyKey, keys, cipherOf(file)), content };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an answer of nobody's.
    return undefined;
  }
}

function said(json: unknown): string {
  const parsed = problem.safeParse(json);
  return parsed.success ? `${parsed.data.code} ${parsed.data.detail}` : 'no reason given';
}

/** `carry-keys --keys <folder>` prints the keys that desks need; `import-carry <file> --to <url> --out <file> --keys <folder>` takes a file, of a new device with `--accept`. */
export async function runCounter(
  command: 'carry-keys' | 'import-carry',
  given: {
    readonly keys: string;
    readonly file: string | undefined;
    readonly to: string | undefined;
    readonly out: string | undefined;
    readonly passphraseFile: string | undefined;
    readonly accept?: string | undefined;
  },
): Promise<string> {
  const keys = counterKeys(given.keys);
  if (command === 'carry-keys') return `recipient ${keys.recipientKey}\nsigner ${keys.signerKey}\n`;
  if (given.file === undefined || given.to === undefined || given.out === undefined)
    throw new CarryRefusal('import-carry needs a file, --to and --out');
  const passphrase =
    given.passphraseFile === undefined ? undefined : readFileSync(given.passphraseFile, 'utf8').replace(/\r?\n$/, '');
  const { answer, content } = await takeCarried(readFileSync(given.file), {
    url: given.to.replace(/\/+$/, ''),
    keys,
    passphrase,
    devices: new KnownDevices(given.keys),
    accept: given.accept,
  });
  writeFileSync(given.out, answer);
  const { stored, refused, receipts } = content;
  return `stored ${stored.length}, refused ${refused.length}, receipts ${receipts.length}\n`;
}
