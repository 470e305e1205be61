import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { headOf, type MessageSpec } from '../../../shared/documents/spec.ts';
import { documentNumber } from '../../../shared/drafting/document-number.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import { applyBatch } from '../outbox/receipts.ts';
import type { Book } from '../store/book.ts';
import { documentByPlatformNo } from '../store/document-life.ts';
import { knownReceiptFile, receiptState, sentDocument, storeReceiptFile } from '../store/receipts.ts';
import { isMarkup, type MessageFile, messageIn, requestOf } from './message-file.ts';
import { readBytes } from './source.ts';

/** Returns of a receipt that an answer names; a receipt has few. */
const namedItems = 200;

type ReceiptView = Pick<OutputOf<'imports.receipts'>, 'items' | 'total'>;

/** Whether a message is one that customs sends to firms. */
export const isReceipt = (spec: MessageSpec): boolean => spec.kind === 'receipt';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface NodeSeen {
  readonly item: ReceiptView['items'][number];
  readonly messageGuid: string | undefined;
}

/** What each business node of a receipt says, and the document and message of the book that it is about. */
export function aboutOfReceipt(book: Book, { spec, read }: Pick<MessageFile, 'spec' | 'read'>): NodeSeen[] {
  const { answers, says } = spec;
  const kind = answers === undefined ? undefined : requestOf({ ...spec, message: answers.message });
  return read.documents.map((node) => {
    const head = headOf(spec, node);
    const number =
      answers === undefined
        ? (head['sumNo'] ?? head['taxNo'] ?? head['invtNo'] ?? head['oriCopMsgId'] ?? '')
        : documentNumber(answers.message, head);
    const platformNos = (spec.platformNo ?? []).flatMap((name) => head[name] ?? []).filter((one) => one !== '');
    const sent =
      kind !== undefined
        ? sentDocument(book, kind, {
            guid: head['guid'] ?? '',
            number,
            platformNos,
          })
        : spec.message === 'CEB792Message'
          ? aboutResult(book, 'CEB701Message', head['sumNo'])
          : aboutResult(book, 'CEB621Message', head['invtNo']);
    return {
      item: {
        number: number === '' ? (platformNos[0] ?? '') : number,
        status: head[says?.status ?? 'returnStatus'] ?? head['status'] ?? '',
        time: head[says?.time ?? 'returnTime'] ?? '',
        info: head[says?.info ?? 'returnInfo'] ?? '',
        ...(sent === undefined ? {} : { documentId: sent.documentId }),
      },
      messageGuid: sent?.messageGuid,
    };
  });
}

/** What a result that answers no message is about, by the number that customs gave. */
function aboutResult(
  book: Book,
  kind: 'CEB701Message' | 'CEB621Message',
  number: string | undefined,
): { documentId: number; messageGuid?: undefined } | undefined {
  const document = number === undefined ? undefined : documentByPlatformNo(book, kind, number);
  return document === undefined ? undefined : { documentId: document.id };
}

/** What a receipt says, as it is shown before and after it is taken. */
export function receiptView(book: Book, file: Pick<MessageFile, 'spec' | 'read'>): ReceiptView {
  const nodes = aboutOfReceipt(book, file);
  return { items: nodes.slice(0, namedItems).map(({ item }) => item), total: nodes.length };
}

/** A receipt as it was taken, or as it lies in the book already. */
export interface TakenReceipt {
  readonly spec: MessageSpec;
  readonly read: MessageFile['read'];
  readonly isNew: boolean;
  readonly state: 'stored' | 'applied' | 'parked';
  readonly problem: string | undefined;
}

/**
 * Stores a receipt file raw and applies it with whatever else waits to be applied, by the engine that receipts over the line go through.
 * The message it answers is that of its documents; the engine says what does not fit. Refusals: `RECEIPT_FILE_NOT` {name}, those of
 * reading.
 */
export async function takeReceipt(context: Context, path: string): Promise<TakenReceipt> {
  const { book } = context;
  const bytes = await readBytes(path);
  const file = isMarkup(bytes) ? messageIn(bytes) : undefined;
  if (file === undefined || !isReceipt(file.spec))
    throw new PortbookError('RECEIPT_FILE_NOT', { name: basename(path) }, 'file');
  const { spec, read } = file;
  const sha256 = sha256Of(bytes);
  const before = knownReceiptFile(book, sha256);
  if (before !== undefined) return { spec, read, isNew: false, ...receiptState(book, before.id) };
  const now = context.now();
  const id = book.transaction(() => {
    const messageGuid = aboutOfReceipt(book, file).find((node) => node.messageGuid !== undefined)?.messageGuid;
    const stored = storeReceiptFile(book, { sha256, bytes, messageGuid }, now);
    book.audit(
      'imports.receipts',
      `${spec.message} ${basename(path)}`,
      { sha256, documents: read.documents.length },
      now,
    );
    return stored;
  });
  while (applyBatch(book, context.now()) !== undefined) await setImmediate();
  return { spec, read, isNew: true, ...receiptState(book, id) };
}
