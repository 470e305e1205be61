import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { fieldsOf } from '../../../shared/documents/fields.ts';
import { headOf, type MessageSpec } from '../../../shared/documents/spec.ts';
import { documentNumber } from '../../../shared/drafting/document-number.ts';
import { amountOf, type Change, editBody, PathError } from '../../../shared/drafting/edit.ts';
import type { DraftedDocument } from '../../../shared/drafting/retail-export.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { editableStates } from '../../../shared/sync/document-states.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFindings } from '../exporters/findings.ts';
import { redrawForm } from '../forex-forms.ts';
import { engineOf } from '../outbox/engine.ts';
import { freeze } from '../outbox/freeze.ts';
import {
  abandonDrafts,
  caseOf,
  casesOfDocuments,
  checkSummary,
  type DocumentRecord,
  documentCounts,
  documentsOfOrder,
  documentsOfSubject,
  findingsByRule,
  findingsOf,
  insertDocuments,
  listDocuments,
  listFindings,
  markStale,
  markSubjectStale,
  receiptsOf,
  requireDocument,
  rewriteDraft,
  supersede,
  timelineOf,
} from '../store/documents.ts';
import { orderRow } from '../store/drafting.ts';
import { maskedNumber } from '../store/money/accounts.ts';
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
    ...optional('country', head['country']),
    ...optional('party', spec.party === undefined ? undefined : head[spec.party]),
    ...optional('packages', head['packNo']),
    ...optional('grossWeight', head['grossWeight']),
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
function withMasks({ kind, body }: DocumentRecord): Record<string, unknown> {
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

function detailOf(context: Context, id: number): OutputOf<'documents.get'> {
  const { book } = context;
  const document = requireDocument(book, id);
  const siblings =
    document.orderId !== undefined
      ? documentsOfOrder(book, document.orderId)
      : document.subject === undefined
        ? []
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
    siblings: siblings
      .filter((other) => other.id !== id)
      .map(({ id: other, kind, state }) => ({ id: other, kind, state })),
  };
}

/** Throws `DOCUMENT_FROZEN`: what was queued or sent is changed by a new version, not in place. */
function requireEditable(document: DocumentRecord): void {
  if (editableStates.includes(document.state)) return;
  throw new PortbookError('DOCUMENT_FROZEN', { number: document.businessKey, state: document.state });
}

/**
 * Draws the editable papers of an order anew, each in its place: by kind and part, as drafting numbers them. Papers that
 * were frozen stay as they were sent, and the check says where they now disagree. A list keeps its 企业唯一编号, under
 * which customs may know it already. Returns how many were drawn.
 */
function redrawOrder(
  context: Context,
  { shipmentId }: DocumentRecord,
  orderId: number,
  drawn: readonly DraftedDocument[],
  now: string,
): number {
  const { book } = context;
  const live = documentsOfOrder(book, orderId);
  let redrawn = 0;
  for (const kind of documentKinds) {
    const spec = catalogue[kind];
    const places = live.filter((one) => one.kind === kind);
    const papers = drawn.filter((one) => one.kind === kind);
    for (const [part, paper] of papers.entries()) {
      const place = places[part];
      if (place === undefined) {
        insertDocuments(book, [paper], {
          orderId,
          shipmentId: shipmentId ?? 0,
          tablesVersion: context.resources.tablesVersion,
          now,
        });
        redrawn += 1;
      } else if (editableStates.includes(place.state)) {
        const { guid, copNo } = headOf(spec, place.body);
        const kept = { guid, ...(copNo === undefined ? {} : { copNo }) };
        const body =
          spec.head.name === ''
            ? { ...paper.body, ...kept }
            : { ...paper.body, [spec.head.name]: { ...headOf(spec, paper.body), ...kept } };
        const businessKey = documentNumber(kind, headOf(spec, body));
        rewriteDraft(book, place.id, { body, businessKey, amountE5: paper.amountE5, stale: false }, now);
        redrawn += 1;
      }
    }
    // Parts the order no longer has: drafts of them were never filed.
    const surplus = places.slice(papers.length).filter(({ state }) => editableStates.includes(state));
    abandonDrafts(
      book,
      surplus.map(({ id }) => id),
      now,
    );
  }
  return redrawn;
}

/** Written by the program: a hand that changes them would part a document from its receipts. */
const ownFields: ReadonlySet<string> = new Set([
  'guid',
  'appType',
  'appTime',
  'appStatus',
  'copNo',
  'gnum',
  'recordNo',
  'reportNo',
  'creditNo',
]);

/**
 * Throws `FIELD_UNKNOWN` for a path that the message's table does not have or that is not the user's to change, `FIELD_MASKED` {path} for a
 * number of which only the end was seen.
 */
