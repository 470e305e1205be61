import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import type { MessageSpec } from '../../../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../../../shared/documents/write.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import { hasBondedFor } from '../store/bonded.ts';
import type { Book } from '../store/book.ts';
import { mayLeave } from '../store/broker/review.ts';
import {
  casesOfDocuments,
  type DocumentCase,
  type DocumentFilter,
  type DocumentRecord,
  documentIds,
  requireDocument,
} from '../store/documents.ts';
import { unexplainedOf } from '../store/finding-reasons.ts';
import { enqueueMessage } from '../store/messages.ts';
import { takeGuarantees } from './guarantee-hold.ts';
import { matchBeforeQueue, noteMatch } from './match-hold.ts';
import { versionsOf } from './recheck.ts';
import { ScoreHold } from './score-hold.ts';
import { signsMessages } from './sign.ts';
import { batchesOf } from './targets.ts';

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
 * Freezes checked documents into messages of one kind each, to be signed or queued: orders first, then receipts and waybills,
 * then lists, which is the order customs wants; forms without an order by themselves. Every case is checked once more; what no
 * longer passes is held back with all papers of its order, so that a list never leaves without the order it answers to. So is, by
 * the firm's settings, an order whose records (三单) do not agree and that nobody accepted, and papers that nobody but their maker has
 * seen (复核), a shipment that the firm itself scores as high (企业自评) and nobody gave a reason for, and, where `unexplained` says so, papers
 * with a reminder (提醒) that nobody gave a reason for.
 *
 * A message and the states of its documents are one transaction: after a crash each is queued whole or not at all.
 */
export async function freeze(
  context: Context,
  filter: DocumentFilter,
  unexplained: 'go' | 'hold',
  recheck: (of: DocumentCase, now: string) => readonly DocumentRecord[],
): Promise<Omit<OutputOf<'documents.queue'>, 'unsigned'>> {
  const { book, signal, progress } = context;
  const now = context.now();
  const ids = documentIds(book, filter, ['checked']);
  const wanted = new Set(ids);
  const held = new Set<number>();
  const cases = casesOfDocuments(book, filter, ['checked']);
  const verdicts = matchBeforeQueue(
    context,
    cases.flatMap((one) => ('orderId' in one ? [one.orderId] : [])),
  );
  let matchHeld = 0;
  let matchDoubts = 0;
  let reviewHeld = 0;
  let reasonHeld = 0;
  let riskHeld = 0;
  const scores = new ScoreHold(context);
  let goesUnexplained = 0;
  /** What each may leave with although nobody gave a reason: what is found later has been asked of nobody. */
  const doubts = new Map<number, number>();
  let done = 0;
  for (const one of cases) {
    if (signal.aborted) throw new PortbookError('CANCELLED');
    if (done % 50 === 0) {
      progress({ phase: 'recheck', done, total: cases.length });
      await setImmediate();
    }
    done += 1;
    const before = book.transaction(() => recheck(one, now));
    const after = before.map(({ id }) => requireDocument(book, id));
    const isFit = !after.some(({ state, stale }) => state === 'draft' || (state === 'checked' && stale));
    const leaving = after.filter(({ id, state }) => state === 'checked' && wanted.has(id));
    const open = isFit ? leaving.reduce((sum, { id }) => sum + unexplainedOf(book, id), 0) : 0;
    const isExplained = open === 0 || unexplained === 'go';
    if (!isExplained) reasonHeld += leaving.length;
    const verdict = 'orderId' in one && isFit && isExplained ? verdicts.get(one.orderId) : undefined;
    const isMatched = verdict === undefined || noteMatch(context, verdict, after);
    if (verdict !== undefined && isMatched) matchDoubts += 1;
    if (!isMatched) matchHeld += 1;
    const isReviewed = after.every(({ id, state }) => state !== 'checked' || mayLeave(book, id));
    if (!isReviewed) reviewHeld += after.filter(({ id }) => wanted.has(id)).length;
    // Last of what only asks: it reads most, and what is held anyway need not be asked about.
    const isScored = isFit && isMatched && isReviewed ? scores.mayLeave(leaving) : true;
    if (!isScored) riskHeld += leaving.length;
    const blocked = !isFit || !isExplained || !isMatched || !isReviewed || !isScored || !takeGuarantees(context, after);
    if (!blocked) {
      goesUnexplained += open;
      for (const { id } of leaving) doubts.set(id, unexplainedOf(book, id));
    } else for (const { id } of after) if (wanted.has(id)) held.add(id);
  }

  const isSigned = signsMessages(book);
  const checkedWith = versionsOf(context.resources);
  const transfer = transferOf(book);
  let frozen = 0;
  let messages = 0;
  for (const kind of documentKinds) {
    if (filter.kind !== undefined && filter.kind !== kind) continue;
    const spec: MessageSpec = catalogue[kind];
    const ready = documentIds(book, { ...filter, kind }, ['checked'])
      .filter((id) => wanted.has(id) && !held.has(id))
      .map((id) => requireDocument(book, id));
    for (const { batch, endpoint, isUnsigned } of batchesOf(context, kind, ready)) {
      if (signal.aborted) throw new PortbookError('CANCELLED');
      progress({ phase: 'queue', done: frozen, total: ids.length - held.size });
      await setImmediate();
      // A declaration has a signature of its own among its fields, made where it is declared.
      const signatureKind = isSigned && spec.bare === undefined && !isUnsigned ? 'pending' : 'none';
      const guid = randomUUID().toUpperCase();
      const nodes = batch.map((document) => writeAny(spec, document.body));
      const text = assembleMessage(spec, { guid, transfer }, nodes);
      const queued = book.transaction(() => {
        // The drafts may have been changed since they were read: then this batch is left for the next time.
        const same = batch.every((one) => {
          const current = requireDocument(book, one.id);
          return (
            current.state === 'checked' &&
            !current.stale &&
            mayLeave(book, one.id) &&
            unexplainedOf(book, one.id) <= (doubts.get(one.id) ?? 0) &&
            JSON.stringify(current.body) === JSON.stringify(one.body)
          );
        });
        // Nor does a batch leave that would take more of a bonded ledger than there is by now.
        if (
          !same ||
          !hasBondedFor(
            book,
            batch.map(({ id }) => id),
          )
        )
          return false;
        enqueueMessage(book, {
          guid,
          kind,
          bytes: Buffer.from(text, 'utf8'),
          documentIds: batch.map(({ id }) => id),
          signatureKind,
          endpoint,
          checkedWith,
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
  const result = {
    documents: frozen,
    messages,
    held: held.size,
    matchHeld,
    matchDoubts,
    reviewHeld,
    reasonHeld,
    riskHeld,
    unexplained: goesUnexplained,
  };
  if (frozen > 0) book.audit('documents.queue', 'outbox', result, context.now());
  return result;
}
