import { z } from 'zod';
import { type PackManifest, packManifest } from './protocol.ts';

/**
 * A pack as one file, for the road without a network: the line `PORTBOOK-PACK-FILE-1`, a line with the manifest as JSON, then the bytes of
 * the pack. What the platform hands out over the line is the same in two answers. The bytes are JSON in UTF-8: {@link packContent}.
 */

export const PACK_FILE_FORMAT = 'PORTBOOK-PACK-FILE-1';
/** A pack with every code table there is takes some ten. */
export const PACK_MOST_BYTES = 32 * 1024 * 1024;
/** Two hundred lines of changes in two languages. */
const MANIFEST_MOST_BYTES = 1024 * 1024;

const cell = z.union([z.string().max(4000), z.number().int()]);
const headerText = z.string().max(4000);

/** A code table as it is looked up in (resources/tables): named columns, rows as wide as these. */
export const packTable = z.object({
  header: z.object({
    id: z.string().regex(/^[a-z0-9_]{1,60}$/),
    titleZh: headerText,
    titleEn: headerText,
    source: headerText,
    asOf: z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/),
    note: headerText,
  }),
  columns: z.array(z.string().min(1).max(60)).min(2).max(40),
  rows: z.array(z.array(cell)).min(1).max(200_000),
  elementSets: z.array(z.string()).optional(),
  english: z.array(z.string()).optional(),
});
export type PackTable = z.infer<typeof packTable>;

/** A rule pack (resources/rules) with all its versions; shape and figures are checked by whoever knows the rule. */
export const packRules = z.looseObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  titleZh: z.string(),
  titleEn: z.string(),
});
export type PackRules = z.infer<typeof packRules>;

/** Whole tables or whole rule packs; each takes the place of the one of its id. */
export const packContent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tables'), tables: z.array(packTable).min(1).max(100) }),
  z.strictObject({ kind: z.literal('rules'), rules: z.array(packRules).min(1).max(100) }),
]);
export type PackContent = z.infer<typeof packContent>;

/** Puts manifest and bytes into one file. */
export function writePackFile(manifest: PackManifest, bytes: Uint8Array): Uint8Array {
  const open = new TextEncoder().encode(`${PACK_FILE_FORMAT}\n${JSON.stringify(manifest)}\n`);
  const file = new Uint8Array(open.length + bytes.length);
  file.set(open);
  file.set(bytes, open.length);
  return file;
}

/** Takes a file apart; undefined: it is no pack file. Nothing is verified yet. */
export function readPackFile(
  file: Uint8Array,
): { readonly manifest: PackManifest; readonly bytes: Uint8Array } | undefined {
  const start = PACK_FILE_FORMAT.length + 1;
  const text = (from: number, to: number): string => new TextDecoder().decode(file.subarray(from, to));
  if (text(0, start) !== `${PACK_FILE_FORMAT}\n`) return undefined;
  const end = file.subarray(0, start + MANIFEST_MOST_BYTES).indexOf(0x0a, start);
  if (end < 0) return undefined;
  const manifest = packManifest.safeParse(jsonOf(text(start, end)));
  return manifest.success ? { manifest: manifest.data, bytes: file.subarray(end + 1) } : undefined;
}

/** Parsed JSON; undefined where it is none, which every schema refuses. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
