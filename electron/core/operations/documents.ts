import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { chinaDate, chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { fieldsOf, isOwnField } from '../../../shared/documents/fields.ts';
import { headOf, knownBy, linesOf, type MessageSpec, pathOf, type Values } from '../../../shared/documents/spec.ts';
import { documentNumber } from '../../../shared/drafting/document-number.ts';
import {
  amountOf,
  type EditOperation,
  editBody,
  type LineValues,
  lineNumberField,
  MOST_LINES,
  marksAfter,
  moveMarks,
  PathError,
  TooManyLinesError,
} from '../../../shared/drafting/edit.ts';
import type { DraftedDocument } from '../../../shared/drafting/retail-export.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { editableStates } from '../../../shared/sync/document-states.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { currencyOf } from '../document-life.ts';
import { findingsReport, writeFindings } from '../exporters/findings.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { redrawFiling } from '../filings/draft.ts';
import { refiledDeclaration } from '../goods-declaration.ts';
import { engineOf } from '../outbox/engine.ts';
import { freeze } from '../outbox/freeze.ts';
import { applyBatch } from '../outbox/receipts.ts';
import { signWaiting } from '../outbox/sign.ts';
import { reportPage } from '../printing/report-page.ts';
import { carryReleases } from '../store/batches.ts';
import type { Book } from '../store/book.ts';
import { moveReviewMarks, requireUnapproved } from '../store/broker/review.ts';
import { amendedBy } from '../store/document-life.ts';
import {
  abandonDrafts,
  caseOf,
  casesOfDocuments,
  checkSummary,
  type DocumentRecord,
  documentCounts,
  documentIds,
  documentsOfCase,
  documentsOfOrder,
  documentsOfSubject,
  findingsByRule,
  findingsOf,
  insertDocuments,
  insertVersion,
  listDocuments,
  listFindings,
  MetCases,
  markStale,
  markSubjectStale,
  receiptsOf,
  requireDocument,
  rewriteDraft,
  storeFindings,
  supersede,
  timelineOf,
} from '../store/documents.ts';
import { orderRow } from '../store/drafting.ts';
import { isNumberTaken, unconfirmedOf, writeUnconfirmed } from '../store/entry.ts';
import { copyReasons, giveReason, moveReasons, openReminders } from '../store/finding-reasons.ts';
import { outboxCounts } from '../store/messages.ts';
import { maskedNumber } from '../store/money/accounts.ts';
import { unparkStrangers } from '../store/receipts.ts';
import { sayLeft } from '../store/restored.ts';
import { isAsked, leftWord } from '../store/restoring.ts';
import { requireShipment } from '../store/shipments.ts';
import { drafter } from './shipments.ts';

/** Cases checked between two turns of the event loop. */
const YIELD_EVERY = 50;

type Row = OutputOf<'documents.list'>['rows'][number];

function viewOf(document: DocumentRecord): Row {
  const spec: MessageSpec = catalogue[document.kind];
  const head = headOf(spec, document.body);
  const optional = <K extends string>(key: K, value: string | undefined) =>
    (value === undefined || value === '' ? {} : { [key]: value }) as { [P in K]?: string };
  return {
    id: document.id,
    kind: document.kind,
    businessKey: document.businessKey,
    version: document.version,
    orderNo: head['orderNo'] ?? document.orderNo,
    ...optional('country', head['country'] ?? head['TradeCountry']),
    ...optional('party', spec.party === undefined ? undefined : head[spec.party]),
    ...optional('packages', head['packNo'] ?? head['PackNo']),
    ...optional('grossWeight', head['grossWeight'] ?? head['GrossWet']),
    amount: storedText(document.amountE5),
    currency: document.currency,
    state: document.state,
    ...optional('statusCode', document.statusCode),
    ...optional('statusInfo', document.statusInfo),
    rejectFindings: document.rejectFindings,
    doubtFindings: document.doubtFindings,
    stale: document.stale,
  };
}

/** The body as the window gets it: account numbers by their last four characters. */
export function withMasks({ kind, body }: DocumentRecord): Record<string, unknown> {
  const spec: MessageSpec = catalogue[kind];
  const secrets = spec.head.fields.filter((field) => field.kind === 'text' && field.secret === true);
  if (secrets.length === 0) return body;
  const head = { ...headOf(spec, body) };
  for (const { name } of secrets) {
    const value = head[name];
    if (value !== undefined) head[name] = maskedNumber(value);
  }
  return spec.head.name === '' ? head : { ...body, [spec.head.name]: head };
}

export function detailOf(context: Context, id: number): OutputOf<'documents.get'> {
  const { book } = context;
  const document = requireDocument(book, id);
  const siblings =
    document.subject === undefined
      ? documentsOfCase(book, caseOf(document))
      : documentsOfSubject(book, document.subject);
  return {
    ...viewOf(document),
    guid: document.guid,
    body: withMasks(document),
    findings: findingsOf(book, id),
    timeline: timelineOf(book, id),
    receipts: receiptsOf(book, id),
    ...(document.orderId === undefined ? {} : { orderId: document.orderId }),
    ...(document.shipmentId === undefined ? {} : { shipmentId: document.shipmentId }),
    ...(document.subject === undefined ? {} : { subject: document.subject }),
    ...(document.messageGuid === undefined ? {} : { messageGuid: document.messageGuid }),
    ...(document.platformNo === undefined ? {} : { platformNo: document.platformNo }),
    ...leftBeforeOf(book, document),
    siblings: siblings
      .filter((other) => other.id !== id)
      .map(({ id: other, kind, state }) => ({ id: other, kind, state })),
  };
}

function leftBeforeOf(book: Book, { id, messageGuid }: DocumentRecord): Pick<OutputOf<'documents.get'>, 'leftBefore'> {
  if (isAsked(book, id)) return { leftBefore: 'asked' };
  return leftWord(book, id) === 'left' && messageGuid === undefined ? { leftBefore: 'left' } : {};
}

/** Throws `DOCUMENT_FROZEN`: what was queued or sent is changed by a new version, not in place. */
export function requireEditable(document: DocumentRecord): void {
  if (editableStates.includes(document.state)) return;
  throw new PortbookError('DOCUMENT_FROZEN', { number: document.businessKey, state: document.state });
}

/** What a document keeps when it is drawn anew: its names here and at customs, and what it files. */
function keptOf({ guid, copNo, appType, preNo, invtNo }: Values): Values {
  return Object.fromEntries(
    Object.entries({ guid, copNo, appType, preNo, invtNo }).filter(([, value]) => value !== undefined),
  );
}

const REDRAWN_SHOWN = 100;

/** What becomes of an order's papers when they are drawn anew. */
interface Redrawn {
  readonly written: readonly {
    readonly place: DocumentRecord;
    readonly body: Record<string, unknown>;
    readonly amountE5: number;
  }[];
  readonly added: readonly DraftedDocument[];
  /** Parts the order no longer has: drafts of them were never filed. */
  readonly surplus: readonly DocumentRecord[];
}

/**
 * The editable papers of an order as they would be drawn anew, each in its place: by kind and part, as drafting numbers them. Papers that
 * were frozen stay as they were sent, and the check says where they now disagree. A list keeps its 企业唯一编号, under
 * which customs may know it already.
 */
function redrawnOrder(book: Book, orderId: number, drawn: readonly DraftedDocument[]): Redrawn {
  const live = documentsOfOrder(book, orderId);
  // All or none: an approved part is reopened before its order is drawn anew.
  for (const { id, state } of live) if (editableStates.includes(state)) requireUnapproved(book, id);
  const of = documentKinds.map((kind): Redrawn => {
    const spec = catalogue[kind];
    // Of a number that is being changed at customs the newest version is the one to draw.
    const places = live.filter(
      (one) =>
        one.kind === kind &&
        !live.some(
          (other) => other.kind === kind && other.businessKey === one.businessKey && other.version > one.version,
        ),
    );
    const papers = drawn.filter((one) => one.kind === kind);
    return {
      added: papers.slice(places.length),
      surplus: places.slice(papers.length).filter(({ state }) => editableStates.includes(state)),
      written: papers.flatMap((paper, part) => {
        const place = places[part];
        if (place === undefined || !editableStates.includes(place.state)) return [];
        const kept = keptOf(headOf(spec, place.body));
        const body =
          spec.head.name === ''
            ? { ...paper.body, ...kept }
            : { ...paper.body, [spec.head.name]: { ...headOf(spec, paper.body), ...kept } };
        return [{ place, body, amountE5: paper.amountE5 }];
      }),
    };
  });
  return {
    written: of.flatMap(({ written }) => written),
    added: of.flatMap(({ added }) => added),
    surplus: of.flatMap(({ surplus }) => surplus),
  };
}

/** Draws the editable papers of an order anew. Returns how many were drawn. */
function redrawOrder(
  context: Context,
  { shipmentId }: DocumentRecord,
  orderId: number,
  drawn: readonly DraftedDocument[],
  now: string,
): number {
  const { book } = context;
  const { written, added, surplus } = redrawnOrder(book, orderId, drawn);
  for (const { place, body, amountE5 } of written) {
    const businessKey = documentNumber(place.kind, headOf(catalogue[place.kind], body));
    rewriteDraft(book, place.id, { body, businessKey, amountE5, stale: false }, now);
  }
  const { tablesVersion } = context.resources;
  insertDocuments(book, added, { orderId, shipmentId: shipmentId ?? 0, tablesVersion, now });
  abandonDrafts(
    book,
    surplus.map(({ id }) => id),
    now,
  );
  return written.length + added.length;
}

/** Fields of a paper that are otherwise when it is drawn anew, but for those that the program fills in each time. */
function redrawnFields({ place, body }: Redrawn['written'][number]): OutputOf<'documents.refreshPlan'>['rows'] {
  const { id, kind, businessKey } = place;
  const spec: MessageSpec = catalogue[kind];
  const rows = (before: Values, after: Values, line?: number) =>
    [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
      const [from, to] = [before[name] ?? '', after[name] ?? ''];
      if (from === to || typeof from !== 'string' || typeof to !== 'string' || isOwnField(spec, name)) return [];
      return [{ documentId: id, kind, businessKey, path: pathOf(spec, name, line), from, to }];
    });
  const [before, after] = [linesOf(spec, place.body), linesOf(spec, body)];
  return [
    ...rows(headOf(spec, place.body), headOf(spec, body)),
    ...Array.from({ length: Math.max(before.length, after.length) }, (_, at) =>
      rows(before[at] ?? {}, after[at] ?? {}, at + 1),
    ).flat(),
  ];
}

