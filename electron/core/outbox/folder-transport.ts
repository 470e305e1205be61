import { createHash, randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FolderSettings } from '../../../shared/sync/endpoint-settings.ts';
import { type Outcome, PROTOCOL, type ReceiptPage, type TransportReceipt } from '../../../shared/sync/protocol.ts';
import { syncFolder } from '../files/atomic.ts';
import { messageText } from '../files/message-text.ts';
import type { Handover } from '../store/handovers.ts';
import { absent, type FolderLook, type Found, Looking, nameOf, readFolder } from './folder-look.ts';
import type { Enquiry, Transport } from './transport.ts';

/**
 * The exchange folders of the Single Window's import client (自动导入客户端): what is to be sent is written to OutBox under a temporary name
 * and renamed; the client moves it to SentBox or FailBox under a name of its own that begins with ours, and puts receipts into InBox.
 * File names carry the message's GUID. The client knows nothing of a GUID: a file that appears twice is sent twice. So a name is looked
 * for in every folder before it is written, and noted in the book before it is renamed. Two processes may do so at once (a desk and a
 * command line on one book): each writes a file of its own, one of them notes it, and only what is noted is ever renamed.
 */

/** The book, as far as this transport needs it. */
export interface FolderBook {
  handover(guid: string): Handover | undefined;
  /** @returns false where one is noted already: by another process, at this very moment */
  note(guid: string, handover: Handover): boolean;
  /** Whether the receipt of a hash is in the book. */
  isKnown(sha256: string): boolean;
  /** Files of InBox that need no second look, by name: their size and time. */
  readonly marks: ReadonlyMap<string, string>;
  /** Remembers a file; for good where its receipt is in the book, else while this process runs: a later version may understand it. */
  mark(name: string, mark: string, isKnown: boolean): void;
  /** Forgets files that are gone. */
  unmark(names: readonly string[]): void;
  /** Whether what the book had read may be unknown to it: it was brought back from a copy, and has not read the folders to their end since. */
  isUnheard(): boolean;
  /** A receipt's kind and the message it answers; undefined for a file that is none. */
  receipt(xml: string): { readonly kind: string; readonly messageGuid: string | undefined } | undefined;
}

export interface FolderTransportOptions {
  readonly folders: FolderSettings;
  readonly book: FolderBook;
  readonly name: string;
  readonly deviceId: string;
  readonly now: () => string;
  readonly limits: { readonly kinds: readonly string[]; readonly maxBytes: number; readonly maxDocuments: number };
  /** The file system; tests put one with faults in its place. */
  readonly files?: FolderFiles;
}

/** The calls of the file system that change folders, can fail halfway, read a receipt, or cost what lies in a folder. */
export interface FolderFiles {
  read(path: string): Promise<Buffer>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  stat(path: string): Promise<Stats>;
}

