import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { parseCompactDate } from '../../../shared/calendar/dates.ts';
import { catalogue, specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import {
  type AnyDocument,
  headOf,
  linesOf,
  type MessageName,
  type MessageSpec,
  type Values,
} from '../../../shared/documents/spec.ts';
import { documentNumber } from '../../../shared/drafting/document-number.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type Echo, echoesIn, type GivenNumber } from '../../../shared/sync/conflicts.ts';
import { type DocumentState, settledStates } from '../../../shared/sync/document-states.ts';
import {
  applyReturn,
  type DocumentReturn,
  dateOfReturn,
  eventOf,
  isConcluded,
  isKnownStatus,
  isReturnTime,
  returnOf,
} from '../../../shared/sync/receipts.ts';
import { filingSubjects } from '../filings/subjects.ts';
import type { Book } from '../store/book.ts';
import { isMessageDisputed } from '../store/conflicts.ts';
import { isStoreRefusal } from '../store/database.ts';
import { ordersDeclared } from '../store/declared-goods.ts';
import { addResult, addSummaryMatch, documentByPlatformNo, documentsAbout } from '../store/document-life.ts';
import { documentsOfSubject, requireDocument, supersede } from '../store/documents.ts';
import { leaveToLists, postRelease, takeBackRelease } from '../store/ledger.ts';
import { endedBy, followOrder, getMessage, hear, recordDocument } from '../store/messages.ts';
import {
  addReceiptItem,
  documentsOfMessage,
  documentsSaidLeft,
  markApplied,
  noteRelease,
  parkReceipt,
  type RawReceipt,
  type ReceivingDocument,
  receiptRow,
  setReceiptMessage,
  storedReceipts,
  tieReceipt,
  updateStanding,
} from '../store/receipts.ts';
import { noteSpokenOf } from '../store/restored.ts';
import { wasRestored } from '../store/restoring.ts';
import {
  adoptState,
  endedVersion,
  endVersions,
  isReleased,
  revokeDocument,
  settleAmendment,
  undoAmendment,
} from './amendments.ts';
import { noteConflicts } from './conflicts.ts';
import { messageAnswered } from './receipt-message.ts';

/** What applying receipts did. */
export interface AppliedReceipts {
  receipts: number;
  accepted: number;
  released: number;
  rejected: number;
  parked: number;
}

export function nothingApplied(): AppliedReceipts {
  return { receipts: 0, accepted: 0, released: 0, rejected: 0, parked: 0 };
}

/** Receipts applied in one transaction: many, because a commit costs more than a receipt. */
const BATCH = 20;

/** Applies one batch of stored receipts. @returns undefined when none is left */
export function applyBatch(book: Book, now: string): AppliedReceipts | undefined {
  const batch = storedReceipts(book, BATCH);
  if (batch.length === 0) return undefined;
  const applied = nothingApplied();
  book.transaction(() => {
    for (const receipt of batch) {
      const own = applyOrPark(book, receipt, now).applied;
      for (const key of ['receipts', 'accepted', 'released', 'rejected', 'parked'] as const) applied[key] += own[key];
    }
  });
  return applied;
}

/** Applies a receipt whole, or keeps it aside with the reason and nothing of it. Must run inside a transaction. */
function applyOrPark(
  book: Book,
  receipt: RawReceipt,
  now: string,
): { readonly applied: AppliedReceipts; readonly problem: string | undefined } {
  const applied = nothingApplied();
  const orders = new Set<number>();
  let problem: string | undefined;
  try {
    problem = book.transaction(() => {
      const found = applyOne(book, receipt, now, applied, orders);
      for (const order of orders) followOrder(book, order);
      return found;
    });
  } catch (error) {
    // A full disk or a locked book would stop any other receipt as well; what this one alone fails of must not hold up the others, nor sending.
    if (error instanceof PortbookError && isStoreRefusal(error.code)) throw error;
    const reason = error instanceof PortbookError ? error.code : String(error).slice(0, 200);
    book.audit('receipts.failed', `receipt ${receipt.id}`, { reason }, now);
    parkReceipt(book, receipt.id, 'RECEIPT_FAILED');
    return { applied: { ...nothingApplied(), parked: 1 }, problem: 'RECEIPT_FAILED' };
  }
  if (problem === undefined) {
    markApplied(book, receipt.id);
    applied.receipts = 1;
  } else {
    parkReceipt(book, receipt.id, problem);
    applied.parked = 1;
  }
  return { applied, problem };
}

/**
 * Applies one parked receipt anew, as an answer to `messageGuid` where that is given. Answers why it cannot be, as an i18n id; it is parked
 * again then.
 */
export function applyAgain(book: Book, id: number, now: string, messageGuid?: string): string | undefined {
  return book.transaction(() => {
    if (messageGuid !== undefined) setReceiptMessage(book, id, messageGuid);
    const { xml, receivedAt, messageGuid: guid } = receiptRow(book, id);
    return applyOrPark(book, { id, xml, receivedAt, messageGuid: guid }, now).problem;
  });
}

/** Applies a receipt; answers why it cannot be, as an i18n id. */
function applyOne(
  book: Book,
  receipt: RawReceipt,
  now: string,
  applied: AppliedReceipts,
  orders: Set<number>,
): string | undefined {
  const read = readMessage(receipt.xml);
  if (!read.ok || read.message === undefined) return 'RECEIPT_UNREADABLE';
  const spec = specOf(read.message);
  if (spec?.kind === 'receipt' && spec.answers === undefined)
    return applyResult(book, receipt, spec, read.documents, { now, applied });
  if (spec?.answers === undefined) return 'RECEIPT_KIND_UNKNOWN';
  const answered = spec.answers.message;
  let messageGuid = receipt.messageGuid ?? '';
  if (messageGuid === '') {
    // From folders or by hand, before the book had its message: it may by now.
    messageGuid = messageAnswered(book, spec, read.documents) ?? '';
    if (messageGuid !== '') tieReceipt(book, receipt.id, messageGuid);
  }
  const isOurs = getMessage(book, messageGuid) !== undefined;
  // Whether the platform speaks of these documents at all is for a person to say first.
  if (isOurs && isMessageDisputed(book, messageGuid)) return 'RECEIPT_DISPUTED';
  let documents = isOurs
    ? documentsOfMessage(book, messageGuid)
    : saidLeft(book, receipt, spec, answered, read.documents);
  if (!isOurs && documents.size === 0) return 'RECEIPT_MESSAGE_UNKNOWN';
  // Proof of delivery is a receipt about one of its documents, not a GUID alone. Hearing of a message moves them all.
  if (
    isOurs &&
    read.documents.some((node) => aboutOf(spec, answered, headOf(spec, node), documents) !== undefined) &&
    hear(book, messageGuid, now)
  ) {
    documents = documentsOfMessage(book, messageGuid);
  }
  let problem: string | undefined;
  for (const [position, node] of read.documents.entries()) {
    const values = headOf(spec, node);
    const said = returnOf(spec, values, receipt.receivedAt);
    const document = aboutOf(spec, answered, values, documents);
    const number = numberIn(spec, values);
    const repeated = addReceiptItem(book, receipt.id, position, document?.id, said);
    if (document === undefined) problem ??= 'RECEIPT_DOCUMENT_UNKNOWN';
    // Times are compared as text: one of another form would outrank or lose for ever.
    else if (!isReturnTime(said.statusTime)) problem ??= 'RECEIPT_UNREADABLE';
    else if (!isKnownStatus(said.statusCode)) problem ??= 'RECEIPT_STATUS_UNKNOWN';
    else
      documents.set(
        document.businessKey,
        applyToDocument(book, document, said, {
          receipt: { ...receipt, messageGuid: messageGuid === '' ? undefined : messageGuid },
          number,
          fields: spec.platformNo ?? [],
          echoes: echoesIn(spec, values),
          kind: spec.message,
          repeated,
          now,
          applied,
          orders,
        }),
      );
  }
  return problem;
}

/**
 * The documents that a receipt is about whose message the book does not have, and of which a person said that they left before it was
 * brought back from a copy. Where nobody did, that they are spoken of is kept: they must not be filed a second time.
 */
function saidLeft(
  book: Book,
  receipt: RawReceipt,
  spec: MessageSpec,
  answered: MessageName,
  nodes: readonly AnyDocument[],
): Map<string, ReceivingDocument> {
  if (!wasRestored(book)) return new Map();
  const heads = nodes.map((node) => headOf(spec, node));
  const numbers = heads.map((head) => documentNumber(answered, head));
  const documents = documentsSaidLeft(book, answered, numbers);
  for (const [at, head] of heads.entries()) {
    const number = numbers[at] ?? '';
    if (number === '' || documents.has(number)) continue;
    noteSpokenOf(
      book,
      { kind: answered, number, messageGuid: receipt.messageGuid ?? '' },
      returnOf(spec, head, receipt.receivedAt),
    );
  }
  return documents;
}

/** The best number a receipt gives a document, and its field. */
function numberIn(spec: MessageSpec, values: Values): GivenNumber | undefined {
  for (const field of spec.platformNo ?? []) {
    const value = values[field];
    if (value !== undefined) return { value, field };
  }
  return undefined;
}

/** Which document of its message a return is about: by its number, or the only one where the receipt does not bring that back. */
function aboutOf(
  spec: MessageSpec,
  answered: MessageName,
  values: Values,
  documents: ReadonlyMap<string, ReceivingDocument>,
): ReceivingDocument | undefined {
  const known = documents.get(documentNumber(answered, values));
  if (known !== undefined || spec.says?.time === undefined) return known;
  return documents.size === 1 ? [...documents.values()][0] : undefined;
}

function applyToDocument(
  book: Book,
  document: ReceivingDocument,
  said: DocumentReturn,
  context: {
    receipt: RawReceipt;
    /** Number the authority has given, and the receipt's fields for numbers, the best first. */
    number: GivenNumber | undefined;
    fields: readonly string[];
    echoes: readonly Echo[];
    kind: string;
    repeated: boolean;
    now: string;
    applied: AppliedReceipts;
    orders: Set<number>;
  },
): ReceivingDocument {
  const { receipt, fields, repeated, now, applied, orders } = context;
  const { isClaimed, number } = noteConflicts(book, document, said, {
    receiptId: receipt.id,
    messageGuid: receipt.messageGuid,
    number: context.number,
    fields,
    echoes: context.echoes,
    kind: context.kind,
    now,
  });
  if (isClaimed) return document;
  // Also of one that comes late and changes nothing else.
  const says = eventOf(said.statusCode);
  const isOverruled = document.refusedAt !== undefined && said.statusTime <= document.refusedAt;
  if ((says === 'release' || says === 'close') && !isOverruled) noteRelease(book, document.id, said.statusTime);
  const outcome = applyReturn(document.state, document.standing, said, document.refusedAt);
  const detail = { status: said.statusCode, time: said.statusTime };
  if (outcome.contradicts && !repeated) {
    recordDocument(book, document.id, {
      from: outcome.state,
      to: outcome.state,
      event: 'contradiction',
      at: now,
      detail: {
        ...detail,
        stands: document.standing?.statusCode ?? '',
        standsTime: document.standing?.statusTime ?? '',
      },
    });
  }
  if (outcome.standing === undefined || outcome.standing === document.standing) return document;
  updateStanding(book, document.id, {
    state: outcome.state,
    standing: outcome.standing,
    number,
    at: now,
  });
  const isTaken = settledStates.includes(outcome.state) && !settledStates.includes(document.state);
  const word = { status: said.statusCode, time: said.statusTime, isTaken };
  let { state } = outcome;
  if (outcome.event !== undefined) {
    recordDocument(book, document.id, {
      from: document.state,
      to: outcome.state,
      event: outcome.event,
      at: now,
      detail,
    });
    if (document.kind === 'CEB603Message' && document.orderId !== undefined) orders.add(document.orderId);
    if (document.kind === 'DecMessage')
      for (const orderId of ordersDeclared(book, document.businessKey)) orders.add(orderId);
    // A release that overtakes the acceptance says both.
    // A change that is taken of goods that were sent back meanwhile changes nothing: they are gone.
    const sentBack = isTaken ? endedVersion(book, document.id) : undefined;
    const { isDeletion, isGranted } =
      sentBack === undefined
        ? settleAmendment(book, document.id, word, now, orders)
        : { isDeletion: false, isGranted: true };
    if (sentBack !== undefined)
      revokeDocument(
        book,
        requireDocument(book, document.id),
        { why: 'sent-back', by: sentBack, time: said.statusTime, now },
        orders,
      );
    if (isGranted) state = 'withdrawn';
    if (isTaken) applied.accepted += 1;
    if (outcome.state === 'rejected') {
      applied.rejected += 1;
      undoAmendment(book, document.id, now);
    }
    settleFiling(book, document, outcome.state, number?.value, now);
    if (isReleased(outcome.state) && !isReleased(document.state) && !isDeletion && !isGranted) {
      applied.released += 1;
      // A released list is a sale, and so is a declaration of goods that no list declares.
      const { id: documentId, orderId } = document;
      if (document.kind === 'DecMessage' || document.kind === 'CEB603Message')
        postRelease(book, { orderId, documentId, date: dateOfReturn(said.statusTime), now });
    }
    if (outcome.event === 'revoke' && isReleased(document.state))
      takeBackRelease(book, { documentId: document.id, date: dateOfReturn(said.statusTime), now });
    if (outcome.event === 'revoke') endVersions(book, document.id, said.statusTime, now, orders);
  } else if (says === 'revoke' && document.state === 'superseded') {
    // Of a version that a change took the place of: the change is what the paper is by now.
    endVersions(book, document.id, said.statusTime, now, orders);
  } else if (document.state === 'withdrawn' && says === 'reject' && endedBy(book, document.id) === document.id) {
    // A deletion that was taken, and is sent back after all.
    const { statusCode: status, statusTime: time, info } = said;
    adoptState(book, document.id, document.state, 'rejected', { status, time, info }, now);
    state = 'rejected';
    applied.rejected += 1;
    // A conclusion moves nothing that was taken, and grants the deletion that was asked for.
  } else if (says === 'accept' && settleAmendment(book, document.id, word, now, orders).isGranted) state = 'withdrawn';
  settleWithdrawal(book, document, said, now, orders);
  return {
    ...document,
    state,
    standing: outcome.standing,
    ...(number === undefined ? {} : { platformNo: number.value, platformNoField: number.field }),
  };
}

/**
 * What the filing of a subject comes to is known to the subject in the same transaction; the accepted version before it gives way.
 * Documents of orders and of nothing have their own ways.
 */
function settleFiling(
  book: Book,
  { id, state: before }: ReceivingDocument,
  state: DocumentState,
  platformNo: string | undefined,
  now: string,
): void {
  const wasSettled = settledStates.includes(before);
  if (wasSettled ? state !== 'rejected' : !settledStates.includes(state)) return;
  const filing = requireDocument(book, id);
  const { subject, businessKey } = filing;
  if (subject === undefined) return;
  const { accepted, undone, dayField } = filingSubjects[subject.kind];
  const head = headOf(catalogue[filing.kind], filing.body);
  if (wasSettled) {
    // A deletion that is sent back leaves what it would have deleted, under the number that it named.
    const { receipt }: MessageSpec = catalogue[filing.kind];
    const named = (specOf(receipt ?? '')?.platformNo ?? []).map((name) => head[name]).find((no) => no !== undefined);
    if (head['appType'] === '3') accepted(book, subject.id, { appType: '1', on: chinaDate(now), number: named }, now);
    else undone(book, subject.id, now);
    return;
  }
  for (const one of documentsOfSubject(book, subject)) {
    if (one.id === id || one.businessKey !== businessKey || one.state !== 'accepted') continue;
    supersede(book, one.id, now);
    recordDocument(book, one.id, { from: 'accepted', to: 'superseded', event: 'supersede', at: now });
  }
  const day = dayField === undefined ? undefined : parseCompactDate(head[dayField] ?? '');
  const number = platformNo ?? filing.platformNo;
  accepted(book, subject.id, { appType: head['appType'] ?? '', on: day ?? chinaDate(now), number }, now);
  book.audit('filings.accepted', `${filing.kind} ${businessKey}`, { version: filing.version }, now);
}

/** A withdrawal that customs agreed to withdraws its list. */
function settleWithdrawal(
  book: Book,
  { id, kind }: ReceivingDocument,
  said: DocumentReturn,
  now: string,
  orders: Set<number>,
): void {
  if ((kind !== 'CEB605Message' && kind !== 'CEB623Message') || !isConcluded(said.statusCode)) return;
  for (const { id: listId, purpose } of documentsAbout(book, id)) {
    if (purpose === 'withdraw')
      revokeDocument(
        book,
        requireDocument(book, listId),
        { why: 'withdraw', by: id, time: said.statusTime, now },
        orders,
      );
  }
}

/**
 * Takes in what is no receipt of one document: a summary result (792), a tax bill or its state (816, 818), or the news that a message
 * could not be read (900), which sends back all its documents. Answers why it cannot be applied, as an i18n id.
 */
function applyResult(
  book: Book,
  receipt: RawReceipt,
  spec: MessageSpec,
  nodes: readonly AnyDocument[],
  context: { now: string; applied: AppliedReceipts },
): string | undefined {
  const { now } = context;
  let problem: string | undefined;
  for (const [position, node] of nodes.entries()) {
    const head = headOf(spec, node);
    if (spec.message === 'CEB900Message') {
      problem ??= refuseMessage(book, receipt, head, context);
      continue;
    }
    const isSummary = spec.message === 'CEB792Message';
    const [kind, known] = isSummary
      ? (['CEB701Message', head['sumNo']] as const)
      : (['CEB621Message', head['invtNo']] as const);
    const document = documentByPlatformNo(book, kind, known ?? '');
    if (document === undefined) {
      problem ??= 'RECEIPT_DOCUMENT_UNKNOWN';
      continue;
    }
    const resultId = addResult(book, {
      receiptId: receipt.id,
      position,
      kind: spec.message,
      documentId: document.id,
      number: (isSummary ? head['sumNo'] : head['taxNo']) ?? '',
      at: now,
      body: { ...node },
    });
    if (resultId === undefined || !isSummary) continue;
    const entryId = head['entryId'] ?? '';
    for (const [place, line] of linesOf(spec, node).entries()) {
      const invtNo = line['invtNo'] ?? '';
      addSummaryMatch(book, resultId, place, {
        invtNo,
        listId: documentByPlatformNo(book, 'CEB603Message', invtNo)?.id,
        entryId,
        itemNo: Number(line['gseqno'] ?? '0'),
        lineNo: Number(line['gnum'] ?? '0'),
      });
    }
    // What sums up lists is no sale of its own.
    if (entryId !== '') leaveToLists(book, entryId, chinaDate(now), now);
    recordDocument(book, document.id, {
      from: requireDocument(book, document.id).state,
      to: requireDocument(book, document.id).state,
      event: 'result',
      at: now,
      detail: { kind: spec.message, entryId },
    });
  }
  return problem;
}

/** The platform could not read a message: every document of it comes back with the reason. */
function refuseMessage(
  book: Book,
  receipt: RawReceipt,
  head: Readonly<Record<string, string | undefined>>,
  { now, applied }: { now: string; applied: AppliedReceipts },
): string | undefined {
  const guid = receipt.messageGuid ?? head['oriCopMsgId'] ?? '';
  if (getMessage(book, guid) === undefined) return 'RECEIPT_MESSAGE_UNKNOWN';
  const status = head['returnStatus'] ?? '';
  const said: DocumentReturn = {
    // A format check only ever reports failure; a state that says otherwise is still a message that did not get in.
    statusCode: status.startsWith('-') ? status : '100',
    statusTime: head['returnTime'] ?? '',
    info: head['returnInfo'] ?? '',
  };
  if (!isReturnTime(said.statusTime)) return 'RECEIPT_UNREADABLE';
  hear(book, guid, now);
  const orders = new Set<number>();
  for (const [position, document] of [...documentsOfMessage(book, guid).values()].entries()) {
    const repeated = addReceiptItem(book, receipt.id, position, document.id, said);
    applyToDocument(book, document, said, {
      receipt,
      number: undefined,
      fields: [],
      echoes: [],
      kind: 'CEB900Message',
      repeated,
      now,
      applied,
      orders,
    });
  }
  for (const order of orders) followOrder(book, order);
  return undefined;
}
