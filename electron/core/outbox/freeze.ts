import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { FindingView } from '../../../shared/contract/common.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf, type MessageSpec } from '../../../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../../../shared/documents/write.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { editableStates } from '../../../shared/sync/document-states.ts';
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
  findingsOf,
  MetCases,
  requireDocument,
  storeFindings,
} from '../store/documents.ts';
import { targetOf } from '../store/endpoints.ts';
import { unexplainedOf } from '../store/finding-reasons.ts';
import { enqueueMessage } from '../store/messages.ts';
import { sentBefore } from '../store/restored.ts';
import { isAsked, isUnheard, restoredAt, wasRestored } from '../store/restoring.ts';
import { takeGuarantees } from './guarantee-hold.ts';
import { matchBeforeQueue, noteMatch } from './match-hold.ts';
import { versionsOf } from './recheck.ts';
import { ScoreHold } from './score-hold.ts';
import { missingSignature, signatureKindOf } from './sign.ts';
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

/** The order, receipt and waybill that a list answers to and that have not left yet. */
function waitsFor({ kind, body }: DocumentRecord, papers: readonly DocumentRecord[]): DocumentRecord[] {
  if (kind !== 'CEB603Message') return [];
  const { orderNo, logisticsNo } = headOf(catalogue[kind], body);
  const named = papers.filter(
    (one) =>
      ((one.kind === 'CEB303Message' || one.kind === 'CEB403Message') && one.businessKey === orderNo) ||
      (one.kind === 'CEB505Message' && one.businessKey === logisticsNo),
  );
  // While a paper is being changed at customs its earlier version is there.
  const isThere = (one: DocumentRecord): boolean =>
    named.some((other) => other.kind === one.kind && !editableStates.includes(other.state));
  return named.filter((one) => one.state === 'checked' && !isThere(one));
}

/**
 * Holds documents whose message must be signed and cannot be, each with a finding that says what is missing: those of retail import, whose
 * schema has no form without a signature. The practice platform is no exception: for it a practice certificate is made with one key press.
 * @returns whether they may go
 */
function holdUnsigned({ book, now }: Context, leaving: readonly DocumentRecord[]): boolean {
  let isFree = true;
  for (const document of leaving) {
    const missing = missingSignature(book, catalogue[document.kind], targetOf(book, document));
    if (missing === undefined) continue;
    isFree = false;
    book.transaction(() => storeFindings(book, document.id, [...findingsOf(book, document.id), missing], now()));
  }
  return isFree;
}

/**
 * Holds documents that are at the platform already, by a message of before the book was lost or taken back, and those that may be and only a
 * person can say of, each with a finding.
 * @returns whether they may go
 */
function holdSentBefore({ book, now }: Context, leaving: readonly DocumentRecord[]): boolean {
  let isFree = true;
  for (const { id } of leaving) {
    const found = foundSent(book, id);
    if (found === undefined) continue;
    isFree = false;
    const finding = { ...found, level: 'reject' as const, path: '', source: '同一单证不得重复申报' };
    book.transaction(() => storeFindings(book, id, [...findingsOf(book, id), finding], now()));
  }
  return isFree;
}

/** The finding of a document that was, or may have been, sent before; undefined: it may go. */
function foundSent(book: Book, id: number): Pick<FindingView, 'rule' | 'params'> | undefined {
  const guid = sentBefore(book, id);
  if (guid !== undefined) return { rule: 'SENT-BEFORE', params: { message: guid } };
  return isAsked(book, id) ? { rule: 'SENT-UNKNOWN', params: { on: chinaDate(restoredAt(book) ?? '') } } : undefined;
}

/** A book brought back from a copy has to hear what left since. Refusal: `RESTORED_UNHEARD` {name}. */
function requireHeard(book: Book, ids: readonly number[]): void {
  if (!wasRestored(book)) return;
  for (const id of ids) {
    const endpoint = targetOf(book, requireDocument(book, id));
    if (endpoint !== undefined && isUnheard(book, endpoint))
      throw new PortbookError('RESTORED_UNHEARD', { name: endpoint.name || endpoint.url });
  }
}

