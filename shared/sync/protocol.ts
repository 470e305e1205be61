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
