import { createHash, createPublicKey, createVerify } from 'node:crypto';
import { DSIG_NAMESPACE } from '../../../shared/documents/frame.ts';
import type { SignatureProfile } from '../../../shared/documents/signature-profiles.ts';
import { familyOf, insertSignature } from '../../../shared/documents/write.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Certificate } from './certificate.ts';
import { loadSm2 } from './sm2.ts';

/** Canonical XML 1.0, inclusive, without comments. */
export const canonicalXml = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

/** A key that is ready to sign, wherever it is. */
export interface OpenSigner {
  readonly certificate: Certificate;
  readonly profile: SignatureProfile;
  /** RSA: the signature as it is; SM2: r and s, 32 bytes each. Refusals: those of the card. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** Lets go of the card; nothing is signed after it. */
  close(): void;
}

/** What an XML declaration is in the messages we write; canonical XML has none. */
const declaration = /^<\?xml [^>]*\?>\s*/;

/**
 * Signs a message written by `shared/documents/write.ts`: an enveloped XML-DSig signature. Such a message is its own canonical form
 * behind the declaration, so the digest is taken of the text itself. What comes back is checked with the certificate before it is
 * believed. Refusals: those of the signer, `SIGNATURE_WRONG`.
 */
export async function signMessage(signer: OpenSigner, xml: string): Promise<string> {
  // A second signature would be inside what the first one covers.
  if (xml.includes('<ds:Signature')) throw new RangeError('the message is signed already');
  const { profile, certificate } = signer;
  const digest = Buffer.from(await digestOf(profile, Buffer.from(xml.replace(declaration, ''), 'utf8')));
  const content =
    `<ds:CanonicalizationMethod Algorithm="${canonicalXml}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${profile.signatureMethod}"></ds:SignatureMethod>` +
    `<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="${enveloped}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${profile.digestMethod}"></ds:DigestMethod>` +
    `<ds:DigestValue>${digest.toString('base64')}</ds:DigestValue></ds:Reference>`;
  const value = await signChecked(signer, Buffer.from(canonicalSignedInfo(xml, content), 'utf8'));
  const signature =
    `<ds:Signature xmlns:ds="${DSIG_NAMESPACE}"><ds:SignedInfo>${content}</ds:SignedInfo>` +
    `<ds:SignatureValue>${Buffer.from(value).toString('base64')}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:KeyName>${certificate.serial}</ds:KeyName><ds:X509Data>` +
    `<ds:X509Certificate>${Buffer.from(certificate.der).toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`;
  return insertSignature(xml, signature);
}

/** Signs bytes and believes only what holds. Refusals: those of the signer, `SIGNATURE_WRONG`. */
export async function signChecked(signer: OpenSigner, bytes: Uint8Array): Promise<Uint8Array> {
  const value = await signer.sign(bytes);
  if (!(await holds(signer.certificate, bytes, value))) throw new PortbookError('SIGNATURE_WRONG');
  return value;
}

/** Whether a signature over bytes holds by the key of a certificate. */
export async function holds(certificate: Certificate, bytes: Uint8Array, value: Uint8Array): Promise<boolean> {
  if (certificate.key === 'sm2') return (await loadSm2()).verify(bytes, value, certificate.point);
  const key = createPublicKey({ key: Buffer.from(certificate.publicKey), format: 'der', type: 'spki' });
  return createVerify('RSA-SHA1').update(bytes).verify(key, value);
}

export async function digestOf(profile: SignatureProfile, bytes: Uint8Array): Promise<Uint8Array> {
  return profile.digest === 'sm3'
    ? (await loadSm2()).sm3(bytes)
    : Uint8Array.from(createHash('sha1').update(bytes).digest());
}

/** `SignedInfo` canonicalised on its own: it carries the namespaces in scope, the root's and the signature's, by their prefix. */
export function canonicalSignedInfo(xml: string, content: string): string {
  const root = familyOf(xml);
  const scope = [`xmlns:${root.prefix}="${root.namespace}"`, `xmlns:ds="${DSIG_NAMESPACE}"`].sort().join(' ');
  return `<ds:SignedInfo ${scope}>${content}</ds:SignedInfo>`;
}
