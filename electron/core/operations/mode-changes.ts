import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { modeChanges } from '../../../shared/contract/mode-changes.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { linesOf } from '../../../shared/documents/spec.ts';
import {
  formsOf,
  isModeMessage,
  type ModeChange,
  type ModeForm,
  type ModeMessage,
  modeChange,
  modeFields,
  modeOf,
  orderUnderMode,
} from '../../../shared/drafting/mode-change.ts';
import { restoreBetween } from '../../../shared/drafting/undo.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type ModeRule, routeModes } from '../../../shared/rules/customs-modes/router.ts';
import { documentCheck, parametersOn, recheck, recheckCasesOf } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { modesOn } from '../document-life.ts';
import { applyFormChange, listsAlong, planDeclarations, planLists, putAway } from '../form-change.ts';
import { requireUnapproved } from '../store/broker/review.ts';
import { caseOf, type DocumentRecord, requireDocument, restoreDrafts } from '../store/documents.ts';
import { isNumberTaken } from '../store/entry.ts';
import { recordDocument } from '../store/messages.ts';
import {
  type ChangedDocument,
  insertModeChange,
  isCancelled,
  lastModeChange,
  type ModeChangeRecord,
  markModeChangeUndone,
  markStaleSince,
  papersUnderMode,
  requireModeChange,
} from '../store/mode-changes.ts';
import { markShipmentDrafted } from '../store/shipments.ts';
import { differenceViews, modeTitle } from './customs-modes.ts';
import { editDraft, requireEditable } from './documents.ts';

type ModeDocument = DocumentRecord & { readonly kind: ModeMessage };

/** Refusal: `MODE_NONE` {number}. */
function requireModeDocument({ book }: Context, id: number): ModeDocument {
  const document = requireDocument(book, id);
  const { kind, businessKey: number } = document;
  if (!isModeMessage(kind)) throw new PortbookError('MODE_NONE', { number });
  return { ...document, kind };
}

/** The modes in force today. */
const modesToday = (context: Context): readonly ModeRule[] => modesOn(context, chinaDate(context.now()));

/** Refusals: `MODE_SAME` {mode}, `MODE_OTHER_FORM` {mode} for one that no document of the kind may bear. */
function requireTarget(document: ModeDocument, modes: readonly ModeRule[], to: string): ModeRule {
  const rule = modes.find(({ mode }) => mode === to);
  if (modeOf(document.kind, document.body) === to) throw new PortbookError('MODE_SAME', { mode: to }, 'to');
  if (rule === undefined || !formsOf(rule).includes(modeFields[document.kind].form))
    throw new PortbookError('MODE_OTHER_FORM', { mode: to }, 'to');
  return rule;
}

interface Planned {
  readonly document: DocumentRecord;
  readonly change: ModeChange;
}

/** The change of a document and of the papers of its order. Refusal: `DOCUMENT_FROZEN` where one that changes has left. */
function planOf(context: Context, document: ModeDocument, to: ModeRule): Planned[] {
  const { book } = context;
  const parameters = parametersOn(context, chinaDate(context.now()));
  return papersUnderMode(book, document.id).flatMap((id): Planned[] => {
    const one = requireDocument(book, id);
    const change = isModeMessage(one.kind)
      ? modeChange(one.kind, one.body, to)
      : orderUnderMode(one.body, to.mode, parameters);
    if (change.operations.length === 0) return [];
    requireEditable(one);
    return [{ document: one, change }];
  });
}