/** An order's papers as its data draws them now. Refusals: `DOCUMENT_HAS_NO_SOURCE` {number}, `DOCUMENT_FROZEN`, `ORDER_BLOCKED`. */
function drawnAnew(context: Context, document: DocumentRecord) {
  const { book } = context;
  const row = document.orderId === undefined ? undefined : orderRow(book, document.orderId);
  if (row === undefined || document.shipmentId === undefined)
    throw new PortbookError('DOCUMENT_HAS_NO_SOURCE', { number: document.businessKey });
  requireEditable(document);
  const outcome = drafter(context, requireShipment(book, document.shipmentId))(row);
  if (!outcome.ok) {
    const [first] = outcome.reasons;
    throw new PortbookError('ORDER_BLOCKED', {
      orderNo: row.order_no,
      reason: first?.code ?? '',
      ...first?.params,
    });
  }
  return { row, documents: outcome.documents };
}

/**
 * Throws `FIELD_UNKNOWN` for a path that the message's table does not have or that is not the user's to change, `FIELD_MASKED` {path} for a
 * number of which only the end was seen.
 */
function requireField(kind: DocumentRecord['kind'], path: string, value: string): void {
  const plain = path.replace(/\[\d+\]/g, '');
  const field = fieldsOf(catalogue[kind]).find((one) => one.path.replace(/\[[^\]]*\]/, '') === plain);
  // A list beside the lines may speak of an item by its number; only the lines' own is the program's.
  const isOwn =
    field !== undefined &&
    isOwnField(catalogue[kind], field.spec.name) &&
    (field.part === undefined || field.part.max === 1);
  if (field === undefined || isOwn) throw new PortbookError('FIELD_UNKNOWN', { path }, path);
  if (field.spec.kind === 'text' && field.spec.secret === true && value.includes('•'))
    throw new PortbookError('FIELD_MASKED', { path }, path);
}

