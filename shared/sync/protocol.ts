import { z } from 'zod';
import { catalogue, requestNames } from '../documents/catalogue.ts';
import { rateKinds } from '../ledger/postings.ts';

/**
 * The platform protocol (docs/openapi.yaml), as both sides of it see it: shapes, header names, the signed text.
 */

export const PROTOCOL = 'portbook/1';

/** How far a sender's clock may be off. */
export const CLOCK_TOLERANCE_MS = 15 * 60_000;

export const headerNames = {
  device: 'portbook-device',
  time: 'portbook-time',
  contentSha256: 'portbook-content-sha256',
  signature: 'portbook-signature',
} as const;

/** The text that a request's signature covers. `path` is the path with its query, exactly as sent. */
export function canonicalRequest(method: string, path: string, time: string, contentSha256: string): string {
  return `PORTBOOK-1\n${method}\n${path}\n${time}\n${contentSha256}`;
}

/** Kinds a desk sends, in the order of sending: orders, then payments and waybills, then lists; forms of foreign exchange wait for none. */
export const sendingRank: Readonly<Record<string, number>> = Object.fromEntries(
  requestNames.map((name) => [name, catalogue[name].rank]),
);

export const health = z.object({
  name: z.string(),
  protocol: z.literal(PROTOCOL),
  time: z.string(),
  practice: z.boolean().optional(),
  capabilities: z.object({
    kinds: z.array(z.string()),
    maxBytes: z.number(),
    maxDocuments: z.number(),
    rates: z.boolean().optional(),
    /** Longest `wait` of a reading of receipts, seconds; without it an empty page comes at once. */
    longPollSeconds: z.number().int().optional(),
    /** Whether it keeps a product library (产品资源库). */
    products: z.boolean().optional(),
    /** Whether it hands out signed packs of code tables and rules. */
    packs: z.boolean().optional(),
    /** Whether it counts an enterprise's own filings. */
    statistics: z.boolean().optional(),
    /** Whether it passes on what customs asks about orders (实时获取, 2018 年第 179 号). */
    dataRequests: z.boolean().optional(),
  }),
});
export type Health = z.infer<typeof health>;

export const enrolmentRequest = z.object({
  uscc: z.string(),
  customsCode: z.string(),
  name: z.string().min(1).max(100),
  deviceId: z.string().min(8).max(64),
  publicKey: z.string(),
});
export type EnrolmentRequest = z.infer<typeof enrolmentRequest>;

export const enrolment = z.object({ deviceId: z.string(), enterpriseId: z.string() });
export type Enrolment = z.infer<typeof enrolment>;

export const transportReceipt = z.object({
  guid: z.string(),
  sha256: z.string(),
  status: z.literal('stored'),
  receivedAt: z.string(),
  receiptId: z.string(),
});
export type TransportReceipt = z.infer<typeof transportReceipt>;

export const receiptPage = z.object({
  receipts: z.array(z.object({ id: z.string(), messageGuid: z.string(), kind: z.string(), xml: z.string() })),
  next: z.string(),
});
export type ReceiptPage = z.infer<typeof receiptPage>;

/** Exchange rates in the order the platform learnt them: CNY for one unit. `next` is the cursor of the page's end. */
export const ratePage = z.object({
  rates: z
    .array(
      z.object({
        kind: z.enum(rateKinds),
        currency: z.string(),
        date: z.string(),
        cnyPerUnit: z.string(),
        source: z.string().min(1),
      }),
    )
    .max(1000),
  next: z.string(),
});
export type RatePage = z.infer<typeof ratePage>;

/** Longest a reading of receipts is held open. */
export const LONG_POLL_SECONDS = 30;

/**
 * One version of a product in the library. Versions of an item count up; a version never changes. Weights and capacities are text with
 * their unit beside them, photos and certificates are named by the SHA-256 of their bytes.
 */