function preview(context: Context, id: number, to: string | undefined): OutputOf<'modes.change'> {
  const { book } = context;
  const document = requireModeDocument(context, id);
  requireEditable(document);
  const modes = modesToday(context);
  const from = modeOf(document.kind, document.body);
  const { form } = modeFields[document.kind];
  const rule = to === undefined ? undefined : requireTarget(document, modes, to);
  const plan = rule === undefined ? [] : planOf(context, document, rule);
  const { options } = routeModes(modes, {});
  const [was, is] = [from, to].map((mode) => options.find((option) => option.mode === mode));
  const last = lastModeChange(book, id);
  return {
    from,
    fromTitle: modes.some(({ mode }) => mode === from) ? modeTitle(from) : { zh: from, en: from },
    targets: modes
      .filter(({ mode }) => mode !== from)
      .map((one) => ({ mode: one.mode, title: modeTitle(one.mode), isOtherForm: !formsOf(one).includes(form) })),
    documents: plan.map(({ document: { id: of, kind, businessKey } }) => ({ id: of, kind, businessKey })),
    rows: plan.flatMap(({ document: { id: documentId }, change }) =>
      change.rows.map((row) => ({ documentId, ...row })),
    ),
    // The form stays: what the modes ask of papers, days and tax is what differs.
    differences:
      was === undefined || is === undefined
        ? []
        : differenceViews(was, is).filter(({ aspect }) => ['papers', 'deadlines', 'tax'].includes(aspect)),
    source: rule?.source ?? '',
    undo: last === undefined ? null : { id: last.id, from: last.fromMode, to: last.toMode, at: last.madeAt },
  };
}

const changed = ({ emit }: Context): void =>
  emit({ name: 'book.changed', areas: ['documents', 'orders', 'shipments'] });

/** Papers an answer names; the rest is counted. */
const named = 20;
const refOf = ({ id, kind, businessKey }: DocumentRecord) => ({ id, kind, businessKey });
const refsOf = (documents: readonly DocumentRecord[]) => ({
  count: documents.length,
  first: documents.slice(0, named).map(refOf),
});

/** A document as the other form, or why not. */
function planForm(context: Context, { id, to, whole }: ParsedInputOf<'modes.otherForm'>) {
  const document = requireModeDocument(context, id);
  requireEditable(document);
  const modes = modesToday(context);
  const form: ModeForm = modeFields[document.kind].form === 'list' ? 'declaration' : 'list';
  const fromMode = modeOf(document.kind, document.body);
  const [from, rule] = [fromMode, to].map((code) => modes.find(({ mode }) => mode === code));
  if (rule === undefined || !formsOf(rule).includes(form))
    throw new PortbookError('MODE_OTHER_FORM', { mode: to }, 'to');
  const plan =
    form === 'declaration'
      ? planDeclarations(context, document, { from, to: rule, along: whole ? listsAlong(context, document) : [] })
      : planLists(context, document, { from, to: rule });
  return { document, form, fromMode, rule, plan };
}

function formPreview(context: Context, input: ParsedInputOf<'modes.otherForm'>): OutputOf<'modes.otherForm'> {
  const { form, rule, plan } = planForm(context, input);
  const kinds = [...new Set(plan.made.map(({ kind }) => kind))];
  return {
    form,
    away: refsOf(plan.away),
    edited: refsOf(plan.edited.map(({ document }) => document)),
    left: refsOf(plan.left),
    made: kinds.map((kind) => {
      const own = plan.made.filter((one) => one.kind === kind);
      return {
        kind,
        count: own.length,
        lines: own.reduce((sum, { body }) => sum + linesOf(catalogue[kind], body).length, 0),
      };
    }),
    others: plan.others,
    rows: plan.rows.map(({ old, now, ...row }) => ({
      ...row,
      old: { ...old, shown: [...old.shown] },
      now: { ...now, shown: [...now.shown] },
    })),
    carried: plan.carried,
    source: rule.source,
  };
}

function reform(context: Context, input: ParsedInputOf<'modes.reform'>, now: string) {
  const { document, fromMode, plan } = planForm(context, input);
  const made = applyFormChange(context, document, { fromMode, toMode: input.to, plan }, now);
  // The paper of the form that was asked for comes first.
  const main = made.filter(({ kind }) => isModeMessage(kind));
  return {
    documents: [...main, ...made.filter((one) => !main.includes(one))].slice(0, named).map(refOf),
    away: plan.away.length,
  };
}

