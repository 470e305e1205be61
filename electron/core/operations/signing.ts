import { createHash } from 'node:crypto';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { signing } from '../../../shared/contract/signing.ts';
import { signatureProfile } from '../../../shared/documents/signature-profiles.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { checkUscc } from '../../../shared/identity/index.ts';
import { fingerprintText } from '../../../shared/sync/protocol.ts';
import type { Context, Handlers } from '../context.ts';
import { checkCardUrl, openCard } from '../keys/card-signer.ts';
import { type Certificate, readCertificate } from '../keys/certificate.ts';
import { rotateDeviceKey } from '../keys/device-key.ts';
import { makePracticeCertificate } from '../keys/practice-certificate.ts';
import {
  chooseSigning,
  forgetPin,
  keepPin,
  keptPin,
  profileFor,
  type SigningWay,
  signingCertificate,
  signingKeys,
  signingWay,
  withSigner,
} from '../keys/signer.ts';
import { signChecked } from '../keys/xml-signature.ts';
import { engineOf } from '../outbox/engine.ts';
import { signWaiting } from '../outbox/sign.ts';
import type { Book } from '../store/book.ts';
import { deviceKeyHistory } from '../store/device-keys.ts';
import { outboxCounts } from '../store/messages.ts';
import { bringSigningForward, latestSigningProblem, signatureOf } from '../store/signatures.ts';

/** From how many days before its end a certificate is spoken of. */
const SOON_DAYS = 30;

/** How the book signs its messages: not at all, by a practice key of its own, or by a card. */
export const signingHandlers: Handlers<keyof typeof signing> = {
  'signing.status': (_input, context) => view(context),

  'signing.createPractice': async ({ key }, context) => {
    const { book, now } = context;
    const made = await makePracticeCertificate(key, book.profile(), now());
    choose(context, { way: 'software', key: made }, await readCertificate(made.certificatePem));
    return view(context);
  },

  'signing.useCard': async (input, context) => {
    const url = checkCardUrl(input.url);
    const card = await openCard(url, { signal: context.signal });
    card.close();
    const certificate = Buffer.from(card.certificate.der).toString('base64');
    choose(context, { way: 'card', card: { url, certificate } }, card.certificate);
    return view(context);
  },

  'signing.setProfile': async ({ profile }, context) => {
    const { book, now } = context;
    const certificate = await signingCertificate(book);
    const wanted = signatureProfile(profile);
    if (certificate === undefined) throw new PortbookError('SIGNER_NONE');
    if (wanted?.key !== certificate.key) throw new PortbookError('SIGNATURE_PROFILE', { profile }, 'profile');
    book.transaction(() => {
      book.setSetting(signingKeys.profile(wanted.key), wanted.id);
      book.audit('signing.profile', wanted.id, { key: wanted.key }, now());
    });
    return view(context);
  },

  'signing.remove': (_input, context) => {
    const { book, now } = context;
    if (signingWay(book).way !== 'none') {
      book.transaction(() => {
        chooseSigning(book, { way: 'none' });
        book.audit('signing.removed', book.id, {}, now());
      });
      forgetPin(book);
      context.emit({ name: 'sync.changed' });
    }
    return view(context);
  },

  'signing.test': ({ pin }, context) => {
    const { book, now, signal } = context;
    return withSigner(book, { now: now(), signal, ...(pin === undefined ? {} : { pin }) }, async (signer) => {
      await signChecked(signer, new TextEncoder().encode(`portbook signature test ${now()}`));
      const { signatureMethod, digestMethod } = signer.profile;
      return { signatureMethod, digestMethod, certificate: certificateView(signer.certificate, context) };
    });
  },

  'signing.run': async ({ pin, keepPin: isToKeep }, context) => {
    const { book, now, signal, progress } = context;
    if (pin !== undefined && isToKeep) keepPin(book, pin);
    const done = await signWaiting({
      book,
      now,
      signal,
      progress,
      automatic: false,
      ...(pin === undefined ? {} : { pin }),
    });
    context.emit({ name: 'book.changed', areas: ['documents'] });
    context.emit({ name: 'sync.changed' });
    if (done.signed > 0) engineOf(context).nudge();
    return { ...done, unsigned: outboxCounts(book).unsigned };
  },

  'signing.forgetPin': (_input, context) => {
    forgetPin(context.book);
    return view(context);
  },

  'signing.ofMessage': ({ guid }, { book }) => signatureOf(book, guid) ?? { attempts: 0 },

  'device.keys': (_input, { book }) => ({ keys: deviceKeys(book) }),

  'device.rotate': async ({ reason }, context) => {
    const { book, host, now } = context;
    await rotateDeviceKey(book, host, reason, now);
    context.emit({ name: 'sync.changed' });
    engineOf(context).nudge();
    return { keys: deviceKeys(book) };
  },
};

function deviceKeys(book: Book): OutputOf<'device.keys'>['keys'] {
  return deviceKeyHistory(book).map(({ publicKey, retiredAt, reason, ...key }) => ({
    ...key,
    fingerprint: fingerprintText(createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')),
    ...(retiredAt === undefined ? {} : { retiredAt }),
    ...(reason === undefined ? {} : { reason }),
  }));
}

/** From now on the book signs so; what waits is tried again at once. */
function choose(context: Context, way: SigningWay, certificate: Certificate): void {
  const { book, now } = context;
  const at = now();
  const { serial, key } = certificate;
  book.transaction(() => {
    chooseSigning(book, way, certificate);
    bringSigningForward(book, at);
    book.audit('signing.created', serial, { key, way: way.way }, at);
  });
  forgetPin(book);
  context.emit({ name: 'sync.changed' });
  engineOf(context).nudge();
}

async function view(context: Context): Promise<OutputOf<'signing.status'>> {
  const { book } = context;
  const way = signingWay(book);
  const certificate = await signingCertificate(book);
  const problem = latestSigningProblem(book);
  return {
    way: way.way,
    ...(certificate === undefined
      ? {}
      : { certificate: certificateView(certificate, context), profile: profileFor(book, certificate.key).id }),
    ...(way.way === 'card' ? { card: { url: way.card.url, isPinKept: keptPin(book) !== undefined } } : {}),
    unsigned: outboxCounts(book).unsigned,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** How a code of an enterprise begins; an identity number never does. */
const firmCode = /9[1-3][0-9A-Z]{16}/g;

/** The firm a certificate names that is not this book's; brokers may sign for others, so that it is told and not refused. */
function otherFirmIn(subject: string, own: string): string | undefined {
  const named = (subject.match(firmCode) ?? []).filter((code) => checkUscc(code).ok);
  return own === '' || named.includes(own) ? undefined : named[0];
}

function certificateView(
  { subject, serial, notBefore, notAfter, key }: Certificate,
  { book, now: clock }: Context,
): NonNullable<OutputOf<'signing.status'>['certificate']> {
  const now = clock();
  const otherFirm = otherFirmIn(subject, book.profile().uscc);
  const days = Math.floor((Date.parse(notAfter) - Date.parse(now)) / 86_400_000);
  const inForce = days <= SOON_DAYS ? 'ends-soon' : 'valid';
  const standing = now > notAfter ? 'expired' : now < notBefore ? 'not-yet' : inForce;
  return {
    ...{ subject, serial, notBefore, notAfter, key, standing, days },
    ...(otherFirm === undefined ? {} : { otherFirm }),
  };
}
