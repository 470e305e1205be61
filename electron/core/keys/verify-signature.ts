import { SignedXml } from 'xml-crypto';
import { signatureProfiles } from '../../../shared/documents/signature-profiles.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { loadSm2 } from './sm2.ts';
import { canonicalXml, enveloped } from './xml-signature.ts';

export type Verification =
  | { readonly ok: true; readonly serial: string; readonly profile: string; readonly certificate: Certificate }
  | { readonly ok: false; readonly problem: 'unsigned' | 'form' | 'algorithm' | 'digest' };

/**
 * Verifies the enveloped signature of a message against the certificate inside it. Whose certificate it is, and whether
 * to trust it, is another question: compare `serial` or the certificate with one that is known.
 */
export async function verify(xml: string): Promise<Verification> {
  const signatures = xml.match(/<ds:Signature[ >][\s\S]*?<\/ds:Signature>/g) ?? [];
  const [signature] = signatures;
  if (signature === undefined) return { ok: false, problem: 'unsigned' };
  if (signatures.length > 1) return { ok: false, problem: 'form' };
  const body = /<ds:X509Certificate>([A-Za-z0-9+/=\s]+)<\/ds:X509Certificate>/.exec(signature)?.[1];
  if (body === undefined) return { ok: false, problem: 'form' };
  const method = /<ds:SignatureMethod Algorithm="([^"]+)"/.exec(signature)?.[1];
  const digest = /<ds:DigestMethod Algorithm="([^"]+)"/.exec(signature)?.[1];
  const profile = signatureProfiles.find((one) => one.signatureMethod === method && one.digestMethod === digest);
  if (profile === undefined) return { ok: false, problem: 'algorithm' };
  const certificate = await certificateOf(body);
  if (certificate === undefined) return { ok: false, problem: 'form' };
  if (certificate.key !== profile.key) return { ok: false, problem: 'algorithm' };

  const checker = await checkerFor(certificate);
  try {
    checker.loadSignature(signature);
    // One reference, to the whole document: anything else would leave part of it unsigned.
    const references = checker.getReferences();
    const [reference] = references;
    if (references.length !== 1 || reference?.uri !== '') return { ok: false, problem: 'form' };
    if (reference.transforms.some((one) => one !== enveloped && one !== canonicalXml))
      return { ok: false, problem: 'form' };
    if (!checker.checkSignature(xml)) return { ok: false, problem: 'digest' };
  } catch (error) {
    // xml-crypto throws for a signature that does not hold just as for one it cannot read.
    if (error instanceof Error) return { ok: false, problem: 'digest' };
    throw error;
  }
  return { ok: true, serial: certificate.serial, profile: profile.id, certificate };
}

async function certificateOf(body: string): Promise<Certificate | undefined> {
  try {
    return await readCertificate(body);
  } catch (error) {
    // What cannot be read as a certificate is a form error of the message, which the caller reports.
    if (error instanceof PortbookError) return undefined;
    throw error;
  }
}

/** A checker that knows the algorithms of the profiles and no others. */
async function checkerFor(certificate: Certificate): Promise<SignedXml> {
  const { sm3, verify: verifySm2 } = await loadSm2();
  const publicCert =
    certificate.key === 'rsa'
      ? `-----BEGIN PUBLIC KEY-----\n${Buffer.from(certificate.publicKey).toString('base64')}\n-----END PUBLIC KEY-----\n`
      : certificate.point;
  const checker = new SignedXml({ publicCert, getCertFromKeyInfo: () => null });
  const sha1 = checker.HashAlgorithms['http://www.w3.org/2000/09/xmldsig#sha1'];
  const rsaSha1 = checker.SignatureAlgorithms['http://www.w3.org/2000/09/xmldsig#rsa-sha1'];
  if (sha1 === undefined || rsaSha1 === undefined) throw new Error('xml-crypto has lost an algorithm');
  class Sm3Digest {
    getAlgorithmName = () => 'sm3';
    getHash = (text: string) => Buffer.from(sm3(Buffer.from(text, 'utf8'))).toString('base64');
  }
  class Sm2Signature {
    getAlgorithmName = () => 'sm2-sm3';
    getSignature = (): never => {
      throw new Error('this only checks');
    };
    verifySignature = (text: string, _key: unknown, value: string) =>
      verifySm2(Buffer.from(text, 'utf8'), Buffer.from(value, 'base64'), certificate.point);
  }
  checker.HashAlgorithms = Object.fromEntries(
    signatureProfiles.map((one) => [one.digestMethod, one.digest === 'sm3' ? Sm3Digest : sha1]),
  );
  checker.SignatureAlgorithms = Object.fromEntries(
    signatureProfiles.map((one) => [one.signatureMethod, one.key === 'sm2' ? Sm2Signature : rsaSha1]),
  );
  return checker;
}
