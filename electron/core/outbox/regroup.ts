import { randomUUID } from 'node:crypto';
import { catalogue, specOf } from '../../../shared/documents/catalogue.ts';
import { packDocuments } from '../../../shared/documents/pack.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import type { MessageSpec } from '../../../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../../../shared/documents/write.ts';
import type { Book } from '../store/book.ts';
import { findingsOf, requireDocument, storeFindings } from '../store/documents.ts';
import { currentEndpoint, endpointOf } from '../store/endpoints.ts';
import {
  documentsInMessage,
  enqueueMessage,
  frozenBody,
  markChecked,
  mayHaveLeft,
  messageBytes,
  messagesToRegroup,
  queuedWithoutSignature,
  requeueMessage,
  requireMessage,
  withdrawMessage,
} from '../store/messages.ts';
import { refuseDamaged, soundBytes } from './damaged.ts';
import { missingSignature, signatureKindOf } from './sign.ts';
import type { Limits } from './transport-for.ts';

/**
 * Frees lists that are held up by others of their message. A message never changes, but one that has not left can be
 * taken back: the lists whose order or waybill was sent back become drafts again, the others are frozen anew under a new
 * GUID, to be signed anew where the book signs. Without this one rejected order would hold up ninety-nine good lists.
 *
 * @returns how many messages were regrouped
 */
export function regroup(book: Book, now: string): number {
  let regrouped = 0;
  for (const { guid, stuck, free } of messagesToRegroup(book)) {
    const { kind, endpoint, checkedWith, unfitAt } = requireMessage(book, guid);
    const bytes = soundBytes(book, guid);
    if (bytes === undefined) {
      refuseDamaged(book, guid, now);
      continue;
    }
    const spec = specOf(kind);
    const { transfer } = readMessage(new TextDecoder().decode(bytes));
    if (spec === undefined || transfer === undefined) throw new Error(`message ${guid} cannot be read back`);
    const newGuid = randomUUID().toUpperCase();
    const nodes = free.map((id) => writeAny(spec, frozenBody(book, id)));
    const target = endpoint === undefined ? undefined : endpointOf(book, endpoint);
    const text = free.length === 0 ? undefined : assembleMessage(spec, { guid: newGuid, transfer }, nodes);
    book.transaction(() => {
      // Another process may have withdrawn it, or changed what its documents were drawn from.
      if (mayHaveLeft(book, guid)) return;
      if (free.some((id) => requireDocument(book, id).stale)) return;
      withdrawMessage(book, guid, now, { reason: 'order-rejected', stuck: stuck.length });
      if (text !== undefined) {
        markChecked(book, free, now);
        enqueueMessage(book, {
          guid: newGuid,
          kind,
          bytes: new TextEncoder().encode(text),
          documentIds: free,
          signatureKind: signatureKindOf(book, spec, target),
          endpoint,
          // Which of its documents failed is not kept by message: all are checked again.
          checkedWith: unfitAt === undefined ? checkedWith : '',
          now,
        });
      }
      book.audit('outbox.regroup', guid, { stuck: stuck.length, free: free.length }, now);
      regrouped += 1;
    });
  }
  return regrouped;
}

/**
 * Sends the documents of a message out anew, in messages under new GUIDs and within the limits; the documents stay the
 * versions they are, to be signed anew where the message was or its schema demands it. Only for a message of which the platform has stored nothing, or where a person has decided so.
 * @param onDone runs in the same transaction
 * @returns how many messages took its place; 0 when it moved on meanwhile
 */
export function splitMessage(
  book: Book,
  guid: string,
  limits: Pick<Limits, 'maxBytes' | 'maxDocuments'>,
  now: string,
  onDone: () => void = () => undefined,
): number {
  const message = requireMessage(book, guid);
  const spec = specOf(message.kind);
  const old = messageBytes(book, guid);
  const read = readMessage(new TextDecoder().decode(old));
  // A declaration has no envelope.
  const transfer = read.transfer ?? (spec?.bare === undefined ? undefined : noTransfer);
  if (spec === undefined || transfer === undefined) throw new Error(`message ${guid} cannot be read back`);
  const ids = documentsInMessage(book, guid);
  const nodes = ids.map((id) => writeAny(spec, frozenBody(book, id)));
  const sizes = nodes.map((node) => Buffer.byteLength(node));
  // What frames the documents, signature included, comes back with every part.
  const frame = old.length - sizes.reduce((sum, size) => sum + size, 0);
  const counts = packDocuments(sizes, { documents: limits.maxDocuments, bytes: limits.maxBytes - frame });
  let from = 0;
  const parts = counts.map((count) => {
    const part = { guid: randomUUID().toUpperCase(), documentIds: ids.slice(from, from + count) };
    const text = assembleMessage(spec, { guid: part.guid, transfer }, nodes.slice(from, from + count));
    from += count;
    return { ...part, bytes: new TextEncoder().encode(text) };
  });
  return book.transaction(() => {
    // Another process may have moved it on.
    if (requireMessage(book, guid).state !== message.state) return 0;
    requeueMessage(book, guid, parts, spec.signatureRequired === true, now);
    book.audit('outbox.split', guid, { kind: message.kind, messages: parts.length, documents: ids.length }, now);
    onDone();
    return parts.length;
  });
}

/**
 * Takes back what an earlier version queued without the signature that its schema demands, and what was not sent yet: under a new GUID it
 * waits to be signed where the book can sign, else its documents are drafts again, each with a finding that says what is missing. What may
 * have left stays as it is.
 *
 * @returns how many messages were taken back
 */
export function takeBackUnsigned(book: Book, now: string): number {
  const demanding = Object.values(catalogue).filter((spec: MessageSpec) => spec.signatureRequired === true);
  const waiting = queuedWithoutSignature(
    book,
    demanding.map(({ message }) => message),
  ).filter((guid) => !mayHaveLeft(book, guid));
  for (const guid of waiting) {
    const { kind, endpoint, documents } = requireMessage(book, guid);
    const spec = specOf(kind);
    if (spec === undefined) throw new Error(`message ${guid} is of no kind that is known`);
    if (soundBytes(book, guid) === undefined) {
      refuseDamaged(book, guid, now);
      continue;
    }
    const missing = missingSignature(
      book,
      spec,
      endpoint === undefined ? currentEndpoint(book) : endpointOf(book, endpoint),
    );
    if (missing === undefined) {
      splitMessage(book, guid, { maxBytes: Number.MAX_SAFE_INTEGER, maxDocuments: documents }, now);
      continue;
    }
    book.transaction(() => {
      // Another process may have sent it.
      if (mayHaveLeft(book, guid)) return;
      const ids = documentsInMessage(book, guid);
      withdrawMessage(book, guid, now, { reason: 'signature-missing' });
      for (const id of ids) storeFindings(book, id, [...findingsOf(book, id), missing], now);
      book.audit('outbox.takeBack', guid, { kind, documents: ids.length }, now);
    });
  }
  return waiting.length;
}

const noTransfer = { copCode: '', copName: '', dxpMode: '', dxpId: '' };
