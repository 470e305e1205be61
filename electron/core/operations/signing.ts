import { X509Certificate } from 'node:crypto';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { signing } from '../../../shared/contract/signing.ts';
import type { Handlers } from '../context.ts';
import { makePracticeCertificate } from '../keys/practice-certificate.ts';
import { rsaMaterialOf, signingSetting } from '../keys/signer.ts';
import type { Book } from '../store/book.ts';

/** The signer of business messages: today a practice certificate in the sealed book, or none. */
export const signingHandlers: Handlers<keyof typeof signing> = {
  'signing.status': (_input, { book }) => view(book),

  'signing.createPractice': async (_input, { book, now }) => {
    const at = now();
    const material = await makePracticeCertificate(book.profile(), at);
    const { serialNumber } = new X509Certificate(material.certificatePem);
    book.transaction(() => {
      book.setSetting(signingSetting, JSON.stringify(material));
      book.audit('signing.created', serialNumber, { kind: 'rsa', practice: true }, at);
    });
    return view(book);
  },

  'signing.remove': (_input, { book, now }) => {
    if (rsaMaterialOf(book) !== undefined) {
      book.transaction(() => {
        book.setSetting(signingSetting, undefined);
        book.audit('signing.removed', book.id, {}, now());
      });
    }
    return view(book);
  },
};

function view(book: Book): OutputOf<'signing.status'> {
  const material = rsaMaterialOf(book);
  if (material === undefined) return { kind: 'none' };
  const certificate = new X509Certificate(material.certificatePem);
  return {
    kind: 'rsa',
    subject: certificate.subject.split('\n').join(', '),
    serial: certificate.serialNumber.toLowerCase(),
    notAfter: new Date(certificate.validTo).toISOString(),
  };
}
