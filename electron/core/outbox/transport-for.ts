import { requestNames } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Host } from '../context.ts';
import type { Book } from '../store/book.ts';
import type { Endpoint } from '../store/endpoints.ts';
import { folderMarks, forgetFolderMarks, handoverOrExport, noteHandover, saveFolderMark } from '../store/handovers.ts';
import { isKnownReceipt } from '../store/receipts.ts';
import { isUnheard } from '../store/restoring.ts';
import { type FolderBook, folderTransport } from './folder-transport.ts';
import { httpTransport } from './http-transport.ts';
import { connectionTo } from './network.ts';
import { receiptIn } from './receipt-message.ts';
import type { RequestSigner, Transport } from './transport.ts';

export interface TransportSurroundings {
  readonly signer: RequestSigner;
  readonly now: () => string;
  /** What was handed over is noted in it. */
  readonly book: Book;
  /** Knows the system's proxy. */
  readonly host: Host;
}

/** Where nothing else says how much a message may hold: what the field tables allow. */
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_DOCUMENTS = 100;

/** What an endpoint takes. */
export interface Limits {
  readonly kinds: readonly string[];
  readonly maxBytes: number;
  readonly maxDocuments: number;
}

/** What an endpoint takes: as the user typed it, else as its platform says, else anything the field tables allow. */
export function limitsOf({ settings, capabilities }: Pick<Endpoint, 'settings' | 'capabilities'>): Limits {
  const { limits } = settings;
  const said = capabilities?.kinds.length === 0 ? undefined : capabilities?.kinds;
  return {
    kinds: limits.kinds ?? said ?? [...requestNames],
    maxBytes: limits.maxBytes ?? capabilities?.maxBytes ?? MOST_BYTES,
    maxDocuments: Math.min(limits.maxDocuments ?? capabilities?.maxDocuments ?? MOST_DOCUMENTS, MOST_DOCUMENTS),
  };
}

const marks = new WeakMap<Book, Map<string, Map<string, string>>>();

/** What is remembered of the files in an endpoint's InBox: read from the book once, kept for every run of this process. */
function marksOf(book: Book, endpoint: string): Pick<FolderBook, 'marks' | 'mark' | 'unmark'> {
  const ofBook = marks.get(book) ?? new Map<string, Map<string, string>>();
  marks.set(book, ofBook);
  const known = ofBook.get(endpoint) ?? folderMarks(book, endpoint);
  ofBook.set(endpoint, known);
  return {
    marks: known,
    mark: (name, mark, isKnown) => {
      known.set(name, mark);
      if (isKnown) saveFolderMark(book, endpoint, name, mark);
    },
    unmark: (names) => {
      for (const name of names) known.delete(name);
      forgetFolderMarks(book, endpoint, names);
    },
  };
}

/**
 * The transport of an endpoint that an engine drives. Refusals: `ENDPOINT_FOLDERS_MISSING` {name}, `ENDPOINT_BY_HAND` {name} for one that
 * is carried by hand.
 */
export function transportFor(endpoint: Endpoint, { signer, now, book, host }: TransportSurroundings): Transport {
  const { id, url, name, settings } = endpoint;
  switch (endpoint.transport) {
    case 'http':
      return httpTransport({
        url,
        signer,
        now,
        connection: () => connectionTo(url, settings, endpoint.proxyPassword, host),
      });
    case 'folder': {
      if (settings.folders === undefined) throw new PortbookError('ENDPOINT_FOLDERS_MISSING', { name });
      return folderTransport({
        folders: settings.folders,
        name,
        deviceId: signer.id,
        now,
        limits: limitsOf({ settings, capabilities: undefined }),
        book: {
          handover: (guid) => handoverOrExport(book, id, guid, now()),
          note: (guid, handover) => noteHandover(book, id, guid, handover),
          ...marksOf(book, id),
          isUnheard: () => isUnheard(book, endpoint),
          isKnown: (sha256) => isKnownReceipt(book, id, sha256),
          receipt: (xml) => {
            const seen = receiptIn(book, xml);
            return seen === undefined ? undefined : { kind: seen.spec.message, messageGuid: seen.messageGuid };
          },
        },
      });
    }
    case 'carry':
      throw new PortbookError('ENDPOINT_BY_HAND', { name });
  }
}