/** Undoes one document of a change. @returns it, where it is there again or still */
function undoOne(context: Context, one: ChangedDocument, change: ModeChangeRecord, now: string): DocumentRecord[] {
  const { book } = context;
  const document = requireDocument(book, one.id);
  const { businessKey: number, orderId } = document;
  if (one.what === 'away') {
    if (orderId !== undefined && isCancelled(book, orderId)) throw new PortbookError('MODE_CHANGE_EDITED', { number });
    // Another document has taken the number that was free meanwhile.
    if (isNumberTaken(book, document.kind, number, one.id))
      throw new PortbookError('DOCUMENT_NUMBER_TAKEN', { number });
    if (restoreDrafts(book, [one.id], now) === 0) throw new PortbookError('MODE_CHANGE_EDITED', { number });
    markStaleSince(book, [one.id], change.madeAt);
    recordDocument(book, one.id, { from: 'withdrawn', to: 'draft', event: 'restore', at: now });
    return [requireDocument(book, one.id)];
  }
  requireEditable(document);
  if (JSON.stringify(document.body) !== JSON.stringify(one.after))
    throw new PortbookError('MODE_CHANGE_EDITED', { number });
  if (one.what === 'made') {
    requireUnapproved(book, one.id);
    putAway(context, document, change.fromMode, now);
    return [];
  }
  const restore = restoreBetween(catalogue[document.kind], document.body, one.before);
  if (restore !== undefined) editDraft(context, document, [restore], now);
  return [document];
}

/** Drafts taken to another supervision mode, and back. */
export const modeChangeHandlers: Handlers<keyof typeof modeChanges> = {
  'modes.change': ({ id, to }, context) => preview(context, id, to),

  'modes.otherForm': (input, context) => formPreview(context, input),

  'modes.reform': (input, context) => {
    const now = context.now();
    const done = context.book.transaction(() => reform(context, input, now));
    changed(context);
    return done;
  },

  'modes.convert': ({ id, to }, context) => {
    const { book } = context;
    const now = context.now();
    const count = book.transaction(() => {
      const document = requireModeDocument(context, id);
      requireEditable(document);
      const rule = requireTarget(document, modesToday(context), to);
      const fromMode = modeOf(document.kind, document.body);
      const documents = planOf(context, document, rule).map(({ document: one, change }) => {
        editDraft(context, one, change.operations, now);
        return { id: one.id, before: one.body, after: requireDocument(book, one.id).body };
      });
      insertModeChange(book, { documentId: id, fromMode, toMode: to, documents }, now);
      book.audit('modes.convert', `${document.kind} ${document.businessKey}`, { from: fromMode, to }, now);
      recheck(book, documentCheck(context), caseOf(document), now);
      return documents.length;
    });
    changed(context);
    return { changed: count };
  },

  'modes.undo': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    const there = book.transaction(() => {
      const change = requireModeChange(book, id);
      // What was made goes before what it was made of comes back: no goods stand on two papers in between.
      const order = (one: ChangedDocument): number => ['made', 'edited', 'away'].indexOf(one.what ?? 'edited');
      const documents = [...change.documents]
        .sort((a, b) => order(a) - order(b))
        .flatMap((one) => undoOne(context, one, change, now));
      const ids = documents.map((one) => one.id);
      recheckCasesOf(book, documentCheck(context), ids, now);
      for (const shipmentId of new Set(documents.flatMap((one) => one.shipmentId ?? [])))
        markShipmentDrafted(book, shipmentId, now);
      markModeChangeUndone(book, id, now);
      book.audit('modes.undo', String(id), { from: change.toMode, to: change.fromMode }, now);
      return documents;
    });
    changed(context);
    const main = there.filter(({ kind }) => isModeMessage(kind));
    return { documents: main.slice(0, named).map(refOf) };
  },
};