/** The operation as it may be applied: only the user's fields, lines without their number. Throws as {@link requireField}. */
function permitted(kind: DocumentRecord['kind'], operation: EditOperation): EditOperation {
  const spec: MessageSpec = catalogue[kind];
  const number = lineNumberField(spec);
  const plain = (lines: readonly LineValues[]): LineValues[] =>
    lines.map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => name !== number)));
  switch (operation.op) {
    case 'set':
      requireField(kind, operation.path, operation.value);
      return operation;
    case 'insert':
      return { ...operation, lines: plain(operation.lines) };
    case 'block':
      for (const name of operation.fields) requireField(kind, pathOf(spec, name, operation.at), '');
      return operation;
    case 'restore':
      for (const [name, value] of Object.entries(operation.head)) requireField(kind, pathOf(spec, name), value);
      return { ...operation, lines: plain(operation.lines) };
    default:
      return operation;
  }
}

/** What a document without a number is kept under until it has one. */
export function numberOrStandIn(kind: DocumentRecord['kind'], body: Record<string, unknown>, guid: string): string {
  const number = documentNumber(kind, knownBy(catalogue[kind], body));
  return number === '' ? `#${guid.slice(0, 8)}` : number;
}

/**
 * Applies operations to a draft and stores it; marks of facts to confirm go with their lines. Must run in a transaction. Throws
 * `DOCUMENT_FROZEN`, `FIELD_UNKNOWN`, `FIELD_MASKED`, `DOCUMENT_LINES_TOO_MANY`, `DOCUMENT_NUMBER_TAKEN`.
 */
