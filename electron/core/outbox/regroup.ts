import { randomUUID } from 'node:crypto';
import { specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { assembleMessage, writeAny } from '../../../shared/documents/write.ts';
import type { Book } from '../store/book.ts';
import { requireDocument } from '../store/documents.ts';
import { endpointOf } from '../store/endpoints.ts';
import {
  endpointOfMessage,
  enqueueMessage,
  frozenBody,
  markChecked,
  mayHaveLeft,
  messageBytes,
  messagesToRegroup,
  requireMessage,
  withdrawMessage,
} from '../store/messages.ts';
import { signsMessages } from './sign.ts';

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
    const { kind } = requireMessage(book, guid);
    const spec = specOf(kind);
    const { transfer } = readMessage(new TextDecoder().decode(messageBytes(book, guid)));
    if (spec === undefined || transfer === undefined) throw new Error(`message ${guid} cannot be read back`);
    const newGuid = randomUUID().toUpperCase();
    const nodes = free.map((id) => writeAny(spec, frozenBody(book, id)));
    const endpoint = endpointOfMessage(book, guid);
    const isUnsigned = endpoint !== undefined && endpointOf(book, endpoint)?.settings.signature === 'none';
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
          signatureKind: signsMessages(book) && !isUnsigned ? 'pending' : 'none',
          endpoint,
          now,
        });
      }
      book.audit('outbox.regroup', guid, { stuck: stuck.length, free: free.length }, now);
      regrouped += 1;
    });
  }
  return regrouped;
}
