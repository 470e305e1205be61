import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  /** Of this computer. */
  readonly right: Certificate;
  /** Of this computer too, as somebody says whom nobody knows. */
  readonly wrong: Certificate;
}

/** Self-made certificates for `localhost`: whoever trusts the first does not trust the second. */
export function certificates(): Certificates {
  return { right: make('Portbook storm'), wrong: make('Somebody else') };
}

function make(name: string): Certificate {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const own = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + 7 * 86_400_000);
  const subject = [{ shortName: 'CN', value: name }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
  ]);
  certificate.sign(own, forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key };
}