export function editDraft(
  context: Context,
  document: DocumentRecord,
  operations: readonly EditOperation[],
  now: string,
): void {
  const { book } = context;
  requireEditable(document);
  const { kind } = document;
  const spec: MessageSpec = catalogue[kind];
  const allowed = operations.map((operation) => permitted(kind, operation));
  try {
    const body = editBody(spec, document.body, allowed);
    const businessKey = numberOrStandIn(kind, body, document.guid);
    if (businessKey !== document.businessKey && isNumberTaken(book, kind, businessKey, document.id))
      throw new PortbookError('DOCUMENT_NUMBER_TAKEN', { number: businessKey });
    const amountE5 = storedValue(amountOf(spec, body));
    // Nobody but the one who types says what a document made by hand is in.
    const isLoose = document.orderId === undefined && document.subject === undefined;
    const currency = isLoose ? currencyOf(context, spec, body) : undefined;
    rewriteDraft(book, document.id, { body, businessKey, amountE5, currency, stale: document.stale }, now);
  } catch (error) {
    if (error instanceof PathError) throw new PortbookError('FIELD_UNKNOWN', { path: error.path }, error.path);
    if (error instanceof TooManyLinesError)
      throw new PortbookError('DOCUMENT_LINES_TOO_MANY', { lines: error.lines, max: MOST_LINES });
    throw error;
  }
  const unconfirmed = unconfirmedOf(book, document.id);
  const left = marksAfter(spec, unconfirmed, document.body, allowed);
  if (left !== unconfirmed) writeUnconfirmed(book, document.id, left);
  // A reviewer's mark is settled by a person: typing over its field does not end it.
  const structural = allowed.filter(({ op }) => op === 'insert' || op === 'delete' || op === 'move');
  if (structural.length > 0) {
    const moved = (path: string) =>
      structural.reduce((marks: readonly string[], one) => moveMarks(spec, marks, one), [path])[0];
    moveReviewMarks(book, document.id, moved);
    moveReasons(book, document.id, moved);
  }
  const fields = [...new Set(allowed.map((one) => (one.op === 'set' ? one.path : one.op)))];
  book.audit('documents.edit', `${kind} ${document.businessKey}`, { fields }, now);
}

function changed(context: Context): void {
  context.emit({ name: 'book.changed', areas: ['documents', 'orders'] });
}

const heldUntilSaid: ReadonlySet<string> = new Set(['SENT-UNKNOWN', 'SENT-BEFORE']);

