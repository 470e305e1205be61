import { z } from 'zod';
import { signatureKeys } from '../documents/signature-profiles.ts';
import { isoInstant } from './common.ts';
import { command, job, query } from './operation.ts';

/** The PIN (口令) of a card: passed on and forgotten, never written down. */
const pin = z.string().max(64);

const params = z.record(z.string(), z.union([z.string(), z.number()]));
/** Why something could not be signed: the code of a refusal. */
const problem = z.object({ code: z.string(), params });

export const certificateView = z.object({
  subject: z.string(),
  /** Hex. */
  serial: z.string(),
  notBefore: isoInstant,
  notAfter: isoInstant,
  key: z.enum(signatureKeys),
  /** Code (统一社会信用代码) of the firm it was issued to, where it names one that is not this book's. */
  otherFirm: z.string().optional(),
  standing: z.enum(['valid', 'ends-soon', 'expired', 'not-yet']),
  /** Whole days until it ends; negative once it has. */
  days: z.number().int(),
});

/** A key by which platforms know this book's device (设备密钥), now or once. */
export const deviceKeyView = z.object({
  id: z.string(),
  /** First bytes of SHA-256 of the public key, hex in groups, to compare by eye. */
  fingerprint: z.string(),
  sealedBy: z.enum(['keyring', 'book']),
  createdAt: isoInstant,
  retiredAt: isoInstant.optional(),
  reason: z.string().optional(),
});

/** How this book signs its messages. */
export const signerView = z.object({
  /** `software`: a key of the book, for practice; `card`: an e-port card through its client control. */
  way: z.enum(['none', 'software', 'card']),
  certificate: certificateView.optional(),
  card: z.object({ url: z.string(), isPinKept: z.boolean() }).optional(),
  /** Id of the signature profile in use. */
  profile: z.string().optional(),
  /** Messages that wait for their signature, and why the last attempt did not work. */
  unsigned: z.number().int(),
  problem: problem.extend({ at: isoInstant, nextTryAt: isoInstant.optional() }).optional(),
});

export const signing = {
  'signing.status': query(z.object({}), signerView),
  /** A self-signed certificate for practice only: real customs will not know it. */
  'signing.createPractice': command(z.object({ key: z.enum(signatureKeys).default('rsa') }), signerView),
  /** Reads the certificate of the card behind an address, which needs no PIN, and signs with this card from now on. */
  'signing.useCard': job(z.object({ url: z.string().max(200) }), signerView),
  /** Chooses the names of algorithms for the kind of key in use. */
  'signing.setProfile': command(z.object({ profile: z.string() }), signerView),
  'signing.remove': command(z.object({}), signerView),
  /** Signs a short text and checks the signature: whether card, PIN and certificate work, before anything depends on it. */
  'signing.test': job(
    z.object({ pin: pin.optional() }),
    z.object({ signatureMethod: z.string(), digestMethod: z.string(), certificate: certificateView }),
  ),
  /** Signs whatever waits for it. `keepPin`: until the book closes, in memory only. */
  'signing.run': job(
    z.object({ pin: pin.optional(), keepPin: z.boolean().default(false) }),
    z.object({ signed: z.number().int(), unsigned: z.number().int(), problem: problem.optional() }),
  ),
  'signing.forgetPin': command(z.object({}), signerView),
  /** What is known of the signing of a message. */
  'signing.ofMessage': query(
    z.object({ guid: z.string() }),
    z.object({
      attempts: z.number().int(),
      problem: problem.extend({ at: isoInstant, nextTryAt: isoInstant.optional() }).optional(),
      signed: z
        .object({
          at: isoInstant,
          profile: z.string(),
          signatureMethod: z.string(),
          digestMethod: z.string(),
          subject: z.string(),
          serial: z.string(),
          notBefore: isoInstant,
          notAfter: isoInstant,
        })
        .optional(),
    }),
  ),
  /** Every device key this book ever had, those in use first. */
  'device.keys': query(z.object({}), z.object({ keys: z.array(deviceKeyView) })),
  /** A new device key in the place of all others; platforms meet it at the next contact. */
  'device.rotate': command(
    z.object({ reason: z.string().trim().min(1).max(200) }),
    z.object({ keys: z.array(deviceKeyView) }),
  ),
} as const;
