import { z } from 'zod';
import { transportReceipt } from './protocol.ts';

/**
 * Files carried by hand between a desk and a platform that no line connects (docs/carry-files.md). A file is a line that names the
 * format, a line of JSON that says how it is sealed, and AES-256-GCM or SM4-GCM of the rest; both lines are bound to it as associated data.
 * Inside stands a line of JSON with who signed, then the compressed content.
 */
export const CARRY_FORMAT = 'PORTBOOK-CARRY-1';
export const CARRY_EXTENSION = 'pbcarry';

/** Content longer than this is not unpacked: no file of ours is, and a small file must not become a large one. */
export const CARRY_MOST_BYTES = 512 * 1024 * 1024;

/** scrypt: 64 MiB and about a third of a second. A file that asks for more is not opened. */
export const carryScrypt = { N: 65_536, r: 8, p: 1 } as const;

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** How the key of a file is found. */
export const carrySeal = z.discriminatedUnion('by', [
  /** For one recipient: a throw-away X25519 key against his; `recipient` is the fingerprint of his key. */
  z.object({ by: z.literal('x25519'), ephemeral: base64, recipient: z.string().regex(/^[0-9a-f]{32}$/) }),
  z.object({ by: z.literal('passphrase'), salt: base64 }),
  /** An answer: the key stood in the file that is answered. */
  z.object({ by: z.literal('reply') }),
]);
export type CarrySeal = z.infer<typeof carrySeal>;

export const carryKinds = ['messages', 'receipts'] as const;
export type CarryKind = (typeof carryKinds)[number];

/** What the content is sealed with: SM4-GCM after RFC 8998, or AES-256-GCM, which a file without a word on it is sealed with. */
export const carryCiphers = ['aes-256-gcm', 'sm4-gcm'] as const;
export type CarryCipher = (typeof carryCiphers)[number];
/** `info` of the HKDF that makes the 16 bytes of an SM4 key of the 32 of a file. */
export const CARRY_SM4_INFO = `${CARRY_FORMAT} sm4-gcm`;

export const carryHeader = z.object({
  kind: z.enum(carryKinds),
  seal: carrySeal,
  nonce: base64,
  cipher: z.enum(carryCiphers).optional(),
});
export type CarryHeader = z.infer<typeof carryHeader>;

/** Who vouches for the content; `publicKey` is base64 of an Ed25519 SubjectPublicKeyInfo. */
export const carrySignature = z.object({ publicKey: base64, signature: base64 });

/** The text that the signature covers: the content, and the header with its recipient, so that nobody passes it on as meant for another. */
export function carrySignedText(headerLine: string, contentSha256: string): string {
  return `${CARRY_FORMAT}\n${headerLine}\n${contentSha256}`;
}

export const carriedMessages = z.object({
  /** The enterprise as it would enrol, and the device that signed. */
  enterprise: z.object({ uscc: z.string(), customsCode: z.string(), name: z.string() }),
  deviceId: z.string(),
  createdAt: z.string(),
  /** 32 bytes: the key of the answer. */
  replyKey: base64,
  /** In the order of filing. */
  messages: z.array(
    z.object({ guid: z.string(), kind: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: base64 }),
  ),
});
export type CarriedMessages = z.infer<typeof carriedMessages>;

export const carriedReceipts = z.object({
  deviceId: z.string(),
  createdAt: z.string(),
  /** Of the messages that are stored. */
  stored: z.array(transportReceipt),
  /** Of those that are refused for good. */
  refused: z.array(z.object({ guid: z.string(), code: z.string(), detail: z.string() })),
  receipts: z.array(z.object({ id: z.string(), messageGuid: z.string(), kind: z.string(), xml: z.string() })),
});
export type CarriedReceipts = z.infer<typeof carriedReceipts>;
