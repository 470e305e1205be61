import { createHash, createPrivateKey, createSign, type KeyObject, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { DSIG_NAMESPACE } from '../../../shared/documents/frame.ts';
import { familyOf, insertSignature } from '../../../shared/documents/write.ts';
import type { Book } from '../store/book.ts';

/** Signs whole business messages as written by `shared/documents/write.ts`. */
export interface BusinessSigner {
  readonly kind: 'none' | 'rsa';
  /** The message with its `ds:Signature` in place; unchanged for `none`. */
  sign(xml: string): Promise<string>;
}

/** The algorithm URIs of a signature. The specification of 2022-05 has names of its own; that of 2018 the W3C's. */
export interface SignatureAlgorithms {
  readonly signature: string;
  readonly digest: string;
  readonly hash: 'sha1' | 'sha256';
}
/** 跨境统一版系统企业对接报文规范 2022-05. */
export const specification2022: SignatureAlgorithms = {
  signature: 'http://www.chinaport.gov.cn/2022/04/xmldsig#rsa-sha1',
  digest: 'http://www.chinaport.gov.cn/2022/04/xmldsig#sha1',
  hash: 'sha1',
};
/** 海关总署公告 2018 年第 113 号. */
export const specification2018: SignatureAlgorithms = {
  signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  digest: 'http://www.w3.org/2000/09/xmldsig#sha1',
  hash: 'sha1',
};
export const knownAlgorithms = [specification2022, specification2018];

/** Canonical XML 1.0, inclusive, without comments. */
export const canonicalXml = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

export const rsaMaterial = z.object({ privateKeyPem: z.string(), certificatePem: z.string() });
export type RsaMaterial = z.infer<typeof rsaMaterial>;

/** Where the book keeps its software certificate; the book is sealed, so the key is too. */
export const signingSetting = 'signing.rsa';

/** The software certificate of a book; undefined when it signs nothing. */
export function rsaMaterialOf(book: Book): RsaMaterial | undefined {
  const text = book.setting(signingSetting);
  return text === undefined ? undefined : rsaMaterial.parse(JSON.parse(text));
}

/** The signer of a book's messages. */
export function businessSigner(book: Book): BusinessSigner {
  const material = rsaMaterialOf(book);
  return material === undefined ? { kind: 'none', sign: (xml) => Promise.resolve(xml) } : rsaSigner(material);
}

/** What an XML declaration is in the messages we write; canonical XML has none. */
const declaration = /^<\?xml [^>]*\?>\s*/;

/**
 * An enveloped XML-DSig signature by an RSA certificate. The writer's messages are their own canonical form behind the
 * declaration, so the digest is taken of the text itself.
 */
export function rsaSigner(material: RsaMaterial, algorithms: SignatureAlgorithms = specification2022): BusinessSigner {
  const key = createPrivateKey(material.privateKeyPem);
  const certificate = new X509Certificate(material.certificatePem);
  return { kind: 'rsa', sign: (xml) => Promise.resolve(signWith(key, certificate, xml, algorithms)) };
}

function signWith(key: KeyObject, certificate: X509Certificate, xml: string, algorithms: SignatureAlgorithms): string {
  // A second signature would be inside what the first one covers.
  if (xml.includes('<ds:Signature')) throw new RangeError('the message is signed already');
  const digest = createHash(algorithms.hash).update(xml.replace(declaration, ''), 'utf8').digest('base64');
  const content =
    `<ds:CanonicalizationMethod Algorithm="${canonicalXml}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${algorithms.signature}"></ds:SignatureMethod>` +
    `<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="${enveloped}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${algorithms.digest}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`;
  // Canonicalised on its own, SignedInfo carries the namespaces in scope, the root's and the signature's, by their prefix.
  const root = familyOf(xml);
  const scope = [`xmlns:${root.prefix}="${root.namespace}"`, `xmlns:ds="${DSIG_NAMESPACE}"`].sort().join(' ');
  const canonical = `<ds:SignedInfo ${scope}>${content}</ds:SignedInfo>`;
  const value = createSign(`RSA-${algorithms.hash.toUpperCase()}`).update(canonical, 'utf8').sign(key, 'base64');
  const signature =
    `<ds:Signature xmlns:ds="${DSIG_NAMESPACE}"><ds:SignedInfo>${content}</ds:SignedInfo><ds:SignatureValue>${value}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:KeyName>${certificate.serialNumber.toLowerCase()}</ds:KeyName>` +
    `<ds:X509Data><ds:X509Certificate>${certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`;
  return insertSignature(xml, signature);
}