function requireField(kind: DocumentRecord['kind'], { path, value }: Change): void {
  const plain = path.replace(/\[\d+\]/, '');
  const field = fieldsOf(catalogue[kind]).find((one) => one.path.replace(/\[[^\]]*\]/, '') === plain);
  if (field === undefined || ownFields.has(field.spec.name)) throw new PortbookError('FIELD_UNKNOWN', { path }, path);
  if (field.spec.kind === 'text' && field.spec.secret === true && value.includes('•'))
    throw new PortbookError('FIELD_MASKED', { path }, path);
}

function changed(context: Context): void {
  context.emit({ name: 'book.changed', areas: ['documents', 'orders'] });
}

export const documentHandlers: Handlers<
  | 'documents.list'
  | 'documents.counts'
  | 'documents.get'
  | 'documents.edit'
  | 'documents.revise'
  | 'documents.refresh'
  | 'documents.check'
  | 'documents.findings'
  | 'documents.exportFindings'
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
      requireEditable(document);
      for (const change of input.changes) requireField(document.kind, change);
      try {
        const body = editBody(document.body, input.changes);
        const businessKey = documentNumber(document.kind, headOf(catalogue[document.kind], body));
        const amountE5 = storedValue(amountOf(catalogue[document.kind], body));
        rewriteDraft(book, document.id, { body, businessKey, amountE5, stale: document.stale }, now);
      } catch (error) {
        if (error instanceof PathError) throw new PortbookError('FIELD_UNKNOWN', { path: error.path }, error.path);
        throw error;
      }
      const before = input.changes.map(({ path }) => path);
      book.audit('documents.edit', `${document.kind} ${document.businessKey}`, { fields: before }, now);
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
      if (document.state !== 'rejected') {
        throw new PortbookError('REVISE_NOT_REJECTED', { number: document.businessKey, state: document.state });
      }
      const guid = randomUUID().toUpperCase();
      const spec = catalogue[document.kind];
      const filed = { guid, appTime: chinaMessageTime(now) };
      const body =
        spec.head.name === ''
          ? { ...document.body, ...filed }
          : { ...document.body, [spec.head.name]: { ...headOf(spec, document.body), ...filed } };
      const { orderId, shipmentId, subject } = document;
      supersede(book, document.id, now);
      const [next] = insertDocuments(book, [{ ...document, guid, body }], {
        ...(subject === undefined ? { orderId: orderId ?? 0, shipmentId: shipmentId ?? 0 } : { subject }),
        tablesVersion: context.resources.tablesVersion,
        version: document.version + 1,
        now,
      });
      if (next === undefined) throw new Error('no document was inserted');
      if (document.stale && orderId !== undefined) markStale(book, { orderId });
      if (document.stale && subject !== undefined) markSubjectStale(book, subject);
      book.audit(
        'documents.revise',
        `${document.kind} ${document.businessKey}`,
        { version: document.version + 1 },
        now,
      );
      recheck(book, documentCheck(context), caseOf(requireDocument(book, next)), now);
      return next;
    });
    changed(context);
    return detailOf(context, id);
  },

  'documents.refresh': (input, context) => {
    const { book } = context;
    const now = context.now();
    const id = book.transaction(() => {
      const document = requireDocument(book, input.id);
      if (document.subject !== undefined) {
        requireEditable(document);
        redrawForm(context, document, now);
        book.audit('documents.refresh', `${document.kind} ${document.businessKey}`, {}, now);
        recheck(book, documentCheck(context), caseOf(document), now);
        return document.id;
      }
      const row = document.orderId === undefined ? undefined : orderRow(book, document.orderId);
      if (row === undefined || document.shipmentId === undefined) {
        throw new PortbookError('DOCUMENT_HAS_NO_SOURCE', { number: document.businessKey });
      }
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
      const redrawn = redrawOrder(context, document, row.id, outcome.documents, now);
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
    for (let from = 0; from < cases.length; from += YIELD_EVERY) {
      if (signal.aborted) throw new PortbookError('CANCELLED');
      progress({ phase: 'check', done: from, total: cases.length });
      book.transaction(() => {
        for (const one of cases.slice(from, from + YIELD_EVERY)) recheck(book, check, one, now);
      });
      await setImmediate();
    }
    changed(context);
    return { ...checkSummary(book, input, editableStates), rules: findingsByRule(book) };
  },

  'documents.findings': (input, { book }) =>
    listFindings(book, input.level, { after: input.after, limit: input.limit }),

  'documents.exportFindings': async (input, context) => {
    const path = context.files.pathOf(input.to, 'write');
    return { rows: await writeFindings(context.book, path) };
  },

  'documents.queue': async (input, context) => {
    const check = documentCheck(context);
    const result = await freeze(context, input, (of, now) => recheck(context.book, check, of, now));
    changed(context);
    context.emit({ name: 'sync.changed' });
    engineOf(context).nudge();
    return result;
  },
};
