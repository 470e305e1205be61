import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { CLOCK_TOLERANCE_MS, canonicalRequest, headerNames } from '../shared/sync/protocol.ts';

/** A request's signature headers, checked for presence and form only. */
export interface SignedHeaders {
  readonly deviceId: string;
  readonly audience: string;
  readonly time: string;
  readonly contentSha256: string;
  readonly signature: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The headers, or undefined when one is missing. */
export function signedHeaders(headers: Headers): SignedHeaders | undefined {
  const one = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const found = {
    deviceId: one(headerNames.device),
    audience: one(headerNames.audience),
    time: one(headerNames.time),
    contentSha256: one(headerNames.contentSha256),
    signature: one(headerNames.signature),
  };
  return Object.values(found).includes('') ? undefined : found;
}

/** Anybody may send a key to enrol: what is remembered has an end. */
const KNOWN_KEYS = 10_000;
const keys = new Map<string, KeyObject>();

/** The key of a base64 SubjectPublicKeyInfo; undefined when it is no Ed25519 key. */
export function publicKeyOf(spkiBase64: string): KeyObject | undefined {
  const known = keys.get(spkiBase64);
  if (known !== undefined) return known;
  try {
    const key = createPublicKey({ key: Buffer.from(spkiBase64, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return undefined;
    if (keys.size >= KNOWN_KEYS) keys.clear();
    keys.set(spkiBase64, key);
    return key;
  } catch {
    // Anything that is no key is one answer to the sender: the caller refuses it.
    return undefined;
  }
}

export type SignatureProblem = 'SIGNATURE_INVALID' | 'CLOCK_SKEW';

/** With a callback it is done beside this thread. */
const verifyBeside = promisify<null, Uint8Array, KeyObject, Uint8Array, boolean>(verify);

/** What is wrong with a request's signature; undefined when nothing is. */
export async function checkSignature(
  request: { readonly method: string; readonly path: string; readonly body: Uint8Array },
  headers: SignedHeaders,
  key: KeyObject | undefined,
  nowMs: number,
): Promise<SignatureProblem | undefined> {
  const sha256 = createHash('sha256').update(request.body).digest('hex');
  if (key === undefined || sha256 !== headers.contentSha256) return 'SIGNATURE_INVALID';
  const { method, path } = request;
  const { audience, time } = headers;
  const text = canonicalRequest({ audience, method, path, time, contentSha256: sha256 });
  if (!(await verifyBeside(null, Buffer.from(text), key, Buffer.from(headers.signature, 'base64'))))
    return 'SIGNATURE_INVALID';
  // Only a genuine sender is told about its clock.
  const off = Math.abs(Date.parse(headers.time) - nowMs);
  return Number.isNaN(off) || off > CLOCK_TOLERANCE_MS ? 'CLOCK_SKEW' : undefined;
}
