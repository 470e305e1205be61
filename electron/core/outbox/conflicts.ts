import { chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import { catalogue, specOf } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { claimedState, compareNumbers, type Echo, type GivenNumber } from '../../../shared/sync/conflicts.ts';
import { type AnsweredState, type DocumentState, editableStates } from '../../../shared/sync/document-states.ts';
import { type DocumentReturn, dateOfReturn } from '../../../shared/sync/receipts.ts';
import type { Book } from '../store/book.ts';
import { addConflict, conflictOf, decideConflict, echoesOf, noteEcho } from '../store/conflicts.ts';
import { requireDocument } from '../store/documents.ts';
import { recordReleasedList } from '../store/export-releases.ts';
import {
  documentsInMessage,
  endedAt,
  endedBy,
  frozenBody,
  type MessageRecord,
  moveMessage,
  recordDocument,
  requireMessage,
  settle,
} from '../store/messages.ts';
import { maskedNumber } from '../store/money/accounts.ts';
import { type ReceivingDocument, unparkReceipts } from '../store/receipts.ts';
import { adoptState, isReleased } from './amendments.ts';
import { splitMessage } from './regroup.ts';

/** What a return says that the book holds differently. */
export interface Noted {
  /** The return claims another state: it must not be applied. */
  readonly isClaimed: boolean;
  /** The number to store; undefined where there is none or it is in dispute. */
  readonly number: GivenNumber | undefined;
}

/** Compares a return with the book and keeps what differs for a person to decide. Nothing of it is overwritten here. */
export function noteConflicts(
  book: Book,
  document: ReceivingDocument,
  said: DocumentReturn,
  from: {
    readonly receiptId: number;
    readonly messageGuid: string | undefined;
    readonly number: GivenNumber | undefined;
    /** Fields of the receipt with numbers, the best first. */
    readonly fields: readonly string[];
    /** Every other value that the receipt brings back, and its kind. */
    readonly echoes: readonly Echo[];
    readonly kind: string;
    readonly now: string;
  },
): Noted {
  const { receiptId, messageGuid, number, now } = from;
  const about = { documentId: document.id };
  const word = { status: said.statusCode, time: said.statusTime, info: said.info };
  const ended = document.state === 'withdrawn' ? endedAt(book, document.id) : undefined;
  // A deletion that was granted is not in question when customs goes on to conclude it.
  const isGranted = ended !== undefined && endedBy(book, document.id) === document.id;
  const claimed = isGranted
    ? undefined
    : claimedState(
        document.state,
        document.standing,
        said,
        ended?.time ?? (ended === undefined ? undefined : `${chinaMessageTime(ended.at)}000`),
      );
  if (claimed !== undefined) {
    const isNew = addConflict(book, {
      kind: 'state',
      about,
      receiptId,
      ours: document.state,
      theirs: claimed,
      agreed: ended?.from ?? lastAgreed(document.state),
      detail: { ...word, ...(messageGuid === undefined ? {} : { message: messageGuid }) },
      at: now,
    });
    if (isNew) noteOnTimeline(book, document, 'conflict', now, { ours: document.state, theirs: claimed, ...word });
  }
  const known =
    document.platformNo === undefined ? undefined : { value: document.platformNo, field: document.platformNoField };
  const outcome = compareNumbers(known, number, from.fields);
  if (outcome === 'conflict' && number !== undefined && known !== undefined) {
    const isNew = addConflict(book, {
      kind: 'number',
      about,
      receiptId,
      ours: known.value,
      theirs: number.value,
      agreed: known.value,
      detail: { ...word, field: number.field, receipt: from.kind },
      at: now,
    });
    if (isNew) noteOnTimeline(book, document, 'conflict', now, { ours: known.value, theirs: number.value, ...word });
  }
  // A draft is not what the platform speaks of.
  if (claimed === undefined && !editableStates.includes(document.state))
    compareEchoes(book, document, {
      ...from,
      // A lesser number is compared as any other value: that it is lesser says nothing about whether it changed.
      best: outcome === 'keep' && known?.value !== number?.value ? undefined : number?.field,
      isBestAgreed: outcome !== 'conflict',
      known,
      word,
    });
  return { isClaimed: claimed !== undefined, number: outcome === 'take' ? number : undefined };
}

/** Holds every further value of a receipt against what the book has: what was sent, or what an earlier receipt said. */
function compareEchoes(
  book: Book,
  document: ReceivingDocument,
  from: {
    readonly receiptId: number;
    readonly echoes: readonly Echo[];
    readonly kind: string;
    readonly now: string;
    /** The field of the number that is compared as the document's own. */
    readonly best: string | undefined;
    readonly isBestAgreed: boolean;
    readonly known: { readonly value: string; readonly field: string | undefined } | undefined;
    readonly word: { readonly status: string; readonly time: string; readonly info: string };
  },
): void {
  const { echoes, best, known, word, now } = from;
  if (echoes.length === 0) return;
  const agreed = echoesOf(book, document.id);
  const sent = headOf(catalogue[document.kind], frozenBody(book, document.id));
  for (const { field, value, of } of echoes) {
    if (field === best) {
      if (from.isBestAgreed && agreed.get(field) !== value) noteEcho(book, document.id, field, value, word.time);
      continue;
    }
    const before = agreed.get(field) ?? (known?.field === field ? known.value : undefined);
    const ours = before ?? sent[of];
    if (ours === value) continue;
    if (ours === undefined || ours === '') {
      noteEcho(book, document.id, field, value, word.time);
      continue;
    }
    // A firm goes by two codes, and customs answers with either.
    const { uscc, customsCode } = book.profile();
    if ([ours, value].every((code) => code !== '' && (code === uscc || code === customsCode))) continue;
    const isNew = addConflict(book, {
      kind: 'field',
      about: { documentId: document.id },
      receiptId: from.receiptId,
      ours,
      theirs: value,
      agreed: before,
      detail: { ...word, field, receipt: from.kind },
      at: now,
    });
    if (isNew) noteOnTimeline(book, document, 'conflict', now, { field, ours, theirs: value, ...word });
  }
}

/**
 * The platform holds other bytes under this GUID than the book froze. Whether they stand, or the documents go out anew, is
 * for a person to say; until then nothing is sent, asked or applied.
 * @param theirs the hash of what the platform holds; empty where it does not tell
 * @returns whether it is in question at all: what is known to be stored is not
 */
export function dispute(
  book: Book,
  message: Pick<MessageRecord, 'guid' | 'sha256'>,
  theirs: string,
  endpoint: string,
  at: string,
): boolean {
  return book.transaction(() => {
    const { state } = requireMessage(book, message.guid);
    if (state === 'queued') moveMessage(book, message.guid, 'doubt', at, { error: 'GUID_REUSED' });
    else if (state !== 'sending' && state !== 'unknown') return false;
    settle(book, message.guid, { event: 'lose', at, error: 'GUID_REUSED' });
    addConflict(book, {
      kind: 'content',
      about: { messageGuid: message.guid },
      receiptId: undefined,
      ours: message.sha256,
      theirs,
      agreed: undefined,
      detail: { endpoint },
      at,
    });
    return true;
  });
}

function noteOnTimeline(
  book: Book,
  { id, state }: Pick<ReceivingDocument, 'id' | 'state'>,
  event: string,
  at: string,
  detail: Readonly<Record<string, string>>,
): void {
  recordDocument(book, id, { from: state, to: state, event, at, detail });
}

/** The state both knew before a version was replaced; a draft was never at the platform, as far as the book knows. */
function lastAgreed(state: DocumentState): string | undefined {
  if (state === 'superseded') return 'rejected';
  return state === 'released' || state === 'closed' ? state : undefined;
}

/**
 * Carries out a person's choice. Refusals: `CONFLICT_UNKNOWN` {id}, `CONFLICT_DECIDED` {id}, `CONFLICT_MOVED` {number} when what it
 * is about is not as it was when the conflict was found, `BATCH_RELEASE_TAKEN` {number, declaration} when what it declares was declared anew since.
 */
export function chooseSide(
  book: Book,
  { id, choice, reason }: { readonly id: number; readonly choice: 'ours' | 'theirs'; readonly reason: string },
  now: string,
): void {
  const found = conflictOf(book, id);
  if (found === undefined) throw new PortbookError('CONFLICT_UNKNOWN', { id });
  const { view, detail } = found;
  if (view.choice !== undefined) throw new PortbookError('CONFLICT_DECIDED', { id });
  const subject = view.messageGuid ?? `${view.documentKind ?? ''} ${view.businessKey ?? ''}`;
  const decide = (): void => {
    decideConflict(book, id, choice, reason, now);
    const { kind, ours, theirs, agreed } = view;
    // A field may hold a person's number: the trail names it, the conflict keeps its values in the sealed book.
    const values =
      kind === 'field'
        ? { field: detail['field'] ?? '' }
        : { ours, theirs, ...(agreed === undefined ? {} : { agreed }) };
    book.audit('outbox.conflict', subject, { kind, choice, reason, ...values }, now);
  };
  if (view.messageGuid !== undefined) {
    chooseContent(book, view.messageGuid, choice, now, decide);
    return;
  }
  const { documentId } = view;
  if (documentId === undefined) throw new Error(`conflict ${id} is about nothing`);
  book.transaction(() => {
    if (choice === 'theirs') {
      if (view.kind === 'number') adoptNumber(book, documentId, view.ours, view.theirs, detail, now);
      else if (view.kind === 'field') adoptField(book, documentId, view.theirs, detail);
      else adoptState(book, documentId, view.ours, view.theirs as AnsweredState, detail, now);
    }
    const { state } = requireDocument(book, documentId);
    noteOnTimeline(book, { id: documentId, state }, `choose-${choice}`, now, { ours: view.ours, theirs: view.theirs });
    decide();
  });
}

/** Other bytes under a GUID: either they stand, or the documents leave anew under another. */
function chooseContent(book: Book, guid: string, choice: 'ours' | 'theirs', now: string, decide: () => void): void {
  const moved = () => new PortbookError('CONFLICT_MOVED', { number: guid });
  if (requireMessage(book, guid).state !== 'unknown') throw moved();
  if (choice === 'ours') {
    const whole = { maxBytes: Number.MAX_SAFE_INTEGER, maxDocuments: documentsInMessage(book, guid).length };
    if (splitMessage(book, guid, whole, now, decide) === 0) throw moved();
    return;
  }
  book.transaction(() => {
    settle(book, guid, { event: 'find', at: now });
    decide();
    // Receipts about it were kept back until now.
    unparkReceipts(book);
  });
}

function adoptNumber(
  book: Book,
  documentId: number,
  ours: string,
  theirs: string,
  { field = '', time = '' }: Readonly<Record<string, string>>,
  now: string,
): void {
  const document = requireDocument(book, documentId);
  if (document.platformNo !== ours) throw new PortbookError('CONFLICT_MOVED', { number: document.businessKey });
  book
    .prepare('UPDATE document SET platform_no = ?, platform_no_field = ?, updated_at = ? WHERE id = ?')
    .run(theirs, field === '' ? null : field, now, documentId);
  if (field !== '') noteEcho(book, documentId, field, theirs, time);
  // Export lines carry the number of their list.
  if (document.kind === 'CEB603Message' && isReleased(document.state))
    recordReleasedList(book, { documentId, date: dateOfReturn(time), now });
}

/** What was sent stays as it was sent; from now on the platform's value is the one both know. */
function adoptField(
  book: Book,
  documentId: number,
  theirs: string,
  { field = '', time = '' }: Readonly<Record<string, string>>,
): void {
  noteEcho(book, documentId, field, theirs, time);
}

/** One field in which the bytes of the two sides differ. */
export interface Difference {
  /** Number of the document in the message, from 1. */
  readonly position: number;
  /** Element names and, of lines, their number, e.g. `InventoryList[2]/qty`. */
  readonly path: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Where the bytes frozen under a GUID and those the platform has differ, field by field; undefined: one of them is no message. */
export function differencesOf(ours: Uint8Array, theirs: Uint8Array): Difference[] | undefined {
  const [a, b] = [ours, theirs].map((bytes) => readMessage(new TextDecoder().decode(bytes)));
  if (a?.ok !== true || b?.ok !== true) return undefined;
  const found: Difference[] = [];
  const secrets = secretFields(a.message ?? '');
  if (a.message !== b.message) found.push({ position: 0, path: '', ours: a.message ?? '', theirs: b.message ?? '' });
  for (let at = 0; at < Math.max(a.documents.length, b.documents.length); at += 1) {
    const [left, right] = [fieldsIn(a.documents[at]), fieldsIn(b.documents[at])];
    for (const path of new Set([...left.keys(), ...right.keys()])) {
      const [mine, yours] = [left.get(path) ?? '', right.get(path) ?? ''];
      if (mine === yours) continue;
      const shown = secrets.has(path.slice(path.lastIndexOf('/') + 1)) ? maskedNumber : (value: string) => value;
      found.push({ position: at + 1, path, ours: shown(mine), theirs: shown(yours) });
    }
  }
  return found;
}

/** Fields of a message that hold numbers of persons and accounts: they are shown by their end. */
function secretFields(message: string): ReadonlySet<string> {
  const fields = specOf(message)?.head.fields ?? [];
  return new Set(fields.flatMap((field) => (field.kind === 'text' && field.secret === true ? [field.name] : [])));
}

/** Every value of a document by its path. */
function fieldsIn(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) for (const [at, one] of value.entries()) fieldsIn(one, `${path}[${at + 1}]`, into);
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value)) fieldsIn(one, path === '' ? name : `${path}/${name}`, into);
  else if (value !== undefined) into.set(path, String(value));
  return into;
}
