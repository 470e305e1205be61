import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { assembleMessage, writeAny } from '../../../shared/documents/write.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import { businessSigner } from '../keys/signer.ts';
import type { Book } from '../store/book.ts';
import {
  type DocumentFilter,
  type DocumentRecord,
  documentIds,
  ordersOfDocuments,
  requireDocument,
} from '../store/documents.ts';
import { enqueueMessage } from '../store/messages.ts';
import { takeGuarantees } from './guarantee-hold.ts';

/**
 * The firm's transport identity as every message carries it (BaseTransfer). Until the firm enters the number it was
 * given on joining the data-exchange platform, one is made of its customs code: enough to practise, and the check says
 * that customs will not know it.
 */
function transferOf(book: Book) {
  const profile = book.profile();
  return {
    copCode: profile.customsCode,
    copName: profile.name,
    dxpMode: 'DXP',
    dxpId: profile.dxpId === '' ? `DXPENT${profile.customsCode}` : profile.dxpId,
  };
}

/**
 * Freezes checked documents into messages of one kind each and queues them: orders first, then receipts and waybills,
 * then lists, which is the order customs wants. Every order is checked once more; what no longer passes is held back
 * with all papers of its order, so that a list never leaves without the order it answers to.
 *
 * A message and the states of its documents are one transaction: after a crash each is queued whole or not at all.
 */
export async function freeze(
  context: Context,
  filter: DocumentFilter,
  recheck: (orderId: number, now: string) => readonly DocumentRecord[],
): Promise<{ documents: number; messages: number; held: number }> {
  const { book, signal, progress } = context;
  const now = context.now();
  const ids = documentIds(book, filter, ['checked']);
  const wanted = new Set(ids);
  const held = new Set<number>();
  const orders = ordersOfDocuments(book, filter, ['checked']);
  let done = 0;
  for (const orderId of orders) {
    if (signal.aborted) throw new PortbookError('CANCELLED');
    if (done % 50 === 0) {
      progress({ phase: 'recheck', done, total: orders.length });
      await setImmediate();
    }
    done += 1;
    const before = book.transaction(() => recheck(orderId, now));
    const after = before.map(({ id }) => requireDocument(book, id));
    const blocked =
      after.some((one) => one.state === 'draft' || (one.state === 'checked' && one.stale)) ||
      !takeGuarantees(context, after);
    if (blocked) for (const one of after) if (wanted.has(one.id)) held.add(one.id);
  }

  const signer = businessSigner(book);
  const transfer = transferOf(book);
  let frozen = 0;
  let messages = 0;
  for (const kind of documentKinds) {
    if (filter.kind !== undefined && filter.kind !== kind) continue;
    const spec = catalogue[kind];
    const ready = documentIds(book, { ...filter, kind }, ['checked'])
      .filter((id) => wanted.has(id) && !held.has(id))
      .map((id) => requireDocument(book, id));
    for (let from = 0; from < ready.length; from += spec.maxNodes) {
      if (signal.aborted) throw new PortbookError('CANCELLED');
      progress({ phase: 'queue', done: frozen, total: ids.length - held.size });
      await setImmediate();
      const batch = ready.slice(from, from + spec.maxNodes);
      const guid = randomUUID().toUpperCase();
      const nodes = batch.map((document) => writeAny(spec, document.body));
      const signed = await signer.sign(assembleMessage(spec, { guid, transfer }, nodes));
      const queued = book.transaction(() => {
        // The drafts may have been changed while the message was being signed: then this batch is left for the next time.
        const same = batch.every((one) => {
          const current = requireDocument(book, one.id);
          return (
            current.state === 'checked' && !current.stale && JSON.stringify(current.body) === JSON.stringify(one.body)
          );
        });
        if (!same) return false;
        enqueueMessage(book, {
          guid,
          kind,
          bytes: Buffer.from(signed, 'utf8'),
          documentIds: batch.map(({ id }) => id),
          signatureKind: signer.kind,
          now: context.now(),
        });
        return true;
      });
      if (!queued) {
        for (const { id } of batch) held.add(id);
        continue;
      }
      frozen += batch.length;
      messages += 1;
    }
  }
  if (frozen > 0)
    book.audit('documents.queue', 'outbox', { documents: frozen, messages, held: held.size }, context.now());
  return { documents: frozen, messages, held: held.size };
}
