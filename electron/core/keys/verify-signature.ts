import { X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { canonicalXml, enveloped, knownAlgorithms } from './signer.ts';

export type Verification =
  | { readonly ok: true; readonly serial: string; readonly certificatePem: string }
  | { readonly ok: false; readonly problem: 'unsigned' | 'form' | 'algorithm' | 'digest' };

/**
 * Verifies the enveloped signature of a message against the certificate inside it. Whose certificate it is, and whether
 * to trust it, is another question: compare `serial` or the certificate with one that is known.
 */
export function verify(xml: string): Verification {
  const signatures = xml.match(/<ds:Signature[ >][\s\S]*?<\/ds:Signature>/g) ?? [];
  const [signature] = signatures;
  if (signature === undefined) return { ok: false, problem: 'unsigned' };
  if (signatures.length > 1) return { ok: false, problem: 'form' };
  const body = /<ds:X509Certificate>([A-Za-z0-9+/=\s]+)<\/ds:X509Certificate>/.exec(signature)?.[1];
  if (body === undefined) return { ok: false, problem: 'form' };
  const method = /<ds:SignatureMethod Algorithm="([^"]+)"/.exec(signature)?.[1];
  const algorithms = knownAlgorithms.find((one) => one.signature === method);
  if (algorithms === undefined) return { ok: false, problem: 'algorithm' };
  const certificatePem = `-----BEGIN CERTIFICATE-----\n${(body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
  const certificate = readCertificate(certificatePem);
  if (certificate === undefined) return { ok: false, problem: 'form' };

  const checker = new SignedXml({ publicCert: certificatePem, getCertFromKeyInfo: () => null });
  const sha1 = checker.HashAlgorithms['http://www.w3.org/2000/09/xmldsig#sha1'];
  const rsaSha1 = checker.SignatureAlgorithms['http://www.w3.org/2000/09/xmldsig#rsa-sha1'];
  if (sha1 === undefined || rsaSha1 === undefined) throw new Error('xml-crypto has lost an algorithm');
  checker.HashAlgorithms = Object.fromEntries(knownAlgorithms.map(({ digest }) => [digest, sha1]));
  checker.SignatureAlgorithms = Object.fromEntries(knownAlgorithms.map((one) => [one.signature, rsaSha1]));
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
  return { ok: true, serial: certificate.serialNumber.toLowerCase(), certificatePem };
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // What cannot be read as a certificate is a form error of the message, which the caller reports.
    return undefined;
  }
}
