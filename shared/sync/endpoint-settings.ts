import { z } from 'zod';
import { carryCiphers } from './carry.ts';

/** What a user sets of an endpoint: how it is reached, what it takes, what it asks for. */

export const transportKinds = ['http', 'folder', 'carry'] as const;
export type TransportKind = (typeof transportKinds)[number];

/**
 * The proxy of an endpoint: that of the system (PAC included), none, or one of its own. The password is kept apart and never
 * comes back.
 */
export const proxySettings = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('system') }),
  z.object({ mode: z.literal('none') }),
  z.object({
    mode: z.literal('explicit'),
    /** `http://host:port`, or https. */
    url: z.string().max(300),
    user: z.string().max(100).default(''),
  }),
]);
export type ProxySettings = z.infer<typeof proxySettings>;

export const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const;

export const tlsSettings = z.object({
  /** PEM of authorities of the platform's own; trusted beside those of the system. Empty: none. */
  ca: z.string().max(100_000).default(''),
  /** SHA-256 of the one certificate that is right, 64 hex digits; empty: any that the authorities vouch for. */
  pin: z
    .string()
    .transform((text) => text.replace(/[\s:]/g, '').toLowerCase())
    .refine((text) => /^([0-9a-f]{64})?$/.test(text))
    .default(''),
  minVersion: z.enum(tlsVersions).default('TLSv1.2'),
});
export type TlsSettings = z.infer<typeof tlsSettings>;

/** The exchange folders of an import client, as paths of this computer. */
export const folderSettings = z.object({
  outBox: z.string().min(1).max(1000),
  sentBox: z.string().min(1).max(1000),
  failBox: z.string().min(1).max(1000),
  inBox: z.string().min(1).max(1000),
  /** Receipts that the book has are moved to a folder beneath InBox; otherwise they are left and remembered. */
  movesRead: z.boolean().default(false),
});
export type FolderSettings = z.infer<typeof folderSettings>;

/** Keys of whoever reads a file carried by hand. */
export const carrySettings = z.object({
  /** Base64 of the X25519 SubjectPublicKeyInfo; empty: files are sealed with a passphrase. */
  recipientKey: z.string().max(200).default(''),
  /** Base64 of the Ed25519 SubjectPublicKeyInfo that signs receipt files; empty: none is known. */
  signerKey: z.string().max(200).default(''),
  /** What the files are sealed with. */
  cipher: z.enum(carryCiphers).default('aes-256-gcm'),
});
export type CarrySettings = z.infer<typeof carrySettings>;

/** A limit that is not typed is the one that the platform's health names, or that of the profile. */
export const limitSettings = z.object({
  kinds: z.array(z.string()).optional(),
  maxBytes: z.number().int().positive().optional(),
  maxDocuments: z.number().int().min(1).max(100).optional(),
});
export type LimitSettings = z.infer<typeof limitSettings>;

/** Rules of a field of one endpoint; `path` as findings have it, e.g. `InventoryHead/customsCode`. */
const fieldPath = z.string().regex(/^[A-Za-z0-9]+(\/[A-Za-z0-9]+)*$/);
export const fieldRules = z.object({
  required: z.array(z.object({ kind: z.string(), path: fieldPath })).default([]),
  maxLengths: z.array(z.object({ kind: z.string(), path: fieldPath, length: z.number().int().positive() })).default([]),
  /** The only values a field may have; of customs districts (关区) the beginnings of their codes. */
  allowed: z
    .array(z.object({ kind: z.string(), path: fieldPath, values: z.array(z.string().min(1)).min(1) }))
    .default([]),
});
export type FieldRules = z.infer<typeof fieldRules>;

export const endpointSettings = z.object({
  proxy: proxySettings.default({ mode: 'system' }),
  tls: tlsSettings.default({ ca: '', pin: '', minVersion: 'TLSv1.2' }),
  folders: folderSettings.optional(),
  carry: carrySettings.default({ recipientKey: '', signerKey: '', cipher: 'aes-256-gcm' }),
  limits: limitSettings.default({}),
  /** Id of the shipped profile whose rules hold, `resources/endpoints/<id>.json`; empty: none. */
  profile: z.string().max(60).default(''),
  /** Rules of the user's own beside those of the profile. */
  rules: fieldRules.default({ required: [], maxLengths: [], allowed: [] }),
  /** How messages are signed: as the book signs, or not at all. */
  signature: z.enum(['book', 'none']).default('book'),
});
export type EndpointSettings = z.infer<typeof endpointSettings>;