export const documentHandlers: Handlers<
  | 'documents.list'
  | 'documents.counts'
  | 'documents.get'
  | 'documents.edit'
  | 'documents.revise'
  | 'documents.refresh'
  | 'documents.refreshPlan'
  | 'documents.check'
  | 'documents.findings'
  | 'documents.exportFindings'
  | 'documents.printFindings'
  | 'documents.reminders'
  | 'documents.explain'
  | 'documents.sayLeft'
  | 'documents.queue'
> = {
  'documents.list': (input, { book }) => {
    const page = listDocuments(book, input, { after: input.after, limit: input.limit });
    return {
      ...page,
      rows: page.rows.map(viewOf),
      totals: page.totals.map(({ currency, amountE5 }) => ({ currency, amount: storedText(amountE5) })),
    };
  },

  'documents.counts': (_input, { book }) => ({ counts: documentCounts(book) }),

  'documents.get': (input, context) => detailOf(context, input.id),

  'documents.edit': (input, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const document = requireDocument(book, input.id);
      const sets = input.changes.map((change): EditOperation => ({ op: 'set', ...change }));
      editDraft(context, document, [...sets, ...input.operations], now);
      recheck(book, documentCheck(context), caseOf(document), now);
    });
    changed(context);
    return detailOf(context, input.id);
  },

  'documents.revise': (input, context) => {
    const { book } = context;
    const now = context.now();
    const id = book.transaction(() => {
      const document = requireDocument(book, input.id);
      // What customs agreed to withdraw may be filed anew; what was only given up here may not.
      if (document.state !== 'rejected' && !(document.state === 'withdrawn' && document.platformNo !== undefined)) {
        throw new PortbookError('REVISE_NOT_REJECTED', { number: document.businessKey, state: document.state });
      }
      // What a change would change stands under its number until customs takes the change.
      const amended = amendedBy(book, document.id);
      const own = amended === undefined ? [document.id] : [document.id, amended.id];
      if (isNumberTaken(book, document.kind, document.businessKey, ...own))
        throw new PortbookError('DOCUMENT_NUMBER_TAKEN', { number: document.businessKey });
      const guid = randomUUID().toUpperCase();
      const spec = catalogue[document.kind];
      // After a withdrawal it is a first filing again, without the numbers of the one that is out of force.
      const anew = document.state === 'withdrawn' ? { appType: '1', preNo: undefined, invtNo: undefined } : {};
      const filed = { guid, appTime: chinaMessageTime(now), ...anew };
      const body =
        document.kind === 'DecMessage'
          ? refiledDeclaration(book, document, now)
          : spec.head.name === ''
            ? { ...document.body, ...filed }
            : { ...document.body, [spec.head.name]: { ...headOf(spec, document.body), ...filed } };
      const { orderId, subject } = document;
      supersede(book, document.id, now);
      const { tablesVersion } = context.resources;
      const next = insertVersion(book, document, { guid, body, tablesVersion, now });
      copyReasons(book, document.id, next);
      carryReleases(book, document.id, next);
      if (document.stale && orderId !== undefined) markStale(book, { orderId });
      if (document.stale && subject !== undefined) markSubjectStale(book, subject);
      book.audit(
        'documents.revise',
        `${document.kind} ${document.businessKey}`,
        { version: requireDocument(book, next).version },
        now,
      );
      recheck(book, documentCheck(context), caseOf(requireDocument(book, next)), now);
      return next;
    });
    changed(context);
    return detailOf(context, id);
  },

  'documents.refreshPlan': ({ id }, context) => {
    const document = requireDocument(context.book, id);
    if (document.subject !== undefined) return { rows: [], total: 0, added: 0, away: 0 };
    const { row, documents } = drawnAnew(context, document);
    const { written, added, surplus } = redrawnOrder(context.book, row.id, documents);
    const rows = written.flatMap(redrawnFields);
    return { rows: rows.slice(0, REDRAWN_SHOWN), total: rows.length, added: added.length, away: surplus.length };
  },

  'documents.refresh': (input, context) => {
    const { book } = context;
    const now = context.now();
    const id = book.transaction(() => {
      const document = requireDocument(book, input.id);
      if (document.subject !== undefined) {
        requireEditable(document);
        redrawFiling(context, document, now);
        book.audit('documents.refresh', `${document.kind} ${document.businessKey}`, {}, now);
        recheck(book, documentCheck(context), caseOf(document), now);
        return document.id;
      }
      const { row, documents } = drawnAnew(context, document);
      const redrawn = redrawOrder(context, document, row.id, documents, now);
      book.audit('documents.refresh', `order ${row.order_no}`, { documents: redrawn }, now);
      recheck(book, documentCheck(context), { orderId: row.id }, now);
      return document.id;
    });
    changed(context);
    return detailOf(context, id);
  },

  'documents.check': async (input, context) => {
    const { book, signal, progress } = context;
    const cases = casesOfDocuments(book, input, editableStates);
    const now = context.now();
    const check = documentCheck(context);
    const met = new MetCases();
    for (let from = 0; from < cases.length; from += YIELD_EVERY) {
      if (signal.aborted) throw new PortbookError('CANCELLED');
      progress({ phase: 'check', done: from, total: cases.length });
      book.transaction(() => {
        for (const one of cases.slice(from, from + YIELD_EVERY))
          if (!met.has(one)) met.add(recheck(book, check, one, now));
      });
      await setImmediate();
    }
    changed(context);
    return { ...checkSummary(book, input, editableStates), rules: findingsByRule(book) };
  },

  'documents.findings': (input, { book }) => listFindings(book, input, { after: input.after, limit: input.limit }),

  'documents.exportFindings': async (input, context) => {
    const path = context.files.pathOf(input.to, 'write');
    return { rows: await writeFindings(context.book, path, input.documentId) };
  },

  'documents.printFindings': async ({ documentId, to }, { book, files, host, now }) => {
    const path = files.pathOf(to, 'write');
    const { html, rows } = reportPage(findingsReport(book, chinaDate(now()), documentId));
    const pdf = await host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows };
  },

  'documents.reminders': (input, { book }) => openReminders(book, input),

  'documents.explain': ({ reasons, ...filter }, context) => {
    const { book } = context;
    const now = context.now();
    const findings = book.transaction(() => {
      const given = reasons.flatMap((one) => giveReason(book, filter, one, now));
      if (given.length === 0) throw new PortbookError('REMINDERS_NONE');
      for (const { number, rules, reason } of given)
        book.audit('documents.explain', number, { rules: rules.join(' '), reason }, now);
      return given.reduce((sum, one) => sum + one.rules.length, 0);
    });
    changed(context);
    return { findings };
  },

  'documents.sayLeft': async ({ id, word, ...filter }, context) => {
    const { book } = context;
    const now = context.now();
    const documents = book.transaction(() => {
      const ids = id === undefined ? documentIds(book, { ...filter, asked: true }, editableStates) : [id];
      const said = sayLeft(book, ids, word, now);
      if (id !== undefined && said.length === 0) throw new PortbookError('LEFT_NOT_ASKED', {}, 'id');
      for (const one of said) {
        // What held it until somebody had said so.
        const [before, after] = [
          findingsOf(book, one),
          findingsOf(book, one).filter(({ rule }) => !heldUntilSaid.has(rule)),
        ];
        if (after.length < before.length) storeFindings(book, one, after, now);
      }
      if (word === 'left' && said.length > 0) unparkStrangers(book);
      book.audit(
        'documents.sayLeft',
        id === undefined ? 'outbox' : requireDocument(book, id).businessKey,
        { word, documents: said.length },
        now,
      );
      return said.length;
    });
    while (applyBatch(book, context.now()) !== undefined) await setImmediate();
    context.emit({ name: 'book.changed', areas: ['documents', 'orders', 'ledger'] });
    context.emit({ name: 'sync.changed' });
    return { documents };
  },

  'documents.queue': async ({ unexplained, ...input }, context) => {
    const check = documentCheck(context);
    const { book, signal, now, progress } = context;
    const frozen = await freeze(context, input, unexplained, (of, at) => recheck(book, check, of, at));
    // Whether or not it can be signed now, the documents are safe in their messages.
    await signWaiting({ book, signal, now, progress, automatic: true });
    const result = { ...frozen, unsigned: Math.min(frozen.messages, outboxCounts(book).unsigned) };
    changed(context);
    context.emit({ name: 'sync.changed' });
    engineOf(context).nudge();
    return result;
  },
};
