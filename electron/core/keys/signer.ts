import { createPrivateKey, createSign, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import {
  defaultProfile,
  type SignatureKey,
  type SignatureProfile,
  signatureKeys,
  signatureProfile,
} from '../../../shared/documents/signature-profiles.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from '../store/book.ts';
import { type CardLimits, openCard } from './card-signer.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { loadSm2 } from './sm2.ts';
import type { OpenSigner } from './xml-signature.ts';

/** A key in the book: for practice, customs knows only those of its cards. */
export const softwareKey = z.object({
  key: z.enum(signatureKeys),
  /** RSA: PKCS #8 PEM; SM2: 32 bytes, hex. The book is sealed, so the key is too. */
  privateKey: z.string(),
  certificatePem: z.string(),
});
export type SoftwareKey = z.infer<typeof softwareKey>;

/** A card behind the middleware of its vendor, with the certificate it had when it was chosen. */
export const cardSetting = z.object({ url: z.string(), certificate: z.string() });
export type CardSetting = z.infer<typeof cardSetting>;

/** How a book signs. */
export type SigningWay =
  | { readonly way: 'none' }
  | { readonly way: 'software'; readonly key: SoftwareKey }
  | { readonly way: 'card'; readonly card: CardSetting };

export const signingKeys = {
  /** A software key as books of before kept it, RSA only; `software` takes its place. */
  oldRsa: 'signing.rsa',
  software: 'signing.software',
  card: 'signing.card',
  ending: 'signing.ending',
  /** The profile chosen for a kind of key. */
  profile: (key: SignatureKey) => `signing.profile.${key}`,
} as const;

/** When which certificate ends, for those who cannot wait for it to be read. */
const ending = z.object({ serial: z.string(), notAfter: z.string() });

const oldRsa = z.object({ privateKeyPem: z.string(), certificatePem: z.string() });

/** How the book signs its messages. A card, where one is chosen, comes before a key of the book. */
export function signingWay(book: Book): SigningWay {
  const card = book.setting(signingKeys.card);
  if (card !== undefined) return { way: 'card', card: cardSetting.parse(JSON.parse(card)) };
  const software = book.setting(signingKeys.software);
  if (software !== undefined) return { way: 'software', key: softwareKey.parse(JSON.parse(software)) };
  const old = book.setting(signingKeys.oldRsa);
  if (old === undefined) return { way: 'none' };
  const { privateKeyPem, certificatePem } = oldRsa.parse(JSON.parse(old));
  return { way: 'software', key: { key: 'rsa', privateKey: privateKeyPem, certificatePem } };
}

/** Chooses how the book signs from now on; the way before is forgotten. */
export function chooseSigning(book: Book, way: SigningWay, certificate?: Certificate): void {
  const { serial, notAfter } = certificate ?? {};
  book.setSetting(signingKeys.oldRsa, undefined);
  book.setSetting(signingKeys.software, way.way === 'software' ? JSON.stringify(way.key) : undefined);
  book.setSetting(signingKeys.card, way.way === 'card' ? JSON.stringify(way.card) : undefined);
  book.setSetting(signingKeys.ending, certificate === undefined ? undefined : JSON.stringify({ serial, notAfter }));
}

/** When the certificate the book signs with ends; undefined when it signs nothing. */
export function certificateEnding(book: Book): z.infer<typeof ending> | undefined {
  const known = book.setting(signingKeys.ending);
  if (known !== undefined) return ending.parse(JSON.parse(known));
  const way = signingWay(book);
  if (way.way !== 'software') return undefined;
  // A book of before: its certificate is of RSA, which every runtime reads.
  const { serialNumber, validTo } = new X509Certificate(way.key.certificatePem);
  return { serial: serialNumber.toLowerCase(), notAfter: new Date(validTo).toISOString() };
}

export function profileFor(book: Book, key: SignatureKey): SignatureProfile {
  const chosen = signatureProfile(book.setting(signingKeys.profile(key)) ?? '');
  return chosen?.key === key ? chosen : defaultProfile(key);
}

/** The certificate messages are signed with, as far as the book knows it; undefined when it signs nothing. */
export function signingCertificate(book: Book): Promise<Certificate> | undefined {
  const way = signingWay(book);
  if (way.way === 'none') return undefined;
  return readCertificate(way.way === 'card' ? way.card.certificate : way.key.certificatePem);
}

export interface SignerOptions {
  readonly now: string;
  /** Of the card; else the one that was kept. Never logged or written down. */
  readonly pin?: string;
  readonly signal: AbortSignal;
  readonly limits?: CardLimits;
}

/** After one of these a PIN that was kept is not tried again: a card locks after a few wrong ones. */
const ofThePin = new Set(['PIN_WRONG', 'CARD_LOCKED', 'CERTIFICATE_OTHER']);
/** A card does one thing at a time; so does a book. */
const running = new WeakMap<Book, Promise<unknown>>();

/**
 * Runs `work` with the book's signer, after whatever signs now, and lets go of it.
 * Refusals: those of {@link openSigner} and of `work`.
 */
export function withSigner<T>(
  book: Book,
  options: SignerOptions,
  work: (signer: OpenSigner) => Promise<T>,
): Promise<T> {
  const mine = (running.get(book) ?? Promise.resolve()).then(async () => {
    const pin = options.pin ?? keptPin(book);
    let signer: OpenSigner | undefined;
    try {
      signer = await openSigner(book, { ...options, ...(pin === undefined ? {} : { pin }) });
      return await work(signer);
    } catch (error) {
      if (error instanceof PortbookError && ofThePin.has(error.code)) forgetPin(book);
      throw error;
    } finally {
      signer?.close();
    }
  });
  // The next one begins however this one ended; its error is this caller's.
  running.set(
    book,
    mine.catch(() => undefined),
  );
  return mine;
}

/**
 * Gets the book's signer ready: reads the card's certificate and makes sure that it is the one that was chosen and in force.
 * Refusals: `SIGNER_NONE`, `CERTIFICATE_NOT_YET`, `CERTIFICATE_EXPIRED`, `CERTIFICATE_OTHER`, and those of the card.
 */
export async function openSigner(book: Book, options: SignerOptions): Promise<OpenSigner> {
  const way = signingWay(book);
  if (way.way === 'none') throw new PortbookError('SIGNER_NONE');
  if (way.way === 'software') {
    const certificate = await readCertificate(way.key.certificatePem);
    requireInForce(certificate, options.now);
    return softwareSigner(way.key, certificate, profileFor(book, certificate.key));
  }
  const known = await readCertificate(way.card.certificate);
  // A card that has run out is not asked: each question with a PIN is a risk.
  requireInForce(known, options.now);
  const card = await openCard(way.card.url, options);
  const { certificate } = card;
  if (!Buffer.from(certificate.der).equals(Buffer.from(known.der))) {
    card.close();
    throw new PortbookError('CERTIFICATE_OTHER', { serial: certificate.serial, expected: known.serial });
  }
  return { ...card, profile: profileFor(book, certificate.key) };
}

function requireInForce({ serial, notBefore, notAfter }: Certificate, now: string): void {
  const [from, until] = [notBefore.slice(0, 10), notAfter.slice(0, 10)];
  if (now < notBefore) throw new PortbookError('CERTIFICATE_NOT_YET', { serial, from, until });
  if (now > notAfter) throw new PortbookError('CERTIFICATE_EXPIRED', { serial, from, until });
}

/** A signer by a key that is at hand. */
export async function softwareSigner(
  { key, privateKey }: SoftwareKey,
  certificate: Certificate,
  profile: SignatureProfile,
): Promise<OpenSigner> {
  if (key === 'rsa') {
    const own = createPrivateKey(privateKey);
    return {
      certificate,
      profile,
      sign: (bytes) => Promise.resolve(Uint8Array.from(createSign('RSA-SHA1').update(bytes).sign(own))),
      close: () => undefined,
    };
  }
  const sm2 = await loadSm2();
  const pair = { privateKey, publicKey: certificate.point };
  return {
    certificate,
    profile,
    sign: (bytes) => Promise.resolve(sm2.sign(bytes, pair, 'raw')),
    close: () => undefined,
  };
}

/** PINs that a person let us keep until the book closes; they are nowhere but in memory. */
const pins = new WeakMap<Book, string>();

export function keepPin(book: Book, pin: string): void {
  pins.set(book, pin);
}

export function keptPin(book: Book): string | undefined {
  return pins.get(book);
}

export function forgetPin(book: Book): void {
  pins.delete(book);
}
