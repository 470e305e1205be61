import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile, stat as statFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { packContent, writePackFile } from '../shared/sync/pack-file.ts';
import { type PackIssuer, type PackManifest, packIssuer, packManifest, packText } from '../shared/sync/protocol.ts';
import type { Log } from './door.ts';

/**
 * Packs that the platform hands out: a folder with `<id>-<version>.pack`, the bytes, and `<id>-<version>.manifest.json` beside it, and the
 * names and keys of those who issue them in `issuers.json`. A running platform signs nothing: the issuer does, wherever its key is kept, by
 * the commands `pack-keys` and `pack-sign`; the desk trusts the issuer's key. What does not fit its manifest is not handed out.
 */

const MANIFEST = '.manifest.json';
const ISSUERS = 'issuers.json';

export interface Pack {
  readonly manifest: PackManifest;
  readonly bytes: Buffer;
}

async function readPack(folder: string, name: string): Promise<Pack | undefined> {
  let manifest: PackManifest;
  let bytes: Buffer;
  try {
    manifest = packManifest.parse(JSON.parse(await readFile(path.join(folder, name + MANIFEST), 'utf8')));
    if (name !== `${manifest.id}-${manifest.version}`) return undefined;
    bytes = await readFile(path.join(folder, `${name}.pack`));
  } catch (error) {
    // No such pack, half of one, or a broken manifest: none is handed out, and the list says so in the log.
    if (error instanceof Error) return undefined;
    throw error;
  }
  const isWhole =
    bytes.length === manifest.size && createHash('sha256').update(bytes).digest('hex') === manifest.sha256;
  return isWhole ? { manifest, bytes } : undefined;
}

