import { crc32, createInflateRaw } from 'node:zlib';
import { PortbookError } from '../../../shared/errors.ts';

/** One file inside a zip container. */
interface ZipEntry {
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const longestComment = 0xffff;
const endLength = 22;
const saysZip64 = 0xffffffff;

const damaged = (detail: string): PortbookError => new PortbookError('FILE_DAMAGED', { detail });

/**
 * A zip container read through its directory, from memory. Small on purpose: it knows what spreadsheet files use (stored
 * and deflated entries below 4 GB), counts the bytes that really come out of an entry, and checks them.
 */
export class Zip {
  readonly #bytes: Buffer;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#entries = readDirectory(bytes);
  }

  /** Of every entry that is no folder. */
  names(): string[] {
    return [...this.#entries.keys()].filter((name) => !name.endsWith('/'));
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * The unpacked bytes of an entry in pieces. Refusals: `FILE_DAMAGED`, `FILE_ENCRYPTED`, `FILE_TOO_LARGE_UNPACKED`
   * {limit} when more comes out than `limit`, whatever the directory promised.
   */
  async *open(name: string, limit: number): AsyncGenerator<Buffer, void, undefined> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw damaged(name);
    if (entry.isEncrypted) throw new PortbookError('FILE_ENCRYPTED');
    if (entry.size > limit) throw tooLarge(limit);
    const data = this.#data(entry);
    let checksum = 0;
    let total = 0;
    for await (const piece of entry.method === 0 ? pieces(data) : inflate(data)) {
      total += piece.length;
      if (total > limit) throw tooLarge(limit);
      checksum = crc32(piece, checksum);
      yield piece;
    }
    if (total !== entry.size || checksum !== entry.crc) throw damaged(name);
  }

  /** As {@link open}, whole and as text. */
  async text(name: string, limit: number): Promise<string> {
    const all: Buffer[] = [];
    for await (const piece of this.open(name, limit)) all.push(piece);
    return Buffer.concat(all).toString('utf8');
  }

  #data(entry: ZipEntry): Buffer {
    const bytes = this.#bytes;
    if (entry.method !== 0 && entry.method !== 8) throw damaged(`method ${entry.method}`);
    if (entry.offset + 30 > bytes.length || bytes.readUInt32LE(entry.offset) !== localSignature)
      throw damaged('local header');
    const start = entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28);
    if (start + entry.compressed > bytes.length) throw damaged('cut off');
    return bytes.subarray(start, start + entry.compressed);
  }
}

function tooLarge(limit: number): PortbookError {
  return new PortbookError('FILE_TOO_LARGE_UNPACKED', { limitMb: Math.floor(limit / 1_048_576) });
}

function* pieces(data: Buffer): Generator<Buffer> {
  const size = 1 << 18;
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

async function* inflate(data: Buffer): AsyncGenerator<Buffer> {
  // Large pieces: fewer turns between the inflating thread and the parser.
  const stream = createInflateRaw({ chunkSize: 1 << 18 });
  stream.end(data);
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw damaged(String(error.code));
    throw error;
  }
}

function readDirectory(bytes: Buffer): ReadonlyMap<string, ZipEntry> {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const entries = new Map<string, ZipEntry>();
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entrySignature) throw damaged('directory');
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const entry: ZipEntry = {
      isEncrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      compressed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    };
    if (entry.size === saysZip64 || entry.compressed === saysZip64 || entry.offset === saysZip64)
      throw damaged('zip64');
    entries.set(name.replaceAll('\\', '/'), entry);
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - endLength - longestComment);
  for (let at = bytes.length - endLength; at >= lowest; at--) {
    if (bytes.readUInt32LE(at) === endSignature) return at;
  }
  throw damaged('no directory');
}
