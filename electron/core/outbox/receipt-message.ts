import { requestNames, specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { type AnyDocument, headOf, type MessageSpec } from '../../../shared/documents/spec.ts';
import { documentNumber } from '../../../shared/drafting/document-number.ts';
import type { Book } from '../store/book.ts';
import { sentDocument } from '../store/receipts.ts';

/** What a file is to the book: a receipt (回执) of a kind we know, or none. */
export interface ReceiptSeen {
  readonly spec: MessageSpec;
  /** The message it answers, where the book has sent it. */
  readonly messageGuid: string | undefined;
}

/**
 * The receipt that a text is, and the message it answers: by the numbers of its documents, ours or customs'. Undefined for what is no
 * receipt, half a file included.
 */
export function receiptIn(book: Book, xml: string): ReceiptSeen | undefined {
  const read = readMessage(xml);
  const spec: MessageSpec | undefined = read.message === undefined ? undefined : specOf(read.message);
  if (spec?.kind !== 'receipt' || !read.ok) return undefined;
  return { spec, messageGuid: messageAnswered(book, spec, read.documents) };
}

/** The message of the book that a receipt's documents were sent in last, by their numbers. */
export function messageAnswered(book: Book, spec: MessageSpec, nodes: readonly AnyDocument[]): string | undefined {
  const { answers } = spec;
  const kind = requestNames.find((name) => name === answers?.message);
  if (answers === undefined || kind === undefined) return undefined;
  for (const node of nodes) {
    const head = headOf(spec, node);
    const number = documentNumber(answers.message, head);
    const platformNos = (spec.platformNo ?? []).flatMap((field) => head[field] ?? []).filter((one) => one !== '');
    const sent = sentDocument(book, kind, { guid: head['guid'] ?? '', number, platformNos });
    if (sent !== undefined) return sent.messageGuid;
  }
  return undefined;
}