/**
 * Freezes checked documents into messages of one kind each, to be signed or queued: orders first, then receipts and waybills,
 * then lists, which is the order customs wants; forms without an order by themselves. Every case is checked once more; what no
 * longer passes is held back with all papers of its order. A list whose order, receipt or waybill could go and is not asked for waits for
 * it: it never leaves without the papers that it answers to. Held back is also, by the firm's settings, an order whose records (三单) do not agree and that nobody accepted, and papers that nobody but their maker has
 * seen (复核), what is at the platform already, a shipment that the firm itself scores as high (企业自评) and nobody gave a reason for, and, where `unexplained` says so, papers
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
  requireHeard(book, ids);
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
  /** What the lists answer to, by list: as long as it is here they stay. */
  const waiting = new Map<number, readonly DocumentRecord[]>();
  const left = new Set<number>();
  const met = new MetCases();
  let done = 0;
  for (const one of cases) {
    if (signal.aborted) throw new PortbookError('CANCELLED');
    if (done % 50 === 0) {
      progress({ phase: 'recheck', done, total: cases.length });
      await setImmediate();
    }
    done += 1;
    if (met.has(one)) continue;
    const before = book.transaction(() => recheck(one, now));
    met.add(before);
    const after = before.map(({ id }) => requireDocument(book, id));
    const isFit = !after.some(({ state, stale }) => state === 'draft' || (state === 'checked' && stale));
    const leaving = after.filter(({ id, state }) => state === 'checked' && wanted.has(id));
    const open = isFit ? leaving.reduce((sum, { id }) => sum + unexplainedOf(book, id), 0) : 0;
    const isExplained = open === 0 || unexplained === 'go';
    if (!isExplained) reasonHeld += leaving.length;
    let isMatched = true;
    for (const orderId of isFit && isExplained ? new Set(after.map((paper) => paper.orderId)) : []) {
      const verdict = orderId === undefined ? undefined : verdicts.get(orderId);
      if (verdict === undefined) continue;
      const papers = after.filter((paper) => paper.orderId === orderId);
      if (noteMatch(context, verdict, papers)) matchDoubts += 1;
      else {
        matchHeld += 1;
        isMatched = false;
      }
    }
    const isReviewed = after.every(({ id, state }) => state !== 'checked' || mayLeave(book, id));
    if (!isReviewed) reviewHeld += after.filter(({ id }) => wanted.has(id)).length;
    // Last of what only asks: it reads most, and what is held anyway need not be asked about.
    const isScored = isFit && isMatched && isReviewed ? scores.mayLeave(leaving) : true;
    if (!isScored) riskHeld += leaving.length;
    const blocked =
      !isFit ||
      !isExplained ||
      !isMatched ||
      !isReviewed ||
      !isScored ||
      !holdSentBefore(context, leaving) ||
      !holdUnsigned(context, leaving) ||
      !takeGuarantees(context, after);
    if (!blocked) {
      goesUnexplained += open;
      for (const paper of leaving) {
        doubts.set(paper.id, unexplainedOf(book, paper.id));
        waiting.set(paper.id, waitsFor(paper, after));
      }
    } else for (const { id } of after) if (wanted.has(id)) held.add(id);
  }

  const checkedWith = versionsOf(context.resources);
  const transfer = transferOf(book);
  let frozen = 0;
  let messages = 0;
  for (const kind of documentKinds) {
    if (filter.kind !== undefined && filter.kind !== kind) continue;
    const spec: MessageSpec = catalogue[kind];
    // Orders, receipts and waybills had their turn before the lists.
    for (const [id, papers] of waiting)
      if (kind === 'CEB603Message' && papers.some((paper) => !left.has(paper.id))) held.add(id);
    const ready = documentIds(book, { ...filter, kind }, ['checked'])
      .filter((id) => wanted.has(id) && !held.has(id))
      .map((id) => requireDocument(book, id));
    for (const { batch, endpoint } of batchesOf(context, kind, ready)) {
      if (signal.aborted) throw new PortbookError('CANCELLED');
      progress({ phase: 'queue', done: frozen, total: ids.length - held.size });
      await setImmediate();
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
            foundSent(book, one.id) === undefined &&
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
          signatureKind: signatureKindOf(book, spec, endpoint),
          endpoint: endpoint?.id,
          checkedWith,
          now: context.now(),
        });
        return true;
      });
      if (!queued) {
        for (const { id } of batch) held.add(id);
        continue;
      }
      for (const { id } of batch) left.add(id);
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
