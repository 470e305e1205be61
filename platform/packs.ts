import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type PackManifest, packManifest } from '../shared/sync/protocol.ts';
import type { Log } from './door.ts';

/**
 * Packs that the platform hands out: a folder with `<id>-<version>.pack`, the bytes, and `<id>-<version>.manifest.json` beside it. It signs
 * nothing itself: the issuer does, and the desk trusts the issuer's key. What does not fit its manifest is not handed out.
 */

const MANIFEST = '.manifest.json';

export interface Pack {
  readonly manifest: PackManifest;
  readonly bytes: Buffer;
}

async function readPack(folder: string, name: string): Promise<Pack | undefined> {
  let manifest: PackManifest;
  try {
    manifest = packManifest.parse(JSON.parse(await readFile(path.join(folder, name + MANIFEST), 'utf8')));
  } catch (error) {
    // No such pack, or one whose manifest is broken: neither is handed out, and the list says so in the log.
    if (error instanceof Error) return undefined;
    throw error;
  }
  if (name !== `${manifest.id}-${manifest.version}`) return undefined;
  const bytes = await readFile(path.join(folder, `${name}.pack`));
  const isWhole =
    bytes.length === manifest.size && createHash('sha256').update(bytes).digest('hex') === manifest.sha256;
  return isWhole ? { manifest, bytes } : undefined;
}

/** All packs of a folder, by id and version; those that do not fit are named in the log and left out. */
export async function listPacks(folder: string, log: Log): Promise<PackManifest[]> {
  const found: PackManifest[] = [];
  for (const file of await readdir(folder)) {
    if (!file.endsWith(MANIFEST)) continue;
    const pack = await readPack(folder, file.slice(0, -MANIFEST.length));
    if (pack === undefined) log.warn({ file }, 'pack does not fit its manifest');
    else found.push(pack.manifest);
  }
  return found.sort((a, b) => a.id.localeCompare(b.id) || a.version - b.version);
}

/** One pack, or undefined when there is none of this name that fits its manifest. */
export async function findPack(folder: string, id: string, version: number): Promise<Pack | undefined> {
  if (!packManifest.shape.id.safeParse(id).success || !packManifest.shape.version.safeParse(version).success)
    return undefined;
  return readPack(folder, `${id}-${version}`);
}
