import type Forge from 'node-forge';
import type { SignatureKey } from '../../../shared/documents/signature-profiles.ts';
import { PortbookError } from '../../../shared/errors.ts';

/** Object identifiers: PKCS #1; RFC 5480 with the curve and the signature of GM/T 0006-2012. */
export const oids = {
  rsa: '1.2.840.113549.1.1.1',
  ecPublicKey: '1.2.840.10045.2.1',
  sm2Curve: '1.2.156.10197.1.301',
  sm2WithSm3: '1.2.156.10197.1.501',
} as const;

/** What a certificate says of itself. Nobody's word is checked here: whose it is, its holder and the platform know. */
export interface Certificate {
  /** `C=CN, O=…, CN=…`, in the certificate's order. */
  readonly subject: string;
  /** Hex, small letters, as `KeyName` of a signature has it. */
  readonly serial: string;
  /** Instants, ISO 8601 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly key: SignatureKey;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** The public point of an SM2 key, hex; empty for RSA. */
  readonly point: string;
  readonly der: Uint8Array;
}

const names: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/**
 * Reads an X.509 certificate with an RSA or SM2 key: PEM with or without its frame, or DER. The runtime's own reader is not used
 * because the desk's does not know SM2. Refusals: `CERTIFICATE_UNREADABLE`, `CERTIFICATE_KEY` for a key of another kind.
 */
export async function readCertificate(from: string | Uint8Array): Promise<Certificate> {
  const der = typeof from === 'string' ? derOf(from) : from;
  const { default: forge } = await import('node-forge');
  let parts: Parts;
  try {
    parts = takeApart(forge, der);
  } catch (error) {
    // Whatever the reader of ASN.1 stumbles over is one answer to the user.
    if (error instanceof Error) throw new PortbookError('CERTIFICATE_UNREADABLE');
    throw error;
  }
  const { algorithm, curve, ...rest } = parts;
  if (algorithm === oids.rsa) return { ...rest, key: 'rsa', point: '', der };
  if (algorithm === oids.ecPublicKey && curve === oids.sm2Curve) return { ...rest, key: 'sm2', der };
  throw new PortbookError('CERTIFICATE_KEY', { algorithm: curve === '' ? algorithm : curve });
}

function derOf(text: string): Uint8Array {
  const body = text.replaceAll(/-----[^-]+-----/g, '').replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) throw new PortbookError('CERTIFICATE_UNREADABLE');
  return Uint8Array.from(Buffer.from(body, 'base64'));
}

interface Parts extends Omit<Certificate, 'key' | 'der'> {
  readonly algorithm: string;
  readonly curve: string;
}

function takeApart(forge: typeof Forge, der: Uint8Array): Parts {
  const { asn1 } = forge;
  // The types of the library know only `strict`; a key must not be read as ASN.1 because it happens to look so.
  const options = { strict: true, parseAllBytes: true, decodeBitStrings: false } as unknown as boolean;
  const root = asn1.fromDer(forge.util.createBuffer(Buffer.from(der).toString('binary')), options);
  const fields = children(child(root, 0));
  // The version stands before the rest, or not at all in version 1.
  const first = fields[0]?.tagClass === asn1.Class.CONTEXT_SPECIFIC ? 1 : 0;
  const field = (at: number): Forge.asn1.Asn1 => must(fields[first + at]);
  const keyInfo = field(5);
  const algorithm = child(keyInfo, 0);
  const parameter = children(algorithm)[1];
  const isCurve = parameter?.type === asn1.Type.OID;
  const bits = Buffer.from(text(child(keyInfo, 1)), 'binary');
  return {
    subject: children(field(4))
      .flatMap((set) => children(set))
      .map((pair) => {
        const type = asn1.derToOid(text(child(pair, 0)));
        return `${names[type] ?? type}=${wording(child(pair, 1))}`;
      })
      .join(', '),
    serial: Buffer.from(text(field(0)), 'binary')
      .toString('hex')
      .replace(/^00(?=[89a-f])/, ''),
    notBefore: instant(forge, child(field(3), 0)),
    notAfter: instant(forge, child(field(3), 1)),
    publicKey: Uint8Array.from(Buffer.from(asn1.toDer(keyInfo).getBytes(), 'binary')),
    algorithm: asn1.derToOid(text(child(algorithm, 0))),
    curve: isCurve ? asn1.derToOid(text(parameter)) : '',
    // The first byte counts the bits that do not belong.
    point: isCurve ? bits.subarray(1).toString('hex') : '',
  };
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('a part of the certificate is missing');
  return value;
}

function children(of: Forge.asn1.Asn1): readonly Forge.asn1.Asn1[] {
  if (typeof of.value === 'string') throw new RangeError('a value where parts should be');
  return of.value;
}

function child(of: Forge.asn1.Asn1, at: number): Forge.asn1.Asn1 {
  return must(children(of)[at]);
}

function text(of: Forge.asn1.Asn1): string {
  if (typeof of.value !== 'string') throw new RangeError('parts where a value should be');
  return of.value;
}

/** BMPString is UTF-16; of the others what is no UTF-8 was written in the national code. */
function wording(of: Forge.asn1.Asn1): string {
  const bytes = Buffer.from(text(of), 'binary');
  if (of.type === 30) return bytes.swap16().toString('utf16le');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

function instant(forge: typeof Forge, of: Forge.asn1.Asn1): string {
  const { asn1 } = forge;
  const date = of.type === asn1.Type.UTCTIME ? asn1.utcTimeToDate(text(of)) : asn1.generalizedTimeToDate(text(of));
  return date.toISOString();
}