const diskFiles: FolderFiles = {
  read: (path) => readFile(path),
  async write(path, bytes) {
    const file = await open(path, 'w', 0o644);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async rename(from, to) {
    await rename(from, to);
  },
  list: (folder) => readdir(folder),
  stat: (path) => stat(path),
};

/** How often a file that lies with the client is looked after. */
const LOOK_MS = 3_000;
/** The client takes files every few seconds: one that lies longer says that no client runs. */
const CLIENT_TAKES_MS = 10 * 60_000;
const RECEIPTS_PER_PAGE = 100;
/** So many of the files in InBox that were read are looked at again in one reading, by lot: the receipts of years cost little, a change is found in time. */
const LOOKED_AT_AGAIN = 500;
/** A file that is no older may still be written. */
const YOUNG_MS = 10 * 60_000;
/** No receipt is longer; a longer file is somebody else's. */
const MAX_RECEIPT_BYTES = 16 * 1024 * 1024;
const GUID = /[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}/i;

type Failure = Extract<Outcome<never>, { kind: 'retryable' }>;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function fail(code: string, evidence: Failure['evidence'], delivered: 'no' | 'maybe', retryAfterMs = 0): Failure {
  return { kind: 'retryable', evidence, delivered, code, retryAfterMs };
}

const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What a failing call on a folder means; errors that are none of the file system's are bugs. */
function folderFailure(error: unknown, delivered: 'no' | 'maybe'): Failure {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return fail('FOLDER_FULL', 'offline', delivered);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EBUSY' || code === 'EROFS')
    return fail('FOLDER_LOCKED', 'offline', delivered);
  if (code === '') throw error;
  // A network share that is gone says so in many ways: ENOENT, ESTALE, EIO, EHOSTDOWN, ENOTCONN.
  return fail('FOLDER_MISSING', 'offline', delivered);
}

/** The text of a receipt, or of what the client left; where a byte is wrong the rest still says what came of the message. */
const decode = (bytes: Buffer): string => messageText(bytes) ?? bytes.toString('utf8').replace(/^\ufeff/, '');

/** The reason a failure names, whatever form the client gave it. */
function reasonIn(text: string): string {
  const said = /<(ErrorMessage|returnInfo|NOTE|Note|Message)>([^<]{1,500})</.exec(text)?.[2];
  return (said ?? text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')).trim().slice(0, 500);
}

/** The exchange folders of an import client as a way to a platform. */
export function folderTransport(options: FolderTransportOptions): Transport {
  const { folders, book, limits, now } = options;
  const files = options.files ?? diskFiles;
  const looking = new Looking({ folders, list: files.list, now });

  const taken = (guid: string, sha256: string, path: string): TransportReceipt => ({
    guid,
    sha256,
    status: 'stored',
    receivedAt: now(),
    receiptId: `client:${basename(path)}`,
  });

  /**
   * What an enquiry for a message comes to; undefined: its file is nowhere. @param noted hash of what was put there; undefined: nothing was
   * noted, as in a book restored from a copy, and only the file itself can tell
   */
  const standing = (guid: string, noted: string | undefined): Promise<Outcome<Enquiry> | undefined> =>
    looking.at(guid, book.handover(guid)?.at, (found, look) => standingAt(guid, noted, found, look));

  async function standingAt(
    guid: string,
    noted: string | undefined,
    { place, path }: Found,
    look: FolderLook,
  ): Promise<Outcome<Enquiry> | undefined> {
    const sha256 = noted ?? (place === 'sent' ? hashOf(await readFile(path)) : undefined);
    if (sha256 === undefined && (place === 'answered' || place === 'refused'))
      return fail('HANDOVER_NO_TRACE', 'handed', 'maybe', CLIENT_TAKES_MS);
    switch (place) {
      case 'out': {
        const { mtimeMs } = await stat(path);
        return Date.parse(now()) - mtimeMs > CLIENT_TAKES_MS
          ? fail('CLIENT_NOT_TAKING', 'silent', 'maybe')
          : fail('HANDED_OVER', 'handed', 'maybe', LOOK_MS);
      }
      case 'sent':
      case 'answered':
        return { kind: 'accepted', value: { found: true, receipt: taken(guid, sha256 ?? '', path) } };
      case 'failed': {
        // A text beside it of the same stem, or nothing.
        const reason = look.reason(guid);
        const detail = reason === undefined ? '' : reasonIn(decode(await readFile(reason)));
        return { kind: 'accepted', value: { found: false, refused: { code: 'CLIENT_FAILED', detail } } };
      }
      case 'refused': {
        const text = decode(await readFile(path));
        // A refusal in the form of a receipt speaks for itself when it is read.
        return book.receipt(text) === undefined
          ? {
              kind: 'accepted',
              value: { found: false, refused: { code: 'CLIENT_REFUSED', detail: reasonIn(text) } },
            }
          : { kind: 'accepted', value: { found: true, receipt: taken(guid, sha256 ?? '', path) } };
      }
      case 'nowhere':
        return undefined;
    }
  }

  async function drop(guid: string, bytes: Uint8Array, sha256: string): Promise<Failure> {
    const name = `${nameOf(guid)}.${randomBytes(4).toString('hex')}.temp`;
    const partial = join(folders.outBox, name);
    try {
      await files.write(partial, bytes);
    } catch (error) {
      // Half a file under a temporary name: the client leaves it.
      await rm(partial, { force: true }).catch(() => undefined);
      return folderFailure(error, 'no');
    }
    if (!book.note(guid, { name, sha256, at: now() })) {
      // Another process was quicker: its file is the one.
      await rm(partial, { force: true }).catch(() => undefined);
      return fail('HANDED_OVER', 'handed', 'maybe', LOOK_MS);
    }
    return place(guid, partial);
  }

  /** Makes the noted file visible to the client. Whoever comes second finds it gone, and the client never sees two. */
  async function place(guid: string, partial: string): Promise<Failure> {
    try {
      await files.rename(partial, join(folders.outBox, nameOf(guid)));
      syncFolder(folders.outBox);
      // What was cut off while it was written; nobody can note one of these any more.
      for (const one of (await looking.recent()).partials(guid)) await rm(one, { force: true });
    } catch (error) {
      return folderFailure(error, 'maybe');
    }
    return fail('HANDED_OVER', 'handed', 'maybe', LOOK_MS);
  }

  /**
   * The file of a note, whole and not renamed yet. From the note on, only the absence of it tells that it was renamed. It is looked for
   * before the folders are: whoever renames it in between leaves it where they are looked at.
   */
  async function waiting(noted: Handover | undefined): Promise<string | undefined> {
    if (noted === undefined) return undefined;
    // From before each attempt had a name of its own.
    const partial = (noted.name.endsWith('.temp') ? noted.name : `${noted.name}.temp`).toLowerCase();
    const name = (await files.list(folders.outBox)).find((one) => one.toLowerCase() === partial);
    if (name === undefined) return undefined;
    const path = join(folders.outBox, name);
    return hashOf(await readFile(path)) === noted.sha256 ? path : undefined;
  }

  /** Whether a file of InBox is looked at this time. */
  function isDue(name: string): boolean {
    const mark = book.marks.get(name);
    if (mark === undefined || book.marks.size <= LOOKED_AT_AGAIN) return true;
    const changedMs = Number(mark.split(':')[1]);
    return Date.parse(now()) - changedMs < YOUNG_MS || Math.random() < LOOKED_AT_AGAIN / book.marks.size;
  }

  /** @param name of a file in InBox, or with the folder for those that were read before */
  async function readReceipt(name: string): Promise<ReceiptPage['receipts'][number] | undefined> {
    const path = join(folders.inBox, name);
    const isRead = name.startsWith(readAgain);
    const before = await files.stat(path);
    const mark = `${before.size}:${before.mtimeMs}`;
    if (!before.isFile() || before.size > MAX_RECEIPT_BYTES || book.marks.get(name) === mark) return undefined;
    const bytes = await files.read(path);
    const after = await files.stat(path);
    // Still being written: the next look finds it whole.
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs || bytes.length !== after.size) return undefined;
    const id = hashOf(bytes);
    if (book.isKnown(id)) {
      if (folders.movesRead && !isRead) {
        await mkdir(join(folders.inBox, readFolder), { recursive: true });
        await rename(path, join(folders.inBox, readFolder, name));
      } else book.mark(name, mark, true);
      return undefined;
    }
    const xml = decode(bytes);
    const read = book.receipt(xml);
    if (read === undefined) {
      // Somebody else's file, or half a receipt: it is looked at again when it changes.
      book.mark(name, mark, false);
      return undefined;
    }
    const messageGuid = GUID.exec(name)?.[0].toUpperCase();
    const isOurs = messageGuid !== undefined && book.handover(messageGuid) !== undefined;
    return { id, messageGuid: (isOurs ? messageGuid : read.messageGuid) ?? '', kind: read.kind, xml };
  }

  return {
    async health() {
      try {
        await access(folders.outBox, constants.W_OK);
        await looking.anew();
      } catch (error) {
        return folderFailure(error, 'no');
      }
      const capabilities = { ...limits, kinds: [...limits.kinds], contents: true, arrivals: true };
      return { kind: 'accepted', value: { name: options.name, protocol: PROTOCOL, time: now(), capabilities } };
    },

    enrol: () => Promise.resolve({ kind: 'accepted', value: { deviceId: options.deviceId, enterpriseId: '' } }),

    async send(guid, bytes) {
      const sha256 = hashOf(bytes);
      const noted = book.handover(guid);
      let partial: string | undefined;
      try {
        partial = await waiting(noted);
        const known = await standing(guid, sha256);
        if (known !== undefined) {
          if (known.kind !== 'accepted') return known;
          const { value } = known;
          if (value.found) return { kind: 'accepted', value: value.receipt };
          return {
            kind: 'rejected',
            code: value.refused?.code ?? 'CLIENT_FAILED',
            detail: value.refused?.detail ?? '',
          };
        }
      } catch (error) {
        return folderFailure(error, noted === undefined ? 'no' : 'maybe');
      }
      if (partial !== undefined) return place(guid, partial);
      // It was put there, and is nowhere: taken and cleared away. A second one would be filed a second time.
      if (noted !== undefined) return fail('HANDOVER_NO_TRACE', 'handed', 'maybe', CLIENT_TAKES_MS);
      return drop(guid, bytes, sha256);
    },

    async enquire(guid) {
      const noted = book.handover(guid);
      try {
        const partial = await waiting(noted);
        const known = await standing(guid, noted?.sha256);
        if (known !== undefined) return known;
        if (noted === undefined || partial !== undefined) return { kind: 'accepted', value: { found: false } };
      } catch (error) {
        return folderFailure(error, 'maybe');
      }
      return fail('HANDOVER_NO_TRACE', 'handed', 'maybe', CLIENT_TAKES_MS);
    },

    async content(guid) {
      try {
        return await looking.at(guid, now(), async ({ place, path }) =>
          place === 'out' || place === 'sent'
            ? { kind: 'accepted', value: await readFile(path) }
            : { kind: 'rejected', code: 'MESSAGE_UNKNOWN', detail: '' },
        );
      } catch (error) {
        return folderFailure(error, 'no');
      }
    },

    async filed() {
      try {
        const names = await files.list(folders.sentBox);
        const guids = names.flatMap((name) => GUID.exec(name)?.[0].toUpperCase() ?? []);
        return { kind: 'accepted', value: { guids: [...new Set(guids)], next: '' } };
      } catch (error) {
        return folderFailure(error, 'no');
      }
    },

    async receipts(after, signal) {
      let names: string[];
      try {
        const isReceipt = (name: string): boolean => /\.xml$/i.test(name) && !name.startsWith('.');
        names = (await files.list(folders.inBox)).filter(isReceipt).sort();
        // The book that was lost had read these.
        if (folders.movesRead && book.isUnheard()) {
          const read = await files.list(join(folders.inBox, readFolder)).catch(absent);
          names.push(
            ...read
              .filter(isReceipt)
              .sort()
              .map((name) => readAgain + name),
          );
        }
      } catch (error) {
        return folderFailure(error, 'no');
      }
      if (book.marks.size > names.length) {
        const there = new Set(names);
        book.unmark([...book.marks.keys()].filter((name) => !there.has(name)));
      }
      const receipts: ReceiptPage['receipts'] = [];
      for (const name of names) {
        if (signal.aborted || receipts.length === RECEIPTS_PER_PAGE) break;
        if (!isDue(name)) continue;
        try {
          const receipt = await readReceipt(name);
          // The same receipt under two names is one.
          if (receipt !== undefined && !receipts.some(({ id }) => id === receipt.id)) receipts.push(receipt);
        } catch (error) {
          // Locked by whoever writes it, or gone since the folder was listed: the next look tells.
          if (systemCode(error) === '') throw error;
        }
      }
      return { kind: 'accepted', value: { receipts, next: after } };
    },

    rates: (after) => Promise.resolve({ kind: 'accepted', value: { rates: [], next: after } }),
  };
}

const readAgain = `${readFolder}/`;