/** What a file was when it was read: any write to it, or another in its place, makes another text. */
async function stampOf(file: string): Promise<string> {
  const stat = await statFile(file, { bigint: true }).catch(() => undefined);
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

/** Manifests whose bytes were read and found to fit them, and files found not to, as the files were then. */
const verified = new Map<string, { readonly stamp: string; readonly manifest: PackManifest | undefined }>();

/** The manifest of a pack that fits it. A pack is hashed once, and again when one of its two files has changed. */
async function verifiedManifest(folder: string, name: string): Promise<PackManifest | undefined> {
  const place = path.join(folder, name);
  // Before they are read: what is written meanwhile is read again the next time.
  const stamp = `${await stampOf(place + MANIFEST)} / ${await stampOf(`${place}.pack`)}`;
  const known = verified.get(place);
  if (known?.stamp === stamp) return known.manifest;
  const manifest = (await readPack(folder, name))?.manifest;
  verified.set(place, { stamp, manifest });
  return manifest;
}

/** All packs of a folder, by id and version; those that do not fit are named in the log and left out. */
export async function listPacks(folder: string, log: Log): Promise<PackManifest[]> {
  const found: PackManifest[] = [];
  for (const file of await readdir(folder)) {
    if (!file.endsWith(MANIFEST)) continue;
    const manifest = await verifiedManifest(folder, file.slice(0, -MANIFEST.length));
    if (manifest === undefined) log.warn({ file }, 'pack does not fit its manifest');
    else found.push(manifest);
  }
  return found.sort((a, b) => a.id.localeCompare(b.id) || a.version - b.version);
}

/** Who issues the packs of a folder; nobody where it says nothing or nothing that can be read, which the log tells. */
export async function listIssuers(folder: string, log: Log): Promise<PackIssuer[]> {
  const file = path.join(folder, ISSUERS);
  if (!existsSync(file)) return [];
  try {
    return z.array(packIssuer).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    log.warn({ file: ISSUERS }, 'no list of issuers');
    return [];
  }
}

/** One pack, or undefined when there is none of this name that fits its manifest. */
export async function findPack(folder: string, id: string, version: number): Promise<Pack | undefined> {
  if (!packManifest.shape.id.safeParse(id).success || !packManifest.shape.version.safeParse(version).success)
    return undefined;
  return readPack(folder, `${id}-${version}`);
}

// Issuing -------------------------------------------------------------------------------------------------------------

/** Why a pack is not issued. */
export class PackIssueRefusal extends Error {}

export interface IssuerKey {
  readonly privateKey: KeyObject;
  /** base64 of the SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly keyId: string;
}

/** The issuer's key, made at first use and kept in a folder that only its owner reads. */
export function issuerKeyIn(folder: string): IssuerKey {
  const file = path.join(folder, 'pack-issuer.pem');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    writeFileSync(file, made, { mode: 0o600, flag: 'wx' });
  }
  const privateKey = createPrivateKey(readFileSync(file));
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new PackIssueRefusal(`${file} holds no Ed25519 key`);
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const keyId = createHash('sha256').update(der).digest('hex').slice(0, 32);
  return { privateKey, publicKey: der.toString('base64'), keyId };
}

/** What an issuer says of a pack; size, hash, key and signature follow from the content. */
export const packNotice = packManifest.pick({ id: true, version: true, validFrom: true, title: true, changes: true });
export type PackNotice = z.infer<typeof packNotice>;

/** Signs the content of a pack. Throws {@link PackIssueRefusal} for what no desk could read. */
export function issuePack(notice: PackNotice, content: unknown, key: IssuerKey): Pack {
  const parsed = packContent.safeParse(content);
  if (!parsed.success) throw new PackIssueRefusal(`content: ${z.prettifyError(parsed.error)}`);
  const bytes = Buffer.from(JSON.stringify(parsed.data), 'utf8');
  const unsigned = {
    ...notice,
    kind: parsed.data.kind,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    algorithm: 'Ed25519' as const,
    keyId: key.keyId,
  };
  const signature = sign(null, Buffer.from(packText(unsigned), 'utf8'), key.privateKey).toString('base64');
  return { manifest: packManifest.parse({ ...unsigned, signature }), bytes };
}

/** The content of a pack from a file: as a desk reads it, or a single table or rule pack as they are kept. */
function contentOf(value: unknown): unknown {
  const one = z.looseObject({}).safeParse(value);
  if (!one.success || 'kind' in one.data) return value;
  return 'versions' in one.data ? { kind: 'rules', rules: [value] } : { kind: 'tables', tables: [value] };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PackIssueRefusal(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * `pack-keys --keys <folder>` prints the key that desks have to trust; `pack-sign <content> --notice <file> --keys <folder> --out <folder>`
 * signs a pack, puts it where a platform hands it out from, and beside it as one file for a USB stick. A version that is there is never
 * changed.
 */
export function runIssuer(
  command: 'pack-keys' | 'pack-sign',
  given: {
    readonly keys: string;
    readonly file: string | undefined;
    readonly notice: string | undefined;
    readonly out: string | undefined;
    readonly name: string | undefined;
  },
): string {
  const key = issuerKeyIn(given.keys);
  const tell = `fingerprint ${key.keyId}\nkey ${key.publicKey}\n`;
  if (command === 'pack-keys') return tell;
  if (given.file === undefined || given.notice === undefined || given.out === undefined)
    throw new PackIssueRefusal('pack-sign needs a file, --notice and --out');
  const notice = packNotice.safeParse(readJson(given.notice));
  if (!notice.success) throw new PackIssueRefusal(`${given.notice}: ${z.prettifyError(notice.error)}`);
  const { manifest, bytes } = issuePack(notice.data, contentOf(readJson(given.file)), key);
  mkdirSync(given.out, { recursive: true });
  const name = `${manifest.id}-${manifest.version}`;
  const place = path.join(given.out, name);
  if (existsSync(place + MANIFEST)) throw new PackIssueRefusal(`${name} is issued already: give it a later version`);
  writeFileSync(`${place}.pack`, bytes, { flag: 'wx' });
  writeFileSync(`${place}.portbook-pack`, writePackFile(manifest, bytes), { flag: 'wx' });
  // Last, because a platform hands out what has a manifest.
  writeFileSync(place + MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
  if (given.name !== undefined)
    addIssuer(path.join(given.out, ISSUERS), { name: given.name, publicKey: key.publicKey });
  return `${name} ${manifest.kind} ${bytes.length} bytes\n${tell}`;
}

function addIssuer(file: string, issuer: PackIssuer): void {
  const known = existsSync(file) ? z.array(packIssuer).parse(readJson(file)) : [];
  const others = known.filter(({ publicKey }) => publicKey !== issuer.publicKey);
  writeFileSync(file, `${JSON.stringify([...others, issuer], null, 2)}\n`);
}
