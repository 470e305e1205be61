import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type Forge from 'node-forge';
import type { SignatureKey } from '../../../shared/documents/signature-profiles.ts';
import { oids } from './certificate.ts';
import type { SoftwareKey } from './signer.ts';
import { loadSm2 } from './sm2.ts';

const validYears = 3;

/**
 * A self-signed certificate for practising. It says so in its subject, so that nobody takes it for one of the
 * e-port's: customs knows only certificates on its own cards.
 */
export async function makePracticeCertificate(
  key: SignatureKey,
  firm: { name: string; uscc: string },
  now: string,
): Promise<SoftwareKey> {
  const { default: forge } = await import('node-forge');
  return key === 'rsa' ? makeRsa(forge, firm, now) : makeSm2(forge, firm, now);
}

async function makeRsa(forge: typeof Forge, firm: { name: string; uscc: string }, now: string): Promise<SoftwareKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const own = forge.pki.privateKeyFromPem(privateKeyPem);
  const certificate = blank(forge, firm, now);
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e);
  certificate.sign(own, forge.md.sha256.create());
  return { key: 'rsa', privateKey: privateKeyPem, certificatePem: forge.pki.certificateToPem(certificate) };
}

/** What the library has and its types have not. */
interface Writer {
  getTBSCertificate(certificate: Forge.pki.Certificate): Forge.asn1.Asn1;
}

/** forge writes certificates of RSA keys only: the key and the algorithm are exchanged in what it writes, then it is signed. */
async function makeSm2(forge: typeof Forge, firm: { name: string; uscc: string }, now: string): Promise<SoftwareKey> {
  const { asn1 } = forge;
  const sm2 = await loadSm2();
  const pair = sm2.makePair();
  const certificate = blank(forge, firm, now);
  certificate.publicKey = forge.pki.setRsaPublicKey(new forge.jsbn.BigInteger('3'), new forge.jsbn.BigInteger('3'));
  certificate.siginfo.algorithmOid = oids.sm2WithSm3;
  const make = (type: number, isConstructed: boolean, value: string | Forge.asn1.Asn1[]) =>
    asn1.create(asn1.Class.UNIVERSAL, type, isConstructed, value);
  const oid = (of: string) => make(asn1.Type.OID, false, asn1.oidToDer(of).getBytes());
  const bits = (bytes: Uint8Array) => make(asn1.Type.BITSTRING, false, `\0${Buffer.from(bytes).toString('binary')}`);
  const signedBy = () => make(asn1.Type.SEQUENCE, true, [oid(oids.sm2WithSm3)]);
  const body = (forge.pki as unknown as Writer).getTBSCertificate(certificate);
  if (typeof body.value === 'string') throw new Error('a certificate without fields');
  body.value[2] = signedBy();
  body.value[6] = make(asn1.Type.SEQUENCE, true, [
    make(asn1.Type.SEQUENCE, true, [oid(oids.ecPublicKey), oid(oids.sm2Curve)]),
    bits(Buffer.from(pair.publicKey, 'hex')),
  ]);
  const toSign = Buffer.from(asn1.toDer(body).getBytes(), 'binary');
  const whole = make(asn1.Type.SEQUENCE, true, [body, signedBy(), bits(sm2.sign(toSign, pair, 'der'))]);
  const base64 = Buffer.from(asn1.toDer(whole).getBytes(), 'binary').toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return {
    key: 'sm2',
    privateKey: pair.privateKey,
    certificatePem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

/** All but the key and the signature. */
function blank(forge: typeof Forge, firm: { name: string; uscc: string }, now: string): Forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
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
  return certificate;
}
