import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type Forge from 'node-forge';
import type { RsaMaterial } from './signer.ts';

const validYears = 3;

/**
 * A self-signed RSA certificate for practising. It says so in its subject, so that nobody takes it for one of the
 * e-port's: customs knows only certificates on its own cards.
 */
export async function makePracticeCertificate(firm: { name: string; uscc: string }, now: string): Promise<RsaMaterial> {
  const { default: forge } = await import('node-forge');
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const key = forge.pki.privateKeyFromPem(privateKeyPem);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  // Positive and eight bytes long, the form of the e-port's serials.
  certificate.serialNumber = `03${randomBytes(7).toString('hex')}`;
  certificate.validity.notBefore = new Date(now);
  certificate.validity.notAfter = new Date(now);
  certificate.validity.notAfter.setUTCFullYear(certificate.validity.notAfter.getUTCFullYear() + validYears);
  const utf8 = forge.asn1.Type.UTF8;
  const subject: Forge.pki.CertificateField[] = [
    { shortName: 'C', value: 'CN' },
    { shortName: 'O', value: firm.name, valueTagClass: utf8 as unknown as Forge.asn1.Class },
    { shortName: 'OU', value: 'Portbook practice only', valueTagClass: utf8 as unknown as Forge.asn1.Class },
    { shortName: 'CN', value: firm.uscc },
  ];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, nonRepudiation: true },
  ]);
  certificate.sign(key, forge.md.sha256.create());
  return { privateKeyPem, certificatePem: forge.pki.certificateToPem(certificate) };
}
