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
  audience: 'portbook-audience',
  time: 'portbook-time',
  contentSha256: 'portbook-content-sha256',
  signature: 'portbook-signature',
} as const;

/** What a signed request says of itself. */
export interface SignedParts {
  /**
   * Whom it is meant for: host, and port where it is not the usual one, of the address that the sender was given. A platform takes what is
   * meant for it and nothing else, so that no other platform can hand on what it received.
   */
  readonly audience: string;
  readonly method: string;
  /** The path with its query, exactly as sent. */
  readonly path: string;
  readonly time: string;
  /** Lower-case hex SHA-256 of the body. */
  readonly contentSha256: string;
}

/** The text that a request's signature covers. */
export function canonicalRequest({ audience, method, path, time, contentSha256 }: SignedParts): string {
  return `PORTBOOK-1\n${audience}\n${method}\n${path}\n${time}\n${contentSha256}`;
}

/**
 * A device key as people compare it, over the telephone if need be.
 * @param sha256 lower-case hex SHA-256 of its SubjectPublicKeyInfo
 */
export function fingerprintText(sha256: string): string {
  return (sha256.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
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
    /** Whether it hands the bytes of a message back to the enterprise that sent it. */
    contents: z.boolean().optional(),
    /** Whether it lists the GUIDs of what an enterprise sent. */
    arrivals: z.boolean().optional(),
    /** Whether it passes on what carriers say of goods under way. */
    milestones: z.boolean().optional(),
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

/** Devices that wait until whoever runs the platform has approved them. */
export const pendingDevices = z.object({
  enrolments: z.array(
    enrolmentRequest.omit({ publicKey: true }).extend({
      /** Of its key, as the desk shows it: see {@link fingerprintText}. */
      fingerprint: z.string(),
      askedAt: z.string(),
    }),
  ),
});
export type PendingDevices = z.infer<typeof pendingDevices>;

export const transportReceipt = z.object({
  guid: z.string(),
  sha256: z.string(),
  status: z.literal('stored'),
  receivedAt: z.string(),
  receiptId: z.string(),
});
export type TransportReceipt = z.infer<typeof transportReceipt>;

/** GUIDs of an enterprise's messages in the order they came; `next` is the last of them, of an empty page what it was asked after. */
export const messagePage = z.object({
  guids: z.array(z.string().regex(/^[0-9A-Fa-f-]{36}$/)).max(1000),
  next: z.string().max(36),
});
export type MessagePage = z.infer<typeof messagePage>;

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
  /** The same where it differs by month. */
  monthlyCapacity: z
    .array(
      z.object({
        month: z.number().int().min(1).max(12),
        quantity: z.string().regex(/^\d{1,12}(\.\d{1,5})?$/),
        unit: z.string().max(10),
      }),
    )
    .max(12)
    .optional(),
  village: z.string().max(100).optional(),
  brand: z.string().max(100).optional(),
  /** The one product its county is known by (一县一品). */
  flagship: z.boolean().optional(),
  /** Band of storage and transport, degrees Celsius. */
  temperature: z
    .object({ from: z.string().regex(/^-?\d{1,3}(\.\d)?$/), to: z.string().regex(/^-?\d{1,3}(\.\d)?$/) })
    .optional(),
  certificates: z
    .array(
      z.object({
        kind: z.string().max(60),
        no: z.string().max(100),
        issuer: z.string().max(100).optional(),
        validTo: z.string().max(10).optional(),
      }),
    )
    .max(50)
    .optional(),
  photos: z
    .array(z.object({ name: z.string().max(200), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(50)
    .optional(),
  /** Category and extra fields of a county or city (市县特色模块), as its own pack names them. */
  extras: z
    .array(z.object({ field: z.string().max(40), label: z.string().max(100), value: z.string().max(500) }))
    .max(60)
    .optional(),
  withdrawn: z.boolean().optional(),
});
export type ProductRevision = z.infer<typeof productRevision>;

export const productPage = z.object({ products: z.array(productRevision), next: z.string() });
export type ProductPage = z.infer<typeof productPage>;

/** One line for people: no control characters, so that {@link packText} has one text a line. */
const packLine = z.object({ zh: z.string().regex(/^[^\p{Cc}]{1,500}$/u), en: z.string().regex(/^[^\p{Cc}]{1,500}$/u) });

/**
 * A signed pack of code tables or rules, as the platform lists it. Versions of an id count up; a reader takes a later one only, and only
 * with a good signature over {@link packText}. What the bytes are: shared/sync/pack-file.ts.
 */
export const packManifest = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  kind: z.enum(['tables', 'rules']),
  version: z.number().int().min(1).max(1_000_000_000),
  /** Business date from which it holds. */
  validFrom: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  title: packLine,
  /** What is different from the version before, for people. */
  changes: z.array(packLine).max(200),
  /** Length of the pack in bytes, and its lower-case hex SHA-256. */
  size: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  algorithm: z.literal('Ed25519'),
  /** Which of the issuer's keys signed it: the first 32 hex digits of the SHA-256 of its SubjectPublicKeyInfo. */
  keyId: z.string().min(1).max(64),
  /** base64. */
  signature: z.string().max(200),
});
export type PackManifest = z.infer<typeof packManifest>;

/** Who issues packs: a name, and the Ed25519 key that signs them, base64 of its SubjectPublicKeyInfo. */
export const packIssuer = z.object({
  name: z.string().regex(/^[^\p{Cc}]{1,100}$/u),
  publicKey: z.string().max(200),
});
export type PackIssuer = z.infer<typeof packIssuer>;

/** `issuers` are named, not vouched for: whom a desk trusts is decided by the person at it. */
export const packList = z.object({
  packs: z.array(packManifest).max(500),
  issuers: z.array(packIssuer).max(20).default([]),
});
export type PackList = z.infer<typeof packList>;

/** The text that the signature of a pack covers: all that is said of it, the change log with it. */
export function packText(manifest: Omit<PackManifest, 'signature'>): string {
  const { id, kind, version, validFrom, size, sha256, title, changes } = manifest;
  const lines = [title, ...changes].flatMap(({ zh, en }) => [zh, en]);
  return ['PORTBOOK-PACK-1', id, kind, version, validFrom, size, sha256, ...lines].join('\n');
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

/** What carriers say of goods under way, in the order it was told: `GET /v1/milestones?after=`. The same id is the same event. */
export const milestonePage = z.object({
  milestones: z
    .array(
      z.object({
        id: z.string().min(1).max(80),
        /** Waybill, bill of lading, container or shipment. */
        number: z.string().min(1).max(64),
        /** In the carrier's words. */
        status: z.string().min(1).max(200),
        at: z.iso.datetime({ offset: true }),
        place: z.string().max(100).default(''),
        text: z.string().max(300).default(''),
      }),
    )
    .max(1000),
  next: z.string(),
});
export type MilestonePage = z.infer<typeof milestonePage>;
export type CarrierMilestone = MilestonePage['milestones'][number];

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

/** How a misbehaviour is told: how long, a share of what comes by, on or off, or until when. */
const tellings = {
  milliseconds: z.number().int().min(0).max(60_000).default(0),
  share: z.number().min(0).max(1).default(0),
  switch: z.boolean().default(false),
  /** Empty: not at all. */
  until: z.union([z.literal(''), z.iso.datetime()]).default(''),
} as const;

/** What a practice platform can be told to do wrong, at its door and with its receipts. The shape below and the desk's card follow this table. */
export const misbehaviours = {
  /** Every answer waits this long. */
  latencyMs: { of: 'door', told: 'milliseconds' },
  /** Until then every request is answered 503 with the rest of the window as `Retry-After`. */
  maintenanceUntil: { of: 'door', told: 'until' },
  /** Share of requests whose connection is cut before anything is done. */
  dropRequests: { of: 'door', told: 'share' },
  /** Share of answers whose connection is cut after the work is done. */
  dropReplies: { of: 'door', told: 'share' },
  /** Share of requests answered with a 5xx: half of them before anything is done, half of them after. */
  errorShare: { of: 'door', told: 'share' },
  /** Share of answers that break off in the middle of their body. */
  truncateShare: { of: 'door', told: 'share' },
  /** Takes the connection and never answers. */
  silent: { of: 'door', told: 'switch' },
  /** Share of documents that customs sends back though nothing is wrong. */
  rejectShare: { of: 'receipts', told: 'share' },
  /** Share of receipts beside which stands one for a message and a document that nobody sent. */
  unknownGuidReceipts: { of: 'receipts', told: 'share' },
  /** Share of receipts beside which stands one with a status that no table has. */
  unknownStatusReceipts: { of: 'receipts', told: 'share' },
  /** Share of final receipts after which comes one that says the opposite. */
  contradictingReceipts: { of: 'receipts', told: 'share' },
  duplicateReceipts: { of: 'receipts', told: 'switch' },
  reorderReceipts: { of: 'receipts', told: 'switch' },
} as const satisfies Record<string, { of: 'door' | 'receipts'; told: keyof typeof tellings }>;
export type MisbehaviourName = keyof typeof misbehaviours;

type Told<N extends MisbehaviourName> = (typeof tellings)[(typeof misbehaviours)[N]['told']];

export const behaviour = z.object({
  ...(Object.fromEntries(Object.entries(misbehaviours).map(([name, { told }]) => [name, tellings[told]])) as {
    [N in MisbehaviourName]: Told<N>;
  }),
  /** Start of the random numbers behind the shares. */
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

const countedDocument = z.object({
  number: z.string(),
  state: z.enum(['pending', 'accepted', 'released', 'rejected', 'replaced']),
  /** The amount its lines or its head come to, in the currency it is in. */
  amount: z.string().regex(/^-?\d+(\.\d+)?$/),
});
export type CountedDocument = z.infer<typeof countedDocument>;

/** How many documents a page of them holds. */
export const STATISTICS_PAGE = 1000;

/** What an enterprise sent in a month, by kind, and what became of it: counts of documents; of a kind that is asked for, each of them. */
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
  /** Oldest first, so that of two with one number the later is the one that holds. Absent where the platform names none. */
  documents: z.array(countedDocument).optional(),
  /** Where the next page begins; absent on the last. */
  next: z.string().optional(),
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
