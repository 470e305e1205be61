import { z } from 'zod';
import { fileToken, isoDate, isoInstant } from './common.ts';
import { command, errorSchema, query } from './operation.ts';

/** Signed packs of code tables (参数表) and rules: by the line or from a file, put in force and taken back by a person. */

const packId = z.string().regex(/^[a-z0-9-]{1,60}$/);
const version = z.number().int().min(1);
const bilingual = z.object({ zh: z.string(), en: z.string() });

const packView = z.object({
  id: z.string(),
  kind: z.enum(['tables', 'rules']),
  version,
  /** Business date from which it holds. */
  validFrom: isoDate,
  title: bilingual,
  /** What the issuer says is different from the version before. */
  changes: z.array(bilingual),
  /** Tables or rule packs in it. */
  parts: z.array(z.object({ id: z.string(), titleZh: z.string(), titleEn: z.string() })),
  issuer: z.string(),
  keyId: z.string(),
  sha256: z.string(),
  size: z.number().int(),
});

const keptPack = packView.extend({
  source: z.enum(['line', 'file']),
  /** Name of the endpoint or of the file. */
  sourceName: z.string(),
  receivedAt: isoInstant,
  /** When it was last put in force. */
  takenAt: isoInstant.optional(),
  inForce: z.boolean(),
  /** Later than what is in force: waits for somebody to take it. */
  waiting: z.boolean(),
  /** The key that signed it is not trusted any more. */
  distrusted: z.boolean(),
  /** Why one in force is not used, or not whole: the program has changed since, or ships something newer. */
  problem: errorSchema.optional(),
});
export type KeptPack = z.infer<typeof keptPack>;

const packChanges = z.object({
  tables: z.array(
    z.object({
      id: z.string(),
      titleZh: z.string(),
      titleEn: z.string(),
      asOfBefore: z.string(),
      asOfAfter: z.string(),
      added: z.number().int(),
      gone: z.number().int(),
      renamed: z.number().int(),
      /** Codes with the same name and something else beside it: unit, elements, English. */
      otherwise: z.number().int(),
      /** The firm has an edition of its own, which stays in force before the pack. */
      isOwn: z.boolean(),
      rows: z.array(
        z.object({
          code: z.string(),
          kind: z.enum(['added', 'gone', 'renamed']),
          before: z.string(),
          after: z.string(),
        }),
      ),
    }),
  ),
  rules: z.array(
    z.object({
      id: z.string(),
      titleZh: z.string(),
      titleEn: z.string(),
      changes: z.number().int(),
      /** The firm has a version of its own, which stays in force before the pack. */
      isOwn: z.boolean(),
      rows: z.array(
        z.object({
          kind: z.enum(['version', 'dates', 'figure']),
          inForceFrom: isoDate,
          inForceTo: isoDate.nullable(),
          path: z.string(),
          before: z.string(),
          after: z.string(),
        }),
      ),
    }),
  ),
});
/** What a pack changes against what is in force; the first rows of each part, the counts of all. */
export type PackChanges = z.infer<typeof packChanges>;

const issuer = z.object({
  name: z.string(),
  publicKey: z.string(),
  /** Fingerprint to compare with what the issuer has published. */
  keyId: z.string(),
  /** The endpoint that named it; empty: entered by a person. */
  namedBy: z.string(),
  trustedAt: isoInstant.optional(),
});

const versions = z.object({
  tablesVersion: z.string(),
  rulesVersion: z.string(),
  /** Drafts that were checked with other tables or rules: `tables.recheck` checks them again. */
  toRecheck: z.number().int(),
});

export const packs = {
  /** Packs the book keeps, who may issue them, and what platforms offered in vain. */
  'packs.list': query(
    z.object({}),
    z.object({
      rows: z.array(keptPack),
      issuers: z.array(issuer),
      refusals: z.array(
        z.object({
          endpointName: z.string(),
          packId: z.string(),
          version: z.number().int(),
          error: errorSchema,
          at: isoInstant,
        }),
      ),
      ...versions.shape,
    }),
  ),
  /**
   * Verifies a file without keeping it. Refusals: `PACK_FILE_NOT`, `PACK_ISSUER_UNKNOWN`, `PACK_SIGNATURE_WRONG`, `PACK_TOO_LARGE`,
   * `PACK_ALTERED`, `PACK_OLDER`, `PACK_OUTDATED` {id, version, part, asOf, shipped}, `PACK_DAMAGED`, `PACK_CONTENT_INVALID`,
   * `PACK_PART_UNKNOWN`, `PACK_PART_TAKEN`.
   */
  'packs.check': query(
    z.object({ file: fileToken }),
    z.object({ pack: packView, standing: z.enum(['new', 'known']), changes: packChanges }),
  ),
  /** Verifies a file and keeps the pack, not in force yet. Refusals: those of `packs.check`. */
  'packs.load': command(
    z.object({ file: fileToken }),
    z.object({ id: z.string(), version, standing: z.enum(['new', 'known']) }),
  ),
  /** What a kept version would change. Refusals: `PACK_UNKNOWN` and those of `packs.check`. */
  'packs.preview': query(z.object({ id: packId, version }), z.object({ pack: keptPack, changes: packChanges })),
  /**
   * Puts a kept version in force that is later than the one in force. Refusals: `PACK_UNKNOWN`, `PACK_NOT_LATER` {id, version, held},
   * `PACK_NOT_YET` {id, version, date} and those of `packs.check`.
   */
  'packs.take': command(z.object({ id: packId, version }), versions),
  /**
   * Goes back to an earlier kept version; null: to what ships with the program. Refusals: `PACK_UNKNOWN`,
   * `PACK_NOT_EARLIER` {id, version, held}.
   */
  'packs.rollBack': command(
    z.object({ id: packId, version: version.nullable(), reason: z.string().trim().min(1).max(500) }),
    versions,
  ),
  /** Trusts an issuer's key. Refusal: `PACK_KEY_INVALID`. */
  'packs.trust': command(
    z.object({
      name: z
        .string()
        .trim()
        .regex(/^[^\p{Cc}]{1,100}$/u),
      publicKey: z.string().trim().min(1).max(200),
    }),
    z.object({ keyId: z.string() }),
  ),
  /** Takes trust away: nothing more comes from this issuer; what came stays, marked. Refusal: `PACK_ISSUER_NOT_TRUSTED` {keyId}. */
  'packs.distrust': command(
    z.object({ keyId: z.string().min(1).max(64), reason: z.string().trim().min(1).max(500) }),
    z.object({}),
  ),
} as const;