export const productRevision = z.object({
  itemNo: z.string().regex(/^[^\p{Cc}]{1,60}$/u),
  version: z.number().int().min(1).max(1_000_000),
  nameZh: z.string().min(1).max(250),
  nameEn: z.string().max(250).optional(),
  /** Administrative division (行政区划) of the place of origin, six digits. */
  origin: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  hsCode: z
    .string()
    .regex(/^\d{8,10}$/)
    .optional(),
  variety: z.string().max(100).optional(),
  grade: z.string().max(100).optional(),
  pack: z.string().max(200).optional(),
  /** Months of the season, 1 to 12; over the new year when `from` is the later one. */
  season: z.object({ from: z.number().int().min(1).max(12), to: z.number().int().min(1).max(12) }).optional(),
  /** What can be delivered, a month. */
  capacity: z.object({ quantity: z.string().regex(/^\d{1,12}(\.\d{1,5})?$/), unit: z.string().max(10) }).optional(),
  certificates: z
    .array(z.object({ kind: z.string().max(60), no: z.string().max(100), validTo: z.string().max(10).optional() }))
    .max(50)
    .optional(),
  photos: z
    .array(z.object({ name: z.string().max(200), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(50)
    .optional(),
  withdrawn: z.boolean().optional(),
});
export type ProductRevision = z.infer<typeof productRevision>;

export const productPage = z.object({ products: z.array(productRevision), next: z.string() });
export type ProductPage = z.infer<typeof productPage>;

/**
 * A signed pack of code tables or rules, as the platform lists it. Versions of an id count up; a reader takes a later one only, and only
 * with a good signature over {@link packText}.
 */
export const packManifest = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  kind: z.enum(['tables', 'rules']),
  version: z.number().int().min(1),
  /** Business date from which it holds. */
  validFrom: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  title: z.object({ zh: z.string(), en: z.string() }),
  /** What is different from the version before, for people. */
  changes: z.array(z.object({ zh: z.string(), en: z.string() })).max(200),
  /** Length of the pack in bytes, and its lower-case hex SHA-256. */
  size: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  algorithm: z.literal('Ed25519'),
  /** Which of the issuer's keys signed it. */
  keyId: z.string().min(1).max(64),
  /** base64. */
  signature: z.string(),
});
export type PackManifest = z.infer<typeof packManifest>;

export const packList = z.object({ packs: z.array(packManifest) });
export type PackList = z.infer<typeof packList>;

/** The text that the signature of a pack covers. */
export function packText({ id, kind, version, validFrom, size, sha256 }: Omit<PackManifest, 'signature'>): string {
  return `PORTBOOK-PACK-1\n${id}\n${kind}\n${version}\n${validFrom}\n${size}\n${sha256}`;
}

/**
 * What customs asks about orders, in the order of asking: `GET /v1/data-requests?after=`. The answer to one is
 * `PUT /v1/data-requests/{sessionID}` with the exact text of payExInfoStr; the same text again changes nothing.
 */
export const dataRequestPage = z.object({
  requests: z
    .array(
      z.object({
        sessionID: z.string().regex(/^[0-9A-Za-z-]{1,36}$/),
        orderNo: z.string().min(1).max(60),
        /** When customs asked, milliseconds since 1970. */
        serviceTime: z.number().int().nonnegative(),
      }),
    )
    .max(1000),
  next: z.string(),
});
export type DataRequestPage = z.infer<typeof dataRequestPage>;

/** What customs says to an answer: 10000 taken, anything else not. */
export const dataReply = z.object({ code: z.string(), message: z.string().default('') });
export type DataReply = z.infer<typeof dataReply>;

export const problem = z.object({
  code: z.string(),
  detail: z.string().default(''),
  time: z.string().optional(),
  findings: z.array(z.object({ path: z.string(), rule: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

export const behaviour = z.object({
  latencyMs: z.number().int().min(0).max(60_000).default(0),
  dropReplies: z.number().min(0).max(1).default(0),
  duplicateReceipts: z.boolean().default(false),
  reorderReceipts: z.boolean().default(false),
  rejectShare: z.number().min(0).max(1).default(0),
  silent: z.boolean().default(false),
  /** Share of requests whose connection is cut before anything is done. */
  dropRequests: z.number().min(0).max(1).default(0),
  /** Share of requests answered with a 5xx: half of them before anything is done, half of them after. */
  errorShare: z.number().min(0).max(1).default(0),
  /** Share of answers that break off in the middle of their body. */
  truncateShare: z.number().min(0).max(1).default(0),
  /** Share of receipts beside which stands one for a message and a document that nobody sent. */
  unknownGuidReceipts: z.number().min(0).max(1).default(0),
  /** Share of receipts beside which stands one with a status that no table has. */
  unknownStatusReceipts: z.number().min(0).max(1).default(0),
  /** Share of final receipts after which comes one that says the opposite. */
  contradictingReceipts: z.number().min(0).max(1).default(0),
  /** Until then every request is answered 503 with the rest of the window as `Retry-After`; empty: no maintenance. */
  maintenanceUntil: z.union([z.literal(''), z.iso.datetime()]).default(''),
  seed: z.number().int().min(0).default(1),
});
export type Behaviour = z.infer<typeof behaviour>;

export const statistics = z.object({
  messages: z.number().int(),
  documents: z.number().int(),
  keys: z.number().int(),
  accepted: z.number().int(),
  rejected: z.number().int(),
  released: z.number().int(),
  duplicates: z.number().int(),
  doubleAcceptances: z.number().int(),
  resends: z.number().int(),
  pending: z.number().int(),
  receipts: z.number().int(),
});
export type Statistics = z.infer<typeof statistics>;

/** What an enterprise sent in a month, by kind, and what became of it: counts of documents. */
export const enterpriseStatistics = z.object({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  kinds: z.array(
    z.object({
      kind: z.string(),
      documents: z.number().int(),
      pending: z.number().int(),
      accepted: z.number().int(),
      released: z.number().int(),
      rejected: z.number().int(),
      replaced: z.number().int(),
    }),
  ),
});
export type EnterpriseStatistics = z.infer<typeof enterpriseStatistics>;

/** What one exchange with a platform came to. `delivered` says whether the platform may hold the message all the same. */
export type Outcome<T> =
  | { readonly kind: 'accepted'; readonly value: T }
  /** Final for this message: its documents are to be corrected. */
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  /**
   * Worth another try. `offline`: nothing answered the door; `silent`: someone did, and gave no usable answer; `busy`: the platform asks to
   * wait; `handed`: it lies with somebody who will take it in his own time, which is no failure.
   */
  | {
      readonly kind: 'retryable';
      readonly evidence: 'offline' | 'silent' | 'busy' | 'handed';
      readonly delivered: 'no' | 'maybe';
      readonly code: string;
      readonly retryAfterMs: number;
    }
  /** Concerns every message alike: the whole queue pauses with this one reason. */
  | { readonly kind: 'fatal'; readonly code: string; readonly detail: string };
